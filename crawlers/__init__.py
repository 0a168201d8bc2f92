"""Hear: one spider per public source; a page becomes a Notice."""
