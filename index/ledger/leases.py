"""Leases: what only one process may do at a time, held until an instant and then free again."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete, func, select, update

from index.ledger.engine import Work, upsert
from index.ledger.tables import leases


def clock(work: Work) -> datetime:
    """The instant leases go by: the database server's, for hosts may disagree; an SQLite file has this host's only."""
    if work.dialect.name == "sqlite":
        return datetime.now(UTC)
    now: datetime = work.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


def take(work: Work, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Take or keep a lease. False while another holds it."""
    if upsert(work, leases, [{"name": name, "holder": holder, "until": until}]):
        return True
    free = (leases.c.name == name) & ((leases.c.holder == holder) | (leases.c.until < now))
    return bool(work.execute(update(leases).where(free).values(holder=holder, until=until)).rowcount)


def lapse(work: Work, name: str, holder: str, at: datetime) -> None:
    """Let a lease run out: free to take, and its row the sign that what it was for did not end."""
    mine = (leases.c.name == name) & (leases.c.holder == holder)
    work.execute(update(leases).where(mine).values(until=at))


def drop(work: Work, name: str, holder: str) -> None:
    """Give a lease back."""
    work.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))


def holder_of(work: Work, name: str) -> tuple[str, datetime] | None:
    """Who holds a lease, and until when."""
    row = work.execute(select(leases.c.holder, leases.c.until).where(leases.c.name == name)).first()
    return (row.holder, row.until) if row else None
