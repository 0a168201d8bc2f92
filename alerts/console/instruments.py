"""What watches one desk: its meters and its examination, and the layer that counts its requests."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litestar.enums import ScopeType

from alerts.console.metrics import Meters
from alerts.console.vital import Examination
from index import logs

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.types import ASGIApp, Message, Receive, Scope, Send

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
NOWHERE = "(none)"  # an address we do not have: its words are a stranger's and never a label
FAULT = 500
log = logs.logger("alerts.console.requests")
_making = threading.Lock()


@dataclass(frozen=True)
class Instruments:
    """One desk's."""

    meters: Meters
    examine: Examination


def instruments(app: Litestar) -> Instruments:
    """The instruments of a desk, made when first asked for."""
    with _making:
        if "instruments" not in app.state:
            settings, ledger = app.state.settings, app.state.ledger
            app.state["instruments"] = Instruments(Meters(ledger), Examination(settings, ledger))
        found: Instruments = app.state["instruments"]
        return found


class Counted:
    """Counts and logs every request by method, route and status; never by its path, which may hold a one-time login."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        answered = {"status": FAULT}

        async def watching(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered["status"] = message["status"]
            await send(message)

        began = time.perf_counter()
        try:
            await self.app(scope, receive, watching)
        finally:
            told(scope, answered["status"], time.perf_counter() - began)


def told(scope: Any, status: int, seconds: float) -> None:
    """Count one request, and log it: watchers' and static files' only where someone looks for a fault."""
    method = scope["method"] if scope["method"] in METHODS else "OTHER"
    route = scope.get("path_template") or NOWHERE
    instruments(scope["litestar_app"]).meters.count(method, route, status, seconds)
    quiet = route.startswith(("/static", "/healthz", "/metrics")) and status < FAULT
    say = log.debug if quiet else log.error if status >= FAULT and route != "/healthz" else log.info
    say("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))
