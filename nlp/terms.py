"""The industries' terms found in a text: one spaCy PhraseMatcher over both languages, each hit with its place.

Words are compared case-folded, in NFKC and simplified characters, hyphens and spaces alike ("lithium-ion", "Lithium
Ion"), English also in the plural; Chinese is compared character by character. A term `endoscop*` or `*mab` stands for
every word that begins or ends so. Folding keeps the length, so a hit's place is its place in the text as printed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nlp.folding import HAN, Span, fold, tokens
from nlp.industries import CounterGroup, Industry, TermGroup, load

_BRITISH = {"fiber": "fibre", "aluminum": "aluminium", "color": "colour", "flavor": "flavour", "mold": "mould",
            "molding": "moulding", "sulfur": "sulphur", "program": "programme", "center": "centre",
            "electrolyzer": "electrolyser", "orthopedic": "orthopaedic", "tumor": "tumour", "plow": "plough",
            "vaporizer": "vaporiser", "catalyzer": "catalyser", "polymerization": "polymerisation"}  # fmt: skip
_TERM_WORD = re.compile(rf"[{HAN}]|\*?[^\W_{HAN}]+\*?")
_OTHER = "·"
SHORTEST_STEM = 5  # letters a word must have more than to count by its ending


@dataclass(frozen=True, slots=True)
class Hit:
    """A term of an industry at a place in the text."""

    industry: str
    term: str
    weight: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What finding a term means to one industry; a negative weight or zero marks a counter-term."""

    industry: str
    term: str
    weight: float
    needs: frozenset[str] = frozenset()
    patents_only: bool = False
    counter: bool = False


def plural(word: str) -> str:
    """The regular English plural."""
    if len(word) > 2 and word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _spelled(group: TermGroup | CounterGroup) -> tuple[str, ...]:
    """Every word a group of terms needs to be known."""
    return group.words if isinstance(group, CounterGroup) else (*group.words, *group.needs)


def _words(term: str) -> list[str]:
    """A term's words, folded: an English word, or one Chinese character."""
    return [match[0] for match in _TERM_WORD.finditer(fold(term))]


def _forms(words: Iterable[str]) -> dict[str, str]:
    """How a text may spell each word: itself, its plural, the British way; a plural leads back to its singular."""
    forms = {word: word for word in words if "*" not in word}
    for word in sorted(forms):
        if word.isascii() and word.isalpha() and len(word) > 1:
            forms[plural(word)] = word
            british = _BRITISH.get(word)
            if british:
                forms |= {british: word, plural(british): word}
    return forms


class Lexicon:
    """All industries' terms, ready to be found."""

    def __init__(self, industries: Iterable[Industry]) -> None:
        import spacy  # noqa: PLC0415  # half a second; only tagging needs it
        from spacy.matcher import PhraseMatcher  # noqa: PLC0415
        from spacy.tokens import Doc  # noqa: PLC0415

        self._entries: dict[str, list[Entry]] = defaultdict(list)
        self._doc = Doc
        self._vocab = spacy.blank("xx").vocab
        self._matcher = PhraseMatcher(self._vocab)
        groups: list[tuple[Industry, TermGroup | CounterGroup]] = []
        for industry in industries:
            groups += [(industry, group) for group in industry.terms]
            groups += [(industry, group) for group in industry.counters]
        self._words = {word for _, group in groups for term in _spelled(group) for word in _words(term)}
        self._forms = _forms(self._words)
        self._prefixes = tuple(word[:-1] for word in self._words if word.endswith("*"))
        self._suffixes = tuple(word[1:] for word in self._words if word.startswith("*"))
        for industry, group in groups:
            self._learn(industry.id, group)
        self._spread()
        for key in sorted(self._entries):
            self._matcher.add(key, [Doc(self._vocab, words=key.split(" "))])

    def _learn(self, industry: str, group: TermGroup | CounterGroup) -> None:
        """What finding each of a group's words means."""
        for word in group.words:
            if isinstance(group, CounterGroup):
                entry = Entry(industry, word, -group.weight, counter=True)
            else:
                needs = frozenset(map(self._key, group.needs))
                entry = Entry(industry, word, group.weight, needs, group.patents_only)
                for key in needs:
                    self._entries.setdefault(key, [])
            self._entries[self._key(word)].append(entry)

    def _key(self, term: str) -> str:
        """The term's words as they are looked up, joined by spaces."""
        return " ".join(word if "*" in word else self._forms[word] for word in _words(term))

    def _spread(self) -> None:
        """A word other terms spell out still belongs to `endoscop*`, though it is looked up as itself."""
        for key in [key for key in self._entries if "*" in key]:
            star = next(part for part in key.split(" ") if "*" in part)
            for word in sorted(self._words):
                if word != star and (word.startswith(star[:-1]) if star.endswith("*") else word.endswith(star[1:])):
                    self._entries[key.replace(star, self._forms[word])].extend(self._entries[key])

    def _form(self, word: str) -> str:
        """The word as the terms spell it; any other word is one placeholder, so the vocabulary cannot grow."""
        known = self._forms.get(word)
        if known is not None:
            return known
        if word.startswith(self._prefixes):
            return max((p for p in self._prefixes if word.startswith(p)), key=len) + "*"
        if len(word) > SHORTEST_STEM and word.endswith(self._suffixes):
            return "*" + max((s for s in self._suffixes if word.endswith(s)), key=len)
        return _OTHER

    def find(self, text: str, hidden: Sequence[Span] = (), *, patent: bool = False) -> list[Hit]:
        """Every hit outside the hidden spans: the longest term where they overlap, none under a counter-term.

        `patent` says that the text is a patent's: then words count that mean nothing elsewhere. Counter-terms with a
        weight of their own come back as hits of negative weight.
        """
        found = list(tokens(text, hidden))
        if not found:
            return []
        doc = self._doc(self._vocab, words=[self._form(token.word) for token in found])
        matches = [(self._vocab.strings[key], first, last) for key, first, last in self._matcher(doc)]
        at: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for key, first, last in matches:
            at[key].append((first, last))
        spans: dict[str, list[tuple[Entry, int, int]]] = defaultdict(list)
        for key, first, last in matches:
            for entry in self._entries[key]:
                if (patent or not entry.patents_only) and (not entry.needs or _beside(entry.needs, at, first, last)):
                    spans[entry.industry].append((entry, found[first].start, found[last - 1].end))
        return [hit for industry in spans.values() for hit in _longest(industry)]


def _beside(needs: frozenset[str], at: dict[str, list[tuple[int, int]]], first: int, last: int) -> bool:
    """Whether one of the needed words stands in the text outside the hit itself."""
    return any(stop <= first or last <= start for need in needs for start, stop in at.get(need, ())[:50])


def _longest(spans: list[tuple[Entry, int, int]]) -> Iterator[Hit]:
    """The longest of overlapping spans, a counter-term first among equals."""
    taken = bytearray(max(end for _, _, end in spans))
    for entry, start, end in sorted(spans, key=lambda s: (s[1] - s[2], not s[0].counter, -s[0].weight, s[1])):
        if any(taken[start:end]):
            continue
        taken[start:end] = b"\1" * (end - start)
        if not entry.counter or entry.weight:
            yield Hit(entry.industry, entry.term, entry.weight, start, end)


@cache
def lexicon() -> Lexicon:
    """The lexicon of all industries; built at the first text."""
    return Lexicon(load().values())
