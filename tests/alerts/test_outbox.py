"""The outbox against a real mail server: each recipient on its own, and every answer on record."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from alerts.channels import open_channels
from alerts.outbox import GIVE_UP_AFTER, reclaim, send_due
from alerts.process import is_dead, own_name
from index.ledger import Ledger, alerts, deliveries, tables
from index.records import Alert, AlertState, Band, Delivery, DeliveryState, Level, Message
from index.settings import Settings
from tests.contracts.mailservers import Answers, Takes, serving
from tests.making import NOW

ALERT = Alert(
    key="a1", enterprise="E1", case="c1", event="institution", notice="n1", level=Level.NAMED, band=Band.AUTO,
    severity="high", state=AlertState.RELEASED, center="yantai", created_at=NOW,
)  # fmt: skip


def put(ledger: Ledger, *addresses: str, channel: str = "email") -> None:
    with ledger.begin() as work:
        alerts.insert(work, ALERT, [])
        for address in addresses:
            delivery = Delivery(address, "a1", channel, address, "enterprise", DeliveryState.DUE, NOW)
            message = Message(f"id-{address.split('@')[0]}", address, "主题", "正文", "<p>正文</p>", "中心")
            deliveries.insert(work, delivery, message, datetime.now(UTC))


def states(ledger: Ledger) -> dict[str, str]:
    with ledger.read() as work:
        return {d.key: d.state.value for d in deliveries.of_alert(work, "a1")}


def mail_settings(settings: Settings, port: int) -> Settings:
    values = {"smtp_url": f"smtp://127.0.0.1:{port}", "mail_from": "yujing@example.com", "mail_timeout": 5.0}
    return settings.model_copy(update=values)


@pytest.fixture
def post() -> Iterator[tuple[Takes, int]]:
    takes = Takes()
    with serving(takes) as port:
        yield takes, port


def test_what_is_due_is_sent_once_with_its_receipt(ledger: Ledger, settings: Settings, post: tuple[Takes, int]) -> None:
    takes, port = post
    put(ledger, "a@example.com", "b@example.com")
    use = mail_settings(settings, port)
    assert send_due(ledger, open_channels(use), use) == {"sent": 2}
    assert send_due(ledger, open_channels(use), use) == {}
    assert len(takes.mails) == 2
    with ledger.read() as work:
        assert all(d.receipt for d in deliveries.of_alert(work, "a1"))


def test_a_refused_address_costs_no_other(ledger: Ledger, settings: Settings) -> None:
    class Picky(Takes):
        async def handle_RCPT(self, _server: object, _s: object, envelope: object, address: str, _o: object) -> str:  # noqa: N802
            if address.startswith("bad"):
                return "550 5.1.1 no such user"
            envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
            return "250 OK"

    put(ledger, "bad@example.com", "good@example.com")
    with serving(Picky()) as port:
        use = mail_settings(settings, port)
        assert send_due(ledger, open_channels(use), use) == {"refused": 1, "sent": 1}
    assert states(ledger) == {"bad@example.com": "refused", "good@example.com": "sent"}


def test_a_busy_server_is_asked_again_later(ledger: Ledger, settings: Settings) -> None:
    put(ledger, "a@example.com")
    with serving(Answers("RCPT", "451 4.7.1 greylisted")) as port:
        use = mail_settings(settings, port)
        assert send_due(ledger, open_channels(use), use) == {"due": 1}
    with ledger.read() as work:
        (waiting,) = deliveries.of_alert(work, "a1")
        upcoming = deliveries.next_due(work)
    assert "greylisted" in waiting.problem
    assert upcoming is not None
    assert upcoming > datetime.now(UTC)


def test_a_server_that_is_down_for_days_is_given_up_on_and_said_so(ledger: Ledger, settings: Settings) -> None:
    put(ledger, "a@example.com")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        use = mail_settings(settings, unused.getsockname()[1])
        channels = open_channels(use)
        assert send_due(ledger, channels, use) == {"due": 1}
        with ledger.begin() as work:
            work.execute(update(tables.deliveries).values(due_at=NOW, created_at=datetime.now(UTC) - GIVE_UP_AFTER))
        assert send_due(ledger, channels, use) == {"refused": 1}
    assert states(ledger) == {"a@example.com": "refused"}


def test_a_channel_that_is_not_usable_costs_a_delivery_only_time(ledger: Ledger, settings: Settings) -> None:
    put(ledger, "a@example.com")
    with serving(Answers("RCPT", "554 5.7.1 Relay access denied")) as port:
        use = mail_settings(settings, port)
        assert send_due(ledger, open_channels(use), use) == {"unusable": 1}
    with ledger.begin() as work:
        (waiting,) = deliveries.of_alert(work, "a1")
        assert (waiting.state.value, waiting.attempts) == ("due", 0)
        assert "Relay access denied" in waiting.problem


def test_an_answer_that_never_came_is_unsure_and_goes_again_once(ledger: Ledger, settings: Settings) -> None:
    put(ledger, "a@example.com")
    drops = Answers("DATA", "drop")
    with serving(drops) as port:
        use = mail_settings(settings, port)
        assert send_due(ledger, open_channels(use), use) == {"unsure": 1}
        for _ in range(2):
            with ledger.begin() as work:
                work.execute(update(tables.deliveries).values(due_at=NOW))
            send_due(ledger, open_channels(use), use)
    assert len(drops.mails) == 2
    assert states(ledger) == {"a@example.com": "unsure"}


def test_a_delivery_for_a_channel_that_is_not_there_waits(ledger: Ledger, settings: Settings) -> None:
    put(ledger, "1380000", channel="sms")
    assert send_due(ledger, open_channels(settings), settings) == {"due": 1}


def test_what_a_dead_process_was_sending_is_unsure_at_once(ledger: Ledger) -> None:
    put(ledger, "a@example.com")
    code = "from alerts.process import own_name; print(own_name())"
    gone = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert is_dead(gone)
    assert not is_dead(own_name())
    assert not is_dead("another-host/1/2")
    with ledger.begin() as work:
        now = datetime.now(UTC)
        deliveries.claim(work, now, gone, now + timedelta(hours=1), 1)
    assert reclaim(ledger, {}) == 1
    with ledger.read() as work:
        row = work.execute(select(tables.deliveries.c.state, tables.deliveries.c.unsure)).one()
    assert tuple(row) == ("unsure", 1)


def test_a_live_sender_keeps_what_it_holds(ledger: Ledger) -> None:
    put(ledger, "a@example.com")
    with ledger.begin() as work:
        now = datetime.now(UTC)
        deliveries.claim(work, now, own_name(), now + timedelta(hours=1), 1)
    assert reclaim(ledger, {}) == 0
    assert os.getpid() == int(own_name().split("/")[1])
