"""A schedule as cron writes it, said so that APScheduler means the same.

Cron counts weekdays from Sunday (0, and 7 again), APScheduler's numbers count from Monday: names say it for both.
Where cron takes a day of the month *or* a weekday, APScheduler takes both together: such a schedule is refused.
"""

from __future__ import annotations

from index.problems import Unusable

FIELDS = ("minute", "hour", "day", "month", "day_of_week")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def fields(cron: str) -> dict[str, str]:
    """The five fields of a schedule by APScheduler's names. Raises Unusable."""
    said = cron.split()
    if len(said) != len(FIELDS):
        raise Unusable(f"schedule {cron!r}: {len(said)} fields, not minute, hour, day, month, weekday")
    named = dict(zip(FIELDS, said, strict=True))
    if named["day"] != "*" and named["day_of_week"] != "*":
        raise Unusable(f"schedule {cron!r}: a day of the month and a weekday cannot both be said")
    try:
        return named | {"day_of_week": weekdays(named["day_of_week"])}
    except ValueError as error:
        raise Unusable(f"schedule {cron!r}: {error}") from error


def weekdays(field: str) -> str:
    """A weekday field in names. Raises ValueError.

    >>> weekdays("1-5"), weekdays("0,6"), weekdays("fri-mon")
    ('mon,tue,wed,thu,fri', 'sun,sat', 'fri,sat,sun,mon')
    """
    if field == "*":
        return field
    days = [day for part in field.lower().split(",") for day in _span(part)]
    return ",".join(DAYS[day] for day in dict.fromkeys(days))


def _span(part: str) -> list[int]:
    span, _, step = part.partition("/")
    first, dash, last = ("0", "-", "6") if span == "*" else span.partition("-")
    begin = _day(first)
    end = _day(last) if dash else 6 if step else begin
    if dash and last == "7":
        end = 7
    every = int(step) if step else 1
    if every < 1:
        raise ValueError(f"step {step!r}")
    return [day % 7 for day in range(begin, end + (7 if end < begin else 0) + 1, every)]


def _day(said: str) -> int:
    if said in DAYS:
        return DAYS.index(said)
    if said.isascii() and said.isdigit() and int(said) <= 7:
        return int(said) % 7
    raise ValueError(f"weekday {said!r}")
