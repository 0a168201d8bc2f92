"""What a question's text asks for, as words every engine can look up. User text goes no further than here.

All words must be there; "in quotes" stand side by side and exactly so; -word must not be there;
begin* is any word that begins so. An English word without quotes is found in singular and plural.
What is written together (337-TA-1414, 锂电池, device.The) is looked for together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from index.search.han import paired, terms

TEXT_LIMIT = 2_000
"""Characters of a question that count."""
CLAUSE_LIMIT = 32
"""Words and phrases of a question that count."""
PHRASE_LIMIT = 64
"""Words of one phrase that count."""
PREFIX_LEAST = 2
"""Characters before a * ; with fewer, half the index would begin so."""

Phrase: TypeAlias = tuple[str, ...]

_QUOTE = '"“”„‟＂「」『』«»'
_ASKED = re.compile(
    rf"(?P<without>(?<!\S)[-－−])?(?:[{_QUOTE}](?P<quoted>[^{_QUOTE}]*)[{_QUOTE}]?|(?P<plain>[^\s{_QUOTE}]+))"
)
_APART = re.compile(r"[;!?()\[\]{}<>|=~，。、；：！？（）【】《》〈〉…—]+|,(?!\d)|(?<!\d),")
_STARS = "*＊"


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for: any of these phrases. With `prefix` the last word of each only begins so."""

    phrases: tuple[Phrase, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """All of `needed` and none of `refused`. `nothing`: text without a single word, which finds nothing."""

    needed: tuple[Clause, ...] = ()
    refused: tuple[Clause, ...] = ()
    nothing: bool = False


def read(text: str) -> Wanted:
    """The words of a question. Takes any text; reads at most the first TEXT_LIMIT characters."""
    needed: list[Clause] = []
    refused: list[Clause] = []
    for asked in _ASKED.finditer(text[:TEXT_LIMIT]):
        clauses = _quoted(asked["quoted"]) if asked["quoted"] is not None else _plain(asked["plain"])
        (refused if asked["without"] else needed).extend(clauses)
    nothing = bool(text.strip()) and not needed and not refused
    return Wanted(_first(needed), _first(refused), nothing)


def _first(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    return tuple(dict.fromkeys(clauses))[:CLAUSE_LIMIT]


def _quoted(text: str) -> list[Clause]:
    phrase = _phrase(text)
    return [Clause((phrase,), _opens_pair(phrase))] if phrase else []


def _plain(text: str) -> list[Clause]:
    return [clause for part in _APART.split(text) for clause in _word(part)]


def _word(text: str) -> list[Clause]:
    phrase = _phrase(text)
    if not phrase:
        return []
    if _opens_pair(phrase):
        return [Clause((phrase,), prefix=True)]
    if text[-1] in _STARS and len(phrase[-1]) >= PREFIX_LEAST and not paired(phrase[-1]):
        return [Clause((phrase,), prefix=True)]
    return [Clause(tuple((*phrase[:-1], form) for form in forms(phrase[-1])))]


def _phrase(text: str) -> Phrase:
    """The words in order. The last character of a final Han run is already in the pair before it."""
    found = terms(text)[:PHRASE_LIMIT]
    tail = len(found) > 1 and len(found[-1]) == 1 and paired(found[-1]) and found[-2].endswith(found[-1])
    return tuple(found[:-1] if tail and len(found[-2]) > 1 and paired(found[-2]) else found)


def _opens_pair(phrase: Phrase) -> bool:
    """Whether the phrase ends in a single Han character, which is the beginning of indexed pairs."""
    return bool(phrase) and len(phrase[-1]) == 1 and paired(phrase[-1])


def forms(word: str) -> tuple[str, ...]:
    """An English word, and its singular or plural: battery, batteries. Other words by themselves.

    Only number is undone. A stemmer would also find "general" for "generic", and its stems would
    not begin as the words do, which begin* relies on.
    """
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return (word,)
    return tuple(dict.fromkeys((word, *_singular(word), *_plural(word))))


def _singular(word: str) -> list[str]:
    if word.endswith("ies"):
        return [word[:-3] + "y", word[:-1]]
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return [word[:-2], word[:-1]]
    return [word[:-1]] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else []


def _plural(word: str) -> list[str]:
    if word.endswith("y") and word[-2] not in "aeiou":
        return [word[:-1] + "ies"]
    if word.endswith(("ss", "us", "is", "ns", "x", "z", "ch", "sh")):
        return [word + "es"]
    return [] if word.endswith("s") else [word + "s"]
