"""What the center's staff read of an alert: short, and first what they must decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from alerts.letters.facts import Fact, Why, case_numbers, why
from alerts.letters.glossary import term
from alerts.letters.headline import claims, headline, when
from alerts.letters.letter import CLOCK, Letter
from alerts.letters.plain import clean, day, moment, safe_link, short_day
from alerts.letters.wording import say
from index.records import AlertState, Band, Level


@dataclass(frozen=True, slots=True)
class StaffNote:
    """One alert as a clerk sees it; `warnings` are what keeps it from reaching anyone."""

    subject: str
    state: str
    claim: str
    decide: str
    clock: str
    warnings: tuple[str, ...]
    facts: tuple[Fact, ...]
    why: Why
    link: str


def staff_note(letter: Letter) -> StaffNote:
    """The note for the letter's center, in Chinese."""
    by_when = when(letter, lambda on: day(on, "zh"))
    return StaffNote(
        subject=_subject(letter),
        state=_state(letter),
        claim=headline(letter).lead,
        decide=_decision(letter),
        clock=_clock(letter) if letter.alert.state is AlertState.HELD else "",
        warnings=_warnings(letter),
        facts=_facts(letter, by_when),
        why=why(letter),
        link=safe_link(letter.link),
    )


def _warnings(letter: Letter) -> tuple[str, ...]:
    if letter.refused:
        return (say("staff", "refused_line", refused=clean(letter.refused, 300)),)
    return () if letter.reachable else (say("staff", "contact_missing"),)


def _subject(letter: Letter) -> str:
    numbers = case_numbers(letter)
    by_when = when(letter, lambda on: short_day(on, letter.today))
    return (
        f"【{_state(letter)}】{claims(letter)[0]}"
        + (say("zh", "number", number=numbers[0]) if numbers else "")
        + (say("staff", "by_when", by_when=by_when) if by_when else "")
    )


def _state(letter: Letter) -> str:
    alert = letter.alert
    if letter.refused:
        return say("staff", "refused")
    by_clock = alert.state is AlertState.RELEASED and alert.released_by in ("", CLOCK)
    return say("staff", "released_by_clock" if by_clock else alert.state.value)


def _decision(letter: Letter) -> str:
    state, level = letter.alert.state, letter.match.level
    if letter.refused:
        return say("staff", "decide_refused")
    if state is AlertState.RELEASED:
        return say("staff", "decide_done")
    if state is not AlertState.HELD:
        return say("staff", "decide_over")
    return say("staff", "decide_held" if level in (Level.NAMED, Level.AFFILIATED) else f"decide_{level.value}")


def _clock(letter: Letter) -> str:
    """What happens if nobody decides, in the gate's own words where it left them."""
    grace, alert = letter.center.grace_hours, letter.alert
    if alert.reason:
        return clean(alert.reason, 300)
    if letter.match.level is not Level.NAMED or letter.match.band is not Band.AUTO or grace is None:
        return say("staff", "clock_never")
    if grace <= 0:
        return say("staff", "clock_at_once")
    return say("staff", "clock_at", moment=moment(alert.created_at + timedelta(hours=grace)))


def _facts(letter: Letter, by_when: str) -> tuple[Fact, ...]:
    match, contact = letter.match, letter.contact
    band = term("bands", match.band.value)
    sure = say("staff", "band_line", band=band, score=f"{match.score:.2f}", matcher=clean(match.matcher, 40))
    rows = [
        (say("staff", "enterprise"), _enterprise(letter)),
        (say("zh", "forum"), (term("forums", letter.case.forum),)),
        (say("zh", "numbers"), case_numbers(letter)[:4]),
        (say("zh", "event"), (term("events", letter.event, forum=letter.case.forum),)),
        (say("staff", "level"), (term("levels", match.level.value),)),
        (say("staff", "band"), (sure,)),
        (say("staff", "due"), (by_when or say("staff", "no_due"),)),
        (say("staff", "alert_number"), (letter.alert.key[:8],)),
    ]
    if contact and letter.reachable:
        address = clean(f"{contact.email} {contact.phone}", 120)
        person = say("staff", "contact_line", name=clean(contact.name, 60), address=address)
        rows.append((say("staff", "contact"), (person,)))
    if letter.alert.reason and letter.alert.state is not AlertState.HELD:
        rows.append((say("staff", "reason"), (clean(letter.alert.reason, 300),)))
    link = safe_link(letter.notice.notice.url)
    facts = [Fact(label, lines) for label, lines in rows if lines]
    return (*facts, Fact(say("zh", "origin"), (link,), link)) if link else tuple(facts)


def _enterprise(letter: Letter) -> tuple[str, ...]:
    ours = letter.enterprise
    return tuple(line for line in (clean(ours.name, 80), clean(ours.city, 40), clean(ours.credit_code, 40)) if line)
