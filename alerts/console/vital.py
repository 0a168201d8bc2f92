"""Whether the product does its job, in one word for each seam."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial

from alerts.console.bounded import Bounded
from index.ledger import Ledger
from index.ledger.gauges import Vital, vital
from index.problems import YujingError
from index.search.engines import open_engine
from index.settings import Settings, load_settings

CLOCK = "clock"
"""The lease of the process that is the clock."""
LATE = 900.0  # seconds after which an outbox nobody empties is worth an operator's look
FRESH, PATIENCE = 3.0, 2.0
OK, DEGRADED, DOWN, UNKNOWN = "ok", "degraded", "down", "unknown"


@dataclass(frozen=True, slots=True)
class Health:
    """One word a seam. Without the ledger nothing can be done; without the rest the desk still serves."""

    ledger: str
    search: str
    outbox: str
    clock: str

    @property
    def status(self) -> str:
        """The whole in one word."""
        if self.ledger == DOWN:
            return DOWN
        return OK if {self.search, self.outbox, self.clock} == {OK} else DEGRADED


class Examination:
    """Examines one desk's seams, each within PATIENCE seconds."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self.vital = Bounded(partial(vital, ledger, CLOCK), FRESH, PATIENCE)
        self.search = Bounded(partial(search_state, settings.search), FRESH, PATIENCE)

    def __call__(self) -> Health:
        """The seams now. Never raises."""
        search = self._search()
        try:
            found = self.vital()
        except Exception:  # noqa: BLE001  whatever a database client raises, the answer is the same word
            return Health(DOWN, search, UNKNOWN, UNKNOWN)
        return Health(OK, search, outbox_state(found), OK if found.clock_alive else DEGRADED)

    def _search(self) -> str:
        try:
            return self.search()
        except Exception:  # noqa: BLE001  as above; a search index can be rebuilt, so it is never worse than this
            return DEGRADED


def outbox_state(found: Vital) -> str:
    """Whether what is due leaves."""
    return OK if found.late <= LATE else DEGRADED


def search_state(url: str) -> str:
    """Whether the index can be searched."""
    try:
        engine = open_engine(url)
    except YujingError:
        return DEGRADED
    try:
        return OK if engine.probe().state == "ready" else DEGRADED
    finally:
        engine.close()


def main() -> int:
    """For a container's health check: status 0 while some process is the clock. `python -m alerts.console.vital`."""
    ledger = Ledger.open(load_settings().ledger)
    try:
        return 0 if vital(ledger, CLOCK).clock_alive else 1
    finally:
        ledger.close()


if __name__ == "__main__":
    sys.exit(main())
