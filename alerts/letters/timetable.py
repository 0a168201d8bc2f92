"""The dates of a letter as a table: when, what, how counted, on what law, how sure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from alerts.letters.glossary import side, term
from alerts.letters.letter import Letter
from alerts.letters.plain import clean, day, safe_link
from alerts.letters.wording import say
from index.records import Deadline, Level

_MOST = 8


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date as shown: `day` alone, and as `when` says it. `state` is `ahead`,
    `near` (a week or less), `passed` or `weak` (greyed, to be verified)."""

    when: str
    day: str
    note: str
    countdown: str
    what: str
    remark: str
    lines: tuple[str, ...]
    basis: str
    link: str
    state: str


@dataclass(frozen=True, slots=True)
class Timetable:
    """All dates under a heading that says whom they bind; `notes` are sentences beside or instead of dates."""

    heading: str
    rows: tuple[DateRow, ...]
    notes: tuple[str, ...]


def timetable(letter: Letter) -> Timetable:
    """The dates of the letter, soonest first; those past are said as past."""
    language = letter.language
    ordered = sorted(letter.deadlines, key=lambda d: (d.due < letter.today, d.due))
    notes = [clean(letter.clock_note, 300)] if letter.clock_note else []
    if not ordered and not notes:
        notes.append(say(language, "no_dates"))
    if len(ordered) > _MOST:
        notes.append(say(language, "dates_more", count=len(ordered) - _MOST))
    if ordered:
        notes.append(say(language, "verify"))
    return Timetable(_heading(letter), tuple(_row(d, letter) for d in ordered[:_MOST]), tuple(notes))


def _heading(letter: Letter) -> str:
    if letter.match.level not in (Level.NAMED, Level.AFFILIATED):
        return say(letter.language, "dates_other")
    ours = side(letter.match.party.role, letter.case.forum) == "defending"
    return say(letter.language, "dates" if ours else "dates_unsure")


def _row(one: Deadline, letter: Letter) -> DateRow:
    language = letter.language
    shown = day(one.due, language)
    return DateRow(
        when=say(language, "earliest", day=shown) if one.bound else shown,
        day=shown,
        note=say(language, runs_from(one)) if one.bound else "",
        countdown=countdown(one, letter),
        what=term("rules", one.rule, language, letter.case.forum),
        remark=_remark(one, letter),
        lines=_lines(one, language),
        basis=say(language, "basis", citation=clean(one.citation, 120)) if one.citation else "",
        link=safe_link(one.url),
        state=_state(one, letter),
    )


def _remark(one: Deadline, letter: Letter) -> str:
    """What the rule asks of the party, in Chinese as the rules have it; nothing for who is no party."""
    theirs = letter.match.level in (Level.NAMED, Level.AFFILIATED)
    return clean(one.note_zh, 400) if theirs and letter.language == "zh" else ""


def _state(one: Deadline, letter: Letter) -> str:
    if one.due < letter.today:
        return "passed"
    if one.confidence == "L":
        return "weak"
    return "near" if (one.due - letter.today).days <= 7 else "ahead"


def runs_from(one: Deadline) -> str:
    """The sentence that says from what a bound date truly runs: service, or whatever sets it going."""
    served = "送达" in one.counted_zh + one.trigger_zh or "serv" in one.counted
    return "from_service" if served else "from_start"


def countdown(one: Deadline, letter: Letter) -> str:
    """How many days are left, or that the day is here or gone; `核实` where the basis was not verified."""
    days = (one.due - letter.today).days
    gone = "passed_bound" if one.bound else "passed"
    said = say(letter.language, gone) if days < 0 else say(letter.language, "left", days=days)
    said = say(letter.language, "today") if days == 0 else said
    return f"{said} · {say(letter.language, 'weak')}" if one.confidence == "L" else said


def _lines(one: Deadline, language: str) -> tuple[str, ...]:
    counted = one.counted_zh if language == "zh" else ""
    said = [say(language, "counted", counted=clean(counted or one.counted, 300))] if counted or one.counted else []
    if one.start:
        said.append(_started(one, one.start, language))
    sure = term("confidence", one.confidence, language)
    checked = say(language, "as_of", day=day(one.as_of, language))
    said.append(say(language, "confidence", confidence=sure) + say(language, "comma") + checked)
    return tuple(said)


def _started(one: Deadline, start: date, language: str) -> str:
    trigger = clean(one.trigger_zh, 120) if language == "zh" else ""
    on = day(start, language)
    return say(language, "started_by", day=on, trigger=trigger) if trigger else say(language, "started", day=on)
