"""What a bulletin says, as finished text: later changes of the glossary or of the records change nothing in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from index.ledger.codec import pack


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; `link`, printed below it, is where it comes from."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled fact of one or more lines."""

    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class DateLine:
    """A legal date: when, what is due, how sure and how counted, and the law with its address."""

    when: str
    what: str
    remark: str
    basis: str
    link: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """One case: a heading that says which and about what, its facts, the dates its parties must watch
    and what else is to be said of the clock."""

    heading: str
    rows: tuple[Row, ...]
    dates_heading: str
    dates: tuple[DateLine, ...]
    clock: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text; every row has as many cells as there are columns."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A headed part of paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BulletinContent:
    """A bulletin without its number. `industry` and `period` (`2026-03`) are ids, everything else is printed.

    `as_of` is the day in Beijing on which the records were read. `picture` is an SVG or empty. Parts
    without anything to say are None.
    """

    industry: str
    period: str
    as_of: date
    masthead: str
    masthead_en: str
    title: str
    title_en: str
    issuer: str
    audience: str
    overview: Part
    figures: Table
    disputes_heading: str
    disputes: tuple[Dispute, ...]
    forums: Table | None
    advice: Part | None
    sources: Table
    notes: Part
    contact: str
    picture: str = ""


def sealed(content: BulletinContent) -> tuple[str, str]:
    """The content as JSON text and its SHA-256: equal contents give equal text."""
    record = pack(content)
    return record, seal(record)


def seal(record: str) -> str:
    """The SHA-256 of a recorded content."""
    return sha256(record.encode("utf-8")).hexdigest()


def printed_number(number: str) -> str:
    """`2026-001` as printed: 〔2026〕第1期."""
    year, _, running = number.partition("-")
    return f"〔{year}〕第{int(running)}期"
