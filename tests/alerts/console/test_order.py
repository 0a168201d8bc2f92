"""Long lists: put in the right order, read as little as is shown, and as fast with many alerts as with few."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, select

from alerts.console.access import known_user
from alerts.console.desk import Desk
from alerts.console.order import after, places, rows_at
from alerts.console.seen import rows
from alerts.console.waiting import by_enterprise
from index.ledger import Ledger, alerts
from index.ledger import desk as listed
from index.ledger.tables import alerts as table
from index.records import AlertState
from tests.alerts.console.browser import Open
from tests.alerts.console.province import PROVINCE, WEIFANG, first_held, of_center

WAITING = (AlertState.HELD, AlertState.SUPPRESSED, AlertState.RELEASED, AlertState.ACKNOWLEDGED)


@contextmanager
def asked(ledger: Ledger) -> Iterator[list[str]]:
    """The statements the database is asked meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(ledger.engine, "before_cursor_execute", note)
    yield seen
    event.remove(ledger.engine, "before_cursor_execute", note)


def multiply(ledger: Ledger, times: int) -> None:
    """Make every alert so many times over, each copy held and a minute older than the one before."""
    with ledger.begin() as work:
        known = [dict(row._mapping) for row in work.execute(select(table))]
        for n in range(times):
            made = {"state": AlertState.HELD, "created_at": datetime.now(UTC) - timedelta(minutes=n)}
            work.execute(insert(table), [row | made | {"key": uuid4().hex} for row in known])


def desk_of(desk: Open, user: str) -> Desk:
    """The desk as a page of this user's is handed it."""
    known = known_user(desk.ledger, user)
    assert known
    return Desk(known.user, known.scope, desk.settings, desk.ledger, "zh", "/", known.center)


@pytest.mark.parametrize("user", ["all", "weifang"])
def test_dates_alone_give_the_order_letters_give(desk: Open, user: str) -> None:
    multiply(desk.ledger, 3)
    one = desk_of(desk, user)
    with one.read() as work:
        found = rows(one, work, listed.in_states(work, one.scope, WAITING))
        ordered = places(one, work, *WAITING)
    by_letters = sorted(found, key=lambda r: (r.days, r.alert.created_at, r.alert.key))
    assert [place.key for place in ordered] == [row.alert.key for row in by_letters]
    assert [place.days for place in ordered] == [row.days for row in by_letters]
    assert len({place.days for place in ordered}) > 1


def test_the_next_one_goes_round(desk: Open) -> None:
    one = desk_of(desk, "weifang")
    with one.read() as work:
        ordered = places(one, work, AlertState.HELD)
        shown = rows_at(one, work, ordered)
        assert [after(row, ordered) for row in shown] == [*ordered[1:], ordered[0]]
        assert after(shown[0], ordered[:1]) is None
        away = [place for place in ordered if place.key != shown[1].alert.key]  # it was judged just now
        assert after(shown[1], away) == ordered[2]


def test_what_is_handed_on_between_two_looks_is_left_out(desk: Open) -> None:
    one, gone = desk_of(desk, "weifang"), first_held(desk.ledger, WEIFANG)
    with one.read() as work:
        ordered = places(one, work, AlertState.HELD)
    with desk.ledger.begin() as work:
        alerts.escalated(work, gone.key, PROVINCE, one.now)
    with one.read() as work:
        assert [row.alert.key for row in rows_at(one, work, ordered)] == [p.key for p in ordered if p.key != gone.key]
        assert gone.key not in {row.alert.key for group in by_enterprise(one, work, ordered, 12) for row in group.rest}
        assert by_enterprise(one, work, [place for place in ordered if place.key == gone.key], 12) == []


def test_pages_ask_as_little_of_a_long_list_as_of_a_short_one(desk: Open) -> None:
    paths = ("/", "/alerts", "/alerts?view=held&page=2", f"/alerts/{first_held(desk.ledger, WEIFANG).key}")
    asked_of = []
    for times in (30, 30):
        multiply(desk.ledger, times)
        counted = {}
        for path in paths:
            with asked(desk.ledger) as statements:
                assert desk.by["all"].get(path).status_code == 200
            counted[path] = len(statements)
        asked_of.append(counted)
    assert asked_of[0] == asked_of[1]
    assert max(asked_of[1].values()) < 400


def test_every_page_of_the_list_goes_on_where_the_one_before_ended(desk: Open) -> None:
    multiply(desk.ledger, 8)
    one = desk_of(desk, "all")
    with one.read() as work:
        wanted = [place.key for place in places(one, work, AlertState.HELD)]
    assert len(wanted) > 150
    seen: list[str] = []
    for page in range(1, 20):
        text = desk.by["all"].get(f"/alerts?view=held&page={page}").text
        rows_of_page = [part.split('"')[0] for part in text.split('href="/alerts/')[1:]]
        seen += rows_of_page
        if 'rel="next"' not in text:
            break
    assert seen == wanted


def test_the_morning_counts_what_it_does_not_show(desk: Open) -> None:
    multiply(desk.ledger, 40)
    waiting = len(of_center(desk.ledger, WEIFANG, AlertState.HELD))
    page = desk.by["weifang"].get("/").text
    assert f'<span class="figure">{waiting}</span>' in page
    assert waiting > 200
