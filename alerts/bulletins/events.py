"""What happened in a case in the month, with the documents that say so, and the dates it sets running."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from alerts import grade
from alerts.bulletins.cases_of_month import Told, day_of
from alerts.bulletins.content import DateLine, Line
from alerts.bulletins.hidden import betrays
from alerts.bulletins.text import printed
from alerts.bulletins.words import say
from alerts.letters.glossary import term
from alerts.letters.plain import day, first_up, quoted, safe_link
from alerts.letters.timetable import runs_from
from alerts.letters.wording import say as letter_words
from alerts.plan import dates_of
from index.records import Deadline, TaggedNotice

_MOST = 15  # documents of one event that are printed; the rest are counted


def events(told: Told, hidden: Mapping[str, str]) -> Iterable[Line]:
    """What happened in the month, oldest first, and under it each public document that says so."""
    for event, notices in _by_event(sorted(told.notices, key=_age)).items():
        yield Line(say("event", event=first_up(term("events", event, forum=told.case.forum))))
        for notice in notices[:_MOST]:
            yield Line(_document(notice, hidden), safe_link(notice.notice.url))
        if len(notices) > _MOST:
            yield Line(letter_words("zh", "more", count=len(notices)))


def _age(notice: TaggedNotice) -> tuple[date, str]:
    return day_of(notice) or date.min, notice.notice.key


def _by_event(told: Iterable[TaggedNotice]) -> dict[str, list[TaggedNotice]]:
    events: dict[str, list[TaggedNotice]] = {}
    for notice in told:
        events.setdefault(notice.event, []).append(notice)
    return events


def _document(notice: TaggedNotice, hidden: Mapping[str, str]) -> str:
    """When, told by whom, in its own words; those only where no hidden party is among them."""
    told, title = day_of(notice), printed(notice.notice.title, 300)
    said = "" if betrays(title, hidden) else quoted(title)
    parts = (day(told) if told else "", term("sources", notice.notice.source), said)
    return letter_words("zh", "comma").join(filter(None, parts))


def dates(told: Sequence[TaggedNotice], as_of: date) -> tuple[DateLine, ...]:
    """The legal dates the month's events set running, each event's from its leading notice."""
    leads = map(grade.leading, _by_event(told).values())
    found = {(one.rule, one.due): (one, n.notice.forum) for n in leads for one in dates_of(n)}
    ordered = sorted(found.values(), key=lambda pair: (pair[0].due, pair[0].rule))
    return tuple(_date(one, forum, as_of) for one, forum in ordered)


def _date(one: Deadline, forum: str, as_of: date) -> DateLine:
    shown = day(one.due)
    remarks = [letter_words("zh", runs_from(one))] if one.bound else []
    remarks += [say("passed")] if one.due < as_of else []
    remarks += [letter_words("zh", "counted", counted=printed(one.counted_zh or one.counted, 300))]
    remarks += [term("confidence", "L")] if one.confidence == "L" else []
    return DateLine(
        when=letter_words("zh", "earliest", day=shown) if one.bound else shown,
        what=term("rules", one.rule, forum=forum),
        remark="；".join(remarks),
        basis=printed(one.citation, 120),
        link=safe_link(one.url),
    )
