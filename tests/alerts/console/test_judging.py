"""What a clerk decides: on record with who and when, undone in time, binding for later rounds and for the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from sqlalchemy import select

from alerts import judge
from alerts.rounds import telling
from alerts.rounds.rematching import UNFOUNDED, match_all
from index.ledger import alerts, audit, judgements
from index.ledger.scope import Scope
from index.ledger.tables import alerts as table
from index.problems import Unusable
from index.records import AlertState
from tests.alerts.console.browser import Open
from tests.alerts.console.deciding import (
    DUE,
    SENT,
    WITHHELD,
    acts,
    does,
    held,
    judged,
    of_ripe_center,
    send,
    state_of,
    to_enterprise,
)
from tests.alerts.console.province import JINAN, UNSEEN, WEIFANG, YANTAI, everything, first_held, of_center

QUIET = ("sessions", "throttles")


def test_a_release_waits_to_be_undone_and_then_leaves(desk: Open) -> None:
    alert, window = held(desk), timedelta(seconds=desk.settings.undo_seconds)
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        send(desk)
        assert does(desk.by["weifang"], alert, "judge", verdict="confirmed", why="电话核实") == 303
        waiting = to_enterprise(desk.ledger, alert)
        assert waiting == {DUE: sum(waiting.values())}
        send(desk)
        clock.shift(window - timedelta(seconds=1))
        send(desk)
        assert to_enterprise(desk.ledger, alert) == waiting
        clock.shift(2)
        send(desk)
        assert to_enterprise(desk.ledger, alert) == {SENT: waiting[DUE]}
    assert acts(desk.ledger, alert) == [("潍坊文员（weifang）", "confirmed")]
    [said] = judged(desk.ledger, alert)
    assert (said.by, said.why, said.verdict) == ("潍坊文员（weifang）", "电话核实", "confirmed")


def test_what_is_undone_in_time_never_leaves_and_what_is_released_again_leaves_once(desk: Open) -> None:
    alert, clerk = held(desk), desk.by["weifang"]
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        does(clerk, alert, "judge", verdict="confirmed")
        planned = to_enterprise(desk.ledger, alert)[DUE]
        assert does(clerk, alert, "undo") == 303
        assert state_of(desk.ledger, alert) is AlertState.HELD
        clock.shift(timedelta(hours=1))
        send(desk)
        assert to_enterprise(desk.ledger, alert) == {WITHHELD: planned}
        mails = len(list(desk.settings.outgoing_mail.glob("*.eml")))
        assert does(clerk, alert, "judge", verdict="confirmed") == 303
        assert to_enterprise(desk.ledger, alert) == {DUE: planned}
        send(desk)
        assert to_enterprise(desk.ledger, alert) == {DUE: planned}
        clock.shift(timedelta(hours=1))
        send(desk)
        telling.tell_latecomers(desk.ledger, desk.settings)
        send(desk)
        assert to_enterprise(desk.ledger, alert) == {SENT: planned}
        assert len(list(desk.settings.outgoing_mail.glob("*.eml"))) == mails + planned
    assert [what for _, what in acts(desk.ledger, alert)] == ["confirmed", "undo", "confirmed"]
    assert [one.undone_at is None for one in judged(desk.ledger, alert)] == [False, True]
    assert judged(desk.ledger, alert)[0].undone_by == "潍坊文员（weifang）"


def test_what_has_left_cannot_be_undone(desk: Open) -> None:
    alert, clerk = held(desk), desk.by["weifang"]
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        does(clerk, alert, "judge", verdict="confirmed")
        clock.shift(timedelta(minutes=2))
        send(desk)
        before = everything(desk.ledger, *QUIET)
        answer = clerk.post(f"/alerts/{alert.key}/undo")
    assert answer.status_code == 409
    assert "未能撤销" in answer.text
    assert everything(desk.ledger, *QUIET) == before


def test_not_theirs_stays_so_in_every_later_round_until_undone(desk: Open) -> None:
    alert, clerk = held(desk), desk.by["weifang"]
    match_all(desk.ledger, desk.settings)
    alert = held(desk)
    count = len(of_center(desk.ledger, WEIFANG))
    assert does(clerk, alert, "judge", verdict="not_ours", why="同名") == 303
    assert state_of(desk.ledger, alert) is AlertState.SUPPRESSED
    for _ in range(2):
        match_all(desk.ledger, desk.settings)
        assert state_of(desk.ledger, alert) is AlertState.SUPPRESSED
    assert does(clerk, alert, "undo") == 303
    assert state_of(desk.ledger, alert) is AlertState.HELD
    for _ in range(2):
        match_all(desk.ledger, desk.settings)
        assert state_of(desk.ledger, alert) is AlertState.HELD
    assert len(of_center(desk.ledger, WEIFANG)) == count
    assert to_enterprise(desk.ledger, alert) == {}
    assert [what for _, what in acts(desk.ledger, alert)] == ["not_ours", "undo"]


def test_a_round_that_began_before_the_judgement_does_not_bring_the_alert_back(
    desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    match_all(desk.ledger, desk.settings)
    alert = held(desk)
    does(desk.by["weifang"], alert, "judge", verdict="not_ours")
    with monkeypatch.context() as stale:
        stale.setattr(judgements, "in_force", lambda _work: {})
        match_all(desk.ledger, desk.settings)
        assert state_of(desk.ledger, alert) is AlertState.SUPPRESSED
    match_all(desk.ledger, desk.settings)
    assert state_of(desk.ledger, alert) is AlertState.SUPPRESSED


@pytest.mark.parametrize("steps", [("unsure",), ("confirmed", "undo"), ("not_ours", "undo"), ("unsure", "undo")])
def test_the_clock_releases_nothing_a_person_has_judged(desk: Open, steps: tuple[str, ...]) -> None:
    alert, untouched = of_ripe_center(desk)
    for step in steps:
        fields = {} if step == "undo" else {"verdict": step}
        assert does(desk.by["weifang"], alert, "undo" if step == "undo" else "judge", **fields) == 303
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)):
        telling.release_ripe(desk.ledger, desk.settings)
    assert state_of(desk.ledger, alert) is AlertState.HELD
    assert state_of(desk.ledger, untouched) is AlertState.RELEASED


def test_two_clerks_at_once_one_decides(desk: Open) -> None:
    alert = held(desk)
    other = desk.browser().enter(desk.ledger, "all")
    assert does(desk.by["weifang"], alert, "judge", verdict="not_ours") == 303
    before = everything(desk.ledger, *QUIET)
    answer = other.post(f"/alerts/{alert.key}/judge", {"verdict": "confirmed"})
    assert answer.status_code == 409
    assert "状态" in unescape(answer.text)
    assert everything(desk.ledger, *QUIET) == before


def test_a_verdict_that_is_none_decides_nothing(desk: Open) -> None:
    alert, before = held(desk), everything(desk.ledger, *QUIET)
    for verdict in ("", "release", "CONFIRMED", "已确认", "confirmed "):
        assert does(desk.by["weifang"], alert, "judge", verdict=verdict) == 409
    assert everything(desk.ledger, *QUIET) == before


def test_an_acknowledgement_is_on_record_and_given_once(desk: Open) -> None:
    alert, clerk = held(desk), desk.by["weifang"]
    assert does(clerk, alert, "acknowledge", how="电话") == 409
    does(clerk, alert, "judge", verdict="confirmed")
    assert does(clerk, alert, "acknowledge", how="电话，李主任") == 303
    assert state_of(desk.ledger, alert) is AlertState.ACKNOWLEDGED
    assert does(clerk, alert, "acknowledge", how="again") == 409
    assert does(clerk, alert, "undo") == 409
    with desk.ledger.read() as work:
        [_, (_, who, what, detail)] = audit.of(work, alert.key)
        kept = alerts.load(work, alert.key)
    assert (who, what, detail["how"]) == ("潍坊文员（weifang）", "acknowledge", "电话，李主任")
    assert kept
    assert (kept.acknowledged_by, kept.acknowledged_at is not None) == ("潍坊文员（weifang）", True)


def test_the_beginning_of_a_number_is_looked_for_in_ones_own_scope(desk: Open) -> None:
    mine = first_held(desk.ledger, WEIFANG)
    with desk.ledger.begin() as work:
        row = dict(work.execute(select(table).where(table.c.key == mine.key)).one()._mapping)
        for center, key in ((WEIFANG, f"abcdef0{mine.key[7:]}"), (JINAN, f"abcdef1{mine.key[7:]}")):
            work.execute(table.insert(), row | {"key": key, "center": center})
        assert judge.alert_of(work, "abcdef", Scope((WEIFANG,))).center == WEIFANG
        with pytest.raises(Unusable, match="several"):
            judge.alert_of(work, "abcdef")
        with pytest.raises(Unusable, match="no such"):
            judge.alert_of(work, "abcdef", Scope((YANTAI,)))


def test_notes_are_kept_on_one_line_and_bounded(desk: Open) -> None:
    alert = held(desk)
    does(desk.by["weifang"], alert, "judge", verdict="unsure", why="一\x00二\n三\u202e" + "字" * 900)
    [said] = judged(desk.ledger, alert)
    assert said.why.startswith("一 二 三字")
    assert len(said.why) == 500
    assert UNSEEN not in said.why


def test_the_command_judges_still(desk: Open) -> None:
    alert = held(desk)
    done = judge.judge(desk.ledger, desk.settings, alert.key[:8], "not_ours", "王工", "同名")
    assert (done.state, done.reason) == (AlertState.SUPPRESSED, UNFOUNDED)
    assert acts(desk.ledger, alert) == [("王工", "not_ours")]
    assert judge.undo(desk.ledger, alert.key[:8], "王工").state is AlertState.HELD
