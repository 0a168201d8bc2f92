"""The calculator: from a legal event and its day to the dates the law sets, each with its citation."""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from alerts.deadlines.calendars import Calendar, UnknownPlace, calendar, plain
from alerts.deadlines.rules import Event, Rule, UnknownEvent, forum_rules
from alerts.deadlines.words import Count, bound_zh, told, told_zh
from index.problems import YujingError
from index.records import Deadline

YEARS = range(1990, 2091)


class DateOutOfRange(YujingError):
    """The day is outside the years for which holidays are known."""


class NotInForce(YujingError):
    """No version of the event's rules governs that day."""


def deadlines_for(
    forum: str, event: str, on: date, *, place: str = "", bound: bool = False, start_zh: str = ""
) -> list[Deadline]:
    """The dates a legal event on a day sets running, one a rule, in the file's order.

    `place` names a court, division or provider where the rule differs by it; `bound` says that `on`
    is only the earliest the event can be; `start_zh` says in Chinese what day `on` is. Raises
    UnknownForum, UnknownEvent, UnknownPlace (each lists the known), DateOutOfRange, NotInForce.
    """
    rules = forum_rules(forum)
    known = {e.id: e for e in rules.event}
    if event not in known:
        raise UnknownEvent(f"unknown event {event[:60]!r} for {forum}; known: {', '.join(known)}")
    if on.year not in YEARS:
        raise DateOutOfRange(f"{on}: year outside {YEARS[0]}–{YEARS[-1]}")
    governing = [rule for rule in rules.rule if rule.event == event and rule.governs(on)]
    if not governing:
        raise NotInForce(f"{forum} {event}: no rule known for {on}")
    return [deadline(rule, known[event], on, place=place, bound=bound, start_zh=start_zh) for rule in governing]


def deadline(rule: Rule, event: Event, on: date, *, place: str, bound: bool, start_zh: str) -> Deadline:
    """One rule applied to one day; a bound says first that the true day counts."""
    rule = at_place(rule, place)
    days = calendar(rule.calendar, place)
    counted = count(rule, on, days)
    return Deadline(
        rule=rule.id,
        due=counted.due,
        counted=f"{rule.counted}: {told(counted)}",
        citation=rule.citation,
        confidence=rule.confidence,
        as_of=rule.effective_from,
        url=rule.url,
        note_zh=(bound_zh(event.day_zh, counted.due) if bound else "") + rule.note_zh,
        trigger_zh=start_zh or event.name_zh,
        counted_zh=f"{rule.counted_zh}：{told_zh(counted, days.name_zh)}",
        start=on,
        bound=bound,
    )


def at_place(rule: Rule, place: str) -> Rule:
    """The rule as it reads at a place. Raises UnknownPlace where the rule names its places."""
    if not place or not rule.place:
        return rule
    for version in rule.place:
        if plain(place) in {plain(name) for name in version.names}:
            return rule.model_copy(update=version.model_dump(exclude={"names"}, exclude_none=True))
    names = ", ".join(version.names[0] for version in rule.place)
    raise UnknownPlace(f"unknown place {place[:60]!r} for {rule.id}; known: {names}")


def count(rule: Rule, on: date, days: Calendar) -> Count:
    """Count a period. The day of the event is never counted (FRCP 6(a)(1)(A), EPC R. 131(2), UPC
    RoP 300(a)); months and years end on the day of the same number, else on the month's last.
    """
    tomorrow = on + timedelta(1)
    first = days.first_open(tomorrow) if rule.starts == "next_business_day" else tomorrow
    last, due = _end(rule, on, first, days)
    why = days.why_closed(last) if due != last else ""
    return Count(on, first, last, due, why, strict=None if first == tomorrow else _end(rule, on, tomorrow, days)[1])


def _end(rule: Rule, on: date, first: date, days: Calendar) -> tuple[date, date]:
    """The last day of the period, and the day it moves to."""
    last = ENDS[rule.unit](on, first, rule.count, days)
    return last, days.first_open(last) if rule.roll == "next_open_day" else last


def months_after(on: date, months: int) -> date:
    """The day of the same number so many months later, or that month's last day."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


ENDS: dict[str, Callable[[date, date, int, Calendar], date]] = {
    "day": lambda _on, first, n, _days: first + timedelta(n - 1),
    "business_day": lambda on, _first, n, days: days.nth_open(on, n),
    "month": lambda on, _first, n, _days: months_after(on, n),
    "year": lambda on, _first, n, _days: months_after(on, 12 * n),
}


def as_json(found: Deadline) -> dict[str, str | bool | None]:
    """A deadline as the command prints it; dates are ISO 8601."""
    return {
        "rule": found.rule,
        "due": found.due.isoformat(),
        "counted": found.counted,
        "citation": found.citation,
        "confidence": found.confidence,
        "as_of": found.as_of.isoformat(),
        "url": found.url,
        "trigger_zh": found.trigger_zh,
        "counted_zh": found.counted_zh,
        "note_zh": found.note_zh,
        "start": found.start.isoformat() if found.start else None,
        "bound": found.bound,
    }


def run(forum: str, event: str, on: date, place: str = "") -> Iterator[str]:
    """`yujing deadlines`: a JSON object a line. Raises what `deadlines_for` raises."""
    for found in deadlines_for(forum, event, on, place=place):
        yield json.dumps(as_json(found), ensure_ascii=False)
