"""Recorded problems: what could not be fetched or read, where, and how often."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from index.keys import digest
from index.ledger.engine import Work, upsert
from index.ledger.tables import problems
from index.problems import Problem


def record(work: Work, problem: Problem, now: datetime) -> bool:
    """Record a problem; a known one is counted again. True if it is new."""
    key = digest("problem", problem.source, problem.url, problem.field, problem.reason, problem.native_id)
    row = {
        "key": key,
        "source": problem.source,
        "url": problem.url,
        "field": problem.field,
        "reason": problem.reason,
        "page_key": problem.page_key,
        "native_id": problem.native_id,
        "first_at": now,
        "last_at": now,
        "times": 1,
    }
    if upsert(work, problems, [row]):
        return True
    again = update(problems).where(problems.c.key == key)
    work.execute(again.values(last_at=now, times=problems.c.times + 1))
    return False


def latest(work: Work, limit: int = 50, source: str = "") -> list[tuple[Problem, datetime, int]]:
    """The newest problems with when each last happened and how often."""
    query = select(problems).order_by(problems.c.last_at.desc(), problems.c.key).limit(limit)
    if source:
        query = query.where(problems.c.source == source)
    return [
        (Problem(r.source, r.url, r.field, r.reason, r.page_key, r.native_id), r.last_at, r.times)
        for r in work.execute(query)
    ]


def counts(work: Work) -> dict[str, int]:
    """How many distinct problems each source has."""
    rows = work.execute(select(problems.c.source, func.count()).group_by(problems.c.source))
    return dict(rows.all())
