"""Names of parties as printed in English: cut apart, and made comparable without losing what tells companies apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from nlp.chinese_places import english_places
from nlp.name_tables import forms

LONGEST = 1_000  # characters of a printed name that are read; a caption that is longer is no name

_RELATIONS = {
    "dba": r"(?:f/)?d\s?/\s?b\s?/\s?a|d\.\s?b\.\s?a\.?|dba|doing business (?:as|under)|trading as|t/a",
    "fka": r"f\s?/\s?k\s?/\s?a|f\.\s?k\.\s?a\.?|fka|(?:formerly|previously) known as|formerly|曾用名|原名|前身为",
    "aka": r"[an]\s?/\s?k\s?/\s?a|[an]\.\s?k\.\s?a\.?|aka|(?:also|now) known as|又名|亦称",
}
_MARK = re.compile(
    r"(?i)(?<![a-z0-9])(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _RELATIONS.items()) + r")(?![a-z0-9])"
)
_ET_AL = re.compile(r"(?i)[\s,;]*\bet\.? (?:al|ux)\b\.?$")
_TAIL_BRACKET = re.compile(r"^(?P<head>.+?) ?[((（\[](?P<inside>[^()（）\[\]]{2,200})[))）\]][ ,.]*$")
_OF_PLACE = re.compile(r"(?i)(?P<form>\b(?:ltd|limited|inc|llc)\.?,?) of [A-Z][^()]{1,120}$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_TWO_SCRIPTS = re.compile(r"^([\u3400-\u9fff()（）]{3,80}(?:公司|集团|厂)) ?[,/|，;；]? ?([A-Za-z].{4,})$")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´′＇")
_PUNCTUATION = re.compile(r"[\W_]+")
_ORDINARY = re.compile(r"[^0-9a-z]+")
_LEFT_EDGE, _RIGHT_EDGE = " ,;:：，；.)）]/|-", " ,;:：，；(（[/|-"


@dataclass(frozen=True, slots=True)
class PartyName:
    """One name of a party. `relation` to the name before it: '' (itself), dba, fka, aka or bracket."""

    name: str
    relation: str = ""


@dataclass(frozen=True, slots=True)
class EnglishName:
    """A name in comparable words, its legal form apart (`ltd`, `inc`, `llc`…; '' where none is printed)."""

    words: tuple[str, ...]
    form: str

    @property
    def core(self) -> str:
        """The words run together, so that `Sun Paper` meets `Sunpaper`."""
        return "".join(self.words)

    @property
    def key(self) -> str:
        """Words and folded form: what two spellings of one company share."""
        return " ".join((*self.words, self.form) if self.form else self.words)


@cache
def _english_forms() -> tuple[dict[str, str], dict[str, int]]:
    """(words of a form → its class, last word of a form → words in the longest form that ends so)."""
    table = {words: kind for kind, many in forms()["english"].items() for words in many}
    longest: dict[str, int] = {}
    for words in table:
        last = words.rpartition(" ")[2]
        longest[last] = max(longest.get(last, 0), words.count(" ") + 1)
    return table, longest


@cache
def _spelling() -> dict[str, str]:
    return dict(forms()["spelling"])


def english_words(text: str) -> list[str]:
    """Comparable words: accents and apostrophes gone, `&` read as and, one spelling of tyre/tire and its like.

    Scripts other than Latin stay as they are. At most `LONGEST` characters are read.
    """
    text = text[:LONGEST]
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)))
        text = "".join(c for c in parts if not unicodedata.combining(c))
    folded = text.casefold().translate(_APOSTROPHES).replace("&", " and ")
    spelled = (_ORDINARY if folded.isascii() else _PUNCTUATION).sub(" ", folded).split()
    spelling = _spelling()
    return [spelling.get(word, word) for word in spelled]


@lru_cache(maxsize=1024)
def read_english(text: str) -> EnglishName:
    """A name as words and legal form. The form counts only at the end, and never is the whole name."""
    words = english_words(text)
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    table, longest = _english_forms()
    for length in range(min(longest.get(words[-1], 0), len(words) - 1) if words else 0, 0, -1):
        kind = table.get(" ".join(words[-length:]))
        if kind:
            return EnglishName(tuple(words[:-length]), kind)
    return EnglishName(tuple(words), "")


def english_key(name: str) -> str:
    """Equality key of a printed name: `X Co., Ltd.` = `X Company Limited`, but not `X Group Co., Ltd.`, not `X Inc.`

    Works for any script, so it may also name a judged pair. Empty only when the name holds no letter or digit.
    """
    return read_english(name).key


def flat_key(name: str) -> str:
    """Only the letters a–z of the whole string: what pinyin looks like however its syllables were spaced."""
    return "".join(word for word in re.findall(r"[a-z]+", _plain(name)))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text[:LONGEST]).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def has_han(text: str) -> bool:
    """Whether a text holds Chinese characters."""
    return bool(_HAN.search(text))


def split_names(printed: str) -> list[PartyName]:
    """The names in one printed party: itself first, then what follows d/b/a, f/k/a, a/k/a or stands in a last bracket.

    `et al.` and "of CITY" after a legal form are dropped. At least one name, unless nothing is printed.
    """
    text = _ET_AL.sub("", " ".join(printed[:LONGEST].split()))
    found: list[PartyName] = []
    start, relation = 0, ""
    for mark in _MARK.finditer(text):
        before = _trimmed(text[start : mark.start()])
        if not before and not found:
            continue  # a name may begin so: DBA Trading Ltd.
        found += _pieces(before, relation)
        start, relation = mark.end(), str(mark.lastgroup)
    found += _pieces(_trimmed(text[start:]), relation)
    return list(dict.fromkeys(name for name in found if name.name))


def _pieces(text: str, relation: str) -> list[PartyName]:
    """One stretch between marks, its last bracket apart where that holds a second name."""
    both = _TWO_SCRIPTS.match(text)
    if both:
        return [PartyName(both.group(1), relation), *_pieces(both.group(2), "bracket")]
    text = _trimmed(_OF_PLACE.sub(r"\g<form>", text))
    bracket = _TAIL_BRACKET.match(text)
    if bracket is None:
        return [PartyName(text, relation)]
    head, inside = bracket.group("head"), _trimmed(bracket.group("inside"))
    if has_han(inside) != has_han(head) and len(inside) > 3:
        return [PartyName(head, relation), PartyName(inside, "bracket")]
    if not ends_with_form(head) or _is_place(inside):
        return [PartyName(text, relation)]
    remark = inside[:1].islower() or inside.startswith(("collectively", "“collectively"))
    return [PartyName(head, relation)] + ([] if remark else [PartyName(inside, "bracket")])


@cache
def _chinese_forms() -> tuple[str, ...]:
    return tuple(forms()["chinese"]["forms"])


def ends_with_form(name: str) -> bool:
    """Whether a name ends with a legal form, English or Chinese."""
    return bool(read_english(name).form) or name.endswith(_chinese_forms())


def _is_place(text: str) -> bool:
    """Whether a text is a place and nothing more: it then belongs to the name."""
    words = english_words(text)
    return bool(words) and sum(p.end - p.start for p in english_places(words)) == len(words)


def _trimmed(text: str) -> str:
    """A piece without the punctuation that joined it; a bracket left open or closed alone goes too."""
    text = re.sub(r"(?i)(?:[\s,;]+(?:and|or))$", "", text.strip(" \"“”'").lstrip(_LEFT_EDGE).rstrip(_RIGHT_EDGE))
    for opening, closing in ("()", "（）", "[]"):
        if text.endswith(closing) and opening not in text:
            text = text[:-1]
    return text.strip(" \"“”'").rstrip(_RIGHT_EDGE)
