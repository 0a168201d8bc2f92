"""What the clock's jobs do. Each asks the ledger what is due, so a job run twice or late does its work once.

A job that fails says so and is tried again at its next turn: nothing here stops the clock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from alerts.rounds.crawling import Crawls, NextAfter, left_over, next_crawl
from alerts.rounds.lease import alone, in_short
from alerts.rounds.steps import RoundReport, take_steps
from alerts.watch import RUNNING, STEPS
from index import logs
from index.ledger import Ledger, deliveries, sources
from index.problems import Unusable
from index.settings import Settings

BUSY = 5.0  # seconds until steps are tried again that another process is taking
log = logs.logger("alerts.clock")


class Jobs:
    """The jobs of one clock. `ask(job, seconds)` has a job run soon: STEPS, or a source's id."""

    def __init__(
        self,
        ledger: Ledger,
        settings: Settings,
        schedules: Mapping[str, NextAfter],
        crawls: Crawls,
        ask: Callable[[str, float], None],
    ) -> None:
        self.ledger, self.settings, self.schedules, self.crawls, self.ask = ledger, settings, schedules, crawls, ask
        self.going = crawls.going
        self._under_way = threading.Condition()
        self._count = 0

    def crawl(self, source: str) -> None:
        """Crawl a source if it is due, and have what it brought worked on at once."""
        self._do(source, lambda: self._crawl(source))

    def look(self) -> None:
        """Find what no schedule brings: a run missed, a back-off over, a crawl cut short, a message that fell due."""
        self._do("look", self._look)

    def steps(self) -> None:
        """Take the working steps, unless another process is taking them: then soon."""
        self._do(STEPS, self._steps)

    def tell(self, began: Callable[[Mapping[str, datetime]], None]) -> None:
        """Tell when each source is crawled next, not before now."""
        now = datetime.now(UTC)
        self._do("tell", lambda: began({source: max(at, now) for source, at in self._plan(now).items()}))

    def all_ended(self, seconds: float) -> bool:
        """Wait for the jobs under way; whether all ended in time."""
        with self._under_way:
            return self._under_way.wait_for(lambda: not self._count, seconds)

    def _do(self, job: str, work: Callable[[], None]) -> None:
        with self._counted():
            if not self.going():
                return
            try:
                work()
            except Exception as error:
                log.error("job.failed", job=job, problem=in_short(error))  # noqa: TRY400  the trace is for debug
                log.debug("job.trace", job=job, exc_info=True)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._under_way:
            self._count += 1
        try:
            yield
        finally:
            with self._under_way:
                self._count -= 1
                self._under_way.notify_all()

    def _crawl(self, source: str) -> None:
        report = self.crawls.run_if_due(source, self.schedules[source])
        if report:
            say = log.info if report.outcome == "ok" else log.warning
            numbers = {"pages": report.pages, "notices": report.notices, "problems": report.problems}
            say("crawl.ended", source=source, outcome=report.outcome, **numbers)
            self.ask(STEPS, 0)

    def _look(self) -> None:
        now = datetime.now(UTC)
        plan = self._plan(now)
        with self.ledger.read() as work:
            due = [source for source, at in plan.items() if at <= now or left_over(work, source)]
            message = deliveries.next_due(work)
        for source in due:
            self.ask(source, 0)
        if message and message <= now:
            self.ask(STEPS, 0)

    def _plan(self, now: datetime) -> dict[str, datetime]:
        with self.ledger.read() as work:
            known = {source: sources.health(work, source) for source in self.schedules}
        return {source: next_crawl(known[source], after, now) for source, after in self.schedules.items()}

    def _steps(self) -> None:
        report = RoundReport()
        try:
            with alone(self.ledger, STEPS, RUNNING) as lease:
                take_steps(self.ledger, self.settings, report, lambda: self.going() and lease.held(), step_failed)
        except Unusable as error:
            log.info("steps.wait", reason=str(error))
            self.ask(STEPS, BUSY)
        say_done(report)


def step_failed(step: str, error: Exception) -> None:
    """A step failed; the others are taken all the same."""
    log.error("step.failed", step=step, problem=in_short(error))
    log.debug("step.trace", step=step, exc_info=error)


def say_done(report: RoundReport) -> None:
    """What the steps did, where they did anything."""
    made = {"understood": report.understood, "matched": report.matched, "alerts": len(report.alerts)}
    told = {"released": len(report.released), "escalated": report.escalated, **report.sent}
    done = {name: count for name, count in (made | told | {"indexed": report.indexed}).items() if count}
    if done:
        log.info("steps.done", **done)
    for problem in report.problems:
        log.warning("steps.problem", problem=problem)
