"""Which key industries a text touches, and the words or codes that say so.

Layers: class codes, then the product phrase apart from the rest (legal boilerplate cut, company names counted low),
a model if one is handed in, terms. Evidence adds up in log-odds; the sum is a probability, and that decides the band.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, Protocol

from index.keys import digest
from index.records import Evidence, Tag
from nlp.codes import CodeTable, parse_code
from nlp.focus import Span, boilerplate, company_names, modifiers, patent_titles, product_phrase
from nlp.industries import fingerprint, load
from nlp.terms import Hit, lexicon

RULES = 1  # counted up when the code below changes what it says
VERSION = f"industry-{RULES}-{digest(str(RULES), fingerprint())[:8]}"

TAG_FROM = 0.6
REVIEW_FROM = 0.25
PRIOR = -3.6  # an industry nothing speaks for: under 3 %
STEP = 6.0  # a term of weight 1 in the product phrase alone: 92 %
MOST = 1.3  # so much do all terms together count
STRONG_CODE, WEAK_CODE, BARE_CODE = 6.2, 1.6, 5.0
MODEL_ALONE = 0.9  # in a notice the model tags without a code or a term only above this
LONGEST = 20_000  # characters read of a text
LEAD = 1_500
IN_A_NAME = 0.5
MODIFIER = 0.5
# The record has class codes and none of them speaks for the industry. A patent's own codes are meant to be complete,
# those of the patents a notice asserts are not.
SILENT_CODES, SILENT_ASSERTED = -1.5, -0.5
PATENT_KINDS = frozenset({"grant", "title", "title+abstract", "claim", "abstract"})


class Opinion(NamedTuple):
    """What a model says of one industry: a probability in 0..1 and the words that moved it most."""

    probability: float
    words: tuple[str, ...] = ()


class Scorer(Protocol):
    """A learned model. It is asked for the product phrase and for the text; the larger answer counts."""

    def __call__(self, text: str, *, language: str, kind: str) -> Mapping[str, Opinion]:
        """An opinion per industry id; industries left out are unknown to the model."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of text, what it is called to the reader, and how much a term in it counts."""

    source: str
    text: str
    factor: float
    hidden: tuple[Span, ...] = ()
    names: tuple[Span, ...] = ()
    modifiers: tuple[Span, ...] = ()


@dataclass(slots=True)
class Balance:
    """What speaks for and against one industry, in log-odds."""

    codes: float = 0.0
    terms: float = 0.0
    model: float = 0.0
    evidence: tuple[Evidence, ...] = ()


def tag_industries(  # noqa: PLR0913  # each is another thing a notice says; all by name
    *,
    title: str,
    text: str,
    product: str | None,
    codes: Sequence[str],
    language: str,
    kind: str = "",
    model: Scorer | None = None,
) -> tuple[Tag, ...]:
    """The industries of a text, the surest first; empty where nothing speaks for one.

    `product` is the accused product if it is known, else the text is asked for it. `codes` are IPC/CPC codes in any
    spelling, unreadable ones are passed over. `language` and `kind` (`itc-notice`, `docket`, `news`, a patent's
    `title+abstract`…) are for the model; a patent's first sentence is its title. Of long texts the first 20,000
    characters are read.
    """
    said: dict[str, Balance] = defaultdict(Balance)
    places = _places(title[:LONGEST], text[:LONGEST], (product or "")[:LONGEST], kind)
    silent = (SILENT_CODES if is_patent(kind) else SILENT_ASSERTED) if _weigh_codes(said, codes) else 0.0
    _weigh_terms(said, places)
    for one in said.values():
        one.codes = one.codes or silent
    if model is not None:
        _ask(model, said, places, language, kind)
    tags = (_tag(industry, one, kind, asked=model is not None) for industry, case in said.items())
    return tuple(sorted((tag for tag in tags if tag), key=lambda tag: (-tag.score, tag.industry)))


@cache
def _code_table() -> CodeTable[tuple[str, str, str]]:
    """(industry, strength, basis) of every class code pattern."""
    rules = ((rule.pattern, (one.id, rule.strength, rule.basis)) for one in load().values() for rule in one.rules())
    return CodeTable(rules)


_CODE_WEIGHT = {"strong": STRONG_CODE, "bare": BARE_CODE, "weak": WEAK_CODE}


def is_patent(kind: str) -> bool:
    """Whether a text of this kind is a patent's own page (or its title, abstract, claim)."""
    return kind in PATENT_KINDS or "patent" in kind


