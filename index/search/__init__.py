"""Find it again: one question language over engines that can be rebuilt from the ledger at any time."""
