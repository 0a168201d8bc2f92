"""Parties that may be private persons: a public bulletin does not print their names.

No source says whether a party is a person. What cannot be recognised as an organisation is treated as a
person: to leave out a company's name costs little, to publish a person's costs that person.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from alerts.bulletins.words import say
from index.records import Party
from nlp.legal_forms import has_form
from nlp.names import english_words, has_han, read_english, split_names

_PERSON = re.compile(r"(?i)\ban individual\b|\b(?:mr|mrs|ms|dr)\.\s|,\s*(?:jr|sr|esq)\b\.?|\bu/k/a\b")
_BODY_HAN = re.compile(r"公司|集团|厂|店|行$|所$|院|大学|中心|协会|商会|委员会|局$|部$|合作社")
_SIGNS = re.compile(r"[&@.][A-Za-z]|&|\d|[a-z][A-Z]")


def may_be_person(name: str) -> bool:
    """Whether a printed name may be a private person's: nothing in it says organisation."""
    heads = split_names(name)
    head = heads[0].name if heads else name
    if _PERSON.search(name):
        return True
    if has_han(head):
        return len(head) <= 4 and not _BODY_HAN.search(head)
    return len(head.split()) <= 4 and not _organised(head)


def _organised(name: str) -> bool:
    read = read_english(name)
    if has_form(name) or read.form or _SIGNS.search(name.replace(". ", " ")):
        return True
    return not _bodies().isdisjoint(english_words(name)) or "gongsi" in read.core


@cache
def _bodies() -> frozenset[str]:
    return frozenset(tomllib.loads(files("alerts.bulletins").joinpath("bodies.toml").read_text("utf-8"))["words"])


def hide(parties: Iterable[Party]) -> Mapping[str, str]:
    """For each name that may be a person's, what is printed instead; the same name always alike."""
    names = dict.fromkeys(p.name.casefold() for p in parties if may_be_person(p.name))
    return {name: say("hidden", number=at) for at, name in enumerate(names, start=1)}


def betrays(text: str, hidden: Mapping[str, str]) -> bool:
    """Whether a text names a hidden party, whole or in part."""
    words = set(english_words(text))
    parts = {word for name in hidden for word in english_words(name) if len(word) > 1}
    return not words.isdisjoint(parts) or any(name in text.casefold() for name in hidden)
