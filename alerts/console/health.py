"""Which sources do not talk as they should."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from alerts.letters.plain import moment
from crawlers.card import SourceCard
from crawlers.run import sources_ready
from crawlers.saved import spider_class
from index.ledger import Work, sources
from index.ledger.sources import SourceHealth


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source: `state` is `ok`, `never`, `silent` (longer than is normal for it) or `backing_off`."""

    card: SourceCard
    state: str
    last: str
    reason: str = ""


@cache
def cards() -> tuple[SourceCard, ...]:
    """Every source's card, by id."""
    return tuple(spider_class(source).card for source in sources_ready())


def source_states(work: Work, now: datetime) -> list[SourceState]:
    """Every source and how it does."""
    return [state_of(work, card, now) for card in cards()]


def state_of(work: Work, card: SourceCard, now: datetime) -> SourceState:
    """How one source does."""
    health = sources.health(work, card.id)
    last = moment(health.last_success) if health.last_success else ""
    if health.back_off_until and health.back_off_until > now:
        return SourceState(card, "backing_off", last, health.back_off_reason)
    if health.last_success is None:
        return SourceState(card, "never", last)
    return SourceState(card, "silent" if silent(card, health, now) else "ok", last)


def silent(card: SourceCard, health: SourceHealth, now: datetime) -> bool:
    """Whether a source has said nothing for longer than is normal for it; one never heard is silent."""
    heard = health.last_item or health.last_success
    return heard is None or now - heard > card.quiet_after
