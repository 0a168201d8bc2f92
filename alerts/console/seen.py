"""An alert as the desk shows it: its letter, and what its row in a list says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.console.desk import Desk
from alerts.letters.facts import case_numbers
from alerts.letters.glossary import term
from alerts.letters.headline import Headline, focus, headline
from alerts.letters.letter import Letter
from alerts.letters.plain import moment
from alerts.letters.timetable import countdown
from alerts.office import Office
from alerts.plan import planner_of
from index.ledger import Work
from index.records import Alert

URGENT = 7  # days


@dataclass(frozen=True, slots=True)
class Row:
    """One alert in a list. `left` says how long until the date to act by; `pressing` that it is near or past."""

    alert: Alert
    enterprise: str
    city: str
    claim: str
    number: str
    event: str
    by_when: str
    left: str
    pressing: bool
    days: int
    sure: str
    made: str


def letter_of(work: Work, office: Office, alert: Alert) -> Letter | None:
    """The staff's letter of an alert; None if what matched it is not in the ledger any more."""
    planner = planner_of(work, office, alert)
    try:
        return planner.letter(alert, "staff", planner.reachable()) if planner else None
    except LookupError:
        return None


def rows(desk: Desk, work: Work, alerts: Iterable[Alert]) -> list[Row]:
    """The alerts as rows, in their order."""
    office = desk.office(work)
    letters = ((alert, letter_of(work, office, alert)) for alert in alerts)
    return [row(desk, letter) if letter else _bare(alert) for alert, letter in letters]


def pressing_first(found: list[Row]) -> list[Row]:
    """What must be acted on soonest first; without a date, the longest waiting."""
    return sorted(found, key=lambda r: (r.days, r.alert.created_at, r.alert.key))


def row(desk: Desk, letter: Letter) -> Row:
    """One row."""
    head: Headline = headline(letter)
    first = focus(letter)
    days = (first.due - letter.today).days if first else 10_000
    return Row(
        alert=letter.alert,
        enterprise=letter.enterprise.name,
        city=letter.enterprise.city,
        claim=head.claim,
        number=next(iter(case_numbers(letter)), ""),
        event=term("events", letter.event, desk.language, letter.case.forum),
        by_when=head.by_when,
        left=countdown(first, letter) if first else "",
        pressing=days <= URGENT,
        days=days,
        sure=term("bands", letter.match.band.value, desk.language),
        made=moment(letter.alert.created_at, desk.language),
    )


def _bare(alert: Alert) -> Row:
    """An alert whose match is gone: shown by its number, never left out."""
    made = moment(alert.created_at)
    return Row(alert, alert.enterprise, "", alert.event, alert.key[:8], alert.event, "", "", False, 10_000, "", made)
