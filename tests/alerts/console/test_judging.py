"""What a clerk decides: recorded, undone in time, never both undone and sent, whoever else is at it at the same moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from alerts.rematching import UNFOUNDED, match_all
from sqlalchemy import select, update

from alerts import judge, telling
from alerts.channels import open_channels
from alerts.letters.letter import CLOCK
from alerts.outbox import send_due
from index.ledger import Ledger, alerts, audit, deliveries, judgements
from index.ledger.scope import Scope
from index.ledger.tables import alerts as table
from index.ledger.tables import centers as center_table
from index.ledger.tables import deliveries as delivery_table
from index.ledger.tables import metadata
from index.problems import TryLater, Unusable
from index.records import Alert, AlertState, DeliveryState
from index.settings import Settings
from tests.alerts.console.browser import Browser, Open
from tests.alerts.console.province import JINAN, UNSEEN, WEIFANG, YANTAI, everything, first_held, of_center

DUE, SENT, WITHHELD = DeliveryState.DUE, DeliveryState.SENT, DeliveryState.SUPPRESSED
QUIET = ("sessions", "throttles")


def state_of(ledger: Ledger, alert: Alert) -> AlertState:
    """Where an alert stands now."""
    with ledger.read() as work:
        found = alerts.load(work, alert.key)
    assert found
    return found.state


def to_enterprise(ledger: Ledger, alert: Alert) -> Counter[str]:
    """How many deliveries to the enterprise are in each state."""
    with ledger.read() as work:
        return Counter(d.state for d in deliveries.of_alert(work, alert.key) if d.audience == "enterprise")


def acts(ledger: Ledger, alert: Alert) -> list[tuple[str, str]]:
    """(who, what) of everything done to an alert."""
    with ledger.read() as work:
        return [(who, what) for _, who, what, _ in audit.of(work, alert.key)]


def send(desk: Open) -> Counter[str]:
    """Send what is due now."""
    return send_due(desk.ledger, open_channels(desk.settings), desk.settings)


def does(browser: Browser, alert: Alert, what: str, **fields: str) -> int:
    """Press a button on an alert's page; the status."""
    return browser.post(f"/alerts/{alert.key}/{what}", fields).status_code


def held(desk: Open) -> Alert:
    """An alert of Weifang whose match holds, so that a round leaves it alone."""
    return next(a for a in of_center(desk.ledger, WEIFANG, AlertState.HELD) if not judged(desk.ledger, a))


def judged(ledger: Ledger, alert: Alert) -> list[judgements.Judgement]:
    """What was said on an alert."""
    with ledger.read() as work:
        return judgements.of_alert(work, alert.key)


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
        clock.shift(timedelta(days=1))
        send(desk)
        assert to_enterprise(desk.ledger, alert) == {WITHHELD: planned}
        assert does(clerk, alert, "judge", verdict="confirmed") == 303
        assert to_enterprise(desk.ledger, alert) == {DUE: planned}
        send(desk)
        assert to_enterprise(desk.ledger, alert) == {DUE: planned}
        clock.shift(timedelta(days=1))
        send(desk)
        telling.tell_latecomers(desk.ledger, desk.settings)
        send(desk)
        assert to_enterprise(desk.ledger, alert) == {SENT: planned}
        mails = [f.read_text("utf-8") for f in desk.settings.outgoing_mail.glob("*.eml")]
        with desk.ledger.read() as work:
            ours = [d.address for d in deliveries.of_alert(work, alert.key) if d.audience == "enterprise"]
        for address in ours:
            assert sum(f"told-{alert.enterprise}@example.com" in mail for mail in mails) <= len(mails)
            assert address
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
    assert "不能撤销" in unescape(answer.text) or "无法撤销" in unescape(answer.text)
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


def of_ripe_center(desk: Open) -> tuple[Alert, Alert]:
    """Two alerts of Weifang that the clock would release."""
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)), desk.ledger.begin() as work:
        office = telling.Office.of(work, desk.settings, datetime.now(UTC))
        work.execute(update(table).where(table.c.state == "suppressed").values(state="held", center=WEIFANG))
        found = [a for a in alerts.ripening(work) if a.center == WEIFANG and telling._ripe(work, office, a)]
    assert len(found) >= 2
    return found[0], found[1]


