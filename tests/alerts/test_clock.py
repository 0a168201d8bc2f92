"""The clock's parts: schedules, what is due, the lease, and that nothing is done without it or stops for a fault."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from structlog.testing import capture_logs

from alerts.clock.clock import CLOCK, Clock, Pace, on
from alerts.clock.crontab import weekdays
from alerts.commands.registering import import_file
from alerts.rounds.crawling import AGAIN, Crawls, is_due, lease_name, left_over, next_crawl
from alerts.rounds.lease import Lease, alone
from alerts.rounds.steps import RoundReport, take_steps
from alerts.watch import STEPS, run_round
from crawlers.run import ENDED_EARLY, CrawlReport, sources_ready
from crawlers.saved import keep_page, spider_class
from index.ledger import Ledger, engine, leases, sources, tables
from index.ledger.sources import SourceHealth
from index.problems import Unusable
from index.records import Page
from index.settings import Settings
from tests.journeys.publishers import FEED, Answer, Publishers, publishing
from tests.logged import own_logging

OTHER = Path(__file__).parents[1] / "journeys" / "other"
PUMPS = OTHER.joinpath("pages", "www.federalregister.gov", "documents", "full_text", "xml", "2026/03/10/2026-70001.xml")
STRANGER = "another-host/1/2"
FRIDAY = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
QUICK = Pace(lease=60, standby=0.05, look=0.1, steps=0.1)
PATIENCE = 60.0  # seconds until a test gives up; none is waited for


@pytest.fixture(autouse=True)
def events() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged as a warning or worse."""
    with own_logging(), capture_logs() as captured:
        yield captured


