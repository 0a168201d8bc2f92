"""`yujing watch` as real processes on one ledger: never doubled, taken over, caught up once, ended at once."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text, update

from alerts.process import is_dead
from index.ledger import Ledger, leases, tables
from index.records import ItemState
from tests.conftest import ROOT, SAMPLE
from tests.contracts.mailservers import serving
from tests.journeys.publishers import Answer, Publishers, publishing
from tests.journeys.world import YUJING, SlowPost, World
from tests.postgres import POSTGRES, emptied, ledger_url

COURTS_AND_REGISTER = ("cmecf_rss", "federal_register")
COURTS = ("cand", "ncmd")
NOTICE = SAMPLE.joinpath("pages", "www.federalregister.gov/documents/full_text/xml/2026/02/26/2026-90008.xml")
CUT_ALL = """select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()"""
HUNG_COURT = "/ecf.cand.uscourts.gov/cgi-bin/rss_outside.pl"
PATIENCE = 90.0  # seconds until a test gives up; none is waited for
ENDS_WITHIN = 5.0  # seconds, as promised
SLACK = 5.0  # for a machine that has other things to do


def until(true: Callable[[], object], what: str) -> None:
    """Wait until something is true."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.1)


@dataclass
class Scene:
    """A province, its publishers and its mail server, one ledger, and the clocks that run on it."""

    world: World
    publishers: Publishers
    post: SlowPost
    ledger: Ledger
    clocks: list[subprocess.Popen[str]] = field(default_factory=list)

    def clock(self, *words: str) -> subprocess.Popen[str]:
        """Start a clock."""
        command = [*YUJING, "watch", *words]
        with (self.world.home.parent / f"clock-{len(self.clocks)}").open("w", encoding="utf-8") as said:
            begun = subprocess.Popen(command, cwd=ROOT, env=self.world.told, stdout=said, stderr=said, text=True)
        self.clocks.append(begun)
        return self.clocks[-1]

    def said(self, clock: subprocess.Popen[str]) -> str:
        """What a clock printed and logged so far."""
        return (self.world.home.parent / f"clock-{self.clocks.index(clock)}").read_text("utf-8")

    def leader(self) -> subprocess.Popen[str] | None:
        """The process that holds the lease."""
        with self.ledger.read() as work:
            held = leases.holder_of(work, "clock")
        pid = int(held[0].split("/")[1]) if held and not is_dead(held[0]) else 0
        return next((clock for clock in self.clocks if clock.pid == pid), None)

    def crawled(self) -> Counter[str]:
        """How often each source's crawl ended well."""
        with self.ledger.read() as work:
            ended = select(tables.crawls.c.source).where(tables.crawls.c.outcome == "ok")
            return Counter(work.execute(ended).scalars())

    def begun(self) -> Counter[str]:
        """How often a crawl of each source began."""
        with self.ledger.read() as work:
            return Counter(work.execute(select(tables.crawls.c.source)).scalars())

    def all_told(self) -> bool:
        """Whether everything is read, matched, released and sent."""
        with self.ledger.read() as work:
            unread = select(tables.notices.c.key).where(tables.notices.c.state == ItemState.WAITING)
            state = select(tables.deliveries.c.state).distinct()
            states = set(work.execute(state).scalars())
            return "sent" in states and not states & {"due", "sending"} and not work.execute(unread).first()

    def as_if_asleep(self, gone: timedelta) -> None:
        """As if no source had been asked for so long."""
        with self.ledger.begin() as work:
            work.execute(update(tables.sources).values(last_attempt=datetime.now(UTC) - gone))

    def end(self, clock: subprocess.Popen[str], number: int = signal.SIGTERM) -> None:
        """End a clock as a supervisor does, and see that it does so well and in time."""
        clock.send_signal(number)
        assert clock.wait(ENDS_WITHIN + SLACK) == 0, self.said(clock)
        assert "The clock has stopped." in self.said(clock)
        assert "Traceback" not in self.said(clock)


@contextmanager
def a_scene(
    folder: Path, url: str, sources: Sequence[str], answers: dict[str, Answer] | None = None
) -> Iterator[Scene]:
    """Everything up but the clocks, which crawl these sources; whatever still runs in the end is killed."""
    post = SlowPost(pause=0.02)
    publishers = Publishers(answers or {}, SAMPLE / "pages")
    with serving(post) as port, publishing(publishers):
        mail = {"YUJING_SMTP_URL": f"smtp://127.0.0.1:{port}", "YUJING_MAIL_FROM": "yujing@example.com"}
        own = {"YUJING_LEDGER_URL": url, "YUJING_SOURCES": json.dumps(sources)}
        world = World(folder / "home", publishers.settings(*COURTS) | mail | own)
        world.register()
        ledger = Ledger.open(url)
        scene = Scene(world, publishers, post, ledger)
        try:
            yield scene
        finally:
            for clock in scene.clocks:
                clock.kill()
                clock.wait()
            ledger.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty ledger's address."""
    return ledger_url(request.param, tmp_path)


