"""On which days a forum is closed: weekends, public holidays, and the days it has published.

Each calendar is a file in `closings/`. A day that no source shows to be closed counts as open: the
deadline is then never later than the law allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from pydantic import Field, model_validator

from alerts.deadlines.rules import BadRules, Entry, read_toml
from index.problems import YujingError

CLOSINGS = Path(__file__).parent / "closings"
SATURDAY = 5
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class UnknownPlace(YujingError):
    """The forum has no such division, court or provider; the message lists those it has."""


class Closed(Entry):
    """A day the forum was or will be closed, and who says so."""

    day: date
    name: str
    citation: str


class Yearly(Entry):
    """A day closed every year: a date (`month`, `day`) or so many days from Easter Sunday."""

    name: str
    citation: str
    month: int | None = Field(default=None, ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)
    easter: int | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Yearly:
        dated = self.month is not None and self.day is not None
        if dated == (self.easter is not None):
            raise ValueError("give month and day, or easter")
        return self

    def falls(self, year: int) -> date:
        """The day in that year."""
        if self.easter is not None:
            return easter_sunday(year) + timedelta(self.easter)
        return date(year, self.month or 1, self.day or 1)


class Place(Entry):
    """A division and the country whose official holidays it keeps (ISO 3166 code)."""

    names: tuple[str, ...] = Field(min_length=1)
    country: str = Field(pattern=r"^[A-Z]{2}$")


class Closings(Entry):
    """A calendar file. `country`: public holidays of that country, as observed, are closed days."""

    name_zh: str
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    closed: tuple[Closed, ...] = ()
    yearly: tuple[Yearly, ...] = ()
    place: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """A forum's open and closed days, at a place where it has several."""

    name: str
    name_zh: str
    closings: Closings
    countries: tuple[str, ...] = ()

    def why_closed(self, day: date) -> str:
        """Why the forum is closed that day, in English, or an empty string when it is open."""
        if day.weekday() >= SATURDAY:
            return WEEKDAYS[day.weekday()]
        return self._published(day.year).get(day) or self._public(day)

    def first_open(self, day: date) -> date:
        """That day, or the next open one."""
        while self.why_closed(day):
            day += timedelta(1)
        return day

    def nth_open(self, after: date, count: int) -> date:
        """The count-th open day after a day."""
        for _ in range(count):
            after = self.first_open(after + timedelta(1))
        return after

    def _public(self, day: date) -> str:
        names = (public_holidays(country, day.year).get(day) for country in self.countries)
        return next((name for name in names if name), "")

    def _published(self, year: int) -> Mapping[date, str]:
        dated = {entry.day: entry.name for entry in self.closings.closed if entry.day.year == year}
        return {entry.falls(year): entry.name for entry in self.closings.yearly} | dated


@cache
def calendar(name: str, place: str = "", folder: Path = CLOSINGS) -> Calendar:
    """A calendar by its file's name. Raises BadRules where there is no such file, UnknownPlace."""
    path = folder / f"{name}.toml"
    if path not in set(folder.glob("*.toml")):
        raise BadRules(f"closings/{name[:60]}.toml: no such calendar")
    closings = read_toml(path, Closings)
    own = (closings.country,) if closings.country else ()
    return Calendar(name, closings.name_zh, closings, own + _countries_of(closings, place))


def _countries_of(closings: Closings, place: str) -> tuple[str, ...]:
    """The country a named division sits in; calendars without divisions take any place."""
    if not place or not closings.place:
        return ()
    for known in closings.place:
        if plain(place) in {plain(name) for name in known.names}:
            return (known.country,)
    names = ", ".join(entry.names[0] for entry in closings.place)
    raise UnknownPlace(f"unknown place {place[:60]!r}; known: {names}")


def plain(name: str) -> str:
    """A place's name as compared: case, spaces, hyphens and underscores do not count."""
    return "".join(c for c in name[:200].casefold() if c not in " -_")


@cache
def public_holidays(country: str, year: int) -> Mapping[date, str]:
    """A country's nationwide public holidays of a year, moved ones where they are observed.

    For the United States these are the holidays of 5 USC 6103(a) and (b) and Executive Order 11582:
    a Saturday holiday is observed on Friday, a Sunday one on Monday. The Friday after Thanksgiving
    is none of them, nor are the states' own holidays.
    """
    import holidays  # noqa: PLC0415  (heavy: only where a date is counted)

    return dict(holidays.country_holidays(country, years=year, language="en_US").items())


def easter_sunday(year: int) -> date:
    """Easter of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + m - 7 * ((a + 11 * h + 22 * m) // 451) + 114, 31)
    return date(year, month, day + 1)
