"""Which events are worth telling, how severe they are, and what makes one event one event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from alerts.letters.glossary import rule_kind
from index.records import Deadline, Level, TaggedNotice

# Each happens once in a case, so the same event heard from two sources is one alert.
ONCE = frozenset(
    {
        "complaint_received",
        "institution",
        "complaint",
        "violation_found",
        "no_violation",
        "terminated",
        "judgment",
    }
)

# How much an event asks of the enterprise: 4 starts its clock, 3 act now, 2 read today, 1 know of it.
# Others are routine.
WEIGHT = {
    "institution": 4,
    "complaint": 4,
    "tro": 3,
    "preliminary_injunction": 3,
    "default": 3,
    "amended": 3,
    "amended_complaint": 3,
    "complaint_received": 3,
    "counterclaim": 3,
    "violation_found": 3,
    "judgment": 3,
    "remedy_changed": 2,
    "enforcement": 3,
    "summary_determination": 2,
    "summary_judgment": 2,
    "review": 2,
    "remand": 2,
    "no_violation": 2,
    "terminated": 2,
    "party_terminated": 2,
    "dismissal": 2,
    "settlement": 1,
    "appeal": 2,
    "opinion": 1,
    "transfer": 1,
    "patent_report": 2,
    "public_interest_request": 1,
    "correction": 1,
}

SEVERITIES = ("low", "normal", "high", "urgent")


def event_of(notice: TaggedNotice) -> str:
    """An event's name within its case: its type, with its day where the type can recur."""
    if notice.event in ONCE:
        return notice.event
    day = notice.filed_on or notice.notice.published_on
    return f"{notice.event}:{day.isoformat() if day else notice.notice.key}"


def weight_of(notice: TaggedNotice) -> int:
    """How much a notice's event asks, 0 for routine."""
    return WEIGHT.get(notice.event, 0)


def leading(told: Sequence[TaggedNotice]) -> TaggedNotice:
    """The notice that speaks for several: the weightiest, then the newest."""
    return max(told, key=lambda n: (weight_of(n), n.notice.published_on or n.filed_on or date.min, n.notice.key))


def severity(notice: TaggedNotice, level: Level, deadlines: Sequence[Deadline], today: date) -> str:
    """How severe an alert is: by what the event asks, how near the case is, and the days left."""
    if level not in (Level.NAMED, Level.AFFILIATED):
        return "low"
    grade = max(1, min(weight_of(notice), 2))  # to be named at all is never a small thing
    duties = [d.due for d in deadlines if d.due >= today and rule_kind(d.rule) == "duty"]
    left = min(((due - today).days for due in duties), default=None)
    if left is not None and left <= 30 and level is Level.NAMED:
        grade = 3
    return SEVERITIES[grade]
