"""What of a stretch of prose is a company's or person's name: cleaned, tested, and each named once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from nlp.legal_forms import ends_with_form, has_form, name_key
from nlp.places import gazetteer

_NAME_LIMIT = 200
_QUOTES = "\"“”„'‘’`"
DEFINITION = re.compile(
    rf"\((?:[^()]{{0,80}}?[\s(])?[{_QUOTES}]{{1,2}}[^()]{{1,300}}\)|\((?:collectively"
    rf"|together|hereinafter|jointly)\b[^()]{{0,200}}\)"
)
_DEFINED = re.compile(rf"[{_QUOTES}]{{1,2}}([^{_QUOTES}()]{{1,80}}?),?[{_QUOTES}]{{1,2}}")
OTHER_NAME = re.compile(
    r"\(\s*(?:[fnadk]/?\.?[kb]/?\.?a\b|also known|formerly|doing business|trading as|now known)", re.I
)
NUMBERED = re.compile(r"\s{0,3}\(?(?:\d{1,3}|[ivx]{1,5}|[a-h])\)\s{1,3}")
_LEADING = re.compile(
    r"(?:(?:and|both|namely|viz\.?|either|the following|respondents?|complainants?|defaulting)(?=[\s:,]"
    r"|$)[\s:,]{0,3}){1,6}",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One name of a list: text[start:end] holds it with its place; `strong` has a legal form, place or definition."""

    name: str
    place: str | None
    country: str | None
    start: int
    end: int
    strong: bool
    aliases: tuple[str, ...] = ()


@cache
def _place_names() -> frozenset[str]:
    """Places a bracket after the legal form may hold as part of the name: "Brother Corporation (U.S.A.)"."""
    return frozenset(name for name, _, _ in gazetteer()) | {"HK", "H.K.", "International", "Europe", "Asia", "America"}


def defined_terms(bracket: str) -> tuple[str, ...]:
    """The short-hands a bracket defines: `(collectively, “Complainants” or “Infineon”)`."""
    return tuple(term.group(1).strip() for term in _DEFINED.finditer(bracket))


_NOT_NAMES = re.compile(
    r"(?:(?:the )?(?:[a-z]+ )?(?:respondents?|complainants?|part(?:y|ies)|commission|motions?|petitions?|requests?"
    r"|oppositions?|responses?|reply|replies|notices?|statements?|submissions?|briefs?|orders?|claims?|patents?"
    r"|investigation|complaint|administrative law judges?|united states"
    r"|office of (?:the )?(?:secretary|general counsel|administrative))"
    r"|company|city|state or country|others?|its|their|section 337|u\.?s\.? patents?"
    r"|u\.?s\.? international trade commission"
    r"|usitc|itc|ids?|final id|rd|alj|calj|ouii)(?=$|\s(?:for|of|to|and|in|no|nos|under|regarding|that)\b)",
    re.I,
)
_NO_STOP = re.compile(
    r"(?:\b(?:LLC|LLP|LP|PLC|plc|GmbH|AG|KG|SE|SA|SAS|NV|BV|AB|Oy|ULC|Limited|LIMITED|Corporation|Company|Incorporated|Private)|A/S)\.$"
)


def clean_name(name: str) -> tuple[str, tuple[str, ...]]:
    """A name as printed without numbering, leading role words and a trailing short-hand, and that short-hand."""
    bare = re.sub(r"(?<=[\s.)])\.$", "", re.sub(r"\s+", " ", name)).strip(" ,;:")
    bare = _LEADING.sub("", NUMBERED.sub("", bare), count=1) if _LEADING.match(bare) or NUMBERED.match(bare) else bare
    bare = re.sub(r"[\"“”]", "", bare)
    aliases: tuple[str, ...] = ()
    last = re.search(r"\s*\(([^()]{1,80})\)\s*$", bare)
    named = last and (OTHER_NAME.match(last.group().strip()) or last[1] in _place_names())
    if last and not named and ends_with_form(bare[: last.start()]):
        aliases, bare = (last[1],), bare[: last.start()]
    bare = re.sub(r"['’]s?$", "", bare.strip(" ,;:")) if re.search(r"['’]s?$", bare) else bare.strip(" ,;:")
    stop = _NO_STOP.search(bare) or (re.search(r"\w{3,}\.$", bare) and not ends_with_form(bare))
    return (bare[:-1] if stop else bare), aliases


def is_name(name: str) -> bool:
    """Whether what is left reads as a name: a capital or a legal form, of sane length, no lawyer's noun."""
    if not 2 <= len(name) <= _NAME_LIMIT or not (re.search(r"[A-Z]|[\u4e00-\u9fff]", name) or has_form(name)):
        return False
    if _NOT_NAMES.match(name):
        return False
    return has_form(name) or len(name.split()) <= 14


def without_short_hands(found: tuple[Listed, ...]) -> tuple[Listed, ...]:
    """Names once each, in order; a short-hand of another name ("Utopban" for "Utopban Limited") is not a name.

    Of a name said twice the telling with a country stands, else the one with a place.
    """
    by_key: dict[str, list[Listed]] = {}
    for one in found:
        by_key.setdefault(name_key(one.name), []).append(one)
    short = {name_key(alias) for one in found for alias in one.aliases if name_key(alias) != name_key(one.name)}
    begun = {" ".join(words[:count]) for key in by_key if (words := key.split()) for count in range(1, len(words))}
    kept = []
    for key, same in by_key.items():
        if key in short or (key in begun and not has_form(same[0].name)):
            continue
        best = next((one for one in same if one.country), next((one for one in same if one.place), same[0]))
        kept.append(replace(same[0], place=best.place, country=best.country))
    return tuple(kept)
