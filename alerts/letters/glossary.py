"""Terms in Chinese and English, read from `glossary.toml`. What is not there is quoted, never guessed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from alerts.letters.plain import clean, quoted
from index.records import TaggedNotice
from nlp.industries import load

Entry = Mapping[str, Any]

# "Certain X and Components Thereof": where a product's own name ends.
_AFTER_NAME = re.compile(
    r",? and (?:components?|products?|systems?|methods?)\b|, (?:components?|products? containing)\b"
)


@cache
def _terms() -> Mapping[str, Mapping[str, Entry]]:
    return tomllib.loads(files("alerts.letters").joinpath("glossary.toml").read_text("utf-8"))


def entry(group: str, word: str, forum: str = "") -> Entry | None:
    """What the glossary knows of a word: its own meaning in the forum before the general one; else None."""
    terms = _terms()[group]
    return terms.get(f"{forum}.{word}") or terms.get(word)


def term(group: str, word: str, language: str = "zh", forum: str = "") -> str:
    """The word in the reader's language; an unknown one cleaned, between quotation marks."""
    known = entry(group, word, forum)
    return str(known[language]) if known else quoted(clean(word.replace("_", " "), 60), language)


def known(group: str, language: str = "zh") -> dict[str, str]:
    """Every word of a group that has a meaning of its own in no single forum, in the reader's language."""
    return {word: str(said[language]) for word, said in _terms()[group].items() if word and "." not in word}


def side(role: str, forum: str = "") -> str:
    """`attacking`, `defending` or `neutral`; a role nobody described is neutral."""
    return str((entry("roles", role, forum) or {}).get("side", "neutral"))


def opening(event: str, forum: str = "") -> bool:
    """Whether this event is the one by which a party first hears that it is in a case."""
    return bool((entry("events", event, forum) or {}).get("opening", False))


def rule_kind(rule: str, forum: str = "") -> str:
    """`duty`, `chance`, `lapse` or `others`, as the glossary explains them; unknown: `chance`."""
    return str((entry("rules", rule, forum) or {}).get("kind", "chance"))


def chinese_words(told: TaggedNotice) -> list[str]:
    """Chinese words to find a notice by: the products its product phrase names, and its industries."""
    phrase = f" {(told.product or told.notice.title).casefold()} "
    products = (side["zh"] for name, side in _terms()["products"].items() if _names(phrase, name))
    return [*products, *(industry.zh for key, industry in load().items() if key in {tag.industry for tag in told.tags})]


def _names(phrase: str, name: str) -> bool:
    one = name.removesuffix("ies") + "y" if name.endswith("ies") else name.removesuffix("s")
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", phrase) for word in (name, one))


def product(words: str, language: str = "zh") -> str:
    """A product: its own words quoted, the Chinese name before them only where the glossary has the whole name."""
    core = _AFTER_NAME.split(words.casefold()[:300], maxsplit=1)[0].strip(" .,;").removeprefix("certain ")
    known, said = entry("products", core), quoted(clean(words, 240), language)
    return f"{known['zh']}{said}" if known and language == "zh" else said
