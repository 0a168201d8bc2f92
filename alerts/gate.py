"""The gate: it may delay a warning, it never swallows one.

A `named` match in the auto band, in a case known to be an IP dispute, is released by the clock if
nobody has judged it within its center's grace time. Everything else waits for a clerk, and what waits
too long goes to the provincial center, where a person decides: the clock releases nothing handed on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from index.records import Alert, AlertState, Band, Center, IpDispute, Level, Match

WAITS_FOR_CLERK = "须工作人员研判后发出"


def waits_because(match: Match, dispute: IpDispute) -> str:
    """Why a match may not be released by the clock; empty if it may."""
    if match.level is not Level.NAMED:
        return f"{WAITS_FOR_CLERK}：非直接列名"
    if match.band is not Band.AUTO:
        return f"{WAITS_FOR_CLERK}：企业名称待核对"
    if dispute is not IpDispute.YES:
        return f"{WAITS_FOR_CLERK}：是否属知识产权纠纷待核实"
    return ""


def first_state(waits: str, center: Center) -> tuple[AlertState, str]:
    """The state a new alert starts in, and why."""
    if waits:
        return AlertState.HELD, waits
    if center.grace_hours is None:
        return AlertState.HELD, f"{WAITS_FOR_CLERK}：本中心不自动发出"
    if center.grace_hours <= 0:
        return AlertState.RELEASED, ""
    return AlertState.HELD, f"{center.grace_hours:g} 小时内无人研判即自动发出"


def ripe(alert: Alert, waits: str, center: Center, now: datetime) -> bool:
    """Whether the clock may release a held alert now."""
    if alert.state is not AlertState.HELD or waits or center.grace_hours is None:
        return False
    return now >= alert.created_at + timedelta(hours=center.grace_hours)
