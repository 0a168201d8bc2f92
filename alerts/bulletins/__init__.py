"""Bulletins: one industry, one month, composed from the ledger, reviewed by a second person, numbered, written out."""
