"""The order in which alerts want a clerk: by their dates alone, so that of a long list only what is shown is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from alerts.console.desk import Desk
from alerts.console.seen import UNDATED, URGENT, Row, rows
from alerts.letters.headline import first_date
from index.ledger import Work, pressing
from index.ledger import desk as listed
from index.records import AlertState


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an alert stands: by the days left to act, without a date after all others; then the longest waiting."""

    days: int
    made: datetime
    key: str
    enterprise: str = field(compare=False, default="")

    @property
    def pressing(self) -> bool:
        """Whether its date is near or past."""
        return self.days <= URGENT


def places(desk: Desk, work: Work, *states: AlertState) -> list[Place]:
    """Every alert in any of the states, the most pressing first."""
    return sorted(_place(found, desk.today) for found in pressing.dated(work, desk.scope, states))


def _place(found: pressing.Dated, today: date) -> Place:
    first = first_date(found.deadlines, found.level, found.role, found.forum, today)
    days = (first.due - today).days if first else UNDATED
    return Place(days, found.created_at, found.key, found.enterprise)


def rows_at(desk: Desk, work: Work, wanted: Sequence[Place]) -> list[Row]:
    """The rows of these places, in their order; without those handed on to another center meanwhile."""
    found = listed.by_key(work, desk.scope, [place.key for place in wanted])
    return rows(desk, work, [found[place.key] for place in wanted if place.key in found])


def after(row: Row, ordered: Sequence[Place]) -> Place | None:
    """The place after a row's, after the last the first; None where nothing else waits."""
    here = Place(row.days, row.alert.created_at, row.alert.key)
    others = [place for place in ordered if place.key != here.key]
    return next((place for place in others if place > here), next(iter(others), None))
