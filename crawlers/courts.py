"""The courts of CM/ECF: what a court's id says, where its feed is, and how its cases are numbered."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from index.records import Identifier

DISTRICT, APPEAL, BANKRUPTCY = "us_district", "us_appeal", "us_bankruptcy"

# 1:16-cv-02914-KAM-JO: office, year, type, serial; then defendant's number or the judges' initials.
_DISTRICT_NUMBER = re.compile(r"(\d{1,2}):(\d{2})-([A-Za-z]{1,4})-(\d{1,6})((?:-[A-Za-z0-9]{1,5}){0,6})(?= |$)")
_APPEAL_NUMBER = re.compile(r"(\d{2,4})-(\d{1,6})(?= |$)")
_BANKRUPTCY_NUMBER = re.compile(
    r"(?:(\d{1,2}):)?(\d{2})-(?:([A-Za-z]{2,3})-)?(\d{5})((?:-[A-Za-z0-9]{1,5}){0,4})(?= |$)"
)


@dataclass(frozen=True, slots=True)
class Court:
    """One court. `forum` is us_district, us_appeal or us_bankruptcy; `path` its feed's, "" where it is never asked."""

    id: str
    name: str
    name_zh: str
    forum: str
    zone: ZoneInfo
    path: str = ""
    heard: bool = False
    note: str = ""


@cache
def known_courts() -> dict[str, Court]:
    """Every court with a feed address, by id, as courts.toml lists them."""
    table = tomllib.loads(files("crawlers").joinpath("courts.toml").read_text("utf-8"))
    kinds: dict[str, str] = table["kinds"]
    return {
        court: _court(court, forum, kinds[kind], row)
        for kind, forum in (("district", DISTRICT), ("appeal", APPEAL))
        for court, row in table[kind].items()
    }


def _court(court: str, forum: str, path: str, row: dict[str, Any]) -> Court:
    zone = ZoneInfo(row["zone"])
    heard, note = row.get("heard", True), row.get("note", "")
    return Court(court, row["name"], row["zh"], forum, zone, row.get("path", path), heard, note)


def court_of(court: str) -> Court:
    """The court of an id; one not listed is told by the id's form, with the clock of its district."""
    known = known_courts()
    if court in known:
        return known[court]
    district = next((known[known_id] for known_id in known if known_id[:-1] == court[:-1]), None)
    zone = district.zone if district else ZoneInfo("America/New_York")
    if court.endswith(("b", "bap")):
        forum = BANKRUPTCY
    else:
        forum = APPEAL if re.fullmatch(r"ca\d{1,2}|cadc|cafc", court) else DISTRICT
    return Court(court, court, court, forum, zone)


def docket_number(court: Court, printed: str) -> tuple[str, Identifier] | None:
    """(the number as printed without judges' initials, its identifier) from the beginning of a caption line.

    None where the line does not begin with a number of the court's form. The identifier's serial has five
    digits, as CM/ECF writes it, also where a court leaves zeros out.
    """
    if court.forum == APPEAL:
        found = _APPEAL_NUMBER.match(printed)
        return (found[0], Identifier("us_appeal_docket", found[0], court.id)) if found else None
    if court.forum == BANKRUPTCY:
        return _bankruptcy_number(court, printed)
    found = _DISTRICT_NUMBER.match(printed)
    if not found:
        return None
    office, year, kind, serial, _ = found.groups()
    value = f"{office}:{year}-{kind.lower()}-{serial.zfill(5)}"
    return f"{office}:{year}-{kind}-{serial}", Identifier("us_district_docket", value, court.id)


def _bankruptcy_number(court: Court, printed: str) -> tuple[str, Identifier] | None:
    found = _BANKRUPTCY_NUMBER.match(printed)
    if not found:
        return None
    office, year, kind, serial, _ = found.groups()
    value = f"{office + ':' if office else ''}{year}-{kind + '-' if kind else ''}{serial}"
    return value, Identifier("us_bankruptcy_docket", f"{year}-{serial}", court.id)
