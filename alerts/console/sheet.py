"""What a clerk weighs on one alert: names side by side, reasons with their weight, what was done, what would leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts import gate
from alerts.console import words
from alerts.console.brief import lately
from alerts.console.desk import Desk
from alerts.letters.compose import compose
from alerts.letters.facts import reason_line
from alerts.letters.glossary import entry, product, term
from alerts.letters.letter import CLOCK, Letter
from alerts.letters.plain import clean, first_up
from alerts.plan import planner_of
from index.ledger import Work, alerts, audit, deliveries
from index.problems import Refused
from index.records import Alert, AlertState, Delivery, DeliveryState, Message

MOST = 8  # reasons shown


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison: what the notice has, what the register has; `key` of its words."""

    key: str
    theirs: str
    ours: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reason and its weight, −1 to 1; `tenths` is its size from 1 to 10."""

    text: str
    weight: float
    tenths: int


@dataclass(frozen=True, slots=True)
class Recall:
    """How long a judgement may be taken back: until `at` (None: nothing is about to leave), `seconds` from now."""

    at: datetime | None
    seconds: int


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the history."""

    when: str
    who: str
    what: str
    why: str = ""


def compared(letter: Letter) -> list[Compared]:
    """The party as the notice has it beside the enterprise as it is registered."""
    party, ours, language = letter.match.party, letter.enterprise, letter.language
    country = party.country or ""
    known = entry("countries", country)
    where = [term("countries", country, language) if known else "", party.place or ""]
    if known and known["en"] in where[1]:  # the place says its country itself: Shouguang City, China
        where = [where[0]] if where[1] == known["en"] else [where[1]]
    named = letter.case.product or letter.notice.product or ""
    kind = term("aliases", letter.match.alias.kind, language)
    found = [
        Compared("name", clean(party.name, 120), f"{clean(letter.match.alias.name, 120)}（{kind}）"),
        Compared("place", clean(" ".join(filter(None, where)), 80), clean(ours.city, 40)),
        Compared("goods", product(named, language) if named else "", clean("、".join(ours.products), 120)),
    ]
    return [line for line in found if line.key == "name" or line.theirs or line.ours]


def weighed(letter: Letter) -> list[Weighed]:
    """The reasons, those for before those against, the weightiest first."""
    ordered = sorted(letter.match.reasons, key=lambda r: (r.weight < 0, -abs(r.weight)))[:MOST]
    return [
        Weighed(reason_line(r, letter.language), r.weight, min(max(round(abs(r.weight) * 10), 1), 10)) for r in ordered
    ]


def recall(desk: Desk, told: Sequence[Delivery]) -> Recall:
    """Until when what leaves next for the enterprise may be called back."""
    waiting = [d.due_at for d in told if d.audience == "enterprise" and d.state is DeliveryState.DUE]
    at = min(waiting, default=None)
    return Recall(at, max(int((at - desk.now).total_seconds()), 0) if at else 0)


def letters(desk: Desk, work: Work, alert: Alert, told: Sequence[Delivery]) -> list[Message]:
    """What the enterprise gets: frozen as planned, or as it would be written now; none where nobody can be told."""
    planned = [deliveries.message(work, d.key) for d in told if d.audience == "enterprise"]
    frozen = [message for message in planned if message]
    if frozen or alert.state is not AlertState.HELD:
        return frozen
    office = desk.office(work)
    planner = planner_of(work, office, alert)
    contact = planner.reachable() if planner else None
    if planner is None or contact is None:
        return []
    try:
        return [compose(planner.letter(alert, "enterprise", contact), alert.key, office.domain)]
    except Refused:
        return []


def clock(desk: Desk, letter: Letter) -> str:
    """When the clock releases a held alert; empty where it does not, or where the gate wrote down why it waits."""
    alert, grace = letter.alert, letter.center.grace_hours
    if alert.state is not AlertState.HELD or not grace or alert.reason != gate.first_state("", letter.center)[1]:
        return ""
    at = lately(alert.created_at + timedelta(hours=grace), desk.now, desk.language)
    return desk.say("alert.clock_at", at=at)


def stage(desk: Desk, work: Work, alert: Alert) -> str:
    """How far an alert came, in words."""
    if alert.state is AlertState.SUPPRESSED:
        return desk.say("alerts.suppressed")
    return term("stages", alerts.stage(alert, sent=deliveries.reached(work, alert.key)), desk.language)


def history(desk: Desk, work: Work, alert: Alert) -> list[Act]:
    """Who did what to an alert, from its making on."""
    known = words.words()
    acts = [Act(lately(alert.created_at, desk.now, desk.language), "", desk.say("alert.act_made"))]
    written = audit.of(work, alert.key)
    if alert.released_at and alert.released_by in ("", CLOCK) and "release" not in [what for _, _, what, _ in written]:
        acts.append(Act(lately(alert.released_at, desk.now, desk.language), "", desk.say("alert.act_release")))
    for at, who, what, detail in written:
        said = desk.say(f"alert.act_{what}") if f"alert.act_{what}" in known else what.replace("_", " ")
        why = str(detail.get("why") or detail.get("how") or "")
        acts.append(Act(lately(at, desk.now, desk.language), who, first_up(said), clean(why, 500)))
    return acts
