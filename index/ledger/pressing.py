"""What each alert's date hangs on, for many alerts at once: enough to order a long list without its letters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from index.ledger.codec import unpack
from index.ledger.engine import Work
from index.ledger.scope import Scope
from index.ledger.tables import alerts, cases, matches
from index.records import AlertState, Deadline, Level


@dataclass(frozen=True, slots=True)
class Dated:
    """One alert: its legal dates, and the level, role and forum that say which of them binds."""

    key: str
    enterprise: str
    created_at: datetime
    deadlines: tuple[Deadline, ...]
    level: Level
    role: str
    forum: str


def dated(work: Work, scope: Scope, states: Sequence[AlertState]) -> list[Dated]:
    """Every alert in any of the states, in no order."""
    now, before = matches.alias("now"), matches.alias("before")
    case = func.coalesce(cases.c.merged_into, cases.c.key)  # a match is kept with the surviving case
    found = (
        select(
            alerts.c.key,
            alerts.c.enterprise,
            alerts.c.created_at,
            alerts.c.deadlines,
            cases.c.forum,
            func.coalesce(now.c.level, before.c.level, alerts.c.level).label("level"),
            func.coalesce(now.c.record, before.c.record).label("record"),
        )
        .select_from(alerts)
        .outerjoin(cases, cases.c.key == alerts.c.case_key)
        .outerjoin(now, (now.c.case_key == case) & (now.c.enterprise == alerts.c.enterprise))
        .outerjoin(before, (before.c.case_key == alerts.c.case_key) & (before.c.enterprise == alerts.c.enterprise))
        .where(alerts.c.state.in_(states))
    )
    return [_dated(row) for row in work.execute(scope.narrow(found, alerts.c.center))]


def _dated(row: Row[*tuple[Any, ...]]) -> Dated:
    role = json.loads(row.record)["party"]["role"] if row.record and row.deadlines != "[]" else ""
    dates = unpack(tuple[Deadline, ...], row.deadlines) if role else ()
    return Dated(row.key, row.enterprise, row.created_at, dates, Level(row.level), role, row.forum or "")
