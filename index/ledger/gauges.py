"""What an operator watches, in figures: two looks at the ledger, a short one and a whole one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.exc import SQLAlchemyError

from index.ledger import alerts as ledger_of_alerts
from index.ledger import deliveries as outbox
from index.ledger import leases, notices, pages
from index.ledger.engine import Ledger, Work
from index.ledger.sources import SourceHealth
from index.ledger.tables import alerts, deliveries, index_queue, problems, sources
from index.problems import TryLater
from index.records import AlertState, DeliveryState


@dataclass(frozen=True, slots=True)
class Vital:
    """Whether the job is being done. `due` is when the next delivery should leave; instants are aware UTC."""

    at: datetime
    due: datetime | None
    clock_until: datetime | None

    @property
    def late(self) -> float:
        """Seconds by which the outbox is late."""
        return max((self.at - self.due).total_seconds(), 0.0) if self.due else 0.0

    @property
    def clock_alive(self) -> bool:
        """Whether a process is the clock now."""
        return self.clock_until is not None and self.clock_until > self.at


@dataclass(frozen=True, slots=True)
class Gauges:
    """The ledger in figures at one moment. `problems` counts every time one was met, by source."""

    vital: Vital
    pages: dict[tuple[str, str], int]
    items: dict[tuple[str, str], int]
    alerts: dict[str, int]
    deliveries: dict[tuple[str, str, str], int]
    problems: dict[str, int]
    sources: list[SourceHealth]
    waiting_since: datetime | None
    held_since: datetime | None
    unindexed: int
    unindexed_since: datetime | None


def vital(ledger: Ledger, clock: str) -> Vital:
    """The short look; `clock` names the clock's lease. Raises TryLater where the database does not answer."""
    with _asked(ledger) as work:
        return _vital(work, clock)


def look(ledger: Ledger, clock: str) -> Gauges:
    """The whole look, at one moment. Raises TryLater where the database does not answer."""
    with _asked(ledger) as work:
        return Gauges(
            vital=_vital(work, clock),
            pages=pages.counts(work),
            items=notices.counts(work),
            alerts=ledger_of_alerts.counts(work),
            deliveries=_deliveries(work),
            problems=_problems(work),
            sources=[SourceHealth(**row._mapping) for row in work.execute(select(sources).order_by(sources.c.id))],
            waiting_since=_oldest(work, deliveries.c.created_at, _unsent()),
            held_since=_oldest(work, alerts.c.created_at, alerts.c.state == AlertState.HELD),
            unindexed=int(work.execute(select(func.count()).select_from(index_queue)).scalar_one()),
            unindexed_since=work.execute(select(func.min(index_queue.c.queued_at))).scalar(),
        )


@contextmanager
def _asked(ledger: Ledger) -> Iterator[Work]:
    try:
        with ledger.read() as work:
            yield work
    except (SQLAlchemyError, OSError) as error:
        raise TryLater(f"the ledger does not answer: {type(error).__name__}") from error


def _vital(work: Work, clock: str) -> Vital:
    held = leases.holder_of(work, clock)
    now = leases.clock(work) if held else datetime.now(UTC)
    return Vital(now, outbox.next_due(work), held[1] if held else None)


def _unsent() -> ColumnElement[bool]:
    return deliveries.c.state.in_((DeliveryState.DUE, DeliveryState.SENDING))


def _oldest(work: Work, column: ColumnElement[datetime], where: ColumnElement[bool]) -> datetime | None:
    return work.execute(select(func.min(column)).where(where)).scalar()


def _deliveries(work: Work) -> dict[tuple[str, str, str], int]:
    kind = case(  # a refusal's note names the delivery, a staff note may name the center: too many to tell apart
        (deliveries.c.audience == "enterprise", "enterprise"),
        (deliveries.c.audience.like(f"{outbox.REFUSAL}%"), "refusal"),
        else_="staff",
    ).label("kind")
    by = (deliveries.c.channel, kind, deliveries.c.state)
    rows = work.execute(select(*by, func.count()).group_by(*by))
    return {(channel, audience, state): count for channel, audience, state, count in rows}


def _problems(work: Work) -> dict[str, int]:
    rows = work.execute(select(problems.c.source, func.sum(problems.c.times)).group_by(problems.c.source))
    return {source: int(times) for source, times in rows}
