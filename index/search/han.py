"""The one splitting function: documents and queries become the same words by the same rule.

Every character is folded by itself (NFKC, case, accents, traditional to simplified Chinese), so that a
part of a text is split as it was inside the text. Then three kinds of run:

- Han, kana, Hangul: overlapping pairs and the last character alone, 锂电池 → 锂电 电池 池. Each
  character therefore begins some word: two characters are found as a word, one as the beginning of words.
- digits: without thousands commas and leading zeros, 9,899,481 → 9899481, 02914 → 2914.
- other letters: as they are. A digit ends a word, so 337-TA-1414, 337–TA–1414 and 337TA1414 are the
  same three words 337 ta 1414, and "device.The" is two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from typing import NamedTuple

TERM_LIMIT = 64
"""Characters of a word that count; what is longer is no word of any language."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PAIRED = f"\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uac00-\ud7a3{_HAN}"
_RUN = re.compile(rf"\d+(?:,\d{{3}}(?!\d))*|[^\W\d_{_PAIRED}]+|[{_PAIRED}]+")
_IS_PAIRED = re.compile(f"[{_PAIRED}]+")
_IS_HAN = re.compile(f"[{_HAN}]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_ALL_HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x32000))


class Word(NamedTuple):
    """A word as it is searched for, and where it stands in the text as it was written."""

    term: str
    start: int
    end: int


def terms(text: str) -> list[str]:
    """The words of a text in reading order."""
    return [term for run in _RUN.findall(fold(text)) for term in _split(run)]


def words(text: str) -> Iterator[Word]:
    """The same words as `terms`, each with the characters of `text` it stands for."""
    folded, origin = _traced(text)
    for run in _RUN.finditer(folded):
        start, end = run.span()
        if not paired(run[0]):
            yield Word(_split(run[0])[0], origin[start], origin[end])
            continue
        for at, term in enumerate(_split(run[0]), start):
            yield Word(term, origin[at], origin[at + len(term)])


def paired(term: str) -> bool:
    """Whether a word is of a script written without spaces, which is indexed in pairs."""
    return _IS_PAIRED.match(term) is not None


def fold(text: str) -> str:
    """The text without what makes no difference: width, case, accents, traditional forms."""
    return text.lower() if text.isascii() else _NON_ASCII.sub(lambda run: run[0].translate(_FOLDED), text).lower()


def split_version() -> str:
    """Changes whenever the same text might be split differently: an index made before is then rebuilt."""
    return f"{unicodedata.unidata_version}-{version('opencc')}"


def _split(run: str) -> list[str]:
    """One run of a folded text into words."""
    if run[0].isdigit():
        return [(run.replace(",", "").lstrip("0") or "0")[:TERM_LIMIT]]
    if run.isascii() or not paired(run):
        return [run[:TERM_LIMIT]]
    return [run[at : at + 2] for at in range(len(run))]


def _traced(text: str) -> tuple[str, range | list[int]]:
    """The folded text, and for each of its characters (and its end) the place in `text`."""
    if text.isascii():
        return text.lower(), range(len(text) + 1)
    parts = [fold(char) for char in text]
    origin = [at for at, part in enumerate(parts) for _ in part]
    return "".join(parts), [*origin, len(text)]


class _Folding(dict[int, str]):
    """Folded form by code point, worked out when a character is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


_FOLDED = _Folding()


def _fold_character(char: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    bare = "".join(part for part in plain if unicodedata.category(part) != "Mn")
    folded = unicodedata.normalize("NFC", bare).lower()
    if _IS_HAN.search(folded):
        folded = folded.translate(_simplified())
    # ½ is 1 and 2, never the end of a number before it: such a sign stands by itself
    alone = len(folded) > 1 and not (folded.isalpha() and (not _IS_PAIRED.search(folded) or paired_all(folded)))
    return f" {folded} " if alone else folded


def paired_all(text: str) -> bool:
    """Whether all of the text is of a script indexed in pairs."""
    return _IS_PAIRED.fullmatch(text) is not None


@cache
def _simplified() -> dict[int, str]:
    """Traditional characters that have one simplified form, character by character.

    By character and not by phrase, as OpenCC would: a name must be found by any part of it.
    """
    import opencc  # noqa: PLC0415  (50 ms, needed only where Han text is met)

    characters = [chr(code) for block in _ALL_HAN for code in block]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, converted, strict=True)
    return {ord(before): after for before, after in pairs if after != before and len(after) == 1}
