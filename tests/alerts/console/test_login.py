"""Coming in by password, and the brake on guessing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from pwdlib import PasswordHash
from sqlalchemy import select, update

from alerts.console import logins
from index.ledger import Ledger, users
from index.ledger import sessions as ledger_of_sessions
from index.ledger.tables import throttles
from index.ledger.tables import users as table
from index.problems import TryLater
from tests.alerts.console.browser import GOOD, Open, login
from tests.alerts.console.province import everything


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
        users.disable(work, "jinan", datetime.now(UTC))
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
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
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
    with time_machine.travel(datetime.now(UTC) + timedelta(days=400)):
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


def test_guessing_the_present_password_is_stopped_too(door: Open) -> None:
    clerk = door.browser()
    login(clerk)
    tried = {"present": "wrong", "new": "another good one", "again": "another good one"}
    assert [clerk.post("/password", tried).status_code for _ in range(6)] == [400] * 5 + [429]
    assert clerk.post("/password", tried | {"present": GOOD}).status_code == 429


def test_failures_counted_at_once_are_all_counted(races: Ledger) -> None:
    now = datetime.now(UTC)

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
