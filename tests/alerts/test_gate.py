"""The gate: what may leave by the clock, what waits for a clerk, and when waiting ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.gate import WAITS_FOR_CLERK, first_state, ripe, waits_because
from index.records import Alert, AlertState, Band, IpDispute, Level
from tests.making import NOW, a_center, a_match

HELD = Alert(
    key="a1", enterprise="E1", case="c1", event="institution", notice="n1", level=Level.NAMED, band=Band.AUTO,
    severity="high", state=AlertState.HELD, center="yantai", created_at=NOW,
)  # fmt: skip
FOUR_HOURS = a_center(grace_hours=4.0)


def test_only_a_sure_name_in_a_sure_dispute_needs_no_clerk() -> None:
    assert waits_because(a_match("c1"), IpDispute.YES) == ""


@pytest.mark.parametrize("level", [level for level in Level if level is not Level.NAMED])
def test_who_is_not_named_waits_however_sure_the_rest(level: Level) -> None:
    assert "非直接列名" in waits_because(a_match("c1", level=level), IpDispute.YES)


@pytest.mark.parametrize(
    ("values", "dispute", "why"),
    [
        ({"band": Band.REVIEW}, IpDispute.YES, "企业名称待核对"),
        ({}, IpDispute.UNKNOWN, "是否属知识产权纠纷待核实"),
        ({}, IpDispute.NO, "是否属知识产权纠纷待核实"),
    ],
)
def test_any_doubt_waits_and_is_named(values: dict[str, Band], dispute: IpDispute, why: str) -> None:
    waits = waits_because(a_match("c1", **values), dispute)
    assert waits.startswith(WAITS_FOR_CLERK)
    assert why in waits


@pytest.mark.parametrize(
    ("grace", "state", "why"),
    [
        (0.0, AlertState.RELEASED, ""),
        (4.0, AlertState.HELD, "4 小时内无人研判即自动发出"),
        (0.5, AlertState.HELD, "0.5 小时内无人研判即自动发出"),
        (None, AlertState.HELD, f"{WAITS_FOR_CLERK}：本中心不自动发出"),
    ],
)
def test_a_center_chooses_at_once_later_or_never(grace: float | None, state: AlertState, why: str) -> None:
    assert first_state("", a_center(grace_hours=grace)) == (state, why)


@pytest.mark.parametrize("grace", [0.0, 4.0, None])
def test_what_waits_for_a_clerk_starts_held_in_every_center(grace: float | None) -> None:
    assert first_state("须工作人员研判", a_center(grace_hours=grace)) == (AlertState.HELD, "须工作人员研判")


@pytest.mark.parametrize(
    ("waited", "may_go"),
    [
        (timedelta(0), False),
        (timedelta(hours=4) - timedelta(seconds=1), False),
        (timedelta(hours=4), True),
        (timedelta(days=300), True),
    ],
)
def test_the_clock_releases_when_the_grace_time_is_over_and_no_earlier(waited: timedelta, may_go: bool) -> None:
    assert ripe(HELD, "", FOUR_HOURS, NOW + waited) is may_go


def test_a_clock_set_back_releases_nothing() -> None:
    assert not ripe(HELD, "", FOUR_HOURS, NOW - timedelta(days=1))


def test_a_center_that_now_releases_at_once_lets_go_what_it_held() -> None:
    assert ripe(HELD, "", a_center(grace_hours=0.0), NOW)


def test_no_time_releases_what_waits_for_a_clerk() -> None:
    late = NOW + timedelta(days=300)
    assert not ripe(HELD, "须工作人员研判", FOUR_HOURS, late)
    assert not ripe(HELD, "", a_center(grace_hours=None), late)


@pytest.mark.parametrize("state", [state for state in AlertState if state is not AlertState.HELD])
def test_the_clock_moves_only_what_is_held(state: AlertState) -> None:
    assert not ripe(replace(HELD, state=state), "", FOUR_HOURS, NOW + timedelta(days=1))
