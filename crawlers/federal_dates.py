"""On which day a Federal Register document was published, from what its edition prints."""

from __future__ import annotations

import re
from datetime import date, timedelta

from crawlers.federal_numbers import plain
from crawlers.fields import parse_date
from index.records import Fields

DATE_FORMATS = ("%Y-%m-%d", "%A, %B %d, %Y", "%B %d, %Y", "%m-%d-%y")
LONGEST_WAIT = timedelta(days=60)  # a document filed is published within days; more is another date


def published_on(fields: Fields) -> date | None:
    """The day of publication, from the first of these that can be read; None if none can.

    `publication_date` (API), `published` (an issue's or masthead's own date), the date in `html_url` or `address`
    ("…/2016/04/15/2016-08650.xml", "2016-04-15_x.xml"), and the regular schedule after `filed`.
    """
    for name in ("publication_date", "published"):
        if day := parse_date(_text(fields, name), DATE_FORMATS):
            return day
    filed, hour = filing(_text(fields, "filed"))
    named = _in_address(_text(fields, "html_url")) or _in_address(_text(fields, "address"))
    if named and (filed is None or filed < named <= filed + LONGEST_WAIT):
        return named
    return next_working_day(filed) if filed and hour == "8:45 am" else None


def filing(line: str) -> tuple[date | None, str]:
    """The day and hour of filing in "[FR Doc. 2016-08650 Filed 4-14-16; 8:45 am]"."""
    found = re.search(r"\bFiled\s(\d{1,2}-\d{1,2}-\d{2})[;,]\s?(\d{1,2}:\d{2}\s[ap]m)", plain(line[:2_000]))
    return (parse_date(found.group(1), DATE_FORMATS), found.group(2)) if found else (None, "")


def next_working_day(filed: date) -> date:
    """When a document filed for public inspection at 8:45 a.m. is published: the next federal working day.

    The regular schedule, 1 CFR 17.2(c); documents filed at other hours are special filings of no fixed schedule.
    """
    from holidays import country_holidays  # noqa: PLC0415  a slow import, seldom needed

    closed = country_holidays("US", years=(filed.year, filed.year + 1))
    day = filed + timedelta(days=1)
    while day.weekday() >= 5 or day in closed:
        day += timedelta(days=1)
    return day


def masthead_date(lines: list[str]) -> str:
    """The date in "[Federal Register Volume 91, Number 24 (Thursday, February 5, 2026)]" or the form before 2011."""
    for line in lines:
        found = re.search(r"[A-Z][a-z]{2,8} \d{1,2}, \d{4}", line) if line.startswith("[Federal Register") else None
        if found:
            return found.group()
    return ""


def _in_address(address: str) -> date | None:
    """The date in a file's own name or in the three folders above it; other folders' dates are ours, not theirs."""
    folders, _, name = address.partition("?")[0].rpartition("/")
    found = re.search(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)", name) or re.search(
        r"/(\d{4}/\d{2}/\d{2})(?:/[^/]{1,20})?\Z", folders
    )
    return parse_date(found.group(1).replace("/", "-"), DATE_FORMATS[:1]) if found else None


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