def test_two_clerks_at_once_one_decides(desk: Open) -> None:
    alert = held(desk)
    other = desk.browser().enter(desk.ledger, "all")
    assert does(desk.by["weifang"], alert, "judge", verdict="not_ours") == 303
    before = everything(desk.ledger, *QUIET)
    answer = other.post(f"/alerts/{alert.key}/judge", {"verdict": "confirmed"})
    assert answer.status_code == 409
    assert "状态" in unescape(answer.text)
    assert everything(desk.ledger, *QUIET) == before


@pytest.mark.parametrize("verdict", ["", "release", "CONFIRMED", "已确认", "confirmed "])
def test_a_verdict_that_is_none_decides_nothing(desk: Open, verdict: str) -> None:
    alert, before = held(desk), everything(desk.ledger, *QUIET)
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
    mine, theirs = first_held(desk.ledger, WEIFANG), first_held(desk.ledger, JINAN)
    with desk.ledger.begin() as work:
        for n, alert in enumerate((mine, theirs)):
            twin = f"abcdef{n}{alert.key[7:]}"
            work.execute(update(table).where(table.c.key == alert.key).values(key=twin))
        assert judge.alert_of(work, "abcdef", Scope((WEIFANG,))).center == WEIFANG
        with pytest.raises(Unusable, match="several"):
            judge.alert_of(work, "abcdef")
        with pytest.raises(Unusable, match="no such"):
            judge.alert_of(work, "abcdef", Scope((YANTAI,)))
        work.rollback()


def test_notes_are_kept_on_one_line_and_bounded(desk: Open) -> None:
    alert = held(desk)
    does(desk.by["weifang"], alert, "judge", verdict="unsure", why="一\x00二\n三\u202e" + "字" * 900)
    [said] = judged(desk.ledger, alert)
    assert said.why.startswith("一 二 三字")
    assert len(said.why) == 500
    assert UNSEEN not in said.why


# Several at once, on both databases


@pytest.fixture
def crowd(desk: Open, races: Ledger) -> Iterator[tuple[Ledger, Settings, Alert]]:
    """The province in each database, and an alert of it that the clock would release now."""
    alert, _ = of_ripe_center(desk)
    copy(desk.ledger, races)
    with races.begin() as work:
        work.execute(delivery_table.delete())
        long_ago = datetime.now(UTC) - timedelta(days=3)
        work.execute(update(table).where(table.c.key == alert.key).values(created_at=long_ago))
        work.execute(update(table).where(table.c.key != alert.key, table.c.state == "held").values(state="closed"))
    yield races, desk.settings, alert


