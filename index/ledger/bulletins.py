"""Bulletins: numbered, by industry and period, with the record of their review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from index.ledger.engine import Work, upsert
from index.ledger.tables import bulletins


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One bulletin. `period` is `2026-03`; `review` the secrecy review's ground and conclusion."""

    number: str
    industry: str
    period: str
    audience: str
    content_sha256: str
    at: datetime
    reviewed_by: str = ""
    review: str = ""


def write(work: Work, bulletin: Bulletin) -> bool:
    """Record a bulletin under its number. False if the number is taken."""
    row = {name: getattr(bulletin, name) for name in bulletin.__slots__}
    return bool(upsert(work, bulletins, [row]))


def reviewed(work: Work, number: str, by: str, review: str) -> None:
    """Record who reviewed a bulletin, and the conclusion."""
    work.execute(update(bulletins).where(bulletins.c.number == number).values(reviewed_by=by, review=review))


def of_year(work: Work, year: int) -> list[Bulletin]:
    """A year's bulletins by number: how many there were is their count."""
    rows = work.execute(select(bulletins).where(bulletins.c.period.like(f"{year}-%")).order_by(bulletins.c.number))
    return [Bulletin(**row._mapping) for row in rows]
