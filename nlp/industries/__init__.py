"""What each key industry is: names, terms, class codes and examples, one TOML file per industry in this folder.

A file dropped into the folder is an industry; there is no other list. Term weights: 1 names the industry by itself,
0.5 says it only beside another word, 0.25 is a hint.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from index.problems import Unusable
from nlp.codes import Pattern, parse_pattern

FOLDER = Path(__file__).parent
Language = Literal["en", "zh"]
Strength = Literal["strong", "weak", "bare"]
Word = Annotated[str, Field(min_length=1, max_length=80, pattern=r"\S")]
Scope = Annotated[str, Field(min_length=10, max_length=400)]
Weight = Annotated[float, Field(ge=0, le=1)]
_STAR = re.compile(r"[^*]*|(.*[\s-])?([^*\s-]{3,}\*|\*[^*\s-]{3,})([\s-][^*]*)?")
_STRICT = ConfigDict(extra="forbid")  # a misspelt key is an error, not silence


@dataclass(frozen=True, slots=True, config=_STRICT)
class TermGroup:
    """Terms of one language and weight.

    `needs`: they count only beside one of these words in the same place. `patents_only`: words that tell a field in a
    patent's terse text and nothing in a notice's prose (data, circuit, 信息).
    """

    lang: Language
    weight: Weight
    words: Annotated[tuple[Word, ...], Field(min_length=1)]
    needs: tuple[Word, ...] = ()
    patents_only: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True, config=_STRICT)
class CounterGroup:
    """Phrases that hide the terms inside them (a blood vessel is no vessel); a `weight` also speaks against."""

    lang: Language
    words: Annotated[tuple[Word, ...], Field(min_length=1)]
    weight: Weight = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True, config=_STRICT)
class CodeGroup:
    """IPC/CPC patterns and the table they rest on (`basis`).

    `strong` ones tag, `weak` ones wait for a term. `bare` ones name the subclass's main subject: they tag a code given
    no deeper than its subclass and say nothing of a deeper one.
    """

    strength: Strength
    patterns: Annotated[tuple[str, ...], Field(min_length=1)]
    basis: Annotated[str, Field(min_length=1)]


class Rule(NamedTuple):
    """One class code pattern of an industry."""

    pattern: Pattern
    strength: Strength
    basis: str


@dataclass(frozen=True, slots=True, config=_STRICT)
class Example:
    """A text with or without the industry; both kinds run as tests."""

    text: str
    title: str = ""
    codes: tuple[str, ...] = ()
    kind: str = ""


Examples = Annotated[tuple[Example, ...], Field(min_length=3)]


@dataclass(frozen=True, slots=True, config=_STRICT)
class Industry:
    """One key industry, as its file states it."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    zh: Word
    en: Word
    scope_zh: Scope
    scope_en: Scope
    terms: tuple[TermGroup, ...]
    codes: tuple[CodeGroup, ...]
    examples: Examples
    counter_examples: Examples
    counters: tuple[CounterGroup, ...] = ()

    def rules(self) -> Iterator[Rule]:
        """Each class code pattern with its strength and basis."""
        for group in self.codes:
            for pattern in group.patterns:
                yield Rule(parse_pattern(pattern), group.strength, group.basis)


@cache
def load() -> dict[str, Industry]:
    """Every industry by id, in the order of the ids. Raises Unusable naming each file and field that is wrong."""
    return load_folder(FOLDER)


def load_folder(folder: Path) -> dict[str, Industry]:
    """The industries of another folder (`load` reads this one). Raises Unusable."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise Unusable(f"{folder}: no industry file (*.toml)")
    return {file.stem: read_industry(file) for file in files}


def read_industry(file: Path) -> Industry:
    """One file, checked. Raises Unusable naming file, field and reason, all wrong fields at once."""
    try:
        data = tomllib.loads(file.read_text("utf-8"))
        industry = TypeAdapter(Industry).validate_python(data)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"{file.name}: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise Unusable(f"{file.name}: {wrong}") from error
    problems = list(_doubts(industry, file.stem))
    if problems:
        raise Unusable(f"{file.name}: {'; '.join(problems)}")
    return industry


def _doubts(industry: Industry, stem: str) -> Iterator[str]:
    """What a schema cannot see: the id is the file's name, no term stands twice, patterns can be read."""
    if industry.id != stem:
        yield f"id: is {industry.id!r}, the file is called {stem!r}"
    seen: set[tuple[str, str, tuple[str, ...]]] = set()
    for number, group in enumerate(industry.terms):
        for word in group.words:
            if (group.lang, word, group.needs) in seen:
                yield f"terms.{number}: {word!r} stands twice"
            if not _STAR.fullmatch(word):
                yield f"terms.{number}: {word!r}: one star at most, at one end of a word of three letters or more"
            seen.add((group.lang, word, group.needs))
    for number, codes in enumerate(industry.codes):
        for pattern in codes.patterns:
            try:
                parse_pattern(pattern)
            except ValueError as error:
                yield f"codes.{number}: {error}"


def fingerprint(folder: Path = FOLDER) -> str:
    """12 hexadecimal digits over all files: a changed term gives another one."""
    digest = sha256()
    for file in sorted(folder.glob("*.toml")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def coverage() -> str:
    """A table of counts per industry, then the terms that two industries share."""
    lines = [f"{'industry':22}{'en':>6}{'zh':>6}{'counters':>10}{'strong':>8}{'weak':>6}{'bare':>6}{'examples':>10}"]
    owners: dict[str, list[str]] = defaultdict(list)
    for industry in load().values():
        lines.append(_counts(industry))
        for word in {word for group in industry.terms for word in group.words}:
            owners[word].append(industry.id)
    shared = {word: ids for word, ids in sorted(owners.items()) if len(ids) > 1}
    return "\n".join([*lines, f"shared terms: {len(shared)}", *(f"  {w}: {', '.join(i)}" for w, i in shared.items())])


def _counts(industry: Industry) -> str:
    """One row of the table."""
    words = Counter(en=0, zh=0)
    for group in industry.terms:
        words[group.lang] += len(group.words)
    counters = sum(len(group.words) for group in industry.counters)
    rules = Counter(rule.strength for rule in industry.rules())
    shown = f"{len(industry.examples)}/{len(industry.counter_examples)}"
    numbers = f"{words['en']:6}{words['zh']:6}{counters:10}{rules['strong']:8}{rules['weak']:6}{rules['bare']:6}"
    return f"{industry.id:22}{numbers}{shown:>10}"
