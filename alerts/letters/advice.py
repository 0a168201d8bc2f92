"""What to do next, chosen from `advice.toml` by how near the case is, on which side, where, and how far it has come."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from alerts.letters.glossary import entry, opening, side
from alerts.letters.letter import Letter

_DEFAULTS = frozenset({"default", "default_judgment"})
_RESTRAINTS = frozenset(
    {"tro", "temporary_restraining_order", "preliminary_injunction", "permanent_injunction", "injunction", "seizure"}
)


@cache
def _plans() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(files("alerts.letters").joinpath("advice.toml").read_text("utf-8"))["plans"])


def stage(event: str, forum: str) -> str:
    """How far the case has come: `opening`, `default`, `restraint`, `ending`, else `progress`."""
    if event in _DEFAULTS:
        return "default"
    if event in _RESTRAINTS:
        return "restraint"
    if opening(event, forum):
        return "opening"
    return "ending" if entry("endings", event) else "progress"


def steps(letter: Letter) -> tuple[str, ...]:
    """Three to five steps in the reader's language, in the order to take them."""
    forum = letter.case.forum
    facts = {
        "levels": letter.match.level.value,
        "sides": side(letter.match.party.role, forum),
        "forums": forum,
        "stages": stage(letter.event, forum),
    }
    return plan(letter.language, **facts)


def plan(language: str, **facts: str) -> tuple[str, ...]:
    """The steps of the first plan whose conditions (`levels`, `sides`, `forums`, `stages`) these facts meet."""
    found = next(p for p in _plans() if all(fact in p.get(name, (fact,)) for name, fact in facts.items()))
    return tuple(found[language])
