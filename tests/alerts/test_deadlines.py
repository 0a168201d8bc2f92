"""The calculator's promises: worked examples, the shared table, and what holds for every day."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.deadlines import (
    DateOutOfRange,
    NotInForce,
    UnknownEvent,
    UnknownForum,
    UnknownPlace,
    as_json,
    deadlines_for,
    events,
    forums,
    run,
)
from alerts.deadlines.calendars import calendar
from alerts.deadlines.compute import months_after
from alerts.deadlines.rules import Example, Rule, forum_rules

SHARED = Path(__file__).parents[3] / "shared" / "check" / "deadlines.csv"
DAYS = st.dates(date(2025, 4, 1), date(2040, 12, 31))
RULES = [(forum, rule) for forum in forums() for rule in forum_rules(forum).rule]
EXAMPLES = [(forum, rule, example) for forum, rule in RULES for example in rule.example]


def due(forum: str, event: str, rule: str, on: date, place: str = "") -> date:
    """The one date a rule gives."""
    (found,) = [d.due for d in deadlines_for(forum, event, on, place=place) if d.rule == rule]
    return found


@pytest.mark.parametrize(
    ("forum", "rule", "example"), EXAMPLES, ids=lambda v: getattr(v, "id", None) or str(getattr(v, "on", v))
)
def test_worked_examples_stand(forum: str, rule: Rule, example: Example) -> None:
    assert due(forum, rule.event, rule.id, example.on, example.place or "") == example.due, example.why


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_the_shared_table_is_right_and_cited() -> None:
    with SHARED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        lines = [json.loads(line) for line in run(row["forum"], row["event"], date.fromisoformat(row["on"]))]
        found = [line for line in lines if line["rule"] == row["rule"]]
        assert [line["due"] for line in found] == [row["due"]], row
        assert found[0]["citation"]


@given(DAYS, st.sampled_from(RULES))
def test_a_deadline_is_cited_and_never_before_its_event(on: date, rule: tuple[str, Rule]) -> None:
    for found in deadlines_for(rule[0], rule[1].event, on):
        assert found.due > on
        assert found.citation
        assert found.counted
        assert found.note_zh
        assert found.as_of <= on
        assert found.start == on


@given(DAYS, st.sampled_from([(f, r) for f, r in RULES if r.roll == "next_open_day"]))
def test_a_rolling_rule_ends_on_an_open_day(on: date, rule: tuple[str, Rule]) -> None:
    forum, law = rule
    found = due(forum, law.event, law.id, on)
    assert found.weekday() < 5
    assert not calendar(law.calendar).why_closed(found)


@given(DAYS, st.sampled_from(RULES), st.integers(0, 40))
def test_a_later_event_never_has_an_earlier_deadline(on: date, rule: tuple[str, Rule], later: int) -> None:
    """What makes a bound a bound: the earliest event gives the earliest date."""
    forum, law = rule
    assert due(forum, law.event, law.id, on) <= due(forum, law.event, law.id, on + timedelta(later))


@given(DAYS, st.integers(1, 120))
def test_months_end_on_the_same_number_or_the_last_day(on: date, months: int) -> None:
    end = months_after(on, months)
    assert (end.year * 12 + end.month) - (on.year * 12 + on.month) == months
    assert end.day == on.day or (end.day < on.day and (end + timedelta(1)).day == 1)


@pytest.mark.parametrize(
    ("on", "months", "end"),
    [
        (date(2026, 5, 31), 9, date(2027, 2, 28)),
        (date(2023, 5, 31), 9, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
    ],
)
def test_month_ends_and_leap_years(on: date, months: int, end: date) -> None:
    assert months_after(on, months) == end


def test_the_commission_counts_from_the_first_business_day() -> None:
    friday, monday = date(2026, 3, 6), date(2026, 3, 9)
    (found,) = deadlines_for("us_itc", "complaint_served", friday)
    assert found.due == monday + timedelta(21)  # day 20 is Saturday 28 March
    assert "2026年3月26日" in found.counted_zh  # the plain count is shown as well


def test_short_commission_periods_leave_out_holidays() -> None:
    assert due("us_itc", "other_initial_determination_served", "review_petition", date(2026, 5, 20)) == date(
        2026, 5, 28
    )


def test_the_reason_a_last_day_moved_is_told() -> None:
    found = deadlines_for("us_district", "complaint_served", date(2026, 6, 12))[0]
    assert found.counted.endswith("to 2026-07-03 (Independence Day (observed)), so 2026-07-06")
    assert "独立日补休" in found.counted_zh


def test_the_office_of_patents_keeps_its_own_days() -> None:
    """26 December 2025: the Office was closed by order of the President, the courts' rule has no such day."""
    assert due("us_district", "complaint_served", "ipr_petition", date(2024, 12, 26)) == date(2025, 12, 29)
    assert due("us_district", "complaint_served", "answer", date(2025, 12, 5)) == date(2025, 12, 26)


