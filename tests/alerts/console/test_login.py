"""Coming in and going out: passwords, the brake on guessing, sessions, one-time logins."""

from __future__ import annotations

import json
from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from pwdlib import PasswordHash
from sqlalchemy import select, update

from alerts.console import logins
from index.ledger import Ledger, users
from index.ledger import sessions as ledger_of_sessions
from index.ledger.tables import metadata, passes, sessions, throttles
from index.ledger.tables import users as table
from index.problems import TryLater
from tests.alerts.console.browser import Browser, Open
from tests.alerts.console.province import PEOPLE, everything

GOOD = "correct horse battery"


@pytest.fixture(scope="module")
def hashed() -> str:
    """One hash of GOOD for all, for a hash takes its time."""
    return logins.hasher().hash(GOOD)


@pytest.fixture
def door(desk: Open, hashed: str) -> Open:
    """The desk, with GOOD as everybody's password."""
    with desk.ledger.begin() as work:
        work.execute(update(table).values(password=hashed))
    return desk


def login(browser: Browser, name: str = "yantai", password: str = GOOD, to: str = "/") -> int:
    """Sign in by password; the status."""
    return browser.post("/login", {"name": name, "password": password, "next": to}).status_code


def test_a_password_is_kept_as_argon2_alone(desk: Open) -> None:
    clerk = desk.by["yantai"]
    assert clerk.post("/password", {"new": GOOD, "again": GOOD}).status_code == 303
    with desk.ledger.read() as work:
        user = users.load(work, "yantai")
    assert user
    assert user.password.startswith("$argon2id$")
    assert GOOD not in repr(everything(desk.ledger))
    assert login(desk.browser()) == 303


@pytest.mark.parametrize(
    ("new", "again"), [("short", "short"), ("x" * 201, "x" * 201), ("is-YANTAI-ok", "is-YANTAI-ok"), (GOOD, "other")]
)
def test_a_weak_or_mistyped_password_is_not_kept(desk: Open, new: str, again: str) -> None:
    before = everything(desk.ledger)
    answer = desk.by["yantai"].post("/password", {"new": new, "again": again})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert everything(desk.ledger) == before


