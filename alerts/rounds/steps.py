"""The working steps of a round, after its crawls: understand → match → release → latecomers → escalate → send → index.

Every step works on what the ledger says is undone, so steps left or killed anywhere are finished by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from alerts.channels import Closed, open_channels
from alerts.letters.glossary import chinese_words
from alerts.outbox import always, send_due
from alerts.rounds import telling
from alerts.rounds.lease import Left, WhileGoing
from alerts.rounds.rematching import match_all
from alerts.rounds.understanding import understand_all
from crawlers.run import CrawlReport
from index.feed import take_in
from index.ledger import Ledger
from index.problems import TryLater, Unusable
from index.records import Alert
from index.search.engines import open_engine
from index.settings import Settings


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


@dataclass(frozen=True, slots=True)
class At:
    """What a step works at. `ledger` gives no more work once `going` says no."""

    ledger: Ledger
    settings: Settings
    report: RoundReport
    going: Callable[[], bool]


def take_steps(
    ledger: Ledger,
    settings: Settings,
    report: RoundReport,
    going: Callable[[], bool] = always,
    failed: Callable[[str, Exception], None] | None = None,
) -> bool:
    """Take every step in turn; whether all were taken. Once `going` says no, no further work is begun.

    With `failed`, a step that fails is told to it and the next is taken; without it, the failure is raised.
    """
    at = At(WhileGoing(ledger, going), settings, report, going)
    for step in STEPS:
        try:
            step(at)
        except Left:
            return False
        except Exception as error:
            if failed is None:
                raise
            failed(step.__name__, error)
    return going()


def understand(at: At) -> None:
    """Understand what was heard."""
    at.report.understood = understand_all(at.ledger)


def match(at: At) -> None:
    """Match the cases that changed and plan their alerts."""
    at.report.matched, at.report.alerts = match_all(at.ledger, at.settings)


def release(at: At) -> None:
    """Release what nobody judged in time."""
    at.report.released = telling.release_ripe(at.ledger, at.settings)


def latecomers(at: At) -> None:
    """Tell contacts who agreed late."""
    telling.tell_latecomers(at.ledger, at.settings)


def escalate(at: At) -> None:
    """Hand on what waited too long."""
    at.report.escalated = telling.escalate(at.ledger, at.settings)


def send(at: At) -> None:
    """Send what is due. What a channel answered is written down even when it is time to stop."""
    at.report.sent = send_all(Ledger(at.ledger.engine), at.settings, at.report, at.going)


def index(at: At) -> None:
    """Bring the search index up to date."""
    at.report.indexed = index_all(at.ledger, at.settings, at.report)


STEPS: tuple[Callable[[At], None], ...] = (understand, match, release, latecomers, escalate, send, index)


def send_all(
    ledger: Ledger, settings: Settings, report: RoundReport, going: Callable[[], bool] = always
) -> Mapping[str, int]:
    """Send what is due. A channel that cannot be opened is said; what is due stays due."""
    try:
        channels = open_channels(settings)
    except Unusable as error:
        report.problems.append(str(error))
        return {}
    report.problems += [channel.reason for channel in channels.values() if isinstance(channel, Closed)]
    ended = send_due(ledger, channels, settings, going)
    if going() and telling.tell_refusals(ledger, settings):
        ended += send_due(ledger, channels, settings, going)
    return ended


def index_all(ledger: Ledger, settings: Settings, report: RoundReport) -> int:
    """Bring the search index up to date. A broken index never stops a warning: it is said and lags."""
    try:
        return take_in(ledger, open_engine(settings.search), chinese_words)
    except (Unusable, TryLater) as error:
        report.problems.append(str(error))
        return 0
