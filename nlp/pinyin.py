"""Chinese names in Latin letters, as parties' names are printed abroad: pinyin, run together, all living readings."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice, product

from nlp.name_tables import forms, name_table, trades

LONGEST = 120  # characters of a Chinese name that are spoken
MOST = 16  # readings of one name; beyond it the rarer ones are left out

_LATIN = re.compile(r"[^a-zü]+")


@cache
def _settled() -> dict[str, tuple[tuple[int, ...], frozenset[str]]]:
    """Words whose reading is settled: places, legal forms, trades and the override table.

    First character → (lengths of its words, longest first; the words).
    """
    chinese = forms()["chinese"]
    words = {*name_table("pinyin")["phrases"], *chinese["forms"], *chinese["typed"], *_tables()}
    by_first: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        if len(word) > 1:
            by_first[word[0]].add(word)
    return {c: (tuple(sorted({len(w) for w in ws}, reverse=True)), frozenset(ws)) for c, ws in by_first.items()}


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """(piece, whether its reading is settled), left to right, the longest settled word at each place."""
    settled, start, at = _settled(), 0, 0
    while at < len(text):
        lengths, words = settled.get(text[at], ((), frozenset()))
        length = next((n for n in lengths if text[at : at + n] in words), 0)
        if length:
            if start < at:
                yield text[start:at], False
            yield text[at : at + length], True
            start = at = at + length
        else:
            at += 1
    if start < at:
        yield text[start:], False


def _tables() -> Iterable[str]:
    places = name_table("cn_places")
    yield from trades()["words"]
    yield from places["municipalities"]
    for part in ("shandong", "cities"):
        for above, below in places[part].items():
            yield above
            yield from below


@lru_cache(maxsize=8192)
def fixed_reading(word: str) -> str:
    """The one reading of a settled word, letters only, ü kept: 莘县 → shenxian."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 (a quarter of a second)

    overrides = name_table("pinyin")["phrases"]
    if word in overrides:
        return str(overrides[word]).replace(" ", "").replace("lv", "lü")
    inner = next((p for p in overrides if len(p) > 1 and p in word), None)
    if inner:
        before, _, after = word.partition(inner)
        return fixed_reading(before) + fixed_reading(inner) + fixed_reading(after)
    return _letters("".join(lazy_pinyin(word, v_to_u=True))) if word else ""


@lru_cache(maxsize=65536)
def _open_readings(run: str) -> tuple[tuple[str, ...], ...]:
    """Per character of a trade name: its likely reading in this run, then its other living ones."""
    others = name_table("pinyin")["heteronyms"]
    return tuple(
        tuple(dict.fromkeys((first, *(o.replace("lv", "lü") for o in others.get(char, ())))))
        for char, first in zip(run, _likely(run), strict=True)
    )


def _likely(run: str) -> list[str]:
    """One reading a character: the dictionary's for the phrase where it knows one, else each character's own."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 (a quarter of a second)
    from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415

    if any(run[at : at + n] in PHRASES_DICT for n in (2, 3, 4) for at in range(len(run) - n + 1)):
        spoken = lazy_pinyin(run, v_to_u=True, errors="ignore")
        if len(spoken) == len(run):
            return [_letters(s) for s in spoken]
    return [_character(c) for c in run]


@lru_cache(maxsize=32768)
def _character(char: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 (a quarter of a second)

    return _letters("".join(lazy_pinyin(char, v_to_u=True)))


def _letters(text: str) -> str:
    """Lower-case a–z and ü; accents other than the ü of pinyin go."""
    if text.isascii() and text.isalpha():
        return text.lower()
    kept = unicodedata.normalize("NFKC", text).casefold().replace("ü", "\0")
    plain = "".join(c for c in unicodedata.normalize("NFKD", kept) if not unicodedata.combining(c))
    return _LATIN.sub("", plain.replace("\0", "ü"))


@lru_cache(maxsize=16384)
def readings(text: str) -> tuple[str, ...]:
    """Flat pinyin of a Chinese text, the likeliest first, at most `MOST`. ü is tried as v, u and yu."""
    choices: list[tuple[str, ...]] = []
    for piece, settled in _pieces(text[:LONGEST]):
        choices += [(fixed_reading(piece),)] if settled else _open_readings(piece)
    if all(len(choice) == 1 for choice in choices):
        spoken = ["".join(choice[0] for choice in choices)]
    else:
        spoken = list(islice(map("".join, product(*choices)), MOST))
    if any("ü" in s for s in spoken):
        spoken = [s.replace("ü", letters) for s in spoken for letters in ("v", "u", "yu")]
    return tuple(dict.fromkeys(spoken))[:MOST]
