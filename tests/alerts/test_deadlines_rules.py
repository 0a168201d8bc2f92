"""Rules files: what is wrong in one is said with the file, the entry and the field."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from alerts.deadlines import BadRules, UnknownForum
from alerts.deadlines.calendars import calendar, easter_sunday, public_holidays
from alerts.deadlines.rules import FOLDER, forum_rules, forums

GOOD = """
name_zh = "某法院"

[[event]]
id = "served"
name_zh = "送达"
day_zh = "送达之日"

[[rule]]
id = "answer"
event = "served"
count = 20
unit = "day"
calendar = "us_federal"
roll = "next_open_day"
citation = "Rule 1"
url = "https://example.com/rule"
confidence = "H"
effective_from = 2010-01-01
effective_to = 2019-12-31
counted = "20 days"
counted_zh = "20日"
note_zh = "须答辩。"

[[rule.example]]
on = 2015-01-05
due = 2015-01-26
"""
NEWER = GOOD[GOOD.index("[[rule]]") :].replace("count = 20", "count = 21")
NEWER = NEWER.replace("2010-01-01\neffective_to = 2019-12-31", "2020-01-01").replace("2015", "2021")


def written(folder: Path, text: str) -> Path:
    """A folder with one forum, `court`."""
    (folder / "court.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_forum_is_a_file(tmp_path: Path) -> None:
    assert forums(written(tmp_path, GOOD)) == ("court",)
    assert forum_rules("court", tmp_path).rule[0].count == 20
    with pytest.raises(UnknownForum, match="known: court"):
        forum_rules("other", tmp_path)


def test_the_version_in_force_on_the_day_governs(tmp_path: Path) -> None:
    rules = forum_rules("court", written(tmp_path, GOOD + NEWER)).rule
    in_force = {day: [r.count for r in rules if r.governs(day)] for day in (date(2019, 12, 31), date(2020, 1, 1))}
    assert in_force == {date(2019, 12, 31): [20], date(2020, 1, 1): [21]}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("count = 20", "count = 0", r"court\.toml: rule answer \(served\): count: "),
        ("count = 20", "", r"court\.toml: rule answer \(served\): count: Field required"),
        ('unit = "day"', 'unit = "week"', r"rule answer \(served\): unit: "),
        ('confidence = "H"', 'confidence = "sure"', r"rule answer \(served\): confidence: "),
        ('roll = "next_open_day"', 'roll = "next_open_day"\nrol = 1', r"rule answer \(served\): rol: "),
        ("https://", "ftp://", r"rule answer \(served\): url: "),
        ("2019-12-31", "2009-12-31", r"rule answer \(served\): effective_to: lies before"),
        ("on = 2015-01-05", "on = 2020-01-05", r"rule answer \(served\): example: 2020-01-05 is outside"),
        ('day"\ncal', 'month"\nstarts = "next_business_day"\ncal', r"rule answer \(served\): starts: "),
        ('event = "served"', 'event = "gone"', r"court\.toml: rule answer: event: no \[\[event\]\] gone"),
        ('note_zh = "须答辩。"', 'note_zh = ""', r"rule answer \(served\): note_zh: "),
        ("[[event]]", "[[event", r"court\.toml: "),
    ],
)
def test_a_mistake_names_file_entry_and_field(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(BadRules, match=says):
        forum_rules("court", written(tmp_path, GOOD.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (NEWER.replace("2020-01-01", "2019-06-01"), r"rule answer \(served\): effective_from: two versions overlap"),
        (GOOD[GOOD.index("[[event]]") : GOOD.index("[[rule]]")], "event: served stands twice"),
        ('[[event]]\nid = "idle"\nname_zh = "甲"\nday_zh = "乙"\n', r"event idle: no \[\[rule\]\]"),
        (
            '[[expect]]\nnotice_event = ["x"]\nlegal_event = "gone"\nfrom = "filed_on"\nbound = true\nstart_zh = "a"',
            r"expect: legal_event: no \[\[event\]\] gone",
        ),
    ],
)
def test_entries_must_agree_with_each_other(tmp_path: Path, more: str, says: str) -> None:
    with pytest.raises(BadRules, match=says):
        forum_rules("court", written(tmp_path, GOOD + more))


def test_every_rule_of_ours_names_a_calendar_there_is() -> None:
    for forum in forums():
        for rule in forum_rules(forum).rule:
            assert calendar(rule.calendar).name_zh
            assert all(calendar(v.calendar).name_zh for v in rule.place if v.calendar)
    with pytest.raises(BadRules, match="no such calendar"):
        calendar("../us_itc")


def test_each_file_says_in_a_comment_how_its_forum_counts() -> None:
    for path in FOLDER.glob("*.toml"):
        assert path.read_text(encoding="utf-8").startswith("# "), path.name


def test_a_calendar_s_mistake_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('name_zh = "甲"\n[[yearly]]\nname = "x"\ncitation = "y"\nmonth = 1\n')
    with pytest.raises(BadRules, match=r"c\.toml: yearly 1: give month and day, or easter"):
        calendar("c", folder=tmp_path)


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2026, 7, 3), True),  # Independence Day on a Saturday, observed on Friday
        (date(2027, 12, 31), True),  # New Year's Day 2028 on a Saturday
        (date(2023, 1, 2), True),  # New Year's Day on a Sunday
        (date(2026, 6, 19), True),
        (date(2026, 11, 27), False),  # the Friday after Thanksgiving
        (date(2026, 2, 12), False),  # Lincoln's Birthday, a state holiday
        (date(2025, 4, 18), False),  # Good Friday
        (date(2033, 1, 20), False),  # Inauguration Day
    ],
)
def test_federal_holidays_are_those_observed_nationwide(day: date, closed: bool) -> None:
    assert bool(calendar("us_federal").why_closed(day)) is closed


def test_inauguration_day_closes_the_patent_office() -> None:
    assert calendar("us_uspto").why_closed(date(2033, 1, 20)) == "Inauguration Day"


def test_the_european_office_keeps_published_days_and_no_others() -> None:
    office = calendar("epo")
    assert office.first_open(date(2025, 12, 24)) == date(2026, 1, 2)
    assert office.why_closed(date(2024, 5, 30)) == "Corpus Christi"
    assert not office.why_closed(date(2028, 6, 15))  # Corpus Christi of a year not yet published
    assert office.why_closed(date(2028, 6, 5)) == "Pentecost Monday"


def test_easter_agrees_with_the_holidays_of_germany() -> None:
    for year in range(1995, 2060):
        names = public_holidays("DE", year)
        assert names[date.fromordinal(easter_sunday(year).toordinal() + 1)] == "Easter Monday"
