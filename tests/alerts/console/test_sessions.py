"""Sessions: new at login, over when they should be, of no use to who steals the ledger."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from alerts.console.health import SourceState
from alerts.console.pages import sources
from index.ledger import Work
from index.ledger.tables import metadata, sessions
from tests.alerts.console.browser import GOOD, Browser, Open, login
from tests.alerts.console.province import everything


def test_the_session_is_new_at_login_and_only_its_digest_is_kept(door: Open) -> None:
    browser = door.browser()
    browser.client.cookies.set("yujing_session", "planted" * 9, domain="127.0.0.1")
    assert login(browser) == 303
    session = browser.cookie("yujing_session")
    assert "planted" not in session
    assert len(session) == 64
    kept = repr(everything(door.ledger))
    assert session not in kept
    assert "planted" not in kept
    before = browser.cookie("yujing_session")
    assert login(browser) == 303
    assert browser.cookie("yujing_session") != before
    assert as_session(door, before).get("/").status_code == 303  # the one before is over


def as_session(door: Open, session: str) -> Browser:
    """Another browser that got hold of a session's id."""
    thief = door.browser()
    thief.client.cookies.set("yujing_session", session, domain="127.0.0.1")
    return thief


def test_going_out_ends_the_session_on_the_server(desk: Open) -> None:
    clerk = desk.by["yantai"]
    session = clerk.cookie("yujing_session")
    assert as_session(desk, session).get("/").status_code == 200
    assert clerk.post("/logout").headers["location"] == "/login"
    assert not clerk.cookie("yujing_session")
    assert as_session(desk, session).get("/").status_code == 303
    assert clerk.get("/").status_code == 303


def test_an_answer_under_way_does_not_bring_a_session_back(desk: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page asked for before the user went out, and answered after, with the session due to be renewed."""
    clerk = desk.by["yantai"]
    session, going_out = clerk.cookie("yujing_session"), as_session(desk, clerk.cookie("yujing_session"))

    def meanwhile(_work: Work, _now: datetime) -> list[SourceState]:
        assert going_out.post("/logout").headers["location"] == "/login"
        return []

    monkeypatch.setattr(sources, "source_states", meanwhile)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        assert clerk.get("/sources").status_code == 200
        assert as_session(desk, session).get("/").status_code == 303
        assert clerk.get("/").status_code == 303


def test_a_session_ends_without_use_and_lasts_with_it(door: Open) -> None:
    hours = door.settings.session_hours
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        used, left = door.browser(), door.browser()
        assert login(used) == login(left, "weifang") == 303
        for _ in range(3):
            clock.shift(timedelta(hours=hours * 0.6))
            assert used.get("/sources").status_code == 200
        assert as_session(door, left.cookie("yujing_session") or "none").get("/").status_code == 303
        clock.shift(timedelta(hours=hours, seconds=1))
        assert as_session(door, used.cookie("yujing_session")).get("/").status_code == 303
        login(door.browser())
        with door.ledger.read() as work:
            kept = work.execute(select(sessions)).all()
        assert len(kept) == 1  # what is over is forgotten at the next login


def test_reading_writes_a_session_every_five_minutes_at_most(desk: Open) -> None:
    with desk.ledger.read() as work:
        until = work.execute(select(sessions.c.expires_at).limit(1)).scalar_one()
    with time_machine.travel(until - timedelta(hours=desk.settings.session_hours), tick=False) as clock:
        before = everything(desk.ledger)
        for _ in range(4):
            clock.shift(timedelta(minutes=1))
            desk.by["yantai"].get("/alerts")
        assert everything(desk.ledger) == before
        clock.shift(timedelta(minutes=2))
        desk.by["yantai"].get("/alerts")
        assert everything(desk.ledger) != before


def test_a_new_password_ends_the_users_other_sessions(door: Open) -> None:
    here, there, other = door.browser(), door.browser(), door.browser()
    assert [login(here), login(there), login(other, "weifang")] == [303] * 3
    old = here.cookie("yujing_session")
    new = {"present": GOOD, "new": "another good one", "again": "another good one"}
    assert here.post("/password", {**new, "present": "wrong"}).status_code == 400
    assert there.get("/").status_code == 200
    assert here.post("/password", new).status_code == 303
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 303
    assert door.by["yantai"].get("/").status_code == 303
    assert as_session(door, old).get("/").status_code == 303
    assert other.get("/").status_code == 200
    assert login(door.browser()) == 401
    assert login(door.browser(), password="another good one") == 303


def test_cookies_are_for_this_site_and_no_script(door: Open) -> None:
    browser = door.browser()
    said = [browser.get("/login").headers["set-cookie"]]
    answer = browser.post("/login", {"name": "yantai", "password": GOOD})
    said += answer.headers.get_list("set-cookie")
    said += browser.get("/language/en").headers.get_list("set-cookie")
    assert {one.split("=")[0].removesuffix(one.split("=")[0][-8:]) for one in said} >= {"yujing_form_"}
    assert len(said) >= 3
    for cookie in said:
        flags = cookie.casefold()
        assert "httponly" in flags, cookie
        assert "samesite=lax" in flags, cookie
        assert "domain=" not in flags, cookie
        assert "secure" not in flags, cookie


def test_a_session_says_nothing_but_whose_it_is(desk: Open) -> None:
    with desk.ledger.read() as work:
        held = [json.loads(row.data) for row in work.execute(select(sessions))]
    assert {frozenset(one) for one in held} == {frozenset({"user", "stamp", "once"})}
    assert metadata.tables["sessions"].c.keys() == ["id", "data", "expires_at"]
