"""Federal Register pages read as the product reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crawlers.reading import Split, read_raw, split_page
from crawlers.sources.federal_register import FederalRegister
from index.records import Notice, Page

PAGES = Path(__file__).parents[1] / "pages" / "federal_register"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
TEXT_HEAD = "<pre>[Federal Register Volume 84, Number 113 (Wednesday, June 12, 2019)]\n[FR Doc No: 2019-99101]\n\n"


def split(body: bytes | str, name: str = "page") -> Split:
    """A page of that content, cut into items."""
    content = body.encode() if isinstance(body, str) else body
    return split_page(FederalRegister, Page("federal_register", f"saved:{name}", NOW, content))


def read(body: bytes | str, name: str = "page") -> list[Notice]:
    """The notices of a page."""
    found = [read_raw(FederalRegister, raw) for raw in split(body, name).raws]
    return [notice for notice in found if isinstance(notice, Notice)]


def saved(name: str) -> list[Notice]:
    """The notices of one of our pages."""
    return read((PAGES / name).read_bytes(), name)
