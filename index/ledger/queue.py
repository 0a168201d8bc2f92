"""What the search index has yet to take in: keys written in the same transaction as the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from index.ledger.engine import Work, upsert
from index.ledger.tables import index_queue


def put(work: Work, notice: str, now: datetime) -> None:
    """A notice changed; the index must take it in again."""
    upsert(work, index_queue, [{"notice_key": notice, "queued_at": now}], update=["queued_at"])


def waiting(work: Work, limit: int) -> list[tuple[str, datetime]]:
    """The keys that wait longest, with when they were queued."""
    rows = work.execute(select(index_queue).order_by(index_queue.c.queued_at, index_queue.c.notice_key).limit(limit))
    return [(row.notice_key, row.queued_at) for row in rows]


def done(work: Work, taken: Sequence[tuple[str, datetime]]) -> None:
    """These were indexed; a key queued again meanwhile stays."""
    for key, queued_at in taken:
        work.execute(delete(index_queue).where(index_queue.c.notice_key == key, index_queue.c.queued_at <= queued_at))


def size(work: Work) -> int:
    """How many notices the index lags behind."""
    return int(work.execute(select(func.count()).select_from(index_queue)).scalar_one())
