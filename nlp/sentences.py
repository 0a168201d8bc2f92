"""Where a sentence of a legal notice ends: "Inc." and "No." do not end one, "China. The" does."""

from __future__ import annotations

import re

LONGEST = 12_000  # no sentence with a list of respondents is longer

_STOP = re.compile(r"[.?!][\"”’'\)]{0,3}\s+(?=[\"“‘(\[]{0,2}[A-Z0-9])|\n{2,}")
_OPENERS = re.compile(
    r"[\"“‘]{0,2}(?:The|A|An|Id|See|On|In|No|Also|That|This|These|Those|Supplements?|Letters?|Amended|Corrected|First"
    r"|Second|Third|It|Its|Each|Both|All|By|For|At|To|Having|After|Before|Because|Notice|Complainants?|Respondents?"
    r"|\d{1,3} (?:FR|Fed)|There|Additional|Additionally|Further|Thereafter|Subsequently"
    r"|Of|They|Written|Any|Upon|Pursuant)\b"
)
_ABBREVIATIONS = (
    "inc ltd co corp no nos llc lp llp plc pte pty sdn bhd gmbh bros mfg intl int'l tech elec indus sci "
    "mach imp exp mt ft st dr mr mrs ms jr sr esq vs v cf e.g i.e et al inv pub op comm'n dept div ass'n "
    "assn univ lab labs pharm pharma dist rev stat supp cir ct reg pat fed bldg rm fl ave rd blvd hwy ste "
    "str jan feb mar apr jun jul aug sept sep oct nov dec usa l.l.c l.p s.a n.v b.v a.g s.p.a s.r.l u.s "
    "u.k p.r "
)
_ABBREVIATED = frozenset(_ABBREVIATIONS.split())
_WORD_BEFORE = re.compile(r"[\w.'’&/-]{1,30}\Z")


def sentence_end(text: str, start: int) -> int:
    """Where the sentence that holds text[start] ends; at most LONGEST characters on."""
    limit = min(len(text), start + LONGEST)
    for stop in _STOP.finditer(text, start, limit):
        if text[stop.start()] == "\n" or _ends_sentence(text, stop.start(), stop.end()):
            return stop.start() + (text[stop.start()] == ".")
    return limit


def _ends_sentence(text: str, dot: int, following: int) -> bool:
    """Whether the full stop at `dot` ends a sentence rather than an abbreviation."""
    word = _WORD_BEFORE.search(text, max(0, dot - 32), dot)
    last = word.group().casefold() if word else ""
    abbreviated = text[dot] == "." and (last in _ABBREVIATED or (len(last) == 1 and last.isalpha()) or "." in last)
    return not abbreviated or bool(_OPENERS.match(text, following))


def sentence_start(text: str, end: int) -> int:
    """Where the sentence that holds text[end - 1] begins; at most LONGEST characters back."""
    start = max(0, end - LONGEST)
    for stop in _STOP.finditer(text, start, end):
        if text[stop.start()] == "\n" or _ends_sentence(text, stop.start(), stop.end()):
            start = stop.end()
    return start


def sentences(text: str) -> list[str]:
    """The sentences of a short text, in order."""
    found, start = [], 0
    while start < len(text):
        end = sentence_end(text, start)
        found.append(text[start:end].strip(' \n”"'))
        start = max(end, start + 1)
    return [sentence for sentence in found if sentence]
