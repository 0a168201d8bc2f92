"""Remember: the ledger of what is known, and the search index to find it again."""
