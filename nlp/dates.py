"""Dates as English notices print them."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
DATE = rf"(?:{'|'.join(month.capitalize() for month in _MONTHS)})\s+\d{{1,2}},?\s+\d{{4}}"
_PARTS = re.compile(r"(\w+)\s+(\d{1,2}),?\s+(\d{4})")


def parse_english_date(text: str) -> date | None:
    """`January 7, 2020` as a date; None where it is no calendar date."""
    parts = _PARTS.search(text)
    if not parts or parts[1].casefold() not in _MONTHS:
        return None
    try:
        return date(int(parts[3]), _MONTHS.index(parts[1].casefold()) + 1, int(parts[2]))
    except ValueError:
        return None