def until(true: Callable[[], object]) -> None:
    """Wait until something is true."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.05)


# Schedules


@pytest.mark.parametrize(
    ("cron", "after", "expected"),
    [
        ("15 11,15 * * 1-5", FRIDAY, datetime(2026, 3, 9, 11, 15, tzinfo=UTC)),  # Monday, as cron counts
        ("0 0 * * 0", FRIDAY, datetime(2026, 3, 8, 0, 0, tzinfo=UTC)),
        ("0 0 * * 7", FRIDAY, datetime(2026, 3, 8, 0, 0, tzinfo=UTC)),
        ("20 */2 * * *", FRIDAY, datetime(2026, 3, 6, 16, 20, tzinfo=UTC)),
        ("0 16 * * *", FRIDAY, datetime(2026, 3, 7, 16, 0, tzinfo=UTC)),  # after, not at
        ("0 8 1 * *", FRIDAY, datetime(2026, 4, 1, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_schedule_means_what_cron_says_in_utc(cron: str, after: datetime, expected: datetime) -> None:
    assert on(cron)(after) == expected


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("*", "*"),
        ("5-7", "fri,sat,sun"),
        ("fri-mon", "fri,sat,sun,mon"),
        ("*/2", "sun,tue,thu,sat"),
        ("1-5/2,SAT", "mon,wed,fri,sat"),
        ("0-7", "sun,mon,tue,wed,thu,fri,sat"),
    ],
)
def test_weekdays_are_counted_from_sunday(field: str, names: str) -> None:
    assert weekdays(field) == names


@pytest.mark.parametrize("cron", ["", "* * * *", "61 * * * *", "0 0 * * 8", "0 0 * * 1/0", "0 0 1 * 1", "0 0 30 2 *"])
def test_what_is_no_schedule_is_refused_by_name(cron: str) -> None:
    with pytest.raises(Unusable, match="schedule"):
        on(cron)


def test_every_source_has_a_schedule_a_clock_can_keep() -> None:
    now = datetime.now(UTC)
    assert sources_ready()
    for source in sources_ready():
        assert now < on(spider_class(source).card.cron)(now) < now + timedelta(days=8)


# What is due

HOURLY = on("0 * * * *")
HEARD = SourceHealth("test", last_attempt=FRIDAY)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def test_a_source_never_asked_is_due_now_and_one_just_asked_at_its_next_instant() -> None:
    assert next_crawl(SourceHealth("test"), HOURLY, FRIDAY) == FRIDAY
    assert next_crawl(HEARD, HOURLY, FRIDAY) == FRIDAY + hours(1)


def test_instants_missed_are_one_crawl() -> None:
    late = FRIDAY + hours(70.5)
    assert next_crawl(HEARD, HOURLY, late) <= late
    caught_up = replace(HEARD, last_attempt=late)
    assert next_crawl(caught_up, HOURLY, late) == FRIDAY + hours(71)


def test_a_source_in_back_off_is_left_alone_and_asked_once_when_it_is_over() -> None:
    shut = replace(HEARD, back_off_until=FRIDAY + hours(6.25))
    assert next_crawl(shut, HOURLY, FRIDAY + hours(3.5)) == FRIDAY + hours(6.25)
    assert next_crawl(shut, on("0 0 1 1 *"), FRIDAY + hours(6.5)) <= FRIDAY + hours(6.5)
    asked = replace(shut, last_attempt=FRIDAY + hours(6.5))
    assert next_crawl(asked, HOURLY, FRIDAY + hours(6.6)) == FRIDAY + hours(7)


def test_an_attempt_in_the_future_of_a_clock_set_back_silences_no_source() -> None:
    assert next_crawl(replace(HEARD, last_attempt=FRIDAY + hours(9_000)), HOURLY, FRIDAY) == FRIDAY


def test_a_crawl_cut_short_is_begun_again_but_not_without_end(ledger: Ledger) -> None:
    never = on("0 0 1 1 *")
    for begun in range(AGAIN + 1):
        with ledger.begin() as work:
            assert is_due(work, "test", never, cut_short=True) == (begun < AGAIN)
            sources.begin_crawl(work, "test", datetime.now(UTC))
            assert not is_due(work, "test", never, cut_short=False)


def test_a_source_that_another_process_crawls_is_not_crawled_beside(ledger: Ledger, settings: Settings) -> None:
    hold(ledger, lease_name("usitc_edis"))
    crawls = Crawls(ledger, settings, {})
    assert crawls.run("usitc_edis").outcome == f"being crawled by {STRANGER}"
    assert crawls.run_if_due("usitc_edis", HOURLY) is None


def test_a_crawl_that_could_not_begin_is_an_attempt(ledger: Ledger, settings: Settings) -> None:
    report = Crawls(ledger, settings, {}).run("no_such_source")
    assert "not known" in report.outcome
    with ledger.read() as work:
        assert sources.health(work, "no_such_source").last_attempt
        assert leases.holder_of(work, lease_name("no_such_source")) is None


def test_a_source_just_crawled_is_not_crawled_again(ledger: Ledger, settings: Settings) -> None:
    with ledger.begin() as work:
        sources.begin_crawl(work, "usitc_edis", datetime.now(UTC))
    assert Crawls(ledger, settings, {}).run_if_due("usitc_edis", on("0 0 1 1 *")) is None
    with ledger.read() as work:
        assert leases.holder_of(work, lease_name("usitc_edis")) is None


def test_a_crawl_that_is_ended_leaves_a_sign_that_it_was_cut_short(ledger: Ledger, settings: Settings) -> None:
    never = threading.Event()
    with publishing(Publishers({FEED: Answer(hold=never)})) as publishers:
        crawls = Crawls(ledger, settings, publishers.settings() | {"YUJING_HOME": str(settings.home)})
        done: list[CrawlReport] = []
        crawling = threading.Thread(target=lambda: done.append(crawls.run("usitc_edis")))
        crawling.start()
        until(lambda: FEED in publishers.paths)
        with ledger.read() as work:
            assert not left_over(work, "usitc_edis")
        crawls.end_all()
        crawling.join(PATIENCE)
        never.set()
    assert [report.outcome for report in done] == [ENDED_EARLY]
    with ledger.read() as work:
        assert left_over(work, "usitc_edis")


# The lease


def hold(ledger: Ledger, name: str, for_hours: float = 1) -> None:
    """Have another host hold a lease, whoever holds it now."""
    with ledger.begin() as work:
        work.execute(delete(tables.leases).where(tables.leases.c.name == name))
        row = {"name": name, "holder": STRANGER, "until": datetime.now(UTC) + hours(for_hours)}
        work.execute(insert(tables.leases).values(row))


def let_go(ledger: Ledger, name: str) -> None:
    with ledger.begin() as work:
        leases.drop(work, name, STRANGER)


def test_a_lease_is_taken_when_the_other_let_it_run_out(ledger: Ledger) -> None:
    hold(ledger, "test")
    lease = Lease(ledger, "test")
    assert not lease.take()
    assert (lease.held(), lease.other()) == (False, STRANGER)
    hold(ledger, "test", -1)
    assert lease.take()
    assert (lease.held(), lease.other(), lease.found) == (True, "", STRANGER)


def test_a_lease_that_runs_out_unrenewed_is_not_believed_in(ledger: Ledger) -> None:
    lease = Lease(ledger, "test", seconds=0.01)
    assert lease.take()
    until(lambda: not lease.held())
    assert lease.take()


@pytest.mark.parametrize("moved", ["time", "monotonic"])
def test_a_lease_is_not_believed_in_after_the_time_jumped(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, moved: str
) -> None:
    lease, read = Lease(ledger, "test"), getattr(time, moved)
    assert lease.take()
    monkeypatch.setattr(time, moved, lambda: read() + 3600)
    assert not lease.held()


def test_a_lease_given_back_is_not_renewed(ledger: Ledger) -> None:
    lease = Lease(ledger, "test")
    lease.take()
    lease.drop()
    assert not lease.take()
    with ledger.read() as work:
        assert leases.holder_of(work, "test") is None


def test_what_is_done_alone_says_who_is_at_it(ledger: Ledger) -> None:
    hold(ledger, "test")
    with pytest.raises(Unusable, match=f"busy: {STRANGER}"), alone(ledger, "test", "busy"):
        pass


def test_a_round_waits_for_the_steps_of_a_clock_and_says_so_when_it_waited_long(
    ledger: Ledger, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(ledger, STEPS)
    letting = threading.Timer(0.3, let_go, (ledger, STEPS))
    letting.start()
    assert run_round(settings, crawling=False).problems == []
    letting.join()
    hold(ledger, STEPS)
    monkeypatch.setattr("alerts.watch.PATIENCE", 0.01)
    with pytest.raises(Unusable, match=f"another round is running: {STRANGER}"):
        run_round(settings, crawling=False)


# The steps


def heard(ledger: Ledger, page: Path = PUMPS) -> None:
    """The register of a province, and a notice that names its enterprises."""
    for kind in ("centers", "enterprises", "contacts"):
        assert import_file(kind, OTHER / "register" / f"{kind}.csv") == 0
    reader = spider_class("federal_register")
    keep_page(ledger, reader, Page("federal_register", f"saved:{page.name}", FRIDAY, page.read_bytes()))


def mails(settings: Settings) -> int:
    return len(list(settings.outgoing_mail.glob("*.eml")))


def due_again(ledger: Ledger) -> None:
    """As if no delivery had left."""
    with ledger.begin() as work:
        work.execute(update(tables.deliveries).values(state="due", due_at=FRIDAY, sent_at=None))


def test_no_step_begins_when_it_is_time_to_stop(ledger: Ledger, settings: Settings) -> None:
    heard(ledger)
    report = RoundReport()
    assert not take_steps(ledger, settings, report, going=lambda: False)
    assert report == RoundReport()


def test_a_step_that_fails_is_told_and_the_others_are_taken(
    ledger: Ledger, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard(ledger)
    run_round(settings, crawling=False)
    due_again(ledger)

    def broken(_ledger: Ledger) -> int:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("alerts.rounds.steps.understand_all", broken)
    failed: list[tuple[str, str]] = []
    report = RoundReport()
    assert take_steps(ledger, settings, report, failed=lambda step, error: failed.append((step, str(error))))
    assert failed == [("understand", "a fault of ours")]
    assert report.sent["sent"] > 0
    with pytest.raises(RuntimeError, match="a fault of ours"):
        take_steps(ledger, settings, RoundReport())


# The clock


@contextmanager
def running(clock: Clock) -> Iterator[list[str]]:
    """A clock at work in a thread; what it said."""
    ends, said, ended = SimpleQueue[str](), list[str](), list[bool]()

    def run() -> None:
        ended.append(clock.run(ends, lambda _plan: said.append("began"), said.append))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield said
    finally:
        ends.put("end")
        thread.join()
    assert ended == [True]


def test_a_clock_whose_lease_is_lost_does_nothing_until_it_holds_it_again(
    ledger: Ledger, settings: Settings, events: list[MutableMapping[str, Any]]
) -> None:
    clock = Clock(ledger, settings, {}, {}, replace(QUICK, lease=1.0))
    with running(clock) as said:
        until(lambda: "began" in said)
        hold(ledger, CLOCK)
        until(lambda: STRANGER in said and "clock.lease_lost" in {event["event"] for event in events})
        assert not clock.going()
        heard(ledger)
        clock.jobs.steps()
        clock.jobs.look()
        assert mails(settings) == 0
        said.clear()
        let_go(ledger, CLOCK)
        until(lambda: "began" in said and mails(settings) > 0)
    with ledger.read() as work:
        assert list(work.execute(select(tables.leases.c.name)).scalars()) == []


def test_a_clock_whose_steps_another_takes_tries_again(
    ledger: Ledger, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alerts.clock.jobs.BUSY", 0.05)
    heard(ledger)
    hold(ledger, STEPS)
    clock = Clock(ledger, settings, {}, {}, replace(QUICK, steps=3600))
    with running(clock) as said:
        until(lambda: "began" in said)
        clock.jobs.steps()
        assert mails(settings) == 0
        let_go(ledger, STEPS)
        until(lambda: mails(settings) > 0)


def test_a_ledger_that_is_locked_is_said_and_stops_nothing(
    ledger: Ledger, settings: Settings, monkeypatch: pytest.MonkeyPatch, events: list[MutableMapping[str, Any]]
) -> None:
    heard(ledger)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.01)
    impatient = Ledger.open(settings.ledger)
    clock = Clock(impatient, settings, {}, {}, replace(QUICK, steps=3600))
    with running(clock) as said:
        until(lambda: "began" in said and mails(settings) > 0)
        with ledger.begin():
            until(lambda: "job.failed" in {event["event"] for event in events})
            clock.jobs.steps()
        before = mails(settings)
        due_again(ledger)
        until(lambda: mails(settings) > before)
    impatient.close()
