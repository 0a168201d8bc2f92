"""Another province, other pages, the same command: held against answers written by hand from reading the pages."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from alerts.commands.status import Totals, as_row
from index.ledger.tables import alerts, deliveries
from tests.journeys.world import World

OTHER = Path(__file__).parent / "other"
ANSWERS: dict[str, Any] = json.loads((OTHER / "answers.json").read_text("utf-8"))
FIRST, CLOCK, LATER, NEWCOMER = (ANSWERS[name] for name in ("first_round", "clock", "later_pages", "newcomer"))
GRACE_IS_OVER = timedelta(hours=5)


@dataclass
class Step:
    """What one step of the journey did: the alerts it made, the mails it sent, and how the ledger stands after it."""

    alerts: list[dict[str, Any]]
    mails: Counter[str]
    status: Any
    states: dict[tuple[str, str], str]
    withheld: dict[str, str]
    subjects: dict[str, str] = field(default_factory=dict)


class Journey:
    """One home walked through five rounds."""

    def __init__(self, home: Path) -> None:
        self.world = World(home)
        self.seen: set[str] = set()

    def step(self, made: list[dict[str, Any]]) -> Step:
        fresh = [mail for mail in self.world.mails() if mail["Message-ID"] not in self.seen]
        self.seen |= {mail["Message-ID"] for mail in fresh}
        to = [mail["To"].addresses[0].addr_spec for mail in fresh]
        with self.world.ledger() as ledger, ledger.read() as work:
            status = as_row(Totals.of(work))
            told = select(alerts.c.enterprise, alerts.c.event, alerts.c.state).where(alerts.c.state != "suppressed")
            states = {(who, event): state for who, event, state in work.execute(told)}
            barred = select(deliveries.c.address, deliveries.c.problem).where(deliveries.c.state == "suppressed")
            withheld = {row.address: row.problem for row in work.execute(barred)}
        subjects = dict(zip(to, (mail["Subject"] for mail in fresh), strict=True))
        return Step(made, Counter(to), status, states, withheld, subjects)

    def age(self, by: timedelta) -> None:
        """As if every held alert had been waiting so much longer."""
        with self.world.ledger() as ledger, ledger.begin() as work:
            work.execute(update(alerts).where(alerts.c.state == "held").values(created_at=datetime.now(UTC) - by))


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Step]:
    """The five rounds, each done once."""
    folder = tmp_path_factory.mktemp("other")
    changed = folder / "changed"
    shutil.copytree(OTHER / "pages", changed)
    shutil.copytree(OTHER / "later", changed, dirs_exist_ok=True)
    journey = Journey(folder / "home")
    world = journey.world
    world.register(OTHER / "register")
    steps = {"first": journey.step(world.round(OTHER / "pages"))}
    steps["again"] = journey.step(world.round(OTHER / "pages"))
    journey.age(GRACE_IS_OVER)
    steps["clock"] = journey.step(world.quiet_round())
    steps["later"] = journey.step(world.round(changed))
    world.run("import", "enterprises", OTHER / "newcomer" / "enterprises.csv")
    world.run("import", "contacts", OTHER / "newcomer" / "contacts.csv")
    steps["newcomer"] = journey.step(world.quiet_round())
    return steps


def expected_mails(answer: dict[str, Any]) -> Counter[str]:
    return Counter(answer.get("staff_mails", {})) + Counter(answer.get("enterprise_mails", {}))


def as_answered(alert: dict[str, Any]) -> dict[str, Any]:
    """An alert of the report in the answers' words."""
    same = {name: alert[name] for name in ("enterprise", "event", "level", "band", "state", "center")}
    return {**same, "case": alert["case_number"], "due": {d["rule"]: d["due"] for d in alert["due"]}}


def first_warnings(alerts_made: list[dict[str, Any]], answer: dict[str, Any]) -> list[dict[str, Any]]:
    """What a round told enterprises that had not heard of the case, without the fields the answers leave open.

    A case is any of its numbers: EDIS prints 337-2203 for 337-TA-2203.
    """
    updates = answer.get("told_of_the_amendment", [])
    cases = [row["case"] for row in answer["first_warned"]]
    names = ("enterprise", "level", "band", "state", "center")
    told = [
        {name: a[name] for name in names} | {"case": next((c for c in cases if c in a["case_numbers"]), None)}
        for a in alerts_made
        if a["enterprise"] not in updates
    ]
    return sorted(told, key=lambda a: str(a["enterprise"]))


