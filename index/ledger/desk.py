"""What the desk lists. Every question takes the scope of who asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from index.ledger.alerts import of_row
from index.ledger.engine import Work
from index.ledger.scope import Scope
from index.ledger.tables import alerts
from index.records import Alert, AlertState

LIMIT = 500
"""Alerts a list holds at most; the count beside it is exact."""


def alert(work: Work, scope: Scope, key: str) -> Alert | None:
    """An alert by its whole key; None also for another center's."""
    row = work.execute(scope.narrow(select(alerts).where(alerts.c.key == key), alerts.c.center)).first()
    return of_row(row) if row else None


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
    rows = work.execute(found.order_by(order, alerts.c.key).limit(limit).offset(offset))
    return [of_row(row) for row in rows]


def made_since(work: Work, scope: Scope, since: datetime) -> list[Alert]:
    """Alerts made from an instant on that were not suppressed, newest first."""
    told = (alerts.c.created_at >= since) & (alerts.c.state != AlertState.SUPPRESSED)
    found = scope.narrow(select(alerts).where(told), alerts.c.center)
    return [of_row(row) for row in work.execute(found.order_by(alerts.c.created_at.desc(), alerts.c.key).limit(LIMIT))]


def of_case(work: Work, scope: Scope, family: Sequence[str], enterprise: str) -> list[Alert]:
    """What one enterprise was told of one case, oldest first, suppressed alerts included."""
    ours = alerts.c.case_key.in_(family) & (alerts.c.enterprise == enterprise)
    found = scope.narrow(select(alerts).where(ours), alerts.c.center)
    return [of_row(row) for row in work.execute(found.order_by(alerts.c.created_at, alerts.c.key).limit(LIMIT))]
