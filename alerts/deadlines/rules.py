"""A forum's rules, read from `alerts/deadlines/<forum>.toml` and checked when first used.

A forum is a file: to add one, add a file. A mistake in a file names the file, the entry and the
field. A rule may stand several times, each version with the dates it was in force.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from index.problems import Unusable, YujingError

FOLDER = Path(__file__).parent

Unit = Literal["day", "business_day", "month", "year"]
Roll = Literal["next_open_day", "none"]
Starts = Literal["next_day", "next_business_day"]
Model = TypeVar("Model", bound=BaseModel)


class BadRules(Unusable):
    """A file of rules or closing days is wrong; the message names file, entry and field."""


class UnknownForum(YujingError):
    """No rules for this forum; the message lists the forums there are."""


class UnknownEvent(YujingError):
    """The forum has no such legal event; the message lists its events."""


class Entry(BaseModel):
    """A table of a rules file: unknown fields are mistakes, nothing is changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_min_length=1, str_strip_whitespace=True)


class Example(Entry):
    """A worked example of a rule; it runs as a test."""

    on: date
    due: date
    place: str | None = None
    why: str = "plain"


class Event(Entry):
    """A legal event that sets periods running; `day_zh` is the day they are counted from."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name_zh: str
    day_zh: str


class Version(Entry):
    """What a rule says at certain places (a provider, a court), where that differs."""

    names: tuple[str, ...] = Field(min_length=1)
    calendar: str | None = None
    roll: Roll | None = None
    citation: str | None = None
    counted: str | None = None
    counted_zh: str | None = None


class Rule(Entry):
    """One period: so many units after an event, on a calendar, by an article of law.

    `starts = "next_business_day"`: day 1 is the first open day after the event. `roll = "none"`:
    the last day stays where it falls. `effective_from/to`: trigger dates this version governs.
    `confidence`: H official text read, M good secondary source, L not verified.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    event: str
    count: int = Field(gt=0, le=3660)
    unit: Unit
    starts: Starts = "next_day"
    calendar: str
    roll: Roll
    citation: str
    url: str = Field(pattern=r"^https://")
    confidence: Literal["H", "M", "L"]
    effective_from: date
    effective_to: date | None = None
    counted: str
    counted_zh: str
    note_zh: str
    place: tuple[Version, ...] = ()
    example: tuple[Example, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Rule:
        if self.effective_to and self.effective_to < self.effective_from:
            raise ValueError("effective_to: lies before effective_from")
        if self.starts == "next_business_day" and self.unit != "day":
            raise ValueError("starts: next_business_day needs unit = day")
        outside = [e.on for e in self.example if not self.governs(e.on)]
        if outside:
            raise ValueError(f"example: {outside[0]} is outside effective_from/to")
        return self

    def governs(self, on: date) -> bool:
        """Whether this version is the law for an event on that day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


class Expect(Entry):
    """Which legal event a kind of notice tells of, and which of the notice's dates counts for it.

    `bound`: that date is only the earliest the event can be (service never precedes filing).
    """

    notice_event: tuple[str, ...] = Field(min_length=1)
    legal_event: str
    from_: Literal["published_on", "filed_on"] = Field(alias="from")
    bound: bool
    rules: tuple[str, ...] = ()
    start_zh: str
    note_zh: str | None = None


class Clock(Entry):
    """What to say of the clock where a kind of notice gives no date to count from."""

    notice_event: tuple[str, ...] = Field(min_length=1)
    note_zh: str


class Forum(Entry):
    """All a rules file says."""

    name_zh: str
    event: tuple[Event, ...] = Field(min_length=1)
    rule: tuple[Rule, ...] = Field(min_length=1)
    expect: tuple[Expect, ...] = ()
    clock: tuple[Clock, ...] = ()

    @field_validator("event")
    @classmethod
    def _once(cls, found: tuple[Event, ...]) -> tuple[Event, ...]:
        twice = [name for name, times in Counter(e.id for e in found).items() if times > 1]
        if twice:
            raise ValueError(f"{twice[0]} stands twice")
        return found

    @model_validator(mode="after")
    def _linked(self) -> Forum:
        known = {e.id for e in self.event}
        pairs = {(r.event, r.id) for r in self.rule}
        for rule in self.rule:
            _need(rule.event in known, f"rule {rule.id}: event: no [[event]] {rule.event}")
        for event in known:
            _need(any(e == event for e, _ in pairs), f"event {event}: no [[rule]] for it")
        for expect in self.expect:
            _need(expect.legal_event in known, f"expect: legal_event: no [[event]] {expect.legal_event}")
            for name in expect.rules:
                _need((expect.legal_event, name) in pairs, f"expect: rules: {expect.legal_event} has no rule {name}")
        _no_overlap(self.rule)
        return self


def _need(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def _no_overlap(found: tuple[Rule, ...]) -> None:
    """Two versions of a rule never govern the same day: one due a rule."""
    for at, rule in enumerate(found):
        for other in found[at + 1 :]:
            same = (rule.event, rule.id) == (other.event, other.id)
            both = rule.governs(other.effective_from) or other.governs(rule.effective_from)
            _need(not (same and both), f"rule {rule.id} ({rule.event}): effective_from: two versions overlap")


def read_toml(path: Path, model: type[Model]) -> Model:
    """A file as its model. Raises BadRules naming the file, the entry and the field."""
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadRules(f"{path.name}: {error}") from error
    except ValidationError as error:
        wrong = error.errors()[0]
        where = _where(path, wrong["loc"])
        raise BadRules(f"{path.name}: {where}{wrong['msg'].removeprefix('Value error, ')}") from error


def _where(path: Path, loc: tuple[int | str, ...]) -> str:
    """`rule response (complaint_served): count: ` for the place `rule, 0, count`."""
    if not loc:
        return ""
    here: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    words: list[str] = []
    for step in loc:
        here = _inside(here, step)
        if isinstance(step, str):
            words.append(step)
        elif words:
            words[-1] += f" {_name(here) or step + 1}"
    return ": ".join(words) + ": "


def _inside(here: Any, step: int | str) -> Any:
    """The value one step further in, or None where the file has none."""
    try:
        return here[step]
    except (KeyError, IndexError, TypeError):
        return None


def _name(entry: Any) -> str:
    """How an entry is spoken of: its id, with its event where it has one."""
    if not isinstance(entry, dict) or "id" not in entry:
        return ""
    return f"{entry['id']} ({entry['event']})" if "event" in entry else str(entry["id"])


def forums(folder: Path = FOLDER) -> tuple[str, ...]:
    """The forums there are rules for: the names of the files, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


@cache
def forum_rules(forum: str, folder: Path = FOLDER) -> Forum:
    """A forum's rules. Raises UnknownForum listing the known ones, BadRules for a wrong file."""
    known = forums(folder)
    if forum not in known:
        raise UnknownForum(f"unknown forum {forum[:60]!r}; known: {', '.join(known)}")
    return read_toml(folder / f"{forum}.toml", Forum)


def events(forum: str) -> tuple[str, ...]:
    """The legal events of a forum, as its file orders them. Raises UnknownForum."""
    return tuple(e.id for e in forum_rules(forum).event)