def test_a_wrong_password_and_an_unknown_name_look_the_same(door: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    logins._nobodys()
    library = PasswordHash.verify_and_update

    def counting(self: PasswordHash, password: str, hashed: str) -> tuple[bool, str | None]:
        looked.append(hashed[:10])
        return library(self, password, hashed)

    monkeypatch.setattr(PasswordHash, "verify_and_update", counting)
    with door.ledger.begin() as work:
        users.disable(work, "jinan", logins.datetime.now(logins.UTC))
        work.execute(update(table).where(table.c.id == "weifang").values(password=""))
    pages = []
    tried = {"yantai": "wrong", "nobody": "wrong", "jinan": GOOD, "weifang": "", "\x00;--": "x"}
    for name, password in tried.items():
        browser = door.browser()
        answer = browser.post("/login", {"name": name, "password": password})
        shown = answer.text.replace(f'value="{name}"', 'value=""').replace(browser.token(), "")
        pages.append((answer.status_code, shown.split('id="name"')[1][:9], answer.text.split('role="alert"')[1][:60]))
        assert not browser.cookie("yujing_session")
    assert len(set(pages)) == 1
    assert pages[0][0] == 401
    assert looked == ["$argon2id$"] * len(pages)


def test_a_name_is_read_as_it_was_meant(door: Open) -> None:
    for name in ("yantai", " YanTai ", "ｙａｎｔａｉ"):
        assert login(door.browser(), name) == 303


def test_guessing_one_account_from_one_place_is_stopped_and_lapses(door: Open) -> None:
    with time_machine.travel("2026-11-24 08:00 +0000", tick=False) as clock:
        browser = door.browser()
        assert [login(browser, password="wrong") for _ in range(6)] == [401] * 5 + [429]
        assert login(browser) == 429  # the right one does not help either
        assert login(browser, "weifang") == 303
        assert login(door.browser(peer="10.0.0.9")) == 303  # the account's own user, elsewhere
        assert "15" in browser.post("/login", {"name": "yantai", "password": "x"}).text
        clock.shift(logins.WINDOW + timedelta(seconds=1))
        assert login(browser) == 303


def test_guessing_many_accounts_from_one_place_is_stopped(door: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logins, "PER_ADDRESS", 4)
    browser = door.browser()
    assert [login(browser, f"user{n}", "wrong") for n in range(5)] == [401] * 4 + [429]
    assert login(door.browser(peer="10.0.0.9"), "user9", "wrong") == 401


def test_guessing_one_account_from_many_places_is_stopped(door: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logins, "PER_ACCOUNT", 4)
    tries = [login(door.browser(peer=f"10.0.0.{n}"), password="wrong") for n in range(5)]
    assert tries == [401] * 4 + [429]
    assert login(door.browser(peer="10.0.1.1"), "weifang") == 303


def test_an_office_behind_one_address_is_not_stopped_by_logging_in(door: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logins, "PER_ADDRESS", 3)
    assert [login(door.browser()) for _ in range(6)] == [303] * 6


def test_guesses_made_at_once_count_too(door: Open) -> None:
    ended: list[str] = []

    def guess() -> None:
        try:
            logins.check(door.ledger, "yantai", "wrong", "10.0.0.1")
            ended.append("looked at")
        except TryLater:
            ended.append("stopped")

    threads = [Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["looked at"] * 5 + ["stopped"] * 7


def test_failures_are_kept_without_what_was_typed(door: Open) -> None:
    login(door.browser(), "my-password-in-the-wrong-field", "x")
    with door.ledger.read() as work:
        rows = work.execute(select(throttles)).all()
    assert len(rows) == 3
    assert "password" not in repr(rows)
    with time_machine.travel("2030-01-01 00:00 +0000"):
        login(door.browser(), "another", "x")
        with door.ledger.read() as work:
            assert len(work.execute(select(throttles)).all()) == 3  # old ones are forgotten


def test_a_stranger_on_the_way_cannot_say_where_they_are(door: Open) -> None:
    """Without a proxy of ours before the desk, X-Forwarded-For is only something a stranger wrote."""
    browser = door.browser(peer="10.9.9.9")
    tries = []
    for n in range(6):
        said = {"X-Forwarded-For": f"10.1.1.{n}", "Forwarded": f"for=10.1.1.{n}"}
        tries.append(browser.post("/login", {"name": "yantai", "password": "wrong"}, headers=said).status_code)
    assert tries == [401] * 5 + [429]


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


def test_an_answer_under_way_does_not_bring_a_session_back(desk: Open) -> None:
    """A page asked for before the user went out, and answered after, writes nothing."""
    clerk = desk.by["yantai"]
    session = clerk.cookie("yujing_session")
    store = desk.app.stores.get("sessions")
    with time_machine.travel("2026-11-24 00:00 +0000"):
        desk.by["weifang"].get("/")
    assert desk.portal.call(store.get, session, 3600)
    clerk.post("/logout")
    assert desk.portal.call(store.get, session, 3600) is None
    assert not ledger_of_sessions.renew(desk.ledger, "unknown", *[logins.datetime.now(logins.UTC)] * 2)


def test_a_session_ends_without_use_and_lasts_with_it(door: Open) -> None:
    hours = door.settings.session_hours
    with time_machine.travel("2026-11-24 08:00 +0000", tick=False) as clock:
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


def test_guessing_the_present_password_is_stopped_too(door: Open) -> None:
    clerk = door.browser()
    login(clerk)
    tried = {"present": "wrong", "new": "another good one", "again": "another good one"}
    assert [clerk.post("/password", tried).status_code for _ in range(6)] == [400] * 5 + [429]
    assert clerk.post("/password", tried | {"present": GOOD}).status_code == 429


def test_who_forgot_the_password_sets_a_new_one_after_a_one_time_login(door: Open) -> None:
    clerk = door.browser().enter(door.ledger, "yantai")
    assert 'name="present"' not in clerk.get("/password").text
    assert clerk.post("/password", {"new": "another good one", "again": "another good one"}).status_code == 303
    assert 'name="present"' in clerk.get("/password").text
    assert clerk.post("/password", {"new": "third good one", "again": "third good one"}).status_code == 400


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


def test_a_one_time_login_works_once(desk: Open) -> None:
    token = logins.give_pass(desk.ledger, "yantai")
    browser = desk.browser()
    for _ in range(2):
        assert browser.get(f"/login/once/{token}").status_code == 200  # a mail scanner opens it
    assert browser.post(f"/login/once/{token}").headers["location"] == "/password"
    assert browser.get("/").status_code == 200
    again = desk.browser().post(f"/login/once/{token}")
    assert again.status_code == 401
    with desk.ledger.read() as work:
        assert not work.execute(select(passes)).all()
    assert token not in repr(everything(desk.ledger))


def test_a_one_time_login_gets_too_old(desk: Open) -> None:
    with time_machine.travel("2026-11-24 08:00 +0000", tick=False) as clock:
        token = logins.give_pass(desk.ledger, "yantai")
        clock.shift(logins.PASS_LASTS + timedelta(seconds=1))
        assert desk.browser().post(f"/login/once/{token}").status_code == 401
        logins.give_pass(desk.ledger, "weifang")
        logins.give_pass(desk.ledger, "weifang")
        clock.shift(logins.PASS_LASTS * 2)
        logins.give_pass(desk.ledger, "weifang")
        with desk.ledger.read() as work:
            assert len(work.execute(select(passes)).all()) == 1


def test_a_one_time_login_of_who_was_shut_out_is_worth_nothing(desk: Open) -> None:
    token = logins.give_pass(desk.ledger, "yantai")
    with desk.ledger.begin() as work:
        users.disable(work, "yantai", logins.datetime.now(logins.UTC))
    assert desk.browser().post(f"/login/once/{token}").status_code == 401


def test_a_one_time_login_is_used_by_one_of_eight(races: Ledger) -> None:
    now = logins.datetime.now(logins.UTC)
    with races.begin() as work:
        users.write(work, PEOPLE["all"], now)
    for _ in range(3):
        token, entered = logins.give_pass(races, "all"), list[str]()

        def take(token: str = token, entered: list[str] = entered) -> None:
            if user := logins.take_pass(races, token):
                entered.append(user.id)

        threads = [Thread(target=take) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert entered == ["all"]


def test_failures_counted_at_once_are_all_counted(races: Ledger) -> None:
    now = logins.datetime.now(logins.UTC)

    def fail() -> None:
        with races.begin() as work:
            ledger_of_sessions.failed(work, "who", now, now - logins.WINDOW)

    threads = [Thread(target=fail) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with races.begin() as work:
        assert ledger_of_sessions.failed(work, "who", now, now - logins.WINDOW) == 9


def test_a_session_says_nothing_but_whose_it_is(desk: Open) -> None:
    with desk.ledger.read() as work:
        held = [json.loads(row.data) for row in work.execute(select(sessions))]
    assert {frozenset(one) for one in held} == {frozenset({"user", "stamp", "once"})}
    assert metadata.tables["sessions"].c.keys() == ["id", "data", "expires_at"]
