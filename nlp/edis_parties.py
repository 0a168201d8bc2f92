"""For whom a document was filed at the ITC, in which role, and whom its title names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from index.records import Notice, Party
from nlp.captions import read_caption
from nlp.itc_parties import STAFF, STAFF_NAME
from nlp.legal_forms import has_form, name_key
from nlp.party_lists import read_list
from nlp.party_names import Listed, without_short_hands
from nlp.pipeline import on_one_line, prose_pipeline
from nlp.spans import quote, text_of

_TITLE_LIMIT, _BEHALF_LIMIT = 2_000, 20_000
_OFFICES = re.compile(
    r"^(?:(?:the )?office of|c?alj\b|chief |administrative law judge|judge |hon\.|honorable|usitc\b"
    r"|(?:the )?(?:u\.?s\.?|united states) international trade"
    r"|international trade commission|commission\b|secretary\b|docket services|general counsel|chairman|commissioner)",
    re.I,
)
_JUDGE = re.compile(r"\b[A-Z][\w. ]{2,40},\s(?:Chief\s)?(?:C?ALJ|Administrative Law Judge)\b")
_STAFF = re.compile(r"unfair import investigations|\bOUII\b|commission investigative staff", re.I)
_ROLE = r"(?P<role>Complainants?|Respondents?|Intervenors?)(?=['’\s,:]|$)"
_OWN_ROLE = re.compile(
    rf"^(?:(?!\b(?:to|of|against|from|for|regarding|re|by|opposing|with|on)\b)[\w.&'’()-]+,?\s){{0,8}}{_ROLE}"
    rf"|^(?:[\w-]+\s){{0,4}}(?:Motions?|Notice|Petition|Response|Reply|Brief|Statement"
    rf"|Letter|Request|Application|Submission|Comments|Opposition|Answer)"
    rf"s?\s(?:of|by|from)\s(?:the\s)?(?:\w+\s){{0,2}}{_ROLE.replace('?P<role>', '?P<maker>')}",
    re.I,
)
_ANSWERED = re.compile(
    r"^(?:[\w-]+\s){0,3}(?:Opposition|Response|Reply|Objections?)\b[^.;]{0,30}?\bto\s(?:the\s)?(?P<other>Complainant"
    r"|Respondent)s?\b",
    re.I,
)
_BY_TYPE = (
    ("complainant", re.compile(r"^complaint\b", re.I)),
    ("respondent", re.compile(r"^(?:response|answer) to (?:the )?(?:complaint|noi|notice)", re.I)),
)
_AT = re.compile(
    r"\b(?P<role>Complainants?|Respondents?|Intervenors?)\s(?=[A-Z0-9])|\b(?:Orders?"
    r"|CDO)\s(?:[Ff]or|[Dd]irected (?:[Tt]o|[Aa]gainst)|[Aa]gainst|[Aa]s [Tt]o|[Rr]e)\s(?=[A-Z0-9])"
)
_POSSESSIVE = re.compile(r"(?<=[\w.])['’]s?\s(?=[A-Z]\w+)")
_CAPTION = re.compile(r"(?:^(?!Certified)|\d\d-\d{3,5},\s)(?P<caption>[A-Z][^\n]{2,200}?\sv\.\s[A-Z][^\n;]{2,200})$")
_LED = re.compile(r"\s{0,3}(?:the )?(?P<role>Complainant|Respondent|Intervenor)s?\b", re.I)
_OPPOSITE = {"complainant": "respondent", "respondent": "complainant"}


def read_edis_parties(notice: Notice) -> tuple[Party, ...]:
    """Those a document was filed for, with the role its title or type tells ("party" where nothing does), and
    whom the title plainly names. The Commission's own offices are no parties, its investigative staff is.
    """
    title = notice.section("title")[:_TITLE_LIMIT]
    filed_for = notice.section("on_behalf_of")[:_BEHALF_LIMIT]
    said = _LED.match(filed_for)
    role = said["role"].casefold() if said else own_role(title, notice.entry_type)
    in_title = tuple(_in_title(title))
    told = {name_key(one.name): one.role for one in in_title}
    behalf = tuple(
        replace(one, role=told.get(name_key(one.name), one.role)) if one.role == "party" else one
        for one in _filed_for(filed_for, role)
    )
    keys = [name_key(one.name) for one in behalf]
    named: dict[str, Party] = {}
    for one in in_title:
        if not any(_same(name_key(one.name), key) for key in keys):
            named.setdefault(name_key(one.name), one)
    return (*behalf, *named.values())


def _same(one: str, other: str) -> bool:
    return one == other or other.startswith(one + " ")


def own_role(title: str, entry_type: str) -> str:
    """The role of the side that filed: from the title's own words, else the document's type, else "party"."""
    if said := _OWN_ROLE.match(title):
        return re.sub(r"s$", "", (said["role"] or said["maker"]).casefold())
    if answered := _ANSWERED.match(title):
        return _OPPOSITE[answered["other"].casefold()]
    return next((role for role, pattern in _BY_TYPE if pattern.match(entry_type)), "party")


def _filed_for(behalf: str, role: str) -> Iterator[Party]:
    if not behalf.strip():
        return
    doc = prose_pipeline()(_JUDGE.sub("", on_one_line(behalf)))
    if staff := _STAFF.search(text_of(doc)):
        yield Party(STAFF_NAME, STAFF, quote=quote(text_of(doc), staff.start(), staff.end()))
    for one in without_short_hands(read_list(doc, 0)):
        if not (_STAFF.search(one.name) or _OFFICES.match(one.name)):
            yield _party(text_of(doc), one, role)


def _in_title(title: str) -> Iterator[Party]:
    """Companies with a legal form that a title gives a role or an order, and a caption it quotes."""
    if caption := _CAPTION.search(title):
        yield from read_caption(caption["caption"], "us_appeal")
        return
    doc = prose_pipeline()(on_one_line(title))
    for found in _AT.finditer(text_of(doc)):
        stop = _POSSESSIVE.search(text_of(doc), found.end())
        role = re.sub(r"s$", "", found["role"].casefold()) if found["role"] else "respondent"
        for one in read_list(doc, found.end(), stop.start() if stop else None):
            if has_form(one.name) and not _OFFICES.match(one.name):
                yield _party(text_of(doc), one, role)


def _party(text: str, one: Listed, role: str) -> Party:
    return Party(one.name, role, one.country, one.place, quote(text, one.start, one.end))
