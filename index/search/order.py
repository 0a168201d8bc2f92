"""Newest first, and ties by a hash of the key: an order that never depends on when a document came.

A document stands at its day, as 20261103, and below that 32 bits of its key's hash; an undated one's day is 0.
"""

from __future__ import annotations

from datetime import date
from hashlib import blake2b

DAY_SHIFT = 32
"""Bits below the day."""


def first_place(day: date | None) -> int:
    """The lowest place a document of this day can have."""
    return (day.year * 10_000 + day.month * 100 + day.day) << DAY_SHIFT if day else 0


def low_bits(key: str) -> int:
    """What a key adds to its day."""
    return hashed(key) & ((1 << DAY_SHIFT) - 1)


def hashed(text: str) -> int:
    """62 bits that stand for the text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 2


def storable(text: str) -> str:
    """The text without what no index can hold as text: halves of surrogate pairs become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
