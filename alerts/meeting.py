"""A registered name and a party's name that met, each read once: what the features compare."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from index.records import Alias, Enterprise, Party
from nlp.chinese_names import (
    TradeName,
    english_trades,
    leading_places,
    read_chinese,
    simplified,
    trade_name,
    trade_vocabulary,
)
from nlp.chinese_places import bare, english_places
from nlp.name_tables import trades
from nlp.names import EnglishName, PartyName, english_words, has_han, read_english
from nlp.pinyin import readings

_BRACKET = re.compile(r"[(（\[]([^()（）\[\]]{2,60})[)）\]]")
_TYPED = {"集团": "group", "控股": "holding", "国际": "international"}


@dataclass(frozen=True, slots=True)
class Theirs:
    """A party's name as read. `branch`: places in brackets; `sizes`: group, holding… as `trades.toml` sorts them."""

    party: Party
    name: PartyName
    english: EnglishName
    places: frozenset[str]
    branch: frozenset[str]
    trades: frozenset[str]
    sizes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ours:
    """What an enterprise's register entry says that may speak for or against a name."""

    enterprise: Enterprise
    parts: TradeName
    places: frozenset[str]
    branch: frozenset[str]
    trades: frozenset[str]
    sizes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Meeting:
    """`how` they met: name (equal English), han (equal Chinese), pinyin (whole name), trade (字号 only).

    `key` is the 字号 that met, `met` the letters of the party's name it met.
    """

    how: str
    alias: Alias
    key: str
    met: str
    ours: Ours
    theirs: Theirs

    @property
    def unexplained(self) -> list[str]:
        """Words of the party's name that neither our name, its pinyin, place nor trade accounts for."""
        words = self.theirs.english.words
        placed = {i for found in english_places(words) for i in range(found.start, found.end)}
        said = self.met + readings(read_chinese(self.alias.name).core)[0].replace("ü", "u")
        known = self.ours.trades | trade_vocabulary() | _too_general()
        left = (w for i, w in enumerate(words) if i not in placed and w not in known and w not in _size_words())
        return [w for w in left if len(w) > 3 and w not in said]


def read_party(party: Party, name: PartyName) -> Theirs:
    """One of a party's names with the places and trades it mentions; the party's stated place counts too."""
    english = read_english(name.name)
    words = english.words
    inside = [w for text in _BRACKET.findall(name.name) for w in [*english_words(text)]]
    places = {p for found in english_places(words) for p in found.places}
    if has_han(name.name):
        places |= set(leading_places(simplified(name.name))[0])
    places |= {p for found in english_places(english_words(party.place or "")) for p in found.places}
    return Theirs(
        party,
        name,
        english,
        frozenset(places),
        frozenset(p for found in english_places(inside) for p in found.places),
        frozenset(words) & trade_vocabulary(),
        sizes_among(words),
    )


@lru_cache(maxsize=4096)
def read_enterprise(enterprise: Enterprise, alias: Alias) -> Ours:
    """An enterprise's places, trades and size words under one of its names, and from the register's own columns."""
    former = alias.kind == "former" and has_han(alias.name)
    parts = trade_name(alias.name if former else enterprise.cn_name)
    english = () if former else read_english(enterprise.en_name).words
    places = {*parts.places, *([bare(enterprise.city)] if enterprise.city else ())}
    branch = frozenset({parts.branch} - {""})
    stated = frozenset(english) | frozenset(w for product in enterprise.products for w in english_words(product))
    return Ours(
        enterprise,
        parts,
        frozenset(places) | branch,
        branch,
        english_trades(parts.industry) | (stated & trade_vocabulary()),
        sizes_among(english)
        | {kind for part, kind in _TYPED.items() if part in (alias.name if former else enterprise.cn_name)},
    )


def sizes_among(words: Iterable[str]) -> frozenset[str]:
    """Kinds of size word: group, holding, international, america (another country's company)."""
    kinds = _size_words()
    return frozenset(kinds[w] for w in words if w in kinds)


@cache
def _too_general() -> frozenset[str]:
    return frozenset({*trades()["general"]["words"], "and", "of", "the", "china", "chinese"})


@cache
def _size_words() -> dict[str, str]:
    return {word: kind for kind, words in trades()["sizes"].items() for word in words}
