"""Where the words asked for stand in a text, by the same splitting as in the index. Never HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import NamedTuple

from index.search.han import Word, paired, words
from index.search.wanted import Clause, Phrase, Wanted

SCANNED = 20_000
"""Characters of a text that are split in search of the words."""
LEAD = 400
"""Characters split before a place found further on, which may be the end of a phrase."""
ENOUGH = 200
"""Places after which looking ends."""
STEP = 200
"""Words split before looking whether that was enough."""


class Mark(NamedTuple):
    """Characters `start` to `end` of a text answer the question."""

    start: int
    end: int


class Place(NamedTuple):
    """A mark, and which clause of the question it answers."""

    start: int
    end: int
    clause: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a text as it is written: `text` begins at `start` in it, `marks` count from there.

    `cut` says that the text goes on after it.
    """

    text: str
    start: int
    marks: tuple[Mark, ...]
    cut: bool

    def pieces(self) -> list[tuple[str, bool]]:
        """The stretch in pieces, each with whether it is marked."""
        return pieces(self.text, self.marks)


def marks(text: str, wanted: Wanted) -> tuple[Mark, ...]:
    """All marks in the first SCANNED characters, in order, apart from each other."""
    return _merged(_places(text[:SCANNED], wanted.needed))


def excerpt(text: str, wanted: Wanted, width: int) -> Excerpt:
    """About `width` characters around the place that answers most clauses; else the text's beginning."""
    places = _places(text[:SCANNED], wanted.needed, width) or _further(text, wanted.needed)
    start = _start(text, _best(places, width), width) if places else 0
    end = _word_end(text, min(len(text), start + width))
    inside = [place for place in places if start <= place.start and place.end <= end]
    shifted = tuple(Mark(mark.start - start, mark.end - start) for mark in _merged(inside))
    return Excerpt(text[start:end], start, shifted, cut=end < len(text))


def pieces(text: str, marked: tuple[Mark, ...]) -> list[tuple[str, bool]]:
    """A text cut at its marks: [(words, False), (found, True), …]; joined again it is the text."""
    cut: list[tuple[str, bool]] = []
    at = 0
    for mark in marked:
        cut += [(text[at : mark.start], False), (text[mark.start : mark.end], True)]
        at = mark.end
    return [(piece, found) for piece, found in [*cut, (text[at:], False)] if piece]


def _places(text: str, clauses: tuple[Clause, ...], beyond: int | None = None) -> list[Place]:
    """Places in reading order. With `beyond`, enough once every clause is answered and so many characters after."""
    if not clauses:
        return []
    stream = words(text)
    longest = max(len(phrase) for clause in clauses for phrase in clause.phrases)
    split: list[Word] = []
    found: list[Place] = []
    ready = 0
    while more := list(islice(stream, STEP)):
        split += more
        whole = max(ready, len(split) - longest + 1) if len(more) == STEP else len(split)
        found += _matches(split, range(ready, whole), clauses)
        ready = whole
        answered = beyond is not None and len({place.clause for place in found}) == len(clauses)
        if len(found) >= ENOUGH or (answered and split[-1].start > found[-1].end + (beyond or 0)):
            break
    found += _matches(split, range(ready, len(split)), clauses)
    return found


def _further(text: str, clauses: tuple[Clause, ...]) -> list[Place]:
    """Places beyond SCANNED, near the first word written just as it was asked for."""
    first = "|".join(re.escape(phrase[0]) for clause in clauses for phrase in clause.phrases)
    there = re.compile(first, re.IGNORECASE).search(text, SCANNED) if first else None
    if not there:
        return []
    begin = there.start() - LEAD
    near = _places(text[begin : begin + SCANNED], clauses, LEAD)
    return [Place(place.start + begin, place.end + begin, place.clause) for place in near]


def _matches(split: list[Word], where: range, clauses: tuple[Clause, ...]) -> Iterator[Place]:
    exact, begun = _by_first_word(clauses)
    for at in where:
        word = split[at]
        for clause, phrase, prefix in exact.get(word.term, ()):
            if _follows(split, at, phrase, prefix):
                yield _place(split, at, phrase, prefix, clause)
        for clause, phrase in begun:
            if word.term.startswith(phrase[0]):
                yield _place(split, at, phrase, True, clause)


def _by_first_word(
    clauses: tuple[Clause, ...],
) -> tuple[dict[str, list[tuple[int, Phrase, bool]]], list[tuple[int, Phrase]]]:
    """Phrases by their first word, and apart those of which even that is only a beginning."""
    exact: dict[str, list[tuple[int, Phrase, bool]]] = {}
    begun: list[tuple[int, Phrase]] = []
    for number, clause in enumerate(clauses):
        for phrase in clause.phrases:
            if clause.prefix and len(phrase) == 1:
                begun.append((number, phrase))
            else:
                exact.setdefault(phrase[0], []).append((number, phrase, clause.prefix))
    return exact, begun


def _follows(split: list[Word], at: int, phrase: Phrase, prefix: bool) -> bool:
    there = [word.term for word in split[at : at + len(phrase)]]
    if prefix and len(there) == len(phrase):
        return there[:-1] == list(phrase[:-1]) and there[-1].startswith(phrase[-1])
    return there == list(phrase)


def _place(split: list[Word], at: int, phrase: Phrase, prefix: bool, clause: int) -> Place:
    last = split[at + len(phrase) - 1]
    single = prefix and paired(phrase[-1])  # of an indexed pair only the first character was asked for
    return Place(split[at].start, last.start + 1 if single else last.end, clause)


def _merged(places: list[Place]) -> tuple[Mark, ...]:
    joined: list[Mark] = []
    for start, end, _ in sorted(places):
        if joined and start <= joined[-1].end:
            joined[-1] = Mark(joined[-1].start, max(end, joined[-1].end))
        else:
            joined.append(Mark(start, end))
    return tuple(joined)


def _best(places: list[Place], width: int) -> Place:
    """The first place from which `width` characters answer the most clauses."""
    best, most = places[0], 0
    for at, first in enumerate(places):
        near = takewhile(lambda place, end=first.start + width: place.end <= end, places[at:])  # type: ignore[misc]
        answered = len({place.clause for place in near})
        if answered > most:
            best, most = first, answered
    return best


def _start(text: str, place: Place, width: int) -> int:
    """A quarter of the width before the place, at the beginning of a word."""
    start = max(0, min(place.start - width // 4, len(text) - width))
    while 0 < start < place.start and text[start - 1].isalnum() and not paired(text[start]):
        start += 1
    return start


def _word_end(text: str, end: int) -> int:
    """The end, moved back to where a word ends, by at most 24 characters."""
    for back in range(min(24, end) if end < len(text) else 0):
        if not (text[end - back - 1].isalnum() and text[end - back].isalnum()) or paired(text[end - back]):
            return end - back
    return end
