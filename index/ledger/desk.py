"""What the desk lists. Every question takes the scope of who asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from index.ledger.alerts import of_row
from index.ledger.engine import Work
from index.ledger.scope import Scope
from index.ledger.tables import alerts, deliveries
from index.records import Alert, AlertState, DeliveryState

LIMIT = 500
"""Alerts a list holds at most; the count beside it is exact."""


def alert(work: Work, scope: Scope, key: str) -> Alert | None:
    """An alert by its whole key; None also for another center's."""
    row = work.execute(scope.narrow(select(alerts).where(alerts.c.key == key), alerts.c.center)).first()
    return of_row(row) if row else None


def beginning(work: Work, scope: Scope, start: str) -> list[Alert]:
    """At most two alerts whose key begins so."""
    begun = select(alerts).where(alerts.c.key.startswith(start, autoescape=True))
    return _found(work, scope.narrow(begun, alerts.c.center).limit(2))


def by_key(work: Work, scope: Scope, keys: Sequence[str]) -> dict[str, Alert]:
    """Key → alert, of those among the keys that may be seen now."""
    found = scope.narrow(select(alerts).where(alerts.c.key.in_(keys)), alerts.c.center)
    return {one.key: one for one in _found(work, found)}


def counts(work: Work, scope: Scope) -> dict[str, int]:
    """How many alerts are in each state."""
    counted = scope.narrow(select(alerts.c.state, func.count()), alerts.c.center).group_by(alerts.c.state)
    return dict(work.execute(counted).all())


def in_states(
    work: Work, scope: Scope, states: Sequence[AlertState], *, newest: bool = False, limit: int = LIMIT, offset: int = 0
) -> list[Alert]:
    """Alerts in any of the states, oldest first unless `newest`."""
    order = alerts.c.created_at.desc() if newest else alerts.c.created_at
    found = scope.narrow(select(alerts).where(alerts.c.state.in_(states)), alerts.c.center)
    return _found(work, found.order_by(order, alerts.c.key).limit(limit).offset(offset))


def made_since(work: Work, scope: Scope, since: datetime) -> tuple[int, int]:
    """How many alerts were made from an instant on and not suppressed, and of how many enterprises."""
    told = (alerts.c.created_at >= since) & (alerts.c.state != AlertState.SUPPRESSED)
    counted = select(func.count(), func.count(alerts.c.enterprise.distinct())).select_from(alerts).where(told)
    made, enterprises = work.execute(scope.narrow(counted, alerts.c.center)).one()
    return int(made), int(enterprises)


def of_case(work: Work, scope: Scope, family: Sequence[str], enterprise: str, limit: int = LIMIT) -> list[Alert]:
    """What one enterprise was told of one case, oldest first, suppressed alerts included."""
    ours = alerts.c.case_key.in_(family) & (alerts.c.enterprise == enterprise)
    found = scope.narrow(select(alerts).where(ours), alerts.c.center)
    return _found(work, found.order_by(alerts.c.created_at, alerts.c.key).limit(limit))


def unheard(work: Work, scope: Scope) -> int:
    """How many released alerts are on their way to nobody at the enterprise."""
    dead = (DeliveryState.SUPPRESSED, DeliveryState.REFUSED)
    live = (deliveries.c.audience == "enterprise") & deliveries.c.state.not_in(dead)
    told = select(deliveries.c.key).where(live, deliveries.c.alert_key == alerts.c.key)
    counted = select(func.count()).select_from(alerts).where(alerts.c.state == AlertState.RELEASED, ~told.exists())
    return int(work.execute(scope.narrow(counted, alerts.c.center)).scalar_one())


def _found(work: Work, statement: Select[Any]) -> list[Alert]:
    return [of_row(row) for row in work.execute(statement)]
