"""The clock: runs the main job for ever, each source by its own schedule, the working steps after each and beside.

One lease makes one process the clock; others stand by. Nothing is begun without the lease.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from alerts.clock import crontab
from alerts.clock.jobs import Jobs
from alerts.rounds.crawling import CRAWLS_AT_ONCE, Crawls, NextAfter
from alerts.rounds.lease import BEATS, LEASE_SECONDS, Lease, in_short
from alerts.watch import STEPS
from index import logs
from index.ledger import Ledger
from index.problems import Unusable
from index.settings import Settings

CLOCK, LOOK, CRAWL = "clock", "look", "crawl:"
GLANCE = 0.5  # seconds between glances at the lease and the time
log = logs.logger("alerts.clock")
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # it warns of every job asked for while it runs
Began = Callable[[Mapping[str, datetime]], None]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: the lease's length, and between tries to take it; between looks for what is due, and rounds of steps."""

    lease: float = LEASE_SECONDS
    standby: float = 3.0
    look: float = 15.0
    steps: float = 60.0
    jump: float = 10.0  # by which the time may run ahead of or behind us before all is planned anew
    end: float = 2.5  # that jobs under way are waited for, and half as long again the ledger


class FromNow(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """A job's next time counts from now, however many were missed: what is due is in the ledger."""

    def __init__(self, after: NextAfter) -> None:
        self.after = after

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """What APScheduler asks of a trigger."""
        return self.after(now)


def on(cron: str) -> NextAfter:
    """The first instant of a schedule (UTC) after another. Raises Unusable for what is no schedule."""
    try:
        trigger = CronTrigger(**crontab.fields(cron), timezone=UTC)
    except ValueError as error:
        raise Unusable(f"schedule {cron!r}: {error}") from error

    def after(instant: datetime) -> datetime:
        found: datetime | None = trigger.get_next_fire_time(None, instant + timedelta(microseconds=1))
        if found is None:
            raise Unusable(f"schedule {cron!r}: its day never comes")
        return found

    after(datetime.now(UTC))
    return after


def every(seconds: float) -> NextAfter:
    """So many seconds after."""
    return lambda instant: instant + timedelta(seconds=seconds)


class Clock:
    """The main job on one ledger. `schedules` is each source's cron (UTC); without any, nothing is crawled."""

    def __init__(
        self,
        ledger: Ledger,
        settings: Settings,
        schedules: Mapping[str, str],
        environment: dict[str, str],
        pace: Pace = Pace(),
    ) -> None:
        self.pace, self._ending = pace, threading.Event()
        self.lease = Lease(ledger, CLOCK, pace.lease)
        self.crawls = Crawls(ledger, settings, environment, self.going)
        after = {source: on(cron) for source, cron in schedules.items()}
        self.jobs = Jobs(ledger, settings, after, self.crawls, self.ask)
        self.scheduler = self._scheduler(after)

    def going(self) -> bool:
        """Whether this process is the clock and has not been told to end."""
        return self.lease.held() and not self._ending.is_set()

    def run(self, ends: SimpleQueue[str], began: Began, waits: Callable[[str], None]) -> bool:
        """Run until `ends` holds a word. False where work under way had to be left: the process should end at once.

        `began` hears when each source is crawled next each time this process becomes the clock, `waits` which
        process is the clock instead. This thread never waits for the ledger, so it always hears the word.
        """
        threading.Thread(target=self._keep_lease, args=(waits,), name="clock lease", daemon=True).start()
        self.scheduler.start(paused=True)
        working, ahead = False, time.time() - time.monotonic()
        while not told_to_end(ends):
            if self.lease.held() != working:
                working = not working
                self._begin(began) if working else self._stand_down()
            if abs(time.time() - time.monotonic() - ahead) > self.pace.jump:
                ahead = time.time() - time.monotonic()
                log.info("clock.time_jumped")  # this machine slept, or its time was set
                self._plan_anew()
        return self._finish()

    def ask(self, job: str, seconds: float) -> None:
        """Have a job run soon: STEPS, LOOK, or a source's id."""
        with suppress(JobLookupError):  # the clock is ending
            name = job if job in (STEPS, LOOK) else CRAWL + job
            self.scheduler.modify_job(name, next_run_time=datetime.now(UTC) + timedelta(seconds=seconds))

    def _scheduler(self, after: Mapping[str, NextAfter]) -> BackgroundScheduler:
        pools = {CRAWL: ThreadPoolExecutor(CRAWLS_AT_ONCE), STEPS: ThreadPoolExecutor(1), LOOK: ThreadPoolExecutor(1)}
        always = {"coalesce": True, "misfire_grace_time": None}
        made = BackgroundScheduler(timezone=UTC, executors=pools, job_defaults=always)
        for source, due in after.items():
            crawl = partial(self.jobs.crawl, source)
            made.add_job(crawl, FromNow(due), id=CRAWL + source, executor=CRAWL)
        made.add_job(self.jobs.look, FromNow(every(self.pace.look)), id=LOOK, executor=LOOK)
        # A second one waits in the pool of one: what falls due during the steps is not left to the next round.
        made.add_job(self.jobs.steps, FromNow(every(self.pace.steps)), id=STEPS, executor=STEPS, max_instances=2)
        return made

    def _keep_lease(self, waits: Callable[[str], None]) -> None:
        told = ""
        while True:
            try:
                holder = "" if self.lease.take() else self.lease.other()
                if holder not in ("", told):
                    waits(holder)
                told = holder
            except Exception as error:  # noqa: BLE001  the ledger may answer the next time; the lease runs out by itself
                log.warning("clock.lease_not_renewed", problem=in_short(error))
            if self._ending.wait(self.pace.lease / BEATS if self.lease.held() else self.pace.standby):
                return

    def _begin(self, began: Began) -> None:
        log.info("clock.began", holder=self.lease.holder)
        self._plan_anew()
        self.scheduler.add_job(self.jobs.tell, args=[began], executor=LOOK)
        self.scheduler.resume()

    def _plan_anew(self) -> None:
        for source, after in self.jobs.schedules.items():
            self.scheduler.reschedule_job(CRAWL + source, trigger=FromNow(after))
        self.ask(LOOK, 0)
        self.ask(STEPS, 0)

    def _stand_down(self) -> None:
        log.warning("clock.lease_lost")
        self.scheduler.pause()
        self.crawls.end_all()

    def _finish(self) -> bool:
        self._ending.set()
        self.crawls.end_all()
        self.scheduler.shutdown(wait=False)
        ended = self.jobs.all_ended(self.pace.end)
        giving_back = threading.Thread(target=self._give_back, name="clock end", daemon=True)
        giving_back.start()
        giving_back.join(self.pace.end / 2)
        log.info("clock.ended", work_left=not ended)
        return ended and not giving_back.is_alive()

    def _give_back(self) -> None:
        try:
            self.lease.drop()
        except Exception as error:  # noqa: BLE001  it runs out by itself
            log.warning("clock.lease_not_given_back", problem=in_short(error))


def told_to_end(ends: SimpleQueue[str]) -> bool:
    """Whether a word came within a glance."""
    with suppress(Empty):
        ends.get(timeout=GLANCE)
        return True
    return False
