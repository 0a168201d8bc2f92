"""Legal deadlines: rules as dated data (one TOML a forum) and the calculator that cites them.

deadlines_for("us_itc", "complaint_served", date(2026, 3, 2))    → response, 2026-03-23
deadlines_of_notice("us_district", "complaint", None, filed_on)  → earliest possible dates
clock_note("us_itc", "complaint_received")                       → "答辩期尚未开始……"
"""

from __future__ import annotations

from alerts.deadlines.calendars import UnknownPlace
from alerts.deadlines.compute import DateOutOfRange, NotInForce, as_json, deadlines_for, run
from alerts.deadlines.notices import clock_note, deadlines_of_notice
from alerts.deadlines.rules import BadRules, UnknownEvent, UnknownForum, events, forums

__all__ = [
    "BadRules",
    "DateOutOfRange",
    "NotInForce",
    "UnknownEvent",
    "UnknownForum",
    "UnknownPlace",
    "as_json",
    "clock_note",
    "deadlines_for",
    "deadlines_of_notice",
    "events",
    "forums",
    "run",
]
