"""Words from outside made fit for print."""

from __future__ import annotations

import unicodedata

from alerts.letters.plain import clean


def printed(text: str, limit: int) -> str:
    """One clean, composed line of at most `limit` characters, without marks that only choose a glyph's variant."""
    composed = unicodedata.normalize("NFC", clean(text, limit))
    return "".join(c for c in composed if not (0xFE00 <= ord(c) <= 0xFE0F or 0xE0100 <= ord(c) <= 0xE01EF))


def numeral(number: int) -> str:
    """A number from 1 to 99 as headings count: 一, 十, 十一, 二十; a larger one in digits."""
    digits = "一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not 1 <= number <= 99:
        return str(number)
    return (digits[tens - 1] if tens > 1 else "") + ("十" if tens else "") + (digits[ones - 1] if ones else "")
