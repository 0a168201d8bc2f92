"""Clerks, the clock and senders at one alert at the same moment, on both databases: never both undone and sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from alerts import judge
from alerts.channels import open_channels
from alerts.letters.letter import CLOCK
from alerts.outbox import send_due
from alerts.rounds import telling
from index.ledger import Ledger, alerts, deliveries
from index.ledger.scope import Scope
from index.ledger.tables import alerts as table
from index.ledger.tables import centers as center_table
from index.ledger.tables import deliveries as delivery_table
from index.ledger.tables import metadata
from index.problems import TryLater, Unusable
from index.records import Alert, AlertState
from index.settings import Settings
from tests.alerts.console.browser import Open
from tests.alerts.console.deciding import SENT, WITHHELD, acts, judged, of_ripe_center, state_of, to_enterprise
from tests.alerts.console.province import WEIFANG


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
                numbered = "id" in one.c and one.c.id.type.python_type is int  # the database counts those itself
                new.execute(one.insert(), [{k: v for k, v in row.items() if k != "id" or not numbered} for row in rows])
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
        said, _ = at_once(
            lambda: judge.judge(ledger, settings, alert.key, "confirmed", "clerk", "", Scope((WEIFANG,))),
            lambda: telling.escalate(ledger, late),
        )
        with ledger.read() as work:
            found = alerts.load(work, alert.key)
        assert found
        handed = found.center != WEIFANG
        assert handed != isinstance(said, Alert)
        assert found.state is (AlertState.HELD if handed else AlertState.RELEASED)