def test_a_place_changes_only_the_rules_that_name_it() -> None:
    served = date(2026, 2, 1)
    assert due("upc", "statement_of_claim_served", "defence", served, "The Hague") == date(2026, 5, 1)
    assert due("upc", "statement_of_claim_served", "defence", served, "慕尼黑") == date(2026, 5, 4)
    assert due("udrp", "proceeding_commenced", "response", date(2026, 3, 2), "WIPO") == date(2026, 3, 22)
    assert due("us_district", "complaint_served", "answer", date(2026, 6, 1), "ilnd") == date(2026, 6, 22)


@pytest.mark.parametrize(
    ("forum", "event", "on", "place", "error", "says"),
    [
        ("us_itcc", "complaint_served", date(2026, 3, 2), "", UnknownForum, "us_itc, us_ptab"),
        ("../us_itc", "complaint_served", date(2026, 3, 2), "", UnknownForum, "known: "),
        ("us_itc", "served", date(2026, 3, 2), "", UnknownEvent, "complaint_served"),
        ("upc", "revocation_served", date(2026, 3, 2), "mars", UnknownPlace, "munich"),
        ("udrp", "proceeding_commenced", date(2026, 3, 2), "x" * 9999, UnknownPlace, "forum"),
        ("us_itc", "complaint_served", date.max, "", DateOutOfRange, "9999"),
        ("us_itc", "complaint_served", date.min, "", DateOutOfRange, "0001"),
        ("upc", "revocation_served", date(2020, 3, 2), "", NotInForce, "2020-03-02"),
    ],
)
def test_a_wrong_question_is_answered_with_the_known(
    forum: str, event: str, on: date, place: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says) as raised:
        deadlines_for(forum, event, on, place=place)
    assert len(str(raised.value)) < 600


def test_json_has_the_contract_s_fields() -> None:
    found = as_json(deadlines_for("us_itc", "complaint_served", date(2026, 3, 2))[0])
    assert found["rule"] == "response"
    assert found["due"] == "2026-03-23"
    assert found["as_of"] == "2013-05-20"
    assert {"rule", "due", "counted", "citation", "confidence", "as_of", "url", "note_zh"} <= found.keys()


@pytest.mark.parametrize(
    ("forum", "event", "rules"),
    [
        ("us_itc", "complaint_served", {"response"}),
        ("us_itc", "complaint_served_temporary_relief", {"response"}),
        ("us_district", "complaint_served", {"answer", "ipr_petition"}),
        ("us_district", "waiver_request_sent_abroad", {"answer"}),
        ("us_district", "waiver_request_sent_us", {"answer"}),
        ("us_district", "tro_entered_without_notice", {"tro_expiry"}),
        ("us_ptab", "patent_granted", {"pgr_petition"}),
        ("us_ptab", "filing_date_notice", {"preliminary_response"}),
        ("us_ttab", "mark_published", {"opposition"}),
        ("euipo", "mark_published", {"opposition"}),
        ("epo", "grant_mentioned", {"opposition"}),
        ("upc", "statement_of_claim_served", {"preliminary_objection", "defence"}),
        ("upc", "revocation_served", {"defence"}),
        ("udrp", "proceeding_commenced", {"response"}),
    ],
)
def test_the_public_names_are_all_there(forum: str, event: str, rules: set[str]) -> None:
    assert event in events(forum)
    assert rules <= {d.rule for d in deadlines_for(forum, event, date(2026, 3, 2))}
