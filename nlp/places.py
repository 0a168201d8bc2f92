"""Places that state a country: a spaCy entity ruler over the gazetteer in `places.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

_CACHE = "places_by_start"
COUNTRY, STATE, REGION = "COUNTRY", "STATE", "REGION"


@dataclass(frozen=True, slots=True)
class Place:
    """A gazetteer place at text[start:end]; `country` is ISO 3166-1 alpha-2, "" for a bare region."""

    start: int
    end: int
    country: str
    kind: str


@cache
def gazetteer() -> tuple[tuple[str, str, str], ...]:
    """(spelling, kind, ISO country or "") of every place known."""
    table = tomllib.loads(files("nlp").joinpath("places.toml").read_text("utf-8"))
    rows = [(name, COUNTRY, code) for code, names in table["countries"].items() for name in names]
    for group, country in (("us_states", "US"), ("canadian_provinces", "CA")):
        for code, name in table[group].items():
            rows += [(spelling, STATE, country) for spelling in {code, name}]
    rows += [(name + tail, REGION, "") for name in table["regions"]["names"] for tail in ("", " Province")]
    return tuple(sorted(rows))


def ruler_patterns() -> list[dict[str, str]]:
    """The gazetteer as spaCy entity ruler patterns. "Georgia" is the state: notices give it after a city."""
    known: dict[str, dict[str, str]] = {}
    for name, kind, country in sorted(gazetteer(), key=lambda row: row[1] == STATE):
        known[name] = {"label": kind, "pattern": name, "id": country}
    return list(known.values())


def places_by_start(doc: Doc) -> dict[int, Place]:
    """The places of a text that went through the prose pipeline, by where they begin."""
    if _CACHE not in doc.user_data:
        doc.user_data[_CACHE] = _places(doc)
    places: dict[int, Place] = doc.user_data[_CACHE]
    return places


def _places(doc: Doc) -> dict[int, Place]:
    return {
        ent.start_char: Place(ent.start_char, ent.end_char, ent.ent_id_, ent.label_)
        for ent in doc.ents
        if ent.label_ in {COUNTRY, STATE, REGION}
    }