def _weigh_codes(said: dict[str, Balance], codes: Sequence[str]) -> bool:
    """The strongest code counts, a second of the same kind adds nothing: examiners give them in bundles.

    Returns whether any code could be read.
    """
    found: dict[str, list[Evidence]] = defaultdict(list)
    read = 0
    for given in dict.fromkeys(codes):
        code = parse_code(given)
        read += code is not None
        for industry, strength, _basis in _code_table().match(code) if code else ():
            if strength != "bare" or not (code and code.group):
                found[industry].append(Evidence("code", given, "codes", _CODE_WEIGHT[strength]))
    for industry, evidence in found.items():
        best = sorted(dict.fromkeys(evidence), key=lambda one: -one.weight)
        said[industry].codes = best[0].weight
        said[industry].evidence += tuple(best[:3])
    return read > 0


def _places(title: str, text: str, product: str, kind: str) -> list[Place]:
    """The stretches to look at. Where the accused product is known, what else is said counts for little."""
    if is_patent(kind) and not product and not title:
        title, text = _first_sentence(text)
    product = product or product_phrase(title, text)
    patents = patent_titles(text)
    known = bool(product)
    places = [
        _prose("product", product, 1.0),
        _prose("title", title, 0.5 if known else 1.0),
        _prose("text", patents, 0.9),
        _prose("text", text[:LEAD], 0.45 if known else 0.85),
        _prose("text", text[LEAD:], 0.2 if known else 0.3),
    ]
    return [place for place in places if place.text]


def _prose(source: str, text: str, factor: float) -> Place:
    """A stretch with its boilerplate hidden, its company names and mere modifiers known."""
    return Place(source, text, factor, tuple(boilerplate(text)), tuple(company_names(text)), tuple(modifiers(text)))


def _first_sentence(text: str) -> tuple[str, str]:
    """A patent's title and the rest."""
    title, stop, rest = text[:400].partition(". ")
    return (title, rest + text[400:]) if stop else (title, text[400:])


def _weigh_terms(said: dict[str, Balance], places: Sequence[Place]) -> None:
    """Each term counts once, at the place where it counts most; all terms together count at most MOST."""
    found: dict[str, dict[str, Evidence]] = defaultdict(dict)
    for place in places:
        for hit in lexicon().find(place.text, place.hidden):
            weight = hit.weight * place.factor * _share(hit, place)
            known = found[hit.industry].get(hit.term)
            if known is None or abs(weight) > abs(known.weight):
                quote = place.text[hit.start : hit.end]
                found[hit.industry][hit.term] = Evidence("term", quote, place.source, round(weight, 3))
    for industry, terms in found.items():
        best = sorted(terms.values(), key=lambda one: -abs(one.weight))
        said[industry].terms = STEP * min(sum(one.weight for one in best), MOST)
        said[industry].evidence += tuple(best[:6])


def _share(hit: Hit, place: Place) -> float:
    """How much of a term counts: less inside a company's name or a modifier."""
    share = 1.0
    for spans, factor in ((place.names, IN_A_NAME), (place.modifiers, MODIFIER)):
        if any(start <= hit.start and hit.end <= end for start, end in spans):
            share *= factor
    return share


def _ask(model: Scorer, said: dict[str, Balance], places: Sequence[Place], language: str, kind: str) -> None:
    """The model's larger answer for the product phrase and for all prose, as log-odds above the prior."""
    prose = "\n".join(_visible(place) for place in places if place.source != "product")
    asked = [("product", place.text) for place in places if place.source == "product"] + [("text", prose)]
    best: dict[str, tuple[float, Evidence]] = {}
    for source, words in asked:
        for industry, opinion in model(words, language=language, kind=kind).items():
            odds = logit(opinion.probability)
            if industry not in best or odds > best[industry][0]:
                best[industry] = odds, Evidence("model", ", ".join(opinion.words), source, round(odds, 3))
    for industry, (odds, evidence) in best.items():
        one = said[industry]
        one.model = max(odds - PRIOR, 0.0)
        if one.model:
            one.evidence += (evidence,)


def _visible(place: Place) -> str:
    """The stretch without its boilerplate."""
    kept, done = [], 0
    for start, end in sorted(place.hidden):
        kept.append(place.text[done:start])
        done = max(done, end)
    return "".join([*kept, place.text[done:]])


def _tag(industry: str, one: Balance, kind: str, *, asked: bool) -> Tag | None:
    """The case's score and band; None below the review band."""
    score = sigmoid(PRIOR + one.codes + one.terms + one.model)
    if score < REVIEW_FROM:
        return None
    alone = asked and one.codes <= 0 and one.terms <= 0
    sure = score >= (MODEL_ALONE if alone and not is_patent(kind) else TAG_FROM)
    return Tag(industry, round(score, 3), "tag" if sure else "review", one.evidence)


def sigmoid(odds: float) -> float:
    """Log-odds as a probability."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def logit(probability: float) -> float:
    """A probability as log-odds, both ends kept finite."""
    held = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(held / (1 - held))
