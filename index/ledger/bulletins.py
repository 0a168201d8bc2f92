"""Bulletins: by industry and period, kept whole as composed, numbered once a second person reviewed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from index.ledger.engine import Work, add
from index.ledger.tables import bulletins

DRAFT, ISSUED, REJECTED = "draft", "issued", "rejected"


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One bulletin. `period` is `2026-03`, `record` the composed content as JSON, `review` the secrecy
    review's ground and conclusion. `number` is given when it is issued."""

    id: int
    industry: str
    period: str
    audience: str
    state: str
    record: str
    content_sha256: str
    composed_by: str
    composed_at: datetime
    number: str | None = None
    reviewed_by: str = ""
    review: str = ""
    reviewed_at: datetime | None = None


def write(work: Work, **values: Any) -> int:
    """Record a draft: every field of Bulletin but `id`, `number` and the review; its id."""
    return add(work, bulletins, state=DRAFT, **values)


def load(work: Work, number: int) -> Bulletin | None:
    """A bulletin by its id."""
    row = work.execute(select(bulletins).where(bulletins.c.id == number)).first()
    return _bulletin(row) if row else None


def review(work: Work, bulletin: int, state: str, by: str, said: str, now: datetime, number: str | None) -> bool:
    """Record who reviewed a draft and the conclusion. False if it is no draft any more."""
    draft = (bulletins.c.id == bulletin) & (bulletins.c.state == DRAFT)
    values = {"state": state, "reviewed_by": by, "review": said, "reviewed_at": now, "number": number}
    return bool(work.execute(update(bulletins).where(draft).values(**values)).rowcount)


def issued_in(work: Work, year: int) -> int:
    """How many bulletins have a number of a year: `2026-` begins it."""
    mine = bulletins.c.number.like(f"{year}-%")
    return int(work.execute(select(func.count()).select_from(bulletins).where(mine)).scalar_one())


def every(work: Work) -> list[Bulletin]:
    """All bulletins, newest first."""
    return [_bulletin(row) for row in work.execute(select(bulletins).order_by(bulletins.c.id.desc()))]


def _bulletin(row: Row[Any]) -> Bulletin:
    return Bulletin(**row._mapping)
