"""The morning page: what is new, what waits, what nobody answered, which source is silent."""

from __future__ import annotations

from datetime import timedelta

from litestar import get
from litestar.response import Template

from alerts.console.brief import day_of_week
from alerts.console.desk import Desk
from alerts.console.health import source_states
from alerts.console.seen import pressing_first, rows
from alerts.console.waiting import by_enterprise, sent
from index.ledger import desk as listed
from index.records import AlertState

NAV = (10, "/", "morning.nav")
NEW = timedelta(hours=24)
SHOWN = 12


@get("/", sync_to_thread=True)
def morning(desk: Desk) -> Template:
    """Everything a clerk must look at first, the most pressing first."""
    with desk.read() as work:
        counts = listed.counts(work, desk.scope)
        held = pressing_first(rows(desk, work, listed.in_states(work, desk.scope, [AlertState.HELD])))
        released = listed.in_states(work, desk.scope, [AlertState.RELEASED])
        unanswered = pressing_first(rows(desk, work, released))
        awaited = [sent(desk, work, row) for row in unanswered]
        new, enterprises = listed.made_since(work, desk.scope, desk.now - NEW)
        states = source_states(work, desk.now)
    silent = [state for state in states if state.state != "ok"]
    groups = by_enterprise(held)
    figures = {
        "new": new,
        "held": counts.get(AlertState.HELD, 0),
        "unanswered": counts.get(AlertState.RELEASED, 0),
        "silent": len(silent),
        "pressing": sum(row.pressing for row in held),
        "nobody": sum(one.reach == "nobody" for one in awaited),
        "enterprises": enterprises,
        "sources": len(states),
    }
    return desk.page(
        "morning.html.j2",
        figures=figures,
        groups=groups[:SHOWN],
        shown=sum(1 + len(group.rest) for group in groups[:SHOWN]),
        awaited=awaited[:SHOWN],
        silent=silent,
        date=day_of_week(desk.today, desk.language),
    )


HANDLERS = (morning,)
