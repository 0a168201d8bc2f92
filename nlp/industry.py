"""Which key industries a text touches, and the words or codes that say so.

Layers: class codes; the product phrase apart from the rest (legal boilerplate cut, company names counted low); a model,
if one is handed in; terms. Evidence adds up in log-odds; the sum is a probability, and that decides the band.
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
from nlp.focus import Place, first_sentence, places
from nlp.industries import fingerprint, load
from nlp.terms import lexicon

RULES = 1  # counted up when the code of the layers changes what they say
VERSION = f"industry-{RULES}-{digest(str(RULES), fingerprint())[:8]}"

TAG_FROM, REVIEW_FROM = 0.6, 0.25
PRIOR = -3.6  # an industry nothing speaks for: under 3 %
STEP = 6.0  # a term of weight 1 in the product phrase, alone: 92 %
MOST = 1.3  # so much do all terms together count
CODE_WEIGHT = {"strong": 6.2, "bare": 5.0, "weak": 1.6}
# The record has class codes and none of them speaks for the industry. A patent's own codes are meant to be complete,
# those of the patents a notice asserts are not.
SILENT_CODES, SILENT_ASSERTED = -2.0, -0.5
MODEL_ALONE = 0.9  # in a notice the model tags without a code or a term only from here
LONGEST = 20_000  # characters read of a text
PATENT_KINDS = frozenset({"grant", "title", "title+abstract", "claim", "abstract"})


class Opinion(NamedTuple):
    """What a model says of one industry: a probability in 0..1 and the words that moved it most."""

    probability: float
    words: tuple[str, ...] = ()


class Scorer(Protocol):
    """A learned model. It is asked for the product phrase and for the prose; the larger answer counts."""

    def __call__(self, text: str, *, language: str, kind: str) -> Mapping[str, Opinion]:
        """An opinion per industry id; industries left out are unknown to the model."""
        ...


@dataclass(slots=True)
class Balance:
    """What speaks for and against one industry, in log-odds."""

    codes: float = 0.0
    terms: float = 0.0
    model: float = 0.0
    evidence: tuple[Evidence, ...] = ()


def tag_industries(
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
    spelling, unreadable ones are passed over. `kind` is the kind of text (`itc-notice`, `docket`, `news`,
    `title+abstract`…): a patent without a title has it as its first sentence. `language` is for the model. Of long
    texts the first 20,000 characters are read.
    """
    if is_patent(kind) and not title:
        title, text = first_sentence(text)
    stretches = places(title[:LONGEST], text[:LONGEST], (product or "")[:LONGEST])
    balances: dict[str, Balance] = defaultdict(Balance)
    coded = _weigh_codes(balances, codes)
    _weigh_terms(balances, stretches, is_patent(kind))
    if model is not None:
        _weigh_model(balances, model, stretches, language, kind)
    if coded:
        for balance in balances.values():
            balance.codes = balance.codes or (SILENT_CODES if is_patent(kind) else SILENT_ASSERTED)
    tags = (_tag(industry, balance, is_patent(kind)) for industry, balance in balances.items())
    return tuple(sorted((tag for tag in tags if tag), key=lambda tag: (-tag.score, tag.industry)))


def is_patent(kind: str) -> bool:
    """Whether a text of this kind is a patent's own page (or its title, abstract, claim)."""
    return kind in PATENT_KINDS or "patent" in kind


@cache
def _code_table() -> CodeTable[tuple[str, str]]:
    """(industry, strength) of every class code pattern."""
    return CodeTable((rule.pattern, (one.id, rule.strength)) for one in load().values() for rule in one.rules())


def _weigh_codes(balances: dict[str, Balance], codes: Sequence[str]) -> bool:
    """The strongest code counts, more of them add nothing: examiners give them in bundles. Whether any was read."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    read = [(given, code) for given in dict.fromkeys(codes) if (code := parse_code(given))]
    for given, code in read:
        for industry, strength in dict.fromkeys(_code_table().match(code)):
            if strength != "bare" or not code.group:
                found[industry].append(Evidence("code", given, "codes", CODE_WEIGHT[strength]))
    for industry, evidence in found.items():
        best = sorted(evidence, key=lambda one: -one.weight)
        balances[industry].codes = best[0].weight
        balances[industry].evidence += tuple(best[:3])
    return bool(read)


def _weigh_terms(balances: dict[str, Balance], stretches: Sequence[Place], patent: bool) -> None:
    """Each term counts once, at the place where it counts most; all terms together count at most MOST."""
    found: dict[str, dict[str, Evidence]] = defaultdict(dict)
    for place in stretches:
        for hit in lexicon().find(place.text, place.hidden, patent=patent):
            weight = hit.weight * place.share(hit.start, hit.end)
            known = found[hit.industry].get(hit.term)
            if known is None or abs(weight) > abs(known.weight):
                quote = place.text[hit.start : hit.end]
                found[hit.industry][hit.term] = Evidence("term", quote, place.source, round(weight, 3))
    for industry, terms in found.items():
        best = sorted(terms.values(), key=lambda one: -abs(one.weight))
        balances[industry].terms = STEP * min(sum(one.weight for one in best), MOST)
        balances[industry].evidence += tuple(best[:6])


def _weigh_model(
    balances: dict[str, Balance], model: Scorer, stretches: Sequence[Place], language: str, kind: str
) -> None:
    """The model's larger answer for the product phrase and for all prose, as log-odds above the prior."""
    asked = [("product", place.text) for place in stretches if place.source == "product"]
    asked.append(("text", "\n".join(place.prose for place in stretches if place.source != "product")))
    best: dict[str, tuple[float, Evidence]] = {}
    for source, words in asked:
        for industry, opinion in model(words, language=language, kind=kind).items():
            odds = logit(opinion.probability) - PRIOR
            if odds > best.get(industry, (0.0, None))[0]:
                best[industry] = odds, Evidence("model", ", ".join(opinion.words), source, round(odds, 3))
    for industry, (odds, evidence) in best.items():
        balances[industry].model = odds
        balances[industry].evidence += (evidence,)


def _tag(industry: str, balance: Balance, patent: bool) -> Tag | None:
    """The score and its band; None below the review band."""
    score = sigmoid(PRIOR + balance.codes + balance.terms + balance.model)
    if score < REVIEW_FROM:
        return None
    model_alone = balance.model > 0 and balance.codes <= 0 and balance.terms <= 0
    needed = MODEL_ALONE if model_alone and not patent else TAG_FROM
    return Tag(industry, round(score, 3), "tag" if score >= needed else "review", balance.evidence)


def sigmoid(odds: float) -> float:
    """Log-odds as a probability."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def logit(probability: float) -> float:
    """A probability as log-odds, both ends kept finite."""
    held = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(held / (1 - held))
