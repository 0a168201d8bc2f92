"""The morning's lists: one enterprise's alerts together, and what was sent with who was reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.console.desk import Desk
from alerts.console.seen import Row
from index.ledger import Work, deliveries
from index.records import DeliveryState

_UNDER_WAY = (DeliveryState.DUE, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Group:
    """What waits for one enterprise: the most pressing row, and the rest in their order."""

    first: Row
    rest: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A released warning nobody has acknowledged. `days` since it was released; `told` addresses took it.

    `reach` is `reached`, `leaving`, `unsure` or `nobody`.
    """

    row: Row
    days: int
    reach: str
    told: int


def by_enterprise(found: Iterable[Row]) -> list[Group]:
    """Rows of one enterprise together, the enterprises in the order of their first row."""
    groups: dict[str, list[Row]] = {}
    for row in found:
        groups.setdefault(row.alert.enterprise, []).append(row)
    return [Group(rows[0], tuple(rows[1:])) for rows in groups.values()]


def sent(desk: Desk, work: Work, row: Row) -> Sent:
    """A released alert with how long ago, and whether anybody at the enterprise was reached."""
    since = row.alert.released_at or row.alert.created_at
    told = [d.state for d in deliveries.of_alert(work, row.alert.key) if d.audience == "enterprise"]
    taken = told.count(DeliveryState.SENT)
    reach = "reached" if taken else "nobody"
    if not taken and any(state in _UNDER_WAY for state in told):
        reach = "leaving"
    elif not taken and DeliveryState.UNSURE in told:
        reach = "unsure"
    return Sent(row, max((desk.now - since).days, 0), reach, taken)