def copy(source: Ledger, target: Ledger) -> None:
    """Every row of one ledger into another."""
    with source.read() as old, target.begin() as new:
        for one in metadata.sorted_tables:
            if rows := [dict(row._mapping) for row in old.execute(select(one))]:
                new.execute(one.insert(), [{k: v for k, v in row.items() if k != "id" or one.c.id.type.python_type is str} for row in rows])  # fmt: skip
        assert new.execute(select(center_table.c.id)).first()


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do all at the same moment; what each gave, or the refusal it met."""
    start, ended = Barrier(len(deeds)), dict[int, object]()

    def do(n: int) -> None:
        start.wait()
        try:
            ended[n] = deeds[n]()
        except (Unusable, TryLater) as error:
            ended[n] = error

    threads = [Thread(target=do, args=(n,)) for n in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [ended[n] for n in range(len(deeds))]


def again(ledger: Ledger, alert: Alert) -> None:
    """Make the alert wait once more, as if nothing had been said."""
    with ledger.begin() as work:
        for name in ("judgements", "audit", "deliveries"):
            work.execute(metadata.tables[name].delete())
        fresh = {"state": "held", "released_at": None, "released_by": "", "reason": ""}
        work.execute(update(table).where(table.c.key == alert.key).values(**fresh))


def test_of_four_clerks_one_decides(crowd: tuple[Ledger, Settings, Alert]) -> None:
    ledger, settings, alert = crowd

    def decide(who: str, verdict: str) -> Callable[[], Any]:
        return lambda: judge.judge(ledger, settings, alert.key, verdict, who, "")

    for _ in range(4):
        again(ledger, alert)
        said = at_once(*(decide(f"clerk{n}", v) for n, v in enumerate(["confirmed", "not_ours"] * 2)))
        assert sum(isinstance(one, Alert) for one in said) == 1
        [one] = judged(ledger, alert)
        wanted = AlertState.RELEASED if one.verdict == "confirmed" else AlertState.SUPPRESSED
        assert state_of(ledger, alert) is wanted
        assert bool(to_enterprise(ledger, alert)) == (one.verdict == "confirmed")
        assert acts(ledger, alert) == [(one.by, one.verdict)]


@pytest.mark.parametrize("verdict", ["not_ours", "unsure", "confirmed"])
def test_the_clock_and_a_clerk_do_not_both_decide(crowd: tuple[Ledger, Settings, Alert], verdict: str) -> None:
    ledger, settings, alert = crowd
    for _ in range(5):
        again(ledger, alert)
        said, released = at_once(
            lambda: judge.judge(ledger, settings, alert.key, verdict, "clerk", "", window=timedelta(minutes=1)),
            lambda: telling.release_ripe(ledger, settings),
        )
        by_clock = [one for one in released if isinstance(one, Alert)] if isinstance(released, list) else []
        if by_clock:
            assert isinstance(said, Unusable)
            assert not judged(ledger, alert)
            assert state_of(ledger, alert) is AlertState.RELEASED
            assert acts(ledger, alert) == [(CLOCK, "release")]
        else:
            assert isinstance(said, Alert)
            assert state_of(ledger, alert) is {
                "not_ours": AlertState.SUPPRESSED, "unsure": AlertState.HELD, "confirmed": AlertState.RELEASED
            }[verdict]  # fmt: skip
            assert acts(ledger, alert) == [("clerk", verdict)]
            assert to_enterprise(ledger, alert)[SENT] == 0


def test_nothing_is_both_undone_and_sent(crowd: tuple[Ledger, Settings, Alert]) -> None:
    ledger, settings, alert = crowd
    seen = Counter[str]()
    for _ in range(10):
        again(ledger, alert)
        judge.judge(ledger, settings, alert.key, "confirmed", "clerk", "")
        undone, *_ = at_once(
            lambda: judge.undo(ledger, alert.key, "clerk"),
            lambda: send_due(ledger, open_channels(settings), settings),
            lambda: send_due(ledger, open_channels(settings), settings),
            lambda: telling.tell_latecomers(ledger, settings),
        )
        send_due(ledger, open_channels(settings), settings)
        told = to_enterprise(ledger, alert)
        assert set(told) <= {SENT, WITHHELD}
        if isinstance(undone, Alert):
            assert told[SENT] == 0
            assert state_of(ledger, alert) is AlertState.HELD
            seen["undone"] += 1
        else:
            assert told[WITHHELD] == 0
            assert state_of(ledger, alert) is AlertState.RELEASED
            seen["sent"] += 1
    assert sum(seen.values()) == 10


def test_a_sender_between_the_two_looks_of_an_undo_is_seen(crowd: tuple[Ledger, Settings, Alert]) -> None:
    """A delivery claimed after the undo began and before it ended keeps it from being undone, whichever came first."""
    ledger, settings, alert = crowd
    judge.judge(ledger, settings, alert.key, "confirmed", "clerk", "")
    now = datetime.now(UTC)
    with ledger.begin() as work:
        taken = deliveries.claim(work, now, "another sender", now + timedelta(minutes=2), 1)
    assert len(taken) == 1
    with pytest.raises(Unusable, match="left"):
        judge.undo(ledger, alert.key, "clerk")
    assert to_enterprise(ledger, alert)[WITHHELD] == 0
    assert not [one for one in judged(ledger, alert) if one.undone_at]


def test_escalating_and_judging_do_not_cross(crowd: tuple[Ledger, Settings, Alert]) -> None:
    ledger, settings, alert = crowd
    late = settings.model_copy(update={"escalate_hours": 1.0})
    for _ in range(5):
        again(ledger, alert)
        with ledger.begin() as work:
            work.execute(update(table).where(table.c.key == alert.key).values(center=WEIFANG, escalated_at=None))
        own = Scope((WEIFANG,))
        said, _ = at_once(
            lambda: judge.judge(ledger, settings, alert.key, "confirmed", "clerk", "", own),
            lambda: telling.escalate(ledger, late),
        )
        with ledger.read() as work:
            found = alerts.load(work, alert.key)
        assert found
        handed = found.center != WEIFANG
        assert handed != isinstance(said, Alert)
        assert found.state is (AlertState.HELD if handed else AlertState.RELEASED)


def test_the_command_judges_still(desk: Open) -> None:
    alert = held(desk)
    done = judge.judge(desk.ledger, desk.settings, alert.key[:8], "not_ours", "王工", "同名")
    assert (done.state, done.reason) == (AlertState.SUPPRESSED, UNFOUNDED)
    assert acts(desk.ledger, alert) == [("王工", "not_ours")]
    assert judge.undo(desk.ledger, alert.key[:8], "王工").state is AlertState.HELD
