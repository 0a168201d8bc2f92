"""The desk's sessions, and how often a login failed lately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from index.ledger.engine import Work, upsert
from index.ledger.tables import sessions, throttles


def load(work: Work, session: str, now: datetime) -> tuple[bytes, datetime] | None:
    """What a session holds and until when; None if there is none any more."""
    row = work.execute(select(sessions).where(sessions.c.id == session, sessions.c.expires_at >= now)).first()
    return (row.data, row.expires_at) if row else None


def write(work: Work, session: str, data: bytes, until: datetime) -> None:
    """Keep a session until an instant."""
    row = {"id": session, "data": data, "expires_at": until}
    upsert(work, sessions, [row], update=["data", "expires_at"])


def drop(work: Work, session: str) -> None:
    """End a session."""
    work.execute(delete(sessions).where(sessions.c.id == session))


def sweep(work: Work, now: datetime) -> None:
    """Forget what has expired."""
    work.execute(delete(sessions).where(sessions.c.expires_at < now))


def failures(work: Work, who: str, since: datetime) -> int:
    """How often a login failed for an account or address, counted from its first failure after an instant."""
    row = work.execute(select(throttles).where(throttles.c.id == who, throttles.c.since >= since)).first()
    return row.failures if row else 0


def failed(work: Work, who: str, now: datetime, since: datetime) -> None:
    """A login failed once more."""
    row = work.execute(select(throttles).where(throttles.c.id == who, throttles.c.since >= since)).first()
    values = {"id": who, "failures": row.failures + 1 if row else 1, "since": row.since if row else now}
    upsert(work, throttles, [values], update=["failures", "since"])


def forgive(work: Work, who: str) -> None:
    """A login succeeded: its account starts anew."""
    work.execute(delete(throttles).where(throttles.c.id == who))
