"""Understand: what a notice is, who is in it and which industry it touches. Pure: no I/O."""
