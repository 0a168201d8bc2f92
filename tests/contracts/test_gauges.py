"""The figures an operator watches, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from index.ledger import Ledger, gauges, leases
from index.ledger.tables import deliveries, problems
from index.problems import Problem, TryLater
from index.records import DeliveryState
from index.settings import Settings
from tests.contracts.test_ledger import ledger as any_ledger
from tests.seeded import seed

ledger = any_ledger  # the fixture, on both databases


def test_figures_add_up_to_the_rows_there_are(ledger: Ledger) -> None:
    seed(ledger, 60)
    with ledger.read() as work:
        rows = work.execute(select(deliveries)).all()
    found = gauges.look(ledger, "clock")
    kinds = {"enterprise": "enterprise", "refusal": "refusal"}
    counted = Counter((r.channel, kinds.get(r.audience.split(":")[0], "staff"), r.state) for r in rows)
    assert found.deliveries == dict(counted)
    unsent = [r.created_at for r in rows if r.state in {DeliveryState.DUE, DeliveryState.SENDING}]
    assert found.waiting_since == min(unsent, default=None)
    assert found.held_since is not None
    assert found.unindexed > 0
    assert found.vital.clock_until is None


def test_a_problem_counts_every_time_it_is_met(ledger: Ledger) -> None:
    from index.ledger import problems as met  # noqa: PLC0415

    now = datetime.now(UTC)
    with ledger.begin() as work:
        for reason in ("gone", "gone", "slow"):
            met.record(work, Problem("edis", "https://edis.example/1", "page", reason), now)
    assert gauges.look(ledger, "clock").problems == {"edis": 3}
    with ledger.read() as work:
        assert len(work.execute(select(problems)).all()) == 2


@pytest.mark.parametrize(("seconds", "alive"), [(60, True), (-1, False)])
def test_a_clock_lives_as_long_as_its_lease(ledger: Ledger, seconds: int, alive: bool) -> None:
    with ledger.begin() as work:
        now = leases.clock(work)
        leases.take(work, "clock", "host/1/1", now, now + timedelta(seconds=seconds))
    assert gauges.vital(ledger, "clock").clock_alive is alive
    assert gauges.vital(ledger, "another").clock_alive is False


def test_a_database_that_is_gone_says_try_later_and_no_more(settings: Settings) -> None:
    opened = Ledger.open(settings.ledger)
    with opened.begin() as work:
        work.exec_driver_sql("drop table index_queue")
    with pytest.raises(TryLater, match=r"does not answer: OperationalError$"):
        gauges.look(opened, "clock")
    opened.close()
