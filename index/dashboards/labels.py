"""How values and months are written in pictures and tables. A label may be anything: it was found in a page."""

from __future__ import annotations

import unicodedata

from index.dashboards.figures import Names
from index.dashboards.panels import Language

LABEL_LIMIT = 132
"""Columns of a label that are drawn, a Han character being two; beyond, the table has all of it."""
LINE_WIDTH = 44


def label(value: str, facet: str, names: Names) -> str:
    """What a value is called, without what no one can see or print; an unknown one is shown as it is."""
    text = names.get(facet, {}).get(value, value)
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text[:500])
    return " ".join(shown.split()) or "—"


def month(period: str, language: Language) -> str:
    """2026-03 → 2026年3月."""
    year, _, number = period.partition("-")
    return f"{year}年{int(number)}月" if language == "zh" else period


def wrapped(text: str) -> str:
    """A label over lines of LINE_WIDTH columns, cut at LABEL_LIMIT."""
    lines, width, total = [""], 0, 0
    for char in text:
        columns = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        total += columns
        if total > LABEL_LIMIT:
            return "\n".join(lines).rstrip() + "…"
        if width + columns > LINE_WIDTH:
            lines.append("")
            width = 0
        lines[-1] += char
        width += columns
    return "\n".join(lines)
