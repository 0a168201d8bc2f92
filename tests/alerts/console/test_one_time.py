"""One-time logins: used once, by one, in time; the way back for who forgot the password."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread

import time_machine
from sqlalchemy import select

from alerts.console import logins
from index.ledger import Ledger, users
from index.ledger.tables import passes
from tests.alerts.console.browser import Open
from tests.alerts.console.province import PEOPLE, everything


def test_who_forgot_the_password_sets_a_new_one_after_a_one_time_login(door: Open) -> None:
    clerk = door.browser().enter(door.ledger, "yantai")
    assert 'name="present"' not in clerk.get("/password").text
    assert clerk.post("/password", {"new": "another good one", "again": "another good one"}).status_code == 303
    assert 'name="present"' in clerk.get("/password").text
    assert clerk.post("/password", {"new": "third good one", "again": "third good one"}).status_code == 400


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
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
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
        users.disable(work, "yantai", datetime.now(UTC))
    assert desk.browser().post(f"/login/once/{token}").status_code == 401


def test_a_one_time_login_is_used_by_one_of_eight(races: Ledger) -> None:
    now = datetime.now(UTC)
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
