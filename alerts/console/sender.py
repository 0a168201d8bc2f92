"""What is due leaves and what changed is indexed while the desk is open, also where no clock runs.

The outbox keeps two senders apart, the index its writers.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from anyio import to_thread
from litestar import Litestar

from alerts.channels import open_channels
from alerts.letters.glossary import chinese_words
from alerts.outbox import send_due
from alerts.rounds.telling import tell_refusals
from index import logs
from index.feed import take_in
from index.ledger import Ledger, deliveries, queue
from index.problems import TryLater, Unusable
from index.search.engines import open_engine
from index.settings import Settings

EVERY, REST = 2.0, 60.0  # seconds between looks, and after what fails again and again
LOOK_ANYWAY = 60.0  # seconds after which what a dead process was sending is looked for
LAST_WORD = 1.5  # seconds a channel may go on answering once the desk closes
log = logs.logger("alerts.console.sender")


def keep_sending(ledger: Ledger, settings: Settings, ended: threading.Event) -> None:
    """Send what is due until told to end. Nothing that fails ends it before."""
    pause, looked, index = EVERY, -LOOK_ANYWAY, Indexing(ledger, settings)
    while not ended.wait(pause):
        try:
            if time.monotonic() - looked >= LOOK_ANYWAY or something_due(ledger):
                looked = time.monotonic()
                send(ledger, settings, ended)
            index()
            pause = EVERY
        except Exception:  # a thread that ended would be silence: whatever it is, it is told and tried again
            log.exception("sending_failed", again_in=min(pause * 2, REST))
            pause = min(pause * 2, REST)


def something_due(ledger: Ledger) -> bool:
    """Whether a delivery should leave now."""
    with ledger.read() as work:
        due = deliveries.next_due(work)
    return due is not None and due <= datetime.now(UTC)


def send(ledger: Ledger, settings: Settings, ended: threading.Event) -> None:
    """Send what is due, and tell the centers what was refused."""
    done = send_due(ledger, open_channels(settings), settings, lambda: not ended.is_set())
    if done:
        log.info("sent", **done)
    with ledger.read() as work:
        unsaid = bool(deliveries.refused_unsaid(work))
    if unsaid and not ended.is_set():
        tell_refusals(ledger, settings)


class Indexing:
    """Brings the search index up to date with what was done here. One that cannot be used lags: said once a REST."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        self.ledger, self.settings, self.rests_until = ledger, settings, 0.0

    def __call__(self) -> None:
        """Take in what changed."""
        with self.ledger.read() as work:
            waiting = queue.size(work)
        if not waiting or time.monotonic() < self.rests_until:
            return
        try:
            with contextlib.closing(open_engine(self.settings.search)) as engine:
                take_in(self.ledger, engine, chinese_words)
        except (TryLater, Unusable) as error:
            self.rests_until = time.monotonic() + REST
            log.warning("index_lags", waiting=waiting, problem=str(error))


@asynccontextmanager
async def sending(app: Litestar) -> AsyncIterator[None]:
    """A sender for as long as the desk is open."""
    ended = threading.Event()
    told = (app.state.ledger, app.state.settings, ended)
    thread = threading.Thread(target=keep_sending, args=told, name="sender", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        await to_thread.run_sync(thread.join, LAST_WORD)
