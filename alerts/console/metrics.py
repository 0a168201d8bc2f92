"""What Prometheus reads: the ledger in figures, the desk's requests by route, the process and the build."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from alerts.console.bounded import Bounded
from alerts.console.health import cards, silent
from alerts.console.vital import CLOCK
from index import logs
from index.ledger import Ledger
from index.ledger.gauges import Gauges, look
from index.ledger.sources import SourceHealth

FRESH, PATIENCE = 10.0, 8.0  # below Prometheus' own limit of ten seconds
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
log = logs.logger(__name__)


class Meters:
    """One desk's registry, with what its requests add up to."""

    def __init__(self, ledger: Ledger) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter that nobody reads
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "yujing_http_requests", "Requests of the desk.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "yujing_http_request_duration_seconds",
            "How long the desk took to answer.",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.registry.register(LedgerCollector(ledger))
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)


class LedgerCollector(Collector):
    """Asks the ledger when it is scraped, at most once in FRESH seconds."""

    def __init__(self, ledger: Ledger) -> None:
        self.look = Bounded(partial(look, ledger, CLOCK), FRESH, PATIENCE)

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked when the desk starts."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Every figure; of a ledger that does not answer only that."""
        yield InfoMetricFamily(
            "yujing_build", "What is running.", {"version": built(), "python": platform.python_version()}
        )
        try:
            found = self.look()
        except Exception as error:  # noqa: BLE001  a scrape must say that the ledger is down, whatever its client raised
            log.warning("metrics.ledger_down", problem=type(error).__name__)
            yield gauge("ledger_up", "Whether the ledger answers.", 0)
            return
        yield gauge("ledger_up", "Whether the ledger answers.", 1)
        yield from figures(found, datetime.now(UTC))


def figures(found: Gauges, now: datetime) -> Iterator[Metric]:
    """The ledger's figures as metrics."""
    yield by(("source", "state"), "pages", "Fetched pages.", found.pages)
    yield by(("source", "state"), "items", "Heard items.", found.items)
    yield by(("state",), "alerts", "Alerts.", {(state,): n for state, n in found.alerts.items()})
    yield by(("channel", "audience", "state"), "deliveries", "Deliveries.", found.deliveries)
    yield gauge("outbox_oldest_due_seconds", "How long the longest overdue delivery has been due.", found.vital.late)
    yield gauge("outbox_oldest_waiting_seconds", "Age of the oldest unsent delivery.", age(found.waiting_since, now))
    yield gauge("held_oldest_seconds", "Age of the alert that waits longest for a clerk.", age(found.held_since, now))
    yield gauge("index_lag", "Changed notices that the search index has not taken in.", found.unindexed)
    yield gauge("index_lag_seconds", "Age of the oldest of them.", age(found.unindexed_since, now))
    yield gauge("clock_leader", "Whether some process is the clock.", float(found.vital.clock_alive))
    problems = CounterMetricFamily("yujing_problems", "What could not be fetched or read.", labels=["source"])
    for source, times in sorted(found.problems.items()):
        problems.add_metric([source], times)
    yield problems
    yield from of_sources(found.sources, now)


def of_sources(known: list[SourceHealth], now: datetime) -> Iterator[Metric]:
    """How each source does."""
    success = by(("source",), "source_last_success_timestamp_seconds", "When a source was last crawled well.", {})
    quiet = by(("source",), "source_silent", "Whether a source has said nothing for longer than is normal for it.", {})
    healths = {health.id: health for health in known}
    for card in cards():
        health = healths.get(card.id, SourceHealth(card.id))
        if health.last_success:
            success.add_metric([card.id], health.last_success.timestamp())
        quiet.add_metric([card.id], float(silent(card, health, now)))
    yield from (success, quiet)


def gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    """One figure."""
    return GaugeMetricFamily(f"yujing_{name}", told, value)


def by(labels: tuple[str, ...], name: str, told: str, counts: Mapping[Any, int]) -> GaugeMetricFamily:
    """Figures by labels; `counts` is a tuple of their values → figure."""
    family = GaugeMetricFamily(f"yujing_{name}", told, labels=list(labels))
    for values, count in sorted(counts.items()):
        family.add_metric(list(values), count)
    return family


def age(since: datetime | None, now: datetime) -> float:
    """Seconds since an instant; 0 where there is none."""
    return max((now - since).total_seconds(), 0.0) if since else 0.0


def built() -> str:
    """The installed version."""
    try:
        return version("yujing")
    except PackageNotFoundError:  # run from a folder, never installed
        return "unknown"
