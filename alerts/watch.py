"""One round of the main job: crawl → understand → match and plan → release → send → index.

Every step works on what the ledger says is undone, so a round killed anywhere is finished by the next.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from alerts import gate
from alerts.channels import open_channels
from alerts.guard import guarded
from alerts.letters.glossary import chinese_words
from alerts.letters.letter import CLOCK
from alerts.office import Office
from alerts.outbox import send_due
from alerts.plan import dispute_of, planner_of, release
from alerts.process import is_dead, own_name
from alerts.rematching import match_all
from alerts.route import UNASSIGNED, provincial
from alerts.understanding import understand_all
from crawlers.run import CrawlReport, crawl, sources_ready
from index.feed import take_in
from index.ledger import (
    Ledger,
    Work,
    alerts,
    audit,
    deliveries,
    leases,
    notices,
    tagged,
)
from index.problems import TryLater, Unusable
from index.records import Alert
from index.search.engines import open_engine
from index.settings import Settings

ROUND = "round"
LATECOMERS = timedelta(days=90)
ROUND_LEASE = timedelta(minutes=30)


@dataclass
class RoundReport:
    """What one round did: each source's crawl, the alerts it made, and how sending ended."""

    crawls: list[CrawlReport] = field(default_factory=list)
    understood: int = 0
    matched: int = 0
    alerts: list[Alert] = field(default_factory=list)
    released: list[Alert] = field(default_factory=list)
    escalated: int = 0
    sent: Mapping[str, int] = field(default_factory=dict)
    indexed: int = 0
    problems: list[str] = field(default_factory=list)


def run_round(
    settings: Settings, *, crawling: bool = True, environment: Mapping[str, str] | None = None
) -> RoundReport:
    """One whole round. Raises Unusable if another process is at it or the ledger cannot be opened."""
    ledger = Ledger.open(settings.ledger)
    report = RoundReport()
    try:
        wanted = sources_wanted(settings) if crawling else []
        with alone(ledger, ROUND_LEASE + timedelta(seconds=settings.crawl_timeout) * len(wanted)):
            if crawling:
                report.crawls = crawl_all(wanted, settings, dict(environment or {}))
            report.understood = understand_all(ledger)
            report.matched, report.alerts = match_all(ledger, settings)
            report.released = release_ripe(ledger, settings)
            tell_latecomers(ledger, settings)
            report.escalated = escalate(ledger, settings)
            report.sent = send_all(ledger, settings, report)
            report.indexed = index_all(ledger, settings, report)
    finally:
        ledger.close()
    return report


@contextlib.contextmanager
def alone(ledger: Ledger, longest: timedelta) -> Iterator[None]:
    """Hold the round for this process, for as long as it can take.

    What a dead process of this host held is free at once.
    """
    name, now = own_name(), datetime.now(UTC)
    with ledger.begin() as work:
        held = leases.holder_of(work, ROUND)
        if held and is_dead(held[0]):
            leases.drop(work, ROUND, held[0])
        if not leases.take(work, ROUND, name, now, now + longest):
            raise Unusable(f"another round is running: {held and held[0]}")
    try:
        yield
    finally:
        with ledger.begin() as work:
            leases.drop(work, ROUND, name)


def sources_wanted(settings: Settings) -> list[str]:
    """The sources a round crawls. Raises Unusable for one that is not known, or if there is none."""
    ready = sources_ready()
    unknown = [source for source in settings.sources if source not in ready]
    if unknown or not ready:
        raise Unusable(f"source {', '.join(unknown) or '(any)'} is not known; known: {', '.join(ready) or 'none'}")
    return settings.sources or ready


def crawl_all(wanted: Sequence[str], settings: Settings, environment: dict[str, str]) -> list[CrawlReport]:
    """Crawl every source, two at a time, each in its own process; one that fails costs no other."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(partial(crawl, settings=settings, environment=environment), wanted))


def release_ripe(ledger: Ledger, settings: Settings) -> list[Alert]:
    """Release what nobody judged within its center's grace time."""
    released = []
    with ledger.begin() as work:
        office = Office.of(work, settings, datetime.now(UTC))
        for alert in alerts.ripening(work):
            with guarded(work, "release", alert.key):
                if _ripe(work, office, alert):
                    released.append(release(work, office, alert, CLOCK))
                    audit.write(work, CLOCK, "release", alert.key, office.now)
    return released


def _ripe(work: Work, office: Office, alert: Alert) -> bool:
    planner = planner_of(work, office, alert)
    if planner is None:
        return False
    told = tagged.load_many(work, notices.of_case(work, planner.case.key))
    waits = gate.waits_because(planner.match, dispute_of(told))
    return gate.ripe(alert, waits, office.center(alert.center), office.now)


def tell_latecomers(ledger: Ledger, settings: Settings) -> None:
    """A released alert that reached nobody goes out once its enterprise has a contact who agreed."""
    with ledger.begin() as work:
        office = Office.of(work, settings, datetime.now(UTC))
        for key in deliveries.unheard(work):
            alert = alerts.load(work, key)
            recent = alert and office.now - alert.created_at < LATECOMERS
            with guarded(work, "latecomers", key):
                if alert and recent and (planner := planner_of(work, office, alert, holding=True)):
                    planner.tell_enterprise(alert)


def escalate(ledger: Ledger, settings: Settings) -> int:
    """Hand what waited too long to the provincial center; how many alerts."""
    handed = 0
    with ledger.begin() as work:
        office = Office.of(work, settings, datetime.now(UTC))
        above = provincial(office.centers)
        if above is UNASSIGNED:  # nobody to hand on to: it stays where it is seen
            return 0
        before = office.now - timedelta(hours=settings.escalate_hours)
        for alert in alerts.waiting_since(work, before):
            if alert.center == above.id:
                continue
            with guarded(work, "escalate", alert.key):
                alerts.escalated(work, alert.key, above.id, office.now)
                audit.write(work, "系统", "escalate", alert.key, office.now, to=above.id, frm=alert.center)
                again, planner = alerts.load(work, alert.key), planner_of(work, office, alert)
                if again and planner:
                    planner.tell_staff(again)
                handed += 1
    return handed


def send_all(ledger: Ledger, settings: Settings, report: RoundReport) -> Mapping[str, int]:
    """Send what is due. A channel that cannot be opened is said; what is due stays due."""
    try:
        channels = open_channels(settings)
    except Unusable as error:
        report.problems.append(str(error))
        return {}
    ended = send_due(ledger, channels, settings)
    if tell_refusals(ledger, settings):
        ended += send_due(ledger, channels, settings)
    return ended


def tell_refusals(ledger: Ledger, settings: Settings) -> int:
    """Tell each center what could not be delivered to its enterprises; how many deliveries."""
    with ledger.begin() as work:
        office, refused = Office.of(work, settings, datetime.now(UTC)), deliveries.refused_unsaid(work)
        for delivery in refused:
            alert = alerts.load(work, delivery.alert)
            with guarded(work, "refusals", delivery.key):
                if alert and (planner := planner_of(work, office, alert)):
                    planner.tell_refusal(alert, delivery)
    return len(refused)


def index_all(ledger: Ledger, settings: Settings, report: RoundReport) -> int:
    """Bring the search index up to date. A broken index never stops a warning: it is said and lags."""
    try:
        return take_in(ledger, open_engine(settings.search), chinese_words)
    except (Unusable, TryLater) as error:
        report.problems.append(str(error))
        return 0
