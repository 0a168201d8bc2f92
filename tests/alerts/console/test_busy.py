"""A round that writes for long keeps nobody from reading; who changes something is told to try again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from index.ledger import Ledger, engine
from index.ledger import sessions as ledger_of_sessions
from index.ledger.tables import sessions
from index.settings import Settings
from tests.alerts.console.browser import Open, found, opened
from tests.alerts.console.province import WEIFANG, everything, first_held
from tests.alerts.console.routes import every


@pytest.fixture
def hasty(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """A desk whose writers give up at once; a reader that had to wait as one of them would fail."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0)
    monkeypatch.setattr(ledger_of_sessions, "BUSY_SECONDS", 0)
    own = Ledger.open(settings.ledger)
    with ExitStack() as stack:
        yield found(opened(stack, settings, own))
    own.close()


def test_every_page_is_there_while_a_round_writes(hasty: Open, ledger: Ledger) -> None:
    alert, clerk = first_held(ledger, WEIFANG), hasty.by["weifang"]
    with ledger.read() as work:
        until = work.execute(select(sessions.c.expires_at)).scalars().all()
    with time_machine.travel(max(until) - timedelta(hours=1), tick=False):  # every session is due to be renewed
        with ledger.begin():
            for route in every(hasty.app, {"key": alert.key, "number": "1"}):
                if route.method == "GET" and not route.path.startswith("/bulletins/1/pdf"):
                    assert clerk.get(route.path).status_code in (200, 303), route
            with ledger.read() as work:
                assert work.execute(select(sessions.c.expires_at)).scalars().all() == until
        assert clerk.get("/").status_code == 200
        with ledger.read() as work:
            assert work.execute(select(sessions.c.expires_at)).scalars().all() != until


def test_a_form_says_that_the_desk_is_busy_and_nothing_is_done(hasty: Open, ledger: Ledger) -> None:
    alert, clerk, stranger = first_held(ledger, WEIFANG), hasty.by["weifang"], hasty.browser()
    before = everything(ledger)
    tokens = stranger.token(), clerk.token()
    assert all(tokens)
    with ledger.begin():
        answers = [
            clerk.post(f"/alerts/{alert.key}/judge", {"verdict": "confirmed"}),
            clerk.post("/logout"),
            clerk.post("/password", {"new": "a good password", "again": "a good password"}),
            stranger.post("/login", {"name": "weifang", "password": "x"}),
            stranger.post("/login/once/abc"),
        ]
    assert [answer.status_code for answer in answers] == [503] * 5
    assert all("系统正忙" in answer.text for answer in answers)
    assert everything(ledger) == before
    assert clerk.post(f"/alerts/{alert.key}/judge", {"verdict": "confirmed"}).status_code == 303


def test_a_session_is_renewed_only_where_it_lives(races: Ledger) -> None:
    now = datetime.now(UTC)
    later = now + timedelta(hours=1)
    with races.begin() as work:
        ledger_of_sessions.write(work, "alive", b"{}", now + timedelta(minutes=1))
        ledger_of_sessions.write(work, "dead", b"{}", now - timedelta(minutes=1))
    assert ledger_of_sessions.renew(races, "alive", later, now)
    assert not ledger_of_sessions.renew(races, "alive", later, now)  # as long already
    assert not ledger_of_sessions.renew(races, "dead", later, now)
    assert not ledger_of_sessions.renew(races, "gone", later, now)


def test_a_renewal_does_not_wait_for_another_writer(races: Ledger) -> None:
    now = datetime.now(UTC)
    with races.begin() as work:
        ledger_of_sessions.write(work, "alive", b"{}", now + timedelta(minutes=1))
    with races.begin() as work:
        ledger_of_sessions.write(work, "alive", b"{}", now + timedelta(minutes=2))
        assert not ledger_of_sessions.renew(races, "alive", now + timedelta(hours=1), now)
    assert ledger_of_sessions.renew(races, "alive", now + timedelta(hours=1), now)
    with races.begin() as work:  # and a writer after it waits as before
        ledger_of_sessions.drop(work, "alive")
