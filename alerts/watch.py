"""One round of the main job: every source's crawl, then the working steps. A round killed is finished by the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from alerts.rounds.crawling import CRAWLS_AT_ONCE, Crawls
from alerts.rounds.lease import alone
from alerts.rounds.steps import RoundReport, take_steps
from crawlers.run import CrawlReport, sources_ready
from index.ledger import Ledger
from index.problems import Unusable
from index.settings import Settings

ROUND, STEPS = "round", "steps"
RUNNING = "another round is running"
PATIENCE = 60.0  # seconds to wait while a clock takes its steps


def run_round(
    settings: Settings, *, crawling: bool = True, environment: Mapping[str, str] | None = None
) -> RoundReport:
    """One whole round. Raises Unusable if another process is at it or the ledger cannot be opened.

    Beside a running clock it crawls as well, and takes its steps between the clock's.
    """
    ledger = Ledger.open(settings.ledger)
    report = RoundReport()
    try:
        wanted = sources_wanted(settings) if crawling else []
        with alone(ledger, ROUND, RUNNING):
            report.crawls = crawl_all(wanted, Crawls(ledger, settings, dict(environment or {})))
            with alone(ledger, STEPS, RUNNING, PATIENCE) as steps:
                if not take_steps(ledger, settings, report, steps.held):
                    raise Unusable(f"{RUNNING}: {steps.other() or 'this one lost its turn'}; the rest waits")
    finally:
        ledger.close()
    return report


def sources_wanted(settings: Settings) -> list[str]:
    """The sources a round crawls. Raises Unusable for one that is not known, or if there is none."""
    ready = sources_ready()
    unknown = [source for source in settings.sources if source not in ready]
    if unknown or not ready:
        raise Unusable(f"source {', '.join(unknown) or '(any)'} is not known; known: {', '.join(ready) or 'none'}")
    return settings.sources or ready


def crawl_all(wanted: Sequence[str], crawls: Crawls) -> list[CrawlReport]:
    """Crawl every source, each in its own process; one that fails costs no other."""
    with ThreadPoolExecutor(max_workers=CRAWLS_AT_ONCE) as pool:
        return list(pool.map(crawls.run, wanted))
