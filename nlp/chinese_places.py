"""Places of China as they stand in company names, Chinese and English, and which lies within which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from nlp.name_tables import name_table
from nlp.pinyin import fixed_reading

_SKIPPED = frozenset({"city", "province", "shi", "sheng", "xian", "county", "district"})
# The longest first.
_SUFFIXES = ("维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市", "县", "区")
_LONGEST_WINDOW = 4  # words: "hu he hao te"


@dataclass(frozen=True, slots=True)
class PlaceTable:
    """`parents`: place → where it lies ('' at the top). `english`: letters → the places so written.

    `lengths`: first character → lengths of the places that begin so, longest first.
    """

    parents: dict[str, frozenset[str]]
    english: dict[str, frozenset[str]]
    lengths: dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class PlaceInName:
    """Where a place stands in a list of words: [start, end), and which places it may be (homophones)."""

    start: int
    end: int
    places: frozenset[str]


@cache
def table() -> PlaceTable:
    """The table, read once."""
    data = name_table("cn_places")
    parents: defaultdict[str, set[str]] = defaultdict(set)
    for name in ("中国", "山东", *data["municipalities"], *data["cities"]):
        parents[name].add("")
    for province, cities in {**data["cities"], "山东": list(data["shandong"])}.items():
        for city in cities:
            parents[city].add(province)
    for city, counties in data["shandong"].items():
        for county in counties:
            parents[county].add(city)
    english = _spellings([p for p in parents if p not in data["not_pinyin"]], data["english"])
    known = {name: frozenset(above) for name, above in parents.items()}
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for name in known:
        lengths[name[0]].add(len(name))
    return PlaceTable(known, english, {first: tuple(sorted(n, reverse=True)) for first, n in lengths.items()})


def _spellings(names: list[str], printed: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    letters: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        flat = fixed_reading(name).replace("ü", "u")
        letters[flat].add(name)
    for name, spellings in printed.items():
        for spelling in spellings:
            letters[spelling.replace(" ", "")].add(name)
    return {flat: frozenset(found) for flat, found in letters.items()}


def leading_place(text: str) -> tuple[str, int]:
    """(place at the start of a Chinese name, characters it takes with its 省/市/县); ('', 0) where there is none.

    The longest wins, and a place that would leave fewer than two characters is not cut.
    """
    known = table()
    for length in known.lengths.get(text[:1], ()):
        place = text[:length]
        if place in known.parents and len(text) - length >= 2:
            rest = text[length:]
            suffix = next((s for s in _SUFFIXES if rest.startswith(s)), "")
            return place, length + (len(suffix) if len(rest) - len(suffix) >= 2 else 0)
    return "", 0


def chain(place: str) -> frozenset[str]:
    """A place and everything it lies in: 寿光 → 寿光, 潍坊, 山东."""
    known, found, open_ = table().parents, {place}, [place]
    while open_:
        above = known.get(open_.pop(), frozenset()) - {""} - found
        found |= above
        open_ += above
    return frozenset(found)


def agree(ours: frozenset[str], theirs: frozenset[str]) -> bool | None:
    """Whether one place lies within the other; None where a side names none (中国 says nothing)."""
    ours, theirs = ours - {"中国"}, theirs - {"中国"}
    if not ours or not theirs:
        return None
    return any(a in chain(b) or b in chain(a) for a in ours for b in theirs)


def bare(place: str) -> str:
    """A place as printed in a register, without 省/市: 山东省潍坊市 → 潍坊, 寿光市 → 寿光."""
    text = "".join(place.split())
    for province in ("山东省", "山东"):
        if text.startswith(province) and len(text) > len(province) + 1:
            text = text[len(province) :]
    head, city, _ = text.partition("市")
    return head if city and len(head) >= 2 else text


def english_places(words: Sequence[str]) -> list[PlaceInName]:
    """Places among words, left to right, the longest first; written together or apart (`qing dao`, `tai an shi`)."""
    found: list[PlaceInName] = []
    at = 0
    while at < len(words):
        place = _place_at(words, at)
        if place is None:
            at += 1
            continue
        found.append(place)
        at = place.end
    return found


def _place_at(words: Sequence[str], at: int) -> PlaceInName | None:
    known = table().english
    for end in range(min(len(words), at + _LONGEST_WINDOW), at, -1):
        flat = "".join(words[at:end])
        places = known.get(flat) or next(
            (known[flat[: -len(s)]] for s in ("shi", "sheng") if flat.endswith(s) and flat[: -len(s)] in known), None
        )
        if places:
            after = end + 1 if end < len(words) and words[end] in _SKIPPED else end
            return PlaceInName(at, after, places)
    return None
