"""Every source: when it was last heard, and whether that is normal for it."""

from __future__ import annotations

from litestar import get
from litestar.response import Template

from alerts.console.desk import AtDesk
from alerts.console.health import source_states

NAV = (60, "/sources", "sources.nav")


@get("/sources", sync_to_thread=True)
def sources(desk: AtDesk) -> Template:
    """The sources and their state."""
    with desk.read() as work:
        states = source_states(work, desk.now)
    return desk.page("sources.html.j2", states=states)


HANDLERS = (sources,)
