"""The morning page: what is new, what waits, what nobody answered, which source is silent."""

from __future__ import annotations

from datetime import timedelta

from litestar import get
from litestar.response import Template

from alerts.console.desk import Desk
from alerts.console.health import silent_sources
from alerts.console.seen import pressing_first, rows
from index.ledger import deliveries
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
        unheard = set(deliveries.unheard(work))
        new = listed.made_since(work, desk.scope, desk.now - NEW)
        silent = silent_sources(work, desk.now)
    figures = {
        "new": len(new),
        "held": counts.get(AlertState.HELD, 0),
        "unanswered": counts.get(AlertState.RELEASED, 0),
        "silent": len(silent),
    }
    return desk.page(
        "morning.html.j2",
        figures=figures,
        held=held[:SHOWN],
        unanswered=unanswered[:SHOWN],
        unheard=unheard,
        silent=silent,
        shown=SHOWN,
    )


HANDLERS = (morning,)
