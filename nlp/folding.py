"""A text's words for comparing: case, width, hyphens and traditional characters folded away, every place kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

Span = tuple[int, int]
HAN = "\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{HAN}]|[^\W_{HAN}]+|[^\w\s\-]+")
# Pinyin a page's reader aid left in brackets after a character, 美國(guó): no word of the text.
_PINYIN = re.compile(rf"(?<=[{HAN}])[(（][a-zA-Zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]{{1,7}}[)）]")
_TONES = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")
# Half a surrogate pair (a truncated emoji) has no UTF-8, which OpenCC works in.
_HALVES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_WIDE = _HALVES | {0xFF01 + n: 0x21 + n for n in range(94)} | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | {0x3000: " "}


class Token(NamedTuple):
    """A word or character, folded, and its place."""

    word: str
    start: int
    end: int


@cache
def _simplifier() -> Callable[[str], str]:
    """OpenCC, traditional to simplified characters."""
    import opencc  # noqa: PLC0415  # loads dictionaries; only tagging needs them

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert


def fold(text: str) -> str:
    """Lower case, half width, simplified characters; as many characters as the text has."""
    wide = text.translate(_WIDE)
    if wide.isascii():
        return wide.lower()
    plain = _same_length(wide, _simplifier())
    return _same_length(plain, str.lower)


def _same_length(text: str, change: Callable[[str], str]) -> str:
    """The change over the whole text, or character by character where it would move the places."""
    changed = change(text)
    if len(changed) == len(text):
        return changed
    return "".join(one if len(one := change(char)) == 1 else char for char in text)


def tokens(text: str, hidden: Sequence[Span] = ()) -> Iterator[Token]:
    """The folded words of a text with their places, without those inside the hidden spans."""
    folded = fold(text)
    aids = [m.span() for m in _PINYIN.finditer(folded) if _TONES.search(m[0])]
    covered = _cover(len(text), [*hidden, *aids])
    for match in _TOKEN.finditer(folded):
        start, end = match.span()
        if covered is not None and covered[start]:
            continue
        word = match[0] if match[0].isascii() else unicodedata.normalize("NFKC", match[0])
        yield Token(word, start, end)


def _cover(length: int, spans: Sequence[Span]) -> bytearray | None:
    """One byte a character: 1 where a span lies."""
    if not spans:
        return None
    cover = bytearray(length)
    for start, end in spans:
        cover[start:end] = b"\1" * (end - start)
    return cover
