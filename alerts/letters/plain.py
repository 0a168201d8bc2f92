"""Strings from outside made fit to be read by a person: bounded, on one line, nothing invisible in them."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from urllib.parse import urlsplit

from index.records import BEIJING

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def clean(text: str, limit: int = 160) -> str:
    """One line of at most `limit` characters, cut with …; control characters, bidi overrides,
    invisible marks and broken surrogates are taken out."""
    kept = " ".join("".join(_shown(c) for c in text[: 8 * limit]).split())
    whole = len(text) <= 8 * limit and len(kept) <= limit
    return kept if whole else kept[: limit - 1].rstrip() + "…"


def _shown(character: str) -> str:
    """The character itself, a space for one that separates or controls, nothing for an invisible one."""
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    return "" if category in ("Cf", "Cs", "Co", "Cn") else character


def first_up(said: str) -> str:
    """Our own words as the beginning of a line. Never a name's or an address's: those keep their spelling."""
    return said[:1].upper() + said[1:]


def safe_link(url: str) -> str:
    """The address if it is plain http or https without user names or spaces in it, else nothing."""
    if len(url) > 2000 or any(c.isspace() or c in "<>\"'`{}|\\^" or _shown(c) != c for c in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else ""


def quoted(words: str, language: str = "zh") -> str:
    """Words between the language's own quotation marks (the Chinese ones also inside English)."""
    inner = words.replace("“", "‘").replace("”", "’")
    return f"“{inner}”" if inner else ("未载明" if language == "zh" else "not stated")


def day(on: date, language: str = "zh") -> str:
    """A date as the language writes it: 2026年3月2日, 2 March 2026."""
    return f"{on.year}年{on.month}月{on.day}日" if language == "zh" else f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def short_day(on: date, today: date, language: str = "zh") -> str:
    """A date for a subject line: the year only where it is not this one."""
    if language == "en":
        return f"{on.day} {_MONTHS[on.month - 1][:3]}" + ("" if on.year == today.year else f" {on.year}")
    return ("" if on.year == today.year else f"{on.year}年") + f"{on.month}月{on.day}日"


def moment(at: datetime, language: str = "zh") -> str:
    """An instant in Beijing time, to the minute. `at` is aware."""
    here = at.astimezone(BEIJING)
    zone = "（北京时间）" if language == "zh" else " (Beijing time)"
    return f"{day(here.date(), language)} {here:%H:%M}{zone}"
