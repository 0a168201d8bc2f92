"""The industries' terms found in a text: one spaCy PhraseMatcher over both languages, each hit with its place.

Words are compared case-folded, in NFKC and simplified characters, hyphens and spaces alike ("lithium-ion", "Lithium
Ion"), English also in the plural; Chinese is compared character by character. A term `endoscop*` or `*mab` stands for
every word that begins or ends so. Folding keeps the length, so a hit's place is its place in the text as printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nlp.industries import Industry, load

if TYPE_CHECKING:
    from nlp.focus import Span

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+|[^\w\s\-]+")
# Pinyin a page's reader aid left in brackets after a character, 美國(guó): no word of the text.
_PINYIN = re.compile(rf"(?<=[{_HAN}])[(（][a-zA-Zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]{{1,7}}[)）]")
_TONES = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")
_WIDE = {0xFF01 + n: 0x21 + n for n in range(94)} | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | {0x3000: " "}
_BRITISH = {"fiber": "fibre", "aluminum": "aluminium", "color": "colour", "flavor": "flavour", "mold": "mould",
            "molding": "moulding", "sulfur": "sulphur", "program": "programme", "center": "centre",
            "electrolyzer": "electrolyser", "orthopedic": "orthopaedic", "tumor": "tumour", "plow": "plough",
            "vaporizer": "vaporiser", "catalyzer": "catalyser", "polymerization": "polymerisation"}  # fmt: skip
_OTHER = "·"


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
    needs: frozenset[str]
    counter: bool


@dataclass(frozen=True, slots=True)
class Token:
    """A word or character, folded, and its place."""

    word: str
    start: int
    end: int


@cache
def _simplifier() -> Any:
    """OpenCC, traditional to simplified characters."""
    import opencc  # noqa: PLC0415  # loads dictionaries; only tagging needs them

    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """Lower case, half width, simplified characters; as many characters as the text has."""
    wide = text.translate(_WIDE)
    if wide.isascii():
        return wide.lower()
    plain = _same_length(wide, _simplifier().convert)
    return _same_length(plain, str.lower)


def _same_length(text: str, change: Any) -> str:
    """The change over the whole text, or character by character where it would move the places."""
    changed: str = change(text)
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


def plural(word: str) -> str:
    """The regular English plural."""
    if len(word) > 2 and word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


class Lexicon:
    """All industries' terms, ready to be found."""

    def __init__(self, industries: Iterable[Industry]) -> None:
        import spacy  # noqa: PLC0415  # half a second; only tagging needs it
        from spacy.matcher import PhraseMatcher  # noqa: PLC0415
        from spacy.tokens import Doc  # noqa: PLC0415

        self._entries: dict[str, list[Entry]] = defaultdict(list)
        self._forms: dict[str, str] = {_OTHER: _OTHER}
        self._prefixes: list[str] = []
        self._suffixes: list[str] = []
        self._doc = Doc
        self._vocab = spacy.blank("xx").vocab
        self._matcher = PhraseMatcher(self._vocab)
        for industry in industries:
            self._learn(industry)
        self._spread()
        for key in sorted(self._entries):
            self._matcher.add(key, [Doc(self._vocab, words=key.split(" "))])

    def _learn(self, industry: Industry) -> None:
        for group in industry.terms:
            needs = frozenset(self._key(word) for word in group.needs)
            for key in needs:
                self._entries.setdefault(key, [])
            for word in group.words:
                self._entries[self._key(word)].append(Entry(industry.id, word, group.weight, needs, counter=False))
        for counter in industry.counters:
            for word in counter.words:
                self._entries[self._key(word)].append(
                    Entry(industry.id, word, -counter.weight, frozenset(), counter=True)
                )

    def _key(self, term: str) -> str:
        """The term's folded words joined by spaces; their forms are learnt on the way."""
        words = [match[0] for match in re.finditer(rf"[{_HAN}]|\*?[^\W_{_HAN}]+\*?", fold(term))]
        for word in words:
            self._learn_forms(word)
        return " ".join(words)

    def _learn_forms(self, word: str) -> None:
        if word.endswith("*"):
            self._prefixes.append(word[:-1])
        elif word.startswith("*"):
            self._suffixes.append(word[1:])
        else:
            self._forms[word] = word
            if word.isascii() and word.isalpha() and len(word) > 1:
                self._forms.setdefault(plural(word), word)
                british = _BRITISH.get(word)
                if british:
                    self._forms |= {british: word, plural(british): word}

    def _spread(self) -> None:
        """A word other terms spell out still belongs to `endoscop*`, though it is looked up as itself."""
        words = sorted(set(self._forms.values()))
        for key in [key for key in self._entries if "*" in key]:
            star = next(part for part in key.split(" ") if "*" in part)
            for word in words:
                if word.startswith(star[:-1]) if star.endswith("*") else word.endswith(star[1:]):
                    self._entries[key.replace(star, word)].extend(self._entries[key])

    def _form(self, word: str) -> str:
        """The word as the terms spell it; any other word is one placeholder, so the vocabulary cannot grow."""
        known = self._forms.get(word)
        if known is not None:
            return known
        if len(word) > 4 and word.startswith(tuple(self._prefixes)):
            return max((p for p in self._prefixes if word.startswith(p)), key=len) + "*"
        if len(word) > 5 and word.endswith(tuple(self._suffixes)):
            return "*" + max((s for s in self._suffixes if word.endswith(s)), key=len)
        return _OTHER

    def find(self, text: str, hidden: Sequence[Span] = ()) -> list[Hit]:
        """Every hit outside the hidden spans: the longest term where they overlap, none under a counter-term.

        Counter-terms with a weight of their own come back as hits of negative weight.
        """
        found = list(tokens(text, hidden))
        if not found:
            return []
        doc = self._doc(self._vocab, words=[self._form(token.word) for token in found])
        matches = [(self._vocab.strings[key], first, last) for key, first, last in self._matcher(doc)]
        present = {key for key, _, _ in matches}
        spans: dict[str, list[tuple[Entry, int, int]]] = defaultdict(list)
        for key, first, last in matches:
            for entry in self._entries[key]:
                if not entry.needs or entry.needs & present:
                    spans[entry.industry].append((entry, found[first].start, found[last - 1].end))
        return [hit for industry in spans.values() for hit in _longest(industry)]


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
