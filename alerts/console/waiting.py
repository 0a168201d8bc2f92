"""The morning's lists: one enterprise's alerts together, and what was sent with who was reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.console.desk import Desk
from alerts.console.order import Place, rows_at
from alerts.console.seen import Row
from index.ledger import Work, deliveries
from index.records import DeliveryState

TOGETHER = 6  # alerts of one enterprise shown in one row
_UNDER_WAY = (DeliveryState.DUE, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Group:
    """What waits for one enterprise: the most pressing row, the next ones, and how `many` there are beside these."""

    first: Row
    rest: tuple[Row, ...]
    many: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A released warning nobody has acknowledged. `days` since it was released; `told` addresses took it.

    `reach` is `reached`, `leaving`, `unsure` or `nobody`.
    """

    row: Row
    days: int
    reach: str
    told: int


def by_enterprise(desk: Desk, work: Work, ordered: Iterable[Place], most: int) -> list[Group]:
    """What waits for each enterprise, for at most so many; the enterprises in the order of their first alert."""
    gathered: dict[str, list[Place]] = {}
    for place in ordered:
        gathered.setdefault(place.enterprise, []).append(place)
    shown = [(rows_at(desk, work, one[:TOGETHER]), len(one)) for one in list(gathered.values())[:most]]
    return [Group(rows[0], tuple(rows[1:]), total - len(rows)) for rows, total in shown if rows]


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
