"""What is due leaves while the desk is open, also where no clock runs. The outbox keeps two senders apart."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import structlog
from anyio import to_thread
from litestar import Litestar

from alerts.channels import open_channels
from alerts.outbox import send_due
from index.ledger import Ledger, deliveries
from index.settings import Settings

EVERY = 2.0  # seconds
log = structlog.get_logger("alerts.console.sender")


def keep_sending(ledger: Ledger, settings: Settings, ended: threading.Event) -> None:
    """Send what is due every EVERY seconds until told to end."""
    while not ended.wait(EVERY):
        try:
            with ledger.read() as work:
                due = deliveries.next_due(work)
            if due and due <= datetime.now(UTC):
                done = send_due(ledger, open_channels(settings), settings)
                log.info("sent", **done)
        except Exception as error:
            log.exception("sending_failed", error=type(error).__name__)


@asynccontextmanager
async def sending(app: Litestar) -> AsyncIterator[None]:
    """A sender for as long as the desk is open."""
    ended = threading.Event()
    thread = threading.Thread(target=keep_sending, args=(app.state.ledger, app.state.settings, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        await to_thread.run_sync(thread.join, 10.0)
