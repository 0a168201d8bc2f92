"""Crawls as this process runs them: each source by one process at a time, and when a clock should crawl it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from alerts.outbox import always
from alerts.process import is_dead
from alerts.rounds.lease import Lease
from crawlers.run import ENDED_EARLY, Crawl, CrawlReport
from index.ledger import Ledger, Work, leases, sources
from index.ledger.sources import SourceHealth
from index.settings import Settings

CRAWLS_AT_ONCE = 2
MARGIN = 60.0  # seconds a crawl's process may need beyond its time limit
AGAIN, LATELY = 3, timedelta(hours=1)  # a crawl cut short is not begun again without end
NextAfter = Callable[[datetime], datetime]
"""The first instant of a source's schedule after another."""


class Crawls:
    """The crawls of this process. `end_all` ends those under way; `going` says whether one may begin."""

    def __init__(
        self, ledger: Ledger, settings: Settings, environment: dict[str, str], going: Callable[[], bool] = always
    ) -> None:
        self.ledger, self.settings, self.environment, self.going = ledger, settings, environment, going
        self._running: set[Crawl] = set()
        self._lock = threading.Lock()

    def run(self, source: str) -> CrawlReport:
        """Crawl a source now. Never raises for what the crawl met, nor where another process is crawling it."""
        lease = self._lease(source)
        if not lease.take():
            return CrawlReport(source, outcome=f"being crawled by {lease.other() or 'another process'}")
        return self._run(source, lease)

    def run_if_due(self, source: str, after: NextAfter) -> CrawlReport | None:
        """Crawl a source if its schedule, its back-off or a crawl that was cut short says so."""
        lease = self._lease(source)
        if not lease.take():
            return None
        with self.ledger.read() as work:
            due = is_due(work, source, after, cut_short=bool(lease.found))
        if due and self.going():
            return self._run(source, lease)
        lease.drop()
        return None

    def end_all(self) -> None:
        """End every crawl under way."""
        with self._lock:
            for crawl in self._running:
                crawl.end()

    def _lease(self, source: str) -> Lease:
        return Lease(self.ledger, lease_name(source), self.settings.crawl_timeout + MARGIN)

    def _run(self, source: str, lease: Lease) -> CrawlReport:
        began = datetime.now(UTC)
        with self._under_way(Crawl(source, self.settings, self.environment)) as crawl:
            if not self.going():  # end_all may have passed before this crawl was there to see
                crawl.end()
            report = crawl.report()
        if report.outcome == ENDED_EARLY:
            lease.leave()
            return report
        with self.ledger.begin() as work:
            sources.close_crawls(work, source, began, datetime.now(UTC), report.outcome)
        lease.drop()
        return report

    @contextmanager
    def _under_way(self, crawl: Crawl) -> Iterator[Crawl]:
        with self._lock:
            self._running.add(crawl)
        try:
            yield crawl
        finally:
            crawl.end()
            with self._lock:
                self._running.discard(crawl)


def lease_name(source: str) -> str:
    """The lease of whoever crawls a source."""
    return f"crawl:{source}"


def is_due(work: Work, source: str, after: NextAfter, *, cut_short: bool) -> bool:
    """Whether a clock should crawl a source now. A crawl cut short is begun again, but not without end."""
    now, health = datetime.now(UTC), sources.health(work, source)
    backing_off = health.back_off_until and health.back_off_until > now
    again = cut_short and not backing_off and sources.begun_since(work, source, now - LATELY) < AGAIN
    return again or next_crawl(health, after, now) <= now


def next_crawl(health: SourceHealth, after: NextAfter, now: datetime) -> datetime:
    """When a source is to be crawled next; an instant in the past means now.

    However many instants of its schedule were missed, it is crawled once for them all.
    """
    last, back = health.last_attempt, health.back_off_until
    due = after(last) if last and last <= now else now  # one still to come was made by a clock set wrong
    if back is None or (last and last >= back):
        return due
    return back if back > now else min(due, back)


def left_over(work: Work, source: str) -> bool:
    """Whether a process began to crawl a source and is gone without having ended it."""
    holder = leases.holder_of(work, lease_name(source))
    return holder is not None and (holder[1] < leases.clock(work) or is_dead(holder[0]))
