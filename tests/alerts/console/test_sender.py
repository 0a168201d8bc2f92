"""The sender: what is due leaves while the desk is open, whatever breaks meanwhile."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest

from alerts import judge
from alerts.console import sender
from index import logs
from index.ledger import Ledger, deliveries, engine
from index.records import Alert
from index.search.engines import open_engine
from index.search.query import Query
from index.settings import Settings
from tests.alerts.console.deciding import SENT, to_enterprise
from tests.alerts.console.province import WEIFANG, first_held
from tests.contracts.mailservers import Answers, Takes, serving

PATIENCE = 30.0  # seconds; a test ends long before


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "EVERY", 0.05)
    monkeypatch.setattr(sender, "REST", 0.05)


@contextmanager
def running(ledger: Ledger, settings: Settings) -> Iterator[threading.Thread]:
    """A sender at work."""
    ended = threading.Event()
    thread = threading.Thread(target=sender.keep_sending, args=(ledger, settings, ended))
    thread.start()
    try:
        yield thread
    finally:
        ended.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


@contextmanager
def logged(settings: Settings) -> Iterator[io.StringIO]:
    """What is logged meanwhile, as an operator reads it."""
    told = io.StringIO()
    logs.configure(settings, stream=told)
    yield told
    logs.configure(settings)


def until(true: Callable[[], object]) -> None:
    """Wait for something that is about to happen."""
    waited = 0.0
    while not true():
        sleep(0.05)
        waited += 0.05
        assert waited < PATIENCE, "it did not happen"


def released(ledger: Ledger, settings: Settings) -> Alert:
    """An alert released now, with nothing to wait for."""
    return judge.judge(ledger, settings, first_held(ledger, WEIFANG).key, "confirmed", "clerk", "")


def test_what_is_due_leaves_without_a_clock(settings: Settings, ledger: Ledger) -> None:
    with running(ledger, settings):
        alert = released(ledger, settings)
        until(lambda: set(to_enterprise(ledger, alert)) == {SENT})


def test_a_mail_server_that_is_down_is_waited_for(settings: Settings, ledger: Ledger) -> None:
    with serving(Takes()) as port:
        away = settings.model_copy(update={"smtp_url": f"smtp://desk:pa55word@127.0.0.1:{port}"})
    alert = released(ledger, away)
    with logged(away) as told, running(ledger, away) as thread:
        until(lambda: states(ledger, alert) == {("due", True)})
        assert thread.is_alive()
    assert "pa55word" not in told.getvalue()
    assert "pa55word" not in repr(of_enterprise(ledger, alert))


def of_enterprise(ledger: Ledger, alert: Alert) -> list[object]:
    """An alert's deliveries to its enterprise."""
    with ledger.read() as work:
        return [d for d in deliveries.of_alert(work, alert.key) if d.audience == "enterprise"]


def states(ledger: Ledger, alert: Alert) -> set[tuple[str, bool]]:
    """(state, whether something went wrong) of its deliveries to the enterprise."""
    with ledger.read() as work:
        found = [d for d in deliveries.of_alert(work, alert.key) if d.audience == "enterprise"]
    return {(d.state.value, bool(d.problem)) for d in found}


def test_settings_that_are_wrong_do_not_end_it(settings: Settings, ledger: Ledger) -> None:
    wrong = settings.model_copy(update={"smtp_url": "gopher://desk:pa55word@mail.example"})
    alert = released(ledger, settings)
    with logged(wrong) as told, running(ledger, wrong) as thread:
        until(lambda: told.getvalue().count("sending_failed") >= 2)
        assert thread.is_alive()
    assert "pa55word" not in told.getvalue()
    assert states(ledger, alert) == {("due", False)}


def test_a_ledger_another_writes_to_does_not_end_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, ledger: Ledger
) -> None:
    alert = released(ledger, settings)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0)
    hasty = Ledger.open(settings.ledger)
    with logged(settings) as told, running(hasty, settings) as thread:
        with ledger.begin():
            until(lambda: "sending_failed" in told.getvalue())
            assert thread.is_alive()
        until(lambda: set(to_enterprise(ledger, alert)) == {SENT})
    hasty.close()


def test_what_a_dead_process_was_sending_is_found(settings: Settings, ledger: Ledger) -> None:
    alert, now = released(ledger, settings), datetime.now(UTC)
    with ledger.begin() as work:
        while deliveries.claim(work, now, "elsewhere/1/1", now - timedelta(seconds=1), 5):
            pass
    assert {state for state, _ in states(ledger, alert)} == {"sending"}
    with running(ledger, settings):
        until(lambda: set(to_enterprise(ledger, alert)) == {SENT})


def test_the_center_hears_of_a_refusal_without_a_clock(settings: Settings, ledger: Ledger) -> None:
    with serving(Answers("RCPT", "550 5.1.1 no such user")) as port:
        mailing = settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{port}"})
        alert = released(ledger, mailing)
        with running(ledger, mailing):
            until(lambda: any(kind.startswith("refusal:") for kind in audiences(ledger, alert)))


def audiences(ledger: Ledger, alert: Alert) -> list[str]:
    """For whom an alert's deliveries are."""
    with ledger.read() as work:
        return [d.audience for d in deliveries.of_alert(work, alert.key)]


def test_what_is_done_at_the_desk_is_found_there_without_a_clock(settings: Settings, ledger: Ledger) -> None:
    held = first_held(ledger, WEIFANG)
    judge.judge(ledger, settings, held.key, "not_ours", "王敏", "")
    with running(ledger, settings):
        until(lambda: stage_found(settings, held.key) == "suppressed")


def stage_found(settings: Settings, alert: str) -> str:
    found = open_engine(settings.search).search(Query(kinds=("warning",), size=100))
    return next((hit.document.stage for hit in found.hits if hit.document.key.endswith(alert)), "")


def test_an_index_that_cannot_be_used_is_said_once_and_mails_go_on(
    settings: Settings, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "REST", 600.0)
    broken = settings.model_copy(update={"search_url": "gopher://index"})
    with logged(broken) as told, running(ledger, broken):
        first = released(ledger, broken)
        until(lambda: "index_lags" in told.getvalue() and set(to_enterprise(ledger, first)) == {SENT})
        second = released(ledger, broken)
        until(lambda: set(to_enterprise(ledger, second)) == {SENT})
    assert told.getvalue().count("index_lags") == 1
