"""What a notice sets running: service is never inferred, a bound says it is one."""

from __future__ import annotations

from datetime import date

import pytest

from alerts.deadlines import clock_note, deadlines_of_notice, forums
from alerts.deadlines.rules import forum_rules

FILED, PUBLISHED = date(2026, 2, 27), date(2026, 3, 6)
ITC_NOTICES = [
    "complaint_received",
    "institution",
    "amended",
    "party_terminated",
    "terminated",
    "default",
    "summary_determination",
    "review",
    "public_interest_request",
    "violation_found",
    "no_violation",
    "remedy_changed",
    "enforcement",
    "remand",
    "target_date",
    "correction",
]


def test_a_complaint_in_court_gives_the_earliest_answer_date_only() -> None:
    answer, ipr = deadlines_of_notice("us_district", "complaint", PUBLISHED, FILED)
    assert (answer.rule, answer.due, answer.bound) == ("answer", date(2026, 3, 20), True)
    assert "自实际送达之日起算，最早可能于2026年3月20日届满" in answer.note_zh
    assert "送达日待核实" in answer.trigger_zh
    assert (ipr.rule, ipr.bound) == ("ipr_petition", True)
    assert "仅适用于专利侵权案件" in ipr.note_zh


def test_without_the_filing_date_nothing_is_counted() -> None:
    assert deadlines_of_notice("us_district", "complaint", PUBLISHED, None) == []
    assert "送达" in clock_note("us_district", "complaint")


def test_institution_starts_the_response_as_a_bound() -> None:
    (response,) = deadlines_of_notice("us_itc", "institution", date(2026, 3, 2), FILED)
    assert (response.rule, response.due, response.bound) == ("response", date(2026, 3, 23), True)
    assert "送达不会早于立案" in response.note_zh


def test_a_complaint_at_the_commission_has_no_answer_date_yet() -> None:
    found = deadlines_of_notice("us_itc", "complaint_received", PUBLISHED, FILED)
    assert [d.rule for d in found] == ["public_interest", "institution_decision"]
    assert all("答辩期" in d.note_zh for d in found)
    assert "答辩期没有开始" in clock_note("us_itc", "complaint_received")


@pytest.mark.parametrize("event", ITC_NOTICES)
def test_every_kind_of_commission_notice_has_something_to_say(event: str) -> None:
    assert clock_note("us_itc", event)


def test_a_remedy_s_review_is_told_but_not_counted_from_publication() -> None:
    """The 60 days run from delivery to the President, before the Federal Register prints the notice."""
    assert deadlines_of_notice("us_itc", "violation_found", PUBLISHED, FILED) == []
    assert "60日总统审查期" in clock_note("us_itc", "violation_found")


def test_an_exact_trigger_is_no_bound() -> None:
    (opposition,) = deadlines_of_notice("epo", "grant", date(2026, 2, 11), None)
    assert (opposition.due, opposition.bound) == (date(2026, 11, 11), False)
    assert "最早可能" not in opposition.note_zh


@pytest.mark.parametrize(("forum", "event"), [("us_itc", "other"), ("jpo", "complaint"), ("../us_itc", "institution")])
def test_what_has_no_rules_gives_no_dates(forum: str, event: str) -> None:
    assert deadlines_of_notice(forum, event, PUBLISHED, FILED) == []
    assert clock_note(forum, event) == ""


@pytest.mark.parametrize("on", [date.min, date.max, date(1991, 1, 1)])
def test_an_impossible_or_old_date_gives_no_deadline(on: date) -> None:
    assert deadlines_of_notice("us_itc", "institution", on, on) == []


def test_all_expectations_hold_and_come_soonest_first() -> None:
    for forum in forums():
        for expect in forum_rules(forum).expect:
            for event in expect.notice_event:
                found = deadlines_of_notice(forum, event, PUBLISHED, FILED)
                assert found, (forum, event)
                assert [d.due for d in found] == sorted(d.due for d in found)
                assert all(d.start in (PUBLISHED, FILED) for d in found)


def test_service_is_always_a_bound() -> None:
    """No notice states service: an event that is a service is expected as a bound only."""
    for forum in forums():
        for expect in forum_rules(forum).expect:
            if "served" in expect.legal_event or "notified" in expect.legal_event:
                assert expect.bound, (forum, expect.legal_event)
