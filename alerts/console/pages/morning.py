"""The morning page: what is new, what waits, what nobody answered, which source is silent."""

from __future__ import annotations

from datetime import timedelta

from litestar import get
from litestar.response import Template

from alerts.console.brief import day_of_week
from alerts.console.desk import AtDesk
from alerts.console.health import source_states
from alerts.console.order import places, rows_at
from alerts.console.waiting import by_enterprise, sent
from index.ledger import desk as listed
from index.records import AlertState

NAV = (10, "/", "morning.nav")
NEW = timedelta(hours=24)
SHOWN = 12


@get("/", sync_to_thread=True)
def morning(desk: AtDesk) -> Template:
    """Everything a clerk must look at first, the most pressing first."""
    with desk.read() as work:
        held, unanswered = places(desk, work, AlertState.HELD), places(desk, work, AlertState.RELEASED)
        groups = by_enterprise(desk, work, held, SHOWN)
        awaited = [sent(desk, work, row) for row in rows_at(desk, work, unanswered[:SHOWN])]
        nobody = listed.unheard(work, desk.scope)
        new, enterprises = listed.made_since(work, desk.scope, desk.now - NEW)
        states = source_states(work, desk.now)
    silent = [state for state in states if state.state != "ok"]
    figures = {
        "new": new,
        "held": len(held),
        "unanswered": len(unanswered),
        "silent": len(silent),
        "pressing": sum(place.pressing for place in held),
        "nobody": nobody,
        "enterprises": enterprises,
        "sources": len(states),
    }
    return desk.page(
        "morning.html.j2",
        figures=figures,
        groups=groups,
        shown=sum(1 + len(group.rest) for group in groups),
        awaited=awaited,
        silent=silent,
        date=day_of_week(desk.today, desk.language),
    )


HANDLERS = (morning,)
