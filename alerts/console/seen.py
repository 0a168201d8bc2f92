"""An alert as the desk shows it: its letter, and what its row in a list says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from alerts.console.brief import deed, lately, opponent
from alerts.console.desk import Desk
from alerts.letters.facts import case_numbers
from alerts.letters.glossary import opening, side, term
from alerts.letters.headline import Headline, focus, headline
from alerts.letters.letter import Letter
from alerts.letters.plain import short_day
from alerts.letters.timetable import countdown
from alerts.office import Office
from alerts.plan import planner_of
from index.ledger import Work
from index.records import Alert, Level

URGENT = 7  # days
UNDATED = 10_000  # days, for an alert with no date to act by


@dataclass(frozen=True, slots=True)
class Row:
    """One alert in a list. `claim` is the whole sentence, `what` the same without the enterprise's name.

    `due` is the date to act by, `left` how long that is from now, `tone` `late`, `near` or `ahead`, empty
    without a date; `pressing` that it is near or past. `against` is the other side's first party.
    """

    alert: Alert
    enterprise: str
    city: str
    claim: str
    what: str
    number: str
    forum: str
    against: str
    event: str
    by_when: str
    due: str
    left: str
    tone: str
    pressing: bool
    days: int
    sure: str
    made: str


def letter_of(work: Work, office: Office, alert: Alert, language: str = "") -> Letter | None:
    """The staff's letter of an alert, read in a language; None if what matched it is not in the ledger any more."""
    planner = planner_of(work, office, alert)
    try:
        letter = planner.letter(alert, "staff", planner.reachable()) if planner else None
    except LookupError:
        return None
    return replace(letter, reader=language) if letter else None


def rows(desk: Desk, work: Work, alerts: Iterable[Alert]) -> list[Row]:
    """The alerts as rows, in their order."""
    office = desk.office(work)
    letters = ((alert, letter_of(work, office, alert, desk.language)) for alert in alerts)
    return [row(desk, letter) if letter else _bare(desk, alert) for alert, letter in letters]


def row(desk: Desk, letter: Letter) -> Row:
    """One row."""
    head: Headline = headline(letter)
    first = focus(letter)
    days = (first.due - letter.today).days if first else UNDATED
    return Row(
        alert=letter.alert,
        enterprise=letter.enterprise.name,
        city=letter.enterprise.city,
        claim=head.claim,
        what=deed(letter),
        number=next(iter(case_numbers(letter)), ""),
        forum=term("forums", letter.case.forum, desk.language) if letter.case.forum else "",
        against=opponent(letter),
        event=term("events", letter.event, desk.language, letter.case.forum),
        by_when=head.by_when,
        due=short_day(first.due, letter.today, desk.language) if first else "",
        left=countdown(first, letter) if first else (desk.say("alerts.from_service") if _to_be_served(letter) else ""),
        tone=_tone(days),
        pressing=days <= URGENT,
        days=days,
        sure=letter.match.band.value,
        made=lately(letter.alert.created_at, desk.now, desk.language),
    )


def _to_be_served(letter: Letter) -> bool:
    """Whether the enterprise has just been named on the defending side, and its time runs from a service not known."""
    ours = letter.match.level in (Level.NAMED, Level.AFFILIATED)
    defending = side(letter.match.party.role, letter.case.forum) == "defending"
    return ours and defending and opening(letter.event, letter.case.forum) and not letter.deadlines


def _tone(days: int) -> str:
    if days == UNDATED:
        return ""
    return "late" if days < 0 else "near" if days <= URGENT else "ahead"


def _bare(desk: Desk, alert: Alert) -> Row:
    """An alert whose match is gone: shown by its number, never left out."""
    told: dict[str, object] = dict.fromkeys(Row.__dataclass_fields__, "")
    event = term("events", alert.event.partition(":")[0], desk.language)
    known = {"enterprise": alert.enterprise, "claim": event, "what": event, "event": event, "number": alert.key[:8]}
    made = lately(alert.created_at, desk.now, desk.language)
    return Row(**told | known | {"alert": alert, "pressing": False, "days": UNDATED, "made": made})  # type: ignore[arg-type]
