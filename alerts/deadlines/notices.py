"""From a published notice to the dates it sets running. Service is never inferred from filing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from alerts.deadlines.compute import YEARS, NotInForce, deadlines_for
from alerts.deadlines.rules import Expect, forum_rules, forums
from index.records import Deadline


def deadlines_of_notice(forum: str, event: str, published_on: date | None, filed_on: date | None) -> list[Deadline]:
    """The legal dates a kind of notice sets running, soonest first.

    Where the law counts from an act the notice does not show (service above all), the date is
    `bound`: the earliest it can be. Kinds of notices and forums without rules give no dates: see
    `clock_note`. Nothing is counted from a missing date, or from one before the rule was in force.
    """
    if forum not in forums():
        return []
    told = [e for e in forum_rules(forum).expect if event in e.notice_event]
    found = [d for expect in told for d in _expected(forum, expect, published_on, filed_on)]
    return sorted(found, key=lambda d: d.due)


def _expected(forum: str, expect: Expect, published_on: date | None, filed_on: date | None) -> Iterator[Deadline]:
    on = published_on if expect.from_ == "published_on" else filed_on
    if on is None or on.year not in YEARS:
        return
    try:
        found = deadlines_for(forum, expect.legal_event, on, bound=expect.bound, start_zh=expect.start_zh)
    except NotInForce:
        return
    for one in found:
        if not expect.rules or one.rule in expect.rules:
            yield replace(one, note_zh=(expect.note_zh or "") + one.note_zh)


def clock_note(forum: str, event: str) -> str:
    """What staff should say of the clock for a kind of notice, in Chinese; empty where nothing."""
    if forum not in forums():
        return ""
    return "".join(c.note_zh for c in forum_rules(forum).clock if event in c.notice_event)