def test_two_clocks_on_one_ledger_do_everything_once(tmp_path: Path, url: str) -> None:
    once = Counter(dict.fromkeys(COURTS_AND_REGISTER, 1))
    with a_scene(tmp_path, url, COURTS_AND_REGISTER) as scene:
        first, second = scene.clock(), scene.clock()
        until(lambda: scene.crawled() == once and scene.all_told(), "a first round")
        leader = scene.leader()
        assert leader in (first, second)
        other = second if leader is first else first
        until(lambda: "standing by" in scene.said(other), "the other stands by")
        assert scene.said(other).count("standing by") == 1

        leader.kill()
        leader.wait()
        until(lambda: "the clock is running" in scene.said(other), "the other takes over")
        assert scene.leader() is other
        scene.world.run("watch", "--once", "--no-crawl")  # a round by hand beside a running clock
        scene.end(other, signal.SIGINT)
        assert scene.leader() is None
        assert scene.begun() == once, "what was crawled before is not crawled again"

        scene.as_if_asleep(timedelta(days=9))
        third = scene.clock()
        until(lambda: scene.crawled() == once + once, "missed runs are caught up")
        scene.end(third)
        assert scene.begun() == once + once, "however many runs were missed, each source is crawled once"
        assert set(scene.post.taken.values()) == {1}, "each mail left once"


def children(pid: int) -> set[int]:
    """The processes that a process started and that still run."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = stat.read_text("utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        if told[1] == str(pid) and told[0] != "Z":
            found.add(int(stat.parent.name))
    return found


def test_a_clock_ended_in_the_midst_of_a_crawl_ends_at_once_and_the_next_crawls_again(tmp_path: Path) -> None:
    never = threading.Event()
    answers = {HUNG_COURT: Answer(hold=never)}
    try:
        with a_scene(tmp_path, f"sqlite:///{tmp_path}/ledger.db", COURTS_AND_REGISTER, answers) as scene:
            clock = scene.clock()
            until(lambda: HUNG_COURT in scene.publishers.paths, "a court that does not answer is asked")
            until(lambda: scene.crawled()["federal_register"] and scene.all_told(), "its silence holds up no warning")
            crawling = children(clock.pid)
            assert crawling
            scene.end(clock)
            until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in crawling), "no child is left")
            assert scene.crawled()["cmecf_rss"] == 0

            del scene.publishers.answers[HUNG_COURT]
            again = scene.clock()
            until(lambda: scene.crawled()["cmecf_rss"] == 1, "the crawl cut short is begun again")
            scene.end(again)
            assert scene.begun() == Counter(cmecf_rss=2, federal_register=1)
    finally:
        never.set()


def test_a_clock_outlives_its_connections_to_the_ledger(tmp_path: Path) -> None:
    with a_scene(tmp_path, emptied(), ["federal_register"]) as scene:
        clock = scene.clock()
        until(lambda: scene.crawled()["federal_register"] == 1 and scene.all_told(), "a first round")
        engine = create_engine(POSTGRES)
        with engine.begin() as work:
            work.execute(text(CUT_ALL))
        engine.dispose()
        scene.ledger.close()
        scene.as_if_asleep(timedelta(days=9))
        until(lambda: scene.crawled()["federal_register"] == 2, "the clock goes on")
        scene.end(clock)


def test_a_clock_on_replayed_pages_asks_no_publisher(tmp_path: Path) -> None:
    with a_scene(tmp_path, f"sqlite:///{tmp_path}/ledger.db", ["federal_register"]) as scene:
        clock = scene.clock("--replay", str(SAMPLE / "pages"))
        until(lambda: scene.crawled()["federal_register"] == 1 and scene.all_told(), "a first round")
        scene.end(clock)
        assert scene.publishers.asked == []


def test_a_clock_without_crawls_tells_what_is_in_the_ledger(tmp_path: Path) -> None:
    with a_scene(tmp_path, f"sqlite:///{tmp_path}/ledger.db", ["federal_register"]) as scene:
        scene.world.run("read", "--source", "federal_register", "--keep", NOTICE)
        clock = scene.clock("--no-crawl")
        until(lambda: "understood=1" in scene.said(clock), "the notice is understood")
        assert "不抓取 no crawls" in scene.said(clock)
        scene.end(clock)
        assert (scene.publishers.asked, scene.begun()) == ([], Counter())


def test_a_report_is_of_one_round(tmp_path: Path) -> None:
    done = World(tmp_path / "home").attempt("watch", "--report", tmp_path / "report.json")
    assert (done.returncode, "--once" in done.stderr) == (2, True)