def without_why(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "why"} for row in answers]


@pytest.mark.parametrize("source", FIRST["sources"])
def test_every_item_is_read_and_judged(walked: dict[str, Step], source: str) -> None:
    status, answer = walked["first"].status, FIRST["sources"][source]
    states = {state: count for state, count in status["items"][source].items() if state != "total"}
    assert states == FIRST["states"][source]
    assert status["items"][source]["total"] == answer["items"]
    assert status["ip_disputes"][source] == answer["ip_disputes"]
    assert status["problems"].get(source, 0) == answer["problems"]


def test_the_right_enterprises_are_warned_and_no_others(walked: dict[str, Step]) -> None:
    made = sorted(map(as_answered, walked["first"].alerts), key=lambda a: a["enterprise"])
    assert made == sorted(without_why(FIRST["alerts"]), key=lambda a: a["enterprise"])
    assert not {a["enterprise"] for a in made} & FIRST["silent"].keys()


def test_response_dates_counted_without_the_day_of_service_are_bounds(walked: dict[str, Step]) -> None:
    dates = [d for a in walked["first"].alerts for d in a["due"] if d["rule"] == "response"]
    assert len(dates) == 4
    assert all(d["bound"] and d["citation"].startswith("19 CFR 210.13") for d in dates)


def test_mails_reach_whom_they_should(walked: dict[str, Step]) -> None:
    first = walked["first"]
    assert first.mails == expected_mails(FIRST)
    assert first.withheld == FIRST["withheld"]
    english = {address for address, subject in first.subjects.items() if subject.isascii()}
    assert english == set(FIRST["english_mails"])


def test_the_same_pages_again_bring_nothing(walked: dict[str, Step]) -> None:
    first, again = walked["first"], walked["again"]
    assert again.alerts == []
    assert not again.mails
    for figure in ("items", "ip_disputes", "cases", "matches", "alerts", "deliveries"):
        assert again.status[figure] == first.status[figure], figure


def test_the_clock_releases_what_nobody_judged_in_time_and_nothing_else(walked: dict[str, Step]) -> None:
    before, after = walked["again"].states, walked["clock"].states
    released = {who for who, event in after if before[who, event] == "held" and after[who, event] == "released"}
    assert released == set(CLOCK["released"])
    assert {who for (who, _), state in after.items() if state == "held"} == set(CLOCK["still_held"])
    assert walked["clock"].alerts == []
    assert walked["clock"].mails == Counter(CLOCK["mails"])
    assert walked["clock"].withheld == FIRST["withheld"] | CLOCK["withheld"]


def test_what_the_clock_released_is_not_told_again(walked: dict[str, Step]) -> None:
    for name in ("later", "newcomer"):
        assert not walked[name].mails.keys() & CLOCK["mails"].keys()


def test_later_pages_warn_those_newly_named(walked: dict[str, Step]) -> None:
    made = walked["later"].alerts
    assert first_warnings(made, LATER) == without_why(LATER["first_warned"])
    for source, count in LATER["new_items"].items():
        before, after = (walked[name].status["items"][source]["total"] for name in ("again", "later"))
        assert after - before == count, source


def test_those_in_the_case_hear_once_of_its_amendment(walked: dict[str, Step]) -> None:
    newly = {row["enterprise"] for row in LATER["first_warned"]}
    updates = [a for a in walked["later"].alerts if a["enterprise"] not in newly]
    assert all(a["event"] == "amended:2026-05-05" for a in updates)
    assert sorted(a["enterprise"] for a in updates) == sorted(LATER["told_of_the_amendment"])
    assert walked["later"].mails == expected_mails(LATER)


def test_a_respondent_added_later_is_shown_no_date_from_before_it_was_added(walked: dict[str, Step]) -> None:
    for who, day in LATER["no_date_before"].items():
        dates = [d["due"] for a in walked["later"].alerts if a["enterprise"] == who for d in a["due"]]
        assert all(due > day for due in dates), (who, dates)


def test_an_enterprise_registered_later_hears_of_the_old_case_alone(walked: dict[str, Step]) -> None:
    step = walked["newcomer"]
    assert first_warnings(step.alerts, NEWCOMER) == without_why(NEWCOMER["first_warned"])
    assert step.mails == expected_mails(NEWCOMER)
