"""The desk's sessions, and how often a login failed lately."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from index.ledger.engine import BUSY_SECONDS, Ledger, Work, busy, upsert
from index.ledger.tables import sessions, throttles

RENEWAL_WAIT = 50  # milliseconds


def load(work: Work, session: str, now: datetime) -> tuple[bytes, datetime] | None:
    """What a session holds and until when; None if there is none any more."""
    row = work.execute(select(sessions).where(sessions.c.id == session, sessions.c.expires_at >= now)).first()
    return (row.data, row.expires_at) if row else None


def write(work: Work, session: str, data: bytes, until: datetime) -> None:
    """Keep a session until an instant."""
    row = {"id": session, "data": data, "expires_at": until}
    upsert(work, sessions, [row], update=["data", "expires_at"])


def renew(ledger: Ledger, session: str, until: datetime, now: datetime) -> bool:
    """Let a session that is still there last longer.

    False if it is gone, or another writer is at work: who only reads a page must not wait for a round.
    """
    alive = (sessions.c.id == session) & (sessions.c.expires_at >= now)
    longer = update(sessions).where(alive, sessions.c.expires_at < until).values(expires_at=until)
    with ledger.engine.connect() as work, _hurrying(work):
        try:
            renewed = bool(work.execute(longer).rowcount)
            work.commit()
        except OperationalError as error:
            if not busy(error):
                raise
            return False
    return renewed


@contextmanager
def _hurrying(work: Work) -> Iterator[None]:
    """Let a connection wait for other writers no longer than RENEWAL_WAIT."""
    if work.dialect.name == "postgresql":
        work.exec_driver_sql(f"set local lock_timeout = {RENEWAL_WAIT}")
        yield
        return
    own: Any = work.connection.dbapi_connection  # not through `work`, which would begin and wait
    own.execute(f"PRAGMA busy_timeout = {RENEWAL_WAIT}")
    try:
        yield
    finally:
        own.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def drop(work: Work, session: str) -> None:
    """End a session."""
    work.execute(delete(sessions).where(sessions.c.id == session))


def end_all(work: Work, user: str) -> None:
    """End every session of a user."""
    for row in work.execute(select(sessions.c.id, sessions.c.data)).all():
        if json.loads(row.data).get("user") == user:
            drop(work, row.id)


def sweep(work: Work, now: datetime) -> None:
    """Forget what has expired."""
    work.execute(delete(sessions).where(sessions.c.expires_at < now))


def failed(work: Work, who: str, now: datetime, since: datetime) -> int:
    """A login of an account or address failed once more; how often it has since its first failure after an instant."""
    work.execute(delete(throttles).where(throttles.c.since < since))
    maker: Any = postgresql.insert if work.dialect.name == "postgresql" else sqlite.insert
    first = maker(throttles).values(id=who, failures=1, since=now)
    more = first.on_conflict_do_update(index_elements=["id"], set_={"failures": throttles.c.failures + 1})
    return int(work.execute(more.returning(throttles.c.failures)).scalar_one())


def excuse(work: Work, who: str) -> None:
    """One of the failures was none."""
    less = update(throttles).where(throttles.c.id == who, throttles.c.failures > 0)
    work.execute(less.values(failures=throttles.c.failures - 1))


def forgive(work: Work, who: str) -> None:
    """A login succeeded: its account starts anew."""
    work.execute(delete(throttles).where(throttles.c.id == who))
