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
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import version
from operator import add
from typing import NamedTuple

TERM_LIMIT = 64
"""Characters of a word that count; what is longer is no word of any language."""

FEW = 24
"""Up to so many different characters are replaced one after the other, which is quicker than a table."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PAIRED = f"\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uac00-\ud7a3{_HAN}"
# the first branch is only speed: a word of a to z that no other letter may follow
_RUN = re.compile(rf"[a-z]++(?![^\x00-\x7f])|[{_PAIRED}]+|\d+(?:,\d{{3}}(?!\d))*|[^\W\d_{_PAIRED}]+")
_IS_PAIRED = re.compile(f"[{_PAIRED}]")
_ALL_PAIRED = re.compile(f"[{_PAIRED}]+")
_IS_HAN = re.compile(f"[{_HAN}]")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_APART = {code: " " for code in range(128) if not chr(code).isalnum()}
_ALL_HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x32000))


class Word(NamedTuple):
    """A word as it is searched for, and where it stands in the text as it was written."""

    term: str
    start: int
    end: int


def terms(text: str) -> list[str]:
    """The words of a text in reading order."""
    folded = fold(text)
    if folded.isascii():
        return _ascii_terms(folded)
    return [term for run in _RUN.findall(folded) for term in _split(run)]


def words(text: str) -> Iterator[Word]:
    """The same words as `terms`, each with the characters of `text` it stands for."""
    folded, starts, ends = _traced(text)
    for match in _RUN.finditer(folded):
        run, start = match[0], match.start()
        split = _split(run)
        if len(split) == 1:
            yield Word(split[0], starts[start], ends[match.end() - 1])
        else:
            for at, term in enumerate(split, start):
                yield Word(term, starts[at], ends[at + len(term) - 1])


def paired(term: str) -> bool:
    """Whether a word is of a script written without spaces, which is indexed in pairs."""
    return _IS_PAIRED.match(term) is not None


def fold(text: str) -> str:
    """The text without what makes no difference: width, case, accents, traditional forms."""
    if text.isascii():
        return text.lower()
    changed = [char for char in set(text) - _UNCHANGED if _FOLDED[ord(char)] != char]
    if len(changed) > FEW:
        return text.translate(_FOLDED).lower()
    for char in changed:  # what a character folds to is folded already, so the order does not matter
        text = text.replace(char, _FOLDED[ord(char)])
    return text.lower()


def split_version() -> str:
    """Changes whenever the same text might be split differently: an index made before is then rebuilt."""
    return f"{unicodedata.unidata_version}-{version('opencc')}"


def _ascii_terms(folded: str) -> list[str]:
    """What `_RUN` would find in plain English, several times as fast."""
    found: list[str] = []
    for chunk in _THOUSANDS.sub("", folded).translate(_APART).split():
        if chunk.isalpha():
            found.append(chunk[:TERM_LIMIT])
        else:
            found += [_split(run)[0] for run in _RUN.findall(chunk)]
    return found


def _split(run: str) -> list[str]:
    """One run of a folded text into words."""
    if run[0].isdigit():
        return [(run.replace(",", "").lstrip("0") or "0")[:TERM_LIMIT]]
    if run.isascii() or not paired(run):
        return [run[:TERM_LIMIT]]
    return [*map(add, run, run[1:]), run[-1]]


def _traced(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The folded text, and for each of its characters where in `text` it starts and ends."""
    if text.isascii() or all(len(_FOLDED[ord(char)]) == 1 for char in set(text)):
        return fold(text), range(len(text)), range(1, len(text) + 1)
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, part in enumerate(_FOLDED[ord(char)] for char in text):
        folded.append(part)
        starts += [at] * len(part)
        ends += [at + 1] * len(part)
        if not part and ends:  # an accent belongs to the letter before it
            ends[-1] = at + 1
    return "".join(folded), starts, ends


class _Folding(dict[int, str]):
    """Folded form by code point, worked out when a character is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        if folded == chr(code):
            _UNCHANGED.add(folded)
        return folded


_FOLDED = _Folding()
_UNCHANGED = {chr(code) for code in range(128)}


def _fold_character(char: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    bare = "".join(part for part in plain if unicodedata.category(part) != "Mn")
    folded = unicodedata.normalize("NFC", bare).lower()
    if _IS_HAN.search(folded):
        folded = folded.translate(_simplified())
    if len(folded) == 1 and not _RUN.match(folded):
        return " "  # punctuation of every kind: what is left of English text is ASCII
    return folded if _joins(folded) else f" {folded} "


def _joins(folded: str) -> bool:
    """Whether what a sign stands for may join its neighbours: ﬁ may; ½ is 1 and 2, never the end of a number."""
    if len(folded) < 2:
        return True
    return _ALL_PAIRED.fullmatch(folded) is not None or (folded.isalpha() and not _IS_PAIRED.search(folded))


@cache
def _simplified() -> dict[int, str]:
    """Traditional characters that have one simplified form, character by character.

    By character and not by phrase, as OpenCC would: a name must be found by any part of it.
    """
    import opencc  # noqa: PLC0415  (50 ms, needed only where Han text is met)

    characters = [chr(code) for block in _ALL_HAN for code in block]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, converted, strict=True)
    table = {before: after for before, after in pairs if after != before and len(after) == 1}
    return {ord(before): table.get(after, after) for before, after in table.items()}
