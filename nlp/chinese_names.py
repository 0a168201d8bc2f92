"""Chinese company names: (中国)? + place* + 字号 + trade + 集团? + legal form, read with small tables of our own.

Order and meaning of the parts follow the Provisions on the Administration of Enterprise Name Registration
(企业名称登记管理规定, State Council Order 734, art. 6).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from nlp.chinese_places import chain, leading_place, table
from nlp.name_tables import forms, trades
from nlp.pinyin import readings

LONGEST = 300  # characters of a Chinese name that are read
_SPACES = re.compile(r"\s+")
_TYPED = ("(集团)", "(控股)", "集团", "控股")
_BRACKET = re.compile(r"\(([^()]{1,40})\)")


@dataclass(frozen=True, slots=True)
class ChineseName:
    """A name without its legal form. `typed` keeps 集团 and 控股, which make another company of the same name."""

    core: str
    typed: str
    form: str


@dataclass(frozen=True, slots=True)
class TradeName:
    """The parts of a legal name. `key` is the 字号, '' where only place and trade are left.

    `typed` keeps 集团 and 控股, `branch` a place in brackets.
    """

    places: tuple[str, ...]
    key: str
    industry: str
    form: str
    typed: str = ""
    branch: str = ""


@cache
def _suffixes() -> tuple[str, ...]:
    return tuple(sorted(forms()["chinese"]["forms"], key=len, reverse=True))


@cache
def _converter() -> Any:
    import opencc  # noqa: PLC0415 (its tables load on import)

    return opencc.OpenCC("t2s")


def clean(name: str) -> str:
    """NFKC (so that （ is (), no spaces; still in the script it was printed in."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", name[:LONGEST]).replace("〔", "(").replace("〕", ")"))


def simplified(name: str) -> str:
    """A cleaned name in simplified characters; one that already is stays (乾 as a trade name is not 干)."""
    text = clean(name)
    return text if _encodes(text, "gb2312") else str(_converter().convert(text))


def _encodes(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=1024)
def read_chinese(name: str) -> ChineseName:
    """A name in simplified characters, its form cut by the longest suffix, its 集团 and 控股 set apart."""
    text = simplified(name)
    form = next((f for f in _suffixes() if text.endswith(f) and len(text) - len(f) >= 2), "")
    core = text[: len(text) - len(form)]
    typed = ""
    while True:
        part = next((p for p in _TYPED if core.endswith(p) and len(core) - len(p) >= 2), "")
        if not part:
            return ChineseName(core, typed, form)
        core, typed = core[: -len(part)], part.strip("()") + typed


def chinese_key(name: str) -> str:
    """Equality key: simplified, no form, no 省/市 after a leading place, brackets open, 集团/控股 kept after a bar."""
    parsed = read_chinese(name)
    places, rest = leading_places(parsed.core)
    core = "".join(places) + rest.replace("(", "").replace(")", "")
    core = core.replace("乾", "干")  # as the conversion from traditional has it
    return f"{core}|{parsed.typed}" if parsed.typed else core


@lru_cache(maxsize=1024)
def leading_places(core: str) -> tuple[tuple[str, ...], str]:
    """(places a name begins with, the rest). A place that leaves fewer than two characters stays."""
    found: list[str] = []
    while True:
        opened = core.startswith("(")
        place, length = leading_place(core[1:] if opened else core)
        closed = opened and core[1 + length : 2 + length] == ")"
        if not place or (opened and not closed) or not (not found or _follows(found[-1], place)):
            return tuple(found), core
        found.append(place)
        core = core[length + (2 if opened else 0) :]


def _follows(before: str, place: str) -> bool:
    """Whether a second place may stand after the first: only one that lies in it (单县朝阳… is a trade name)."""
    return before == "中国" or before in chain(place)


@lru_cache(maxsize=65536)
def trade_name(cn_name: str) -> TradeName:
    """The parts of a Chinese legal name, by the grammar above."""
    parsed = read_chinese(cn_name)
    branch = next((b for b in _BRACKET.findall(parsed.core) if _is_place(b)), "")
    places, rest = leading_places(parsed.core.replace(f"({branch})", "") if branch else parsed.core)
    if branch and rest == parsed.core:
        places, rest = (), parsed.core
    key, industry = _cut_trade(_BRACKET.sub(r"\1", rest))
    return TradeName(places, key, industry, parsed.form, parsed.typed, branch)


def _is_place(text: str) -> bool:
    return text in table().parents or leading_place(text + "公司")[1] == len(text)


def _cut_trade(rest: str) -> tuple[str, str]:
    """(字号, trade): trade words leave from the end; a name of trade words only has no 字号."""
    words = trades()["words"]
    key, cut = rest, len(rest)
    while key:
        length = next((n for n in range(min(6, len(key)), 1, -1) if key[-n:] in words), 0)
        if not length or 0 < len(key) - length < 2:
            break
        key = key[:-length]
        cut = len(key)
    return key, rest[cut:]


def trade_keys(parts: TradeName) -> tuple[str, ...]:
    """What may stand for the 字号: itself up to four characters, and its first two where it runs longer than three."""
    short = (parts.key[:2],) if len(parts.key) > 3 else ()
    return tuple(k for k in (parts.key if len(parts.key) <= 4 else "", *short) if len(k) >= 2)


def english_trades(industry: str) -> frozenset[str]:
    """English words a Chinese trade may be written with, those too general to tell companies apart left out."""
    words, found, at = trades()["words"], set[str](), 0
    while at < len(industry):
        length = next((n for n in range(6, 1, -1) if industry[at : at + n] in words), 1)
        found.update(words.get(industry[at : at + length], ()))
        at += length
    return frozenset(found) - frozenset(trades()["general"]["words"])


@cache
def trade_vocabulary() -> frozenset[str]:
    """Every English word that names a trade and is not too general."""
    every = {word for many in trades()["words"].values() for word in many}
    return frozenset(every) - frozenset(trades()["general"]["words"])


def spoken_parts(cn_name: str) -> tuple[tuple[str, ...], str]:
    """(ways its leading places may be written, the rest). Ways: as printed, without 省/市, with 省/市."""
    text = clean(cn_name)
    places, rest = leading_places(text)
    printed = text[: len(text) - len(rest)].replace("(", "").replace(")", "")
    suffixed = "".join(p + _suffix(p) for p in places)
    return tuple(dict.fromkeys((printed, "".join(places), suffixed))), rest


def _suffix(place: str) -> str:
    above = table().parents.get(place, frozenset())
    if place == "中国" or place.endswith(("县", "区")):
        return ""
    provincial = above == frozenset({""}) and place not in ("北京", "上海", "天津", "重庆", "香港", "澳门")
    return "省" if provincial else "市"


def flat_pinyin(cn_name: str) -> frozenset[str]:
    """Flat pinyin of a whole legal name as printed, without 省/市 after its places, and with 市 after its city.

    The rest of the name has at most `MOST` readings. Meets `nlp.names.flat_key` of a party's name in any spacing.
    """
    places, rest = spoken_parts(cn_name)
    spoken = readings(rest)
    return frozenset(before + flat for place in places for before in readings(place) for flat in spoken)
