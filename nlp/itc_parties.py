"""Who is complainant and who respondent in the prose of an ITC notice, and when the complaint was filed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from index.records import Party
from nlp.dates import DATE, parse_english_date
from nlp.legal_forms import has_form, name_key
from nlp.party_lists import read_list
from nlp.party_names import OTHER_NAME, Listed, without_short_hands
from nlp.sentences import sentence_start
from nlp.spans import quote, text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

NEEDLES = ("omplain", "espondent", "xclusion order", "esist order", "iolat", "default", "Unfair Import")
COMPLAINANT, RESPONDENT, STAFF = "complainant", "respondent", "commission_staff"
STAFF_NAME = "Office of Unfair Import Investigations"
_LISTS, _ODDITIES = 400, 20  # read from one notice; a long one has forty lists
# Some firms write themselves small: "iRobot", "lululemon athletica inc.", "ecobee Technologies ULC".
_NAME = (
    r"(?=[\"“]?[A-Z0-9(]|[a-z]{1,3}[A-Z]"
    r"|[a-z][\w-]{2,20}(?: [\w-]{2,20}){0,3},? (?:inc|Inc|LLC|ltd|Ltd|corp|Corp|GmbH|ULC|S\.A|AG|B\.V)\b)"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """Words after which a list of names of one role begins. A weak cue needs a legal form, place or definition."""

    role: str
    pattern: re.Pattern[str]
    weak: bool = False


_CUES = (
    Cue(
        COMPLAINANT,
        re.compile(
            r"\bcomplaint\b.{0,160}?\b(?:filed|submitted)\b(?:(?!alleg|\bId\.|respondent).){0,260}?"
            rf"\b(?:on behalf of|by)\s(?:the\s)?(?:[Cc]omplainants?:?\s)?(?!or on behalf){_NAME}"
        ),
    ),
    Cue(COMPLAINANT, re.compile(rf"\b(?:[Cc]omplainants?|COMPLAINANTS?)(?: (?:is|are))?:?\s{_NAME}"), weak=True),
    Cue(
        RESPONDENT,
        re.compile(
            r"\b(?:named|names|naming|identif(?:ies|ied))\s(?:as\s)?(?:the\s)?(?:following\s)?(?:[\w-]+\s){0,3}"
            r"(?:\(\d+\)\s)?"
            rf"(?:entities\s|companies\s|firms\s)?(?:as\s)?(?:the\s)?(?:proposed\s)?respondents?(?:\sin\s(?:this"
            rf"|the)\sinvestigation)?(?:,?\sthe\sfollowing(?:\s\w+)?)?[:,]?\s{_NAME}"
        ),
    ),
    Cue(
        RESPONDENT,
        re.compile(
            r"\b(?:notice of investigation|NOI)(?:\s\([^()]{1,20}\))?\s(?:also\s)?"
            rf"(?:named|names|lists|listed|identif(?:ies|ied)):?\s{_NAME}"
        ),
    ),
    Cue(
        RESPONDENT,
        re.compile(rf"\brespondents?(?:\s\([^()]{{1,60}}\))?,?\s(?:including|namely|i\.e\.,?):?\s{_NAME}"),
        weak=True,
    ),
    Cue(
        RESPONDENT,
        re.compile(rf"\balleg(?:es|ed|ing)\sthat\s(?:[Rr]espondents?\s)?{_NAME}(?=.{{1,400}}?\b(?:violat|infring))"),
        weak=True,
    ),
    Cue(
        RESPONDENT,
        re.compile(
            r"\bnamed\s(?:the\sfollowing\s)?(?:[\w-]+\s){0,2}(?:entities|companies|firms)(?:\sas\srespondents)?[:,]\s"
            + _NAME
        ),
    ),
    Cue(
        RESPONDENT,
        re.compile(
            rf"\b(?:[Rr]espondents?|RESPONDENTS?)(?: named in [^.;]{{0,60}}?)?(?: (?:is|are|were|include))?:?\s{_NAME}"
        ),
        weak=True,
    ),
    Cue(
        RESPONDENT,
        re.compile(rf"\b[Vv]iolat(?:ion|ions|ed)\b(?:(?!respondent|complainant).){{0,140}}?\bby\s{_NAME}"),
        weak=True,
    ),
    Cue(RESPONDENT, re.compile(rf"\bby or on behalf of,?\s{_NAME}"), weak=True),
    Cue(
        RESPONDENT,
        re.compile(rf"\border[s]?\b[^.;]{{0,60}}?\b(?:against|directed (?:to|against|at|toward))\s{_NAME}"),
        weak=True,
    ),
    Cue(
        RESPONDENT,
        re.compile(rf"\b[Tt]erminat\w+\b[^.;]{{0,80}}?\b(?:as to|[Ww]ith [Rr]espect to)\s{_NAME}"),
        weak=True,
    ),
    Cue(
        RESPONDENT,
        re.compile(
            rf"\b(?:add|adding|substitute|substituting)\s{_NAME}"
            r"(?=.{1,400}?\b(?:as (?:an? )?(?:additional )?|for )[Rr]espondent)"
        ),
        weak=True,
    ),
    Cue(RESPONDENT, re.compile(rf"\b[Ff]inding\s{_NAME}(?=.{{1,1500}}?\b[Ii]n [Dd]efault)"), weak=True),
    Cue(RESPONDENT, re.compile(rf"\bdefault\b[^.;]{{0,40}}?\b(?:as to|by|against)\s{_NAME}"), weak=True),
)
# "a settlement between complainants A and B and respondents C and D": the other side's list begins.
_OTHER_SIDE = {
    COMPLAINANT: re.compile(r"(?<=\s)[Rr]espondents?:?\s(?=[A-Z(])"),
    RESPONDENT: re.compile(r"(?<=\s)[Cc]omplainants?:?\s(?=[A-Z(])"),
}
_BEFORE = re.compile(r"\b(?:were|was|are|is)\s(?:also\s)?named\sas\s(?:a\s|the\s)?respondents?\b")
_SUBSTITUTED = re.compile(
    rf"\bsubstitut\w+\s(?!.{{0,250}}omplainant)(?P<new>{_NAME}[^;]{{2,200}}?)\s(?:for|in place of)\s{_NAME}"
)
_DEFINED_ROLE = re.compile(r"\((?:[^()]{0,40}?\W)?[\"“](?P<role>Complainant|Respondent)s?[\"”][^()]{0,80}\)")
_CAPITALS = re.compile(r"(?:^|[a-z]\s)((?:[A-Z0-9&][\w.'’&/-]*,?\s|\([A-Z]\w+\)\s){1,10})\Z")
_STAFF = re.compile(
    r"Office of Unfair Import Investigations[^.;]{0,40}?\b(?:is|was|has been|will be"
    r"|will|were)\s(?P<no>not\s)?(?:also\s)?(?:a\sparty|named|participat\w+)"
    r"|\bnamed as parties to\b[^\n]{1,2000}?\bOffice of Unfair Import Investigations\b",
)
_RENAMED = re.compile(
    r"\b(?:correct|change|amend|reflect)\w*\b[^.;]{0,80}?\b(?:names?|titles?)\b[^.;]{0,40}?\b(?:of|from)\s"
    r"(?:the\s)?(?:[Rr]espondents?\s|[Cc]omplainants?\s)?(?:[“\"]?)(?P<old>[A-Z0-9][^;:\n]{2,150}?)[”\"]?\s(?:to"
    r"|with)\s(?:read\s)?[“\"]?(?=[A-Z0-9])"
)
_FILED = (
    re.compile(
        r"\b(?:[Aa]|[Aa]n enforcement)\scomplaint(?:\sand\s[\w ]{1,60})?\s(?:was|were)\sfiled\b"
        r"(?:(?!\bon behalf\b).){0,120}?\bon\s"
        rf"(?P<date>{DATE})"
    ),
    re.compile(
        rf"\b(?:based\s(?:up)?on|received|of|following)\s(?:a|the)\scomplaint\b"
        rf"(?:(?!\bfiled\b|alleg).){{0,120}}?\bfiled\son\s(?P<date>{DATE})"
    ),
)
_FILED_FIRST = re.compile(
    rf"\b[Oo]n\s(?P<date>{DATE}),\s(?:(?!\bfiled\b)[^;]){{1,160}}?\sfiled\s(?:a|an enforcement)\scomplaint\b"
    r"(?![^.;]{0,80}[Dd]istrict)"
)
_AMENDED = re.compile(r"\b(?:amended|corrected|supplement\w*)\s\Z")
_FILED_AFTER = re.compile(rf"[\s,]{{0,3}}(?:\([^()]{{0,120}}\)[\s,]{{0,3}})?on\s(?P<date>{DATE})")


def read_itc_parties(docs: list[Doc]) -> tuple[Party, ...]:
    """The parties named in the paragraphs of one notice, complainants and respondents in order, once each.

    Short-hands are not names; where the notice corrects a corporate title the current title stands.
    """
    named = list(_named(docs))
    names = without_short_hands(tuple(one for _, _, one in named))
    firsts = {name_key(said[2].name): said for said in reversed(named)}
    parties = []
    for role in (COMPLAINANT, RESPONDENT):
        for one in names:
            doc, first_role, first = firsts[name_key(one.name)]
            if first_role == role:
                words = quote(text_of(doc), first.start, first.end)
                parties.append(Party(one.name, role, one.country, one.place, words))
    return (*_renamed(tuple(parties), docs), *_staff(docs))


def _named(docs: list[Doc]) -> Iterator[tuple[Doc, str, Listed]]:
    """(paragraph, role, name) for each name a notice gives a role."""
    cued = ((doc, cue, found) for doc in docs for cue in _CUES for found in cue.pattern.finditer(text_of(doc)))
    for doc, cue, found in islice(cued, _LISTS):
        other = _OTHER_SIDE[cue.role].search(text_of(doc), found.end())
        listed = read_list(doc, found.end(), other.start() if other else None)
        yield from ((doc, cue.role, one) for one in listed if one.strong or not cue.weak)
    for doc, found in _found(docs, _BEFORE):
        start = sentence_start(text_of(doc), found.start())
        yield from ((doc, RESPONDENT, one) for one in read_list(doc, start, found.start()))
    for doc, found in _found(docs, _SUBSTITUTED):
        yield from ((doc, RESPONDENT, one) for one in read_list(doc, found.start("new"), found.end("new")))
    for doc, found in _found(docs, _DEFINED_ROLE):
        if before := _name_before(doc, found.start()):
            yield doc, found["role"].casefold(), before


def _found(docs: list[Doc], pattern: re.Pattern[str]) -> Iterator[tuple[Doc, re.Match[str]]]:
    """Where a seldom turn of phrase stands, twenty times at most."""
    return islice(((doc, found) for doc in docs for found in pattern.finditer(text_of(doc))), _ODDITIES)


def _name_before(doc: Doc, at: int) -> Listed | None:
    """The one name that ends right before a definition: `finding that PAX Labs, Inc. (“Complainant”) satisfied`."""
    before = _CAPITALS.search(text_of(doc)[max(0, at - 160) : at])
    if before and OTHER_NAME.match("(" + text_of(doc)[at - len(before[1]) - 6 : at].lstrip().partition(" ")[0]):
        return None  # "Edge LLC d/b/a The Glow Company (“Complainant”)": half a name
    listed = read_list(doc, at - len(before[1]), at) if before else ()
    return listed[0] if len(listed) == 1 and has_form(listed[0].name) else None


def _renamed(parties: tuple[Party, ...], docs: list[Doc]) -> tuple[Party, ...]:
    """Parties under their current names, where the notice says a name was corrected or changed."""
    for doc in docs:
        for found in islice(_RENAMED.finditer(text_of(doc)), _ODDITIES):
            now = read_list(doc, found.end())
            if not now or not has_form(now[0].name):
                continue
            old, new = name_key(found["old"]), now[0].name
            words = quote(text_of(doc), found.start(), now[0].end, before=0)
            parties = tuple(
                replace(one, name=new, quote=words) if name_key(one.name) == old else one for one in parties
            )
    by_name = {(name_key(one.name), one.role): one for one in reversed(parties)}
    return tuple(dict.fromkeys(by_name[name_key(one.name), one.role] for one in parties))


def _staff(docs: list[Doc]) -> tuple[Party, ...]:
    """The Commission's investigative staff, where the notice says it takes part."""
    for doc in docs:
        for found in _STAFF.finditer(text_of(doc)):
            if not found["no"]:
                return (Party(STAFF_NAME, STAFF, quote=quote(text_of(doc), found.start(), found.end(), before=0)),)
    return ()


def complaint_filed_on(docs: list[Doc]) -> date | None:
    """The day the complaint was filed, where the notice says so; never the day of institution or of a supplement."""
    for doc in docs:
        for pattern in (*_FILED, _FILED_FIRST):
            if found := pattern.search(text_of(doc)):
                return parse_english_date(found["date"])
        for found in islice(_CUES[0].pattern.finditer(text_of(doc)), _ODDITIES):
            listed = read_list(doc, found.end())
            after = _FILED_AFTER.match(text_of(doc), listed[-1].end) if listed else None
            amended = _AMENDED.search(text_of(doc)[max(0, found.start() - 20) : found.start()])
            if after and not amended:
                return parse_english_date(after["date"])
    return None
