"""A source's health: its cursor, its last success, its back-off, and each crawl's report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from index.ledger.engine import Work, add, upsert
from index.ledger.tables import crawls, sources


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What is known of how a source is doing."""

    id: str
    cursor: str = ""
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    last_item: datetime | None = None
    back_off_until: datetime | None = None
    back_off_reason: str = ""


def health(work: Work, source: str) -> SourceHealth:
    """A source's health; an unheard one has none."""
    row = work.execute(select(sources).where(sources.c.id == source)).first()
    return SourceHealth(**row._mapping) if row else SourceHealth(source)


def note(work: Work, source: str, **values: Any) -> None:
    """Record something of a source: any fields of SourceHealth."""
    upsert(work, sources, [{"id": source, "cursor": "", "back_off_reason": ""}])
    work.execute(update(sources).where(sources.c.id == source).values(**values))


def begin_crawl(work: Work, source: str, now: datetime) -> int:
    """A crawl starts; its number."""
    note(work, source, last_attempt=now)
    return add(work, crawls, source=source, started_at=now)


def end_crawl(work: Work, crawl: int, now: datetime, outcome: str, counts: dict[str, int]) -> None:
    """A crawl ended: its counts (pages, unchanged, items, notices, problems) and how it went."""
    work.execute(update(crawls).where(crawls.c.id == crawl).values(finished_at=now, outcome=outcome, **counts))


def begun_since(work: Work, source: str, instant: datetime) -> int:
    """How many crawls of a source began at or after an instant."""
    begun = (crawls.c.source == source) & (crawls.c.started_at >= instant)
    return int(work.execute(select(func.count()).select_from(crawls).where(begun)).scalar_one())


def close_crawls(work: Work, source: str, since: datetime, now: datetime, outcome: str) -> None:
    """Record how the crawls of a source ended that began since, and could not say so themselves.

    A crawl that failed before it began is an attempt too.
    """
    silent = (crawls.c.source == source) & (crawls.c.started_at >= since) & crawls.c.finished_at.is_(None)
    work.execute(update(crawls).where(silent).values(finished_at=now, outcome=outcome))
    last = health(work, source).last_attempt
    if last is None or last < since:
        note(work, source, last_attempt=since)
