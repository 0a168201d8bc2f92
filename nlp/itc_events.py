"""The life-cycle event of a notice or document of the U.S. International Trade Commission.

19 CFR part 210 gives the steps. What a notice *does* is in its title and its abstract or summary; its
background recites earlier steps and is not read. A rule fires on signals; `_RULES` is the order in which
they decide the main event: what ends the case outranks the review of it, a review that still asks for
briefs on remedy comes first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from nlp.party_names import DEFINITION
from nlp.sentences import sentences

ITC_EVENTS = (
    "complaint_received", "institution", "amended", "party_terminated", "terminated", "default", "summary_determination",
    "review", "public_interest_request", "violation_found", "no_violation", "remedy_changed", "enforcement", "remand",
    "target_date", "correction", "other",
)  # fmt: skip
_READ = 12_000
_ORDERS = r"(?:(?:remedial|general exclusion|limited exclusion|exclusion|cease and desist|consent|seizure and forfeiture) orders?)"
_ANY_ORDERS = rf"{_ORDERS}(?:,? (?:and|or) (?:an? )?{_ORDERS})*"


def _signal(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


# What the words of title and abstract say, lower case, definitions in brackets taken out.
SIGNALS = {
    "other_law": _signal(
        r"\bsection 332\b", r"\b332-\d{3}\b", r"\b(?:701|731|751|753)-ta-\d", r"anti-?dumping|countervailing dut", r"\btitle vii\b(?! and section 337)",
        r"\bsummary of commission practice\b", r"administrative protective orders\b.{0,40}(?:breach|practice)", r"\bsunshine act\b",
        r"\brules of (?:general application|practice and procedure)\b.{0,60}(?:amend|propos|final rule)|(?:propos\w+|final) rule(?:making)?\b",
        r"\bappointment of\b.{0,40}administrative law judges?|administrative law judges\b.{0,60}appoint",
        r"\bfive-year review|\bmaterial(?:ly)? injur", r"\bprivacy act\b|information collection|\bpaperwork reduction\b",
    ),
    "correction": _signal(
        r"(?:^|; ?|\()(?:notice of )?(?:technical |second )?corrections?(?: (?:of|to) (?:the )?notice)?\b[^;]{0,20}$", r"(?:^|; ?)corrected notice\b", r"\berrat(?:a|um) to (?:the )?notice\b",
        r"\bcorrection to (?:the )?notice\b", r"\b(?:hereby )?correct(?:s|ed|ing) (?:the |a |its )?(?:notice|document|federal register)",
        r"\bpublished a (?:document|notice)\b.{0,250}\b(?:incorrect|error|omitted|inadvertent|correct)",
    ),
    "complaint_received": _signal(r"\breceipt of (?:an? )?(?:amended )?complaint", r"\bhas received an? (?:amended )?complaint\b"),
    "amended_complaint_received": _signal(r"\bamended (?:notice of )?receipt of complaint|receipt of (?:an )?amended complaint|received an amended complaint"),
    "enforcement": _signal(
        r"\benforcement (?:initial determination|proceeding|complaint|investigation|action|id\b)", r"\benforcement\b.{0,40}\bproceedings?\b",
        r"\bviolat\w+ of (?:the )?(?:consent|cease and desist|limited exclusion|general exclusion|remedial) orders?", r"\bcivil penalt",
    ),
    "institution": _signal(
        r"\binstitution of (?:an? |the )?(?:section 337 )?investigation", r"\bnotice of institution$|\binstitution of investigation",
        r"\bcomplaint\b.{0,120}\b(?:was|were) filed with the\b.{0,5000}\brequests? that the commission institute", r"\bdetermin\w+ to institute (?:an |this )?investigation",
    ),
    "not_instituted": _signal(r"\bnot to institute\b|\bdenial of institution\b"),
    "public_interest_request": _signal(
        r"\brequests? for (?:written )?(?:statements?|submissions?|comments?) on the public interest", r"\bsoliciting (?:comments|submissions|statements)\b.{0,30} on (?:any )?public interest issues raised by the recommended",
    ),
    "remedy_briefs": _signal(
        r"\b(?:submissions?|briefing|briefs|comments)\b[^.;]{0,180}\b(?:remedy|bonding)\b", r"\b(?:request for|schedule for filing|requests?|schedule for) (?:written )?(?:submissions?|briefing)",
        r"\b(?:written submissions?|briefing)\b[^.;]{0,120}\bunder review", r"\brequests? (?:for )?(?:further |additional )?(?:briefing|written submissions)\b",
    ),
    "review": _signal(
        r"\bto review\b", r"\bto review[- ](?:in|nn)[- ]part", r"\bnot to review\b", r"\b(?:determin\w+|decision|decided) (?:not )?to (?:adopt|affirm)\b.{0,60}\binitial determination",
        r"\breview (?:in part|in its entirety|in whole)\b", r"\bdetermination on review\b|\bon review\b", r"\breview a final initial determination\b",
    ),
    "not_reviewed": _signal(r"\bnot to review\b", r"\bdetermin\w+ (?:to adopt|to affirm)\b"),
    "reviewed": _signal(r"(?<!not )\bto review\b", r"\band review (?:in its entirety|a final)"),
    "summary_determination": _signal(
        r"\bsummary determination\b",
    ),
    "target_date": _signal(
        r"\bexten(?:sion|d(?:ed|ing)?)\b[^.;]{0,60}\btarget date", r"\btarget date\b[^.;]{0,60}\bexten(?:sion|ded|ding)\b", r"\bexten(?:sion|d(?:ed|ing)?)\b[^.;]{0,40}\b(?:date|deadline|time|period)\b[^.;]{0,60}\b(?:whether to review|review|determination)",
        r"\bpostpone", r"\bshorten\w* the target date|\bnew target date|\bset(?:ting|s)? (?:a |the )?target date|\bresched\w+|\bstay of (?:the )?(?:investigation|procedural schedule)",
    ),
    "remand": _signal(r"\bremand(?:s|ed|ing)?\b(?! initial determination| id\b| determination| opinion)(?!.{0,20}\bfinding)"),
    "default": _signal(
        r"\b(?:find\w*|found|finding)\b[^.;]{0,400}\bin default\b", r"\bdefault (?:of|determination|remedial|limited)\b", r"\bin default\b", r"\bdefaulting respondents?\b",
    ),
    "found_in_default": _signal(r"\b(?:initial determination|order|id)\b[^.;]{0,120}\b(?:finding|holding)\b[^.;]{0,400}\bin default\b", r"\bfinding\b[^.;]{0,300}\bin default\b", r"\bdefault remedial orders?\b"),
    "amended": _signal(
        r"(?<!as )\bamend(?:ing|ment of|ed)?\b[^.;]{0,60}\b(?:complaint|notice of investigation)\b", r"\b(?:motion|leave) to amend\b", r"\bto (?:substitute|add)\b[^.;]{0,80}\brespondents?\b",
        r"\b(?:intervene|intervention)\b", r"\b(?:adding|substituting)\b[^.;]{0,80}\brespondents?\b", r"\bcorrect\w*\b[^.;]{0,60}\b(?:corporate|name|title)s?\b[^.;]{0,60}\brespondents?\b", r"\bconsolidat\w+\b[^.;]{0,60}\binvestigations?\b",
    ),
    "whole_terminated": _signal(
        r"\bterminat(?:ion|ing|ed|e|es) (?:of )?(?:the |this |above-captioned )*investigation\b(?! (?:as to|with respect to|in part|only)| based (?:up)?on[^.;]{0,60} as to)(?!s? as to)", r"\binvestigation (?:is|has been) (?:hereby )?terminated",
        r"\bterminat\w+ (?:the |this )?investigation in its entirety", r"\bhas terminated (?:this|the) investigation", r"\benforcement proceeding is terminated",
    ),
    "party_terminated": _signal(
        r"\bterminat\w+\b[^.;]{0,120}\b(?:as to|with respect to|against|from the investigation)\b[^.;]{0,300}", r"\bpartial(?:ly)? terminat\w+", r"\bterminat\w+ (?:the investigation )?in part\b",
        r"\bterminat\w+ (?:(?:certain|one|two|three|several|remaining|the|last|all|settling|other|additional)[, ]+){0,3}respondents?\b", r"\bmotions? to terminate(?:, respectively,)? respondents?\b",
    ),
    "claims_only": _signal(
        r"\bterminat\w+\b[^.;]{0,120}\b(?:as to|with respect to)\b (?:(?:certain|all|some|several|the|one|remaining|asserted|withdrawn)\b[ ,]*){0,4}(?:patent )?(?:claims?|patents?|u\.s\. patents?)",
    ),
    "last_party": _signal(r"\b(?:last|sole|only|final) (?:remaining )?respondents?\b|\b(?:all|the) (?:remaining )?respondents\b"),
    "orders_issued": _signal(
        rf"\b(?:issuance|issuing)\b[^.;]{{0,80}}\b{_ORDERS}", rf"(?<!not )\bto issue:?\b[^.;]{{0,80}}{_ORDERS}", rf"\bhas (?:also )?issued\b[^.;]{{0,60}}\b{_ORDERS}", r"\bremed(?:y is|ies are)\b",
    ),
    "violation": _signal(
        r"\bfinding (?:of )?(?:a )?violations?\b", r"\bviolation of section 337\b", r"\b(?:have|has) violated section 337", r"\bfound (?:a |there is a )?violation", r"\bthere is a violation\b", r"\ba violation\b[^.;]{0,80}\bhas occurred",
    ),
    "commission_violation": _signal(
        r"\b(?:commission|commission's|final) (?:final )?(?:determination|decision)(?: finding| of)(?: a)? violations?\b", r"\bcommission\b[^.;]{0,60}\bhas (?:found|determined)(?: that)?:?[^.;]{0,20} (?:there is )?a violation",
        r"\bcommission\b[^.;]{0,60}\bhas determined that\b.{0,2500}?\bha(?:ve|s) violated section 337", r"\baffirm\w*\b[^.;]{0,160}\b(?:finding|determination)\b[^.;]{0,30}\b(?:a|of) violation",
        r"\bdetermination finding a violation\b",
    ),
    "no_violation": _signal(
        r"\bno violations?\b", r"\bnot (?:been )?violat\w+", r"\bfail(?:ed|ure) to (?:demonstrate|establish|show|prove) a violation", r"\bnot in violation\b",
    ),
    "default_no_violation": _signal(r"\bno violation\b[^;]{0,60};? ?issuance of default remedial"),
    "remedy_changed": _signal(
        rf"\b(?:rescission|rescind\w*|modif\w+|suspen\w+|vacat\w+|vacatur|set(?:ting)? aside|revo\w+|clarif\w+)\b[^.;]{{0,100}}\b{_ORDERS}", rf"\b{_ORDERS}\b[^.;]{{0,80}}\b(?:rescinded|modified|suspended|vacated|revoked|is suspended)",
        rf"\bmodified\b[^.;]{{0,30}}{_ORDERS}", r"\b(?:modification|rescission) (?:proceeding|petition)|\bpetition (?:for|to) (?:modif|rescind|rescission)", r"\bstay(?:ing)?\b[^.;]{0,40}\borders\b",
    ),
    "denied": _signal(r"\b(?:deny|denial|denying|denied|denies|not to)\b[^.;]{0,120}\b(?:rescind|rescission|modif|suspend|suspension|stay|petition|request)"),
    "advisory": _signal(r"\badvisory opinion"),
    "temporary_relief": _signal(r"\btemporary (?:relief|exclusion order)"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """Which signals a title and an abstract give, with the words."""

    title: str
    abstract: str

    def has(self, name: str) -> bool:
        return bool(SIGNALS[name].search(self.title) or SIGNALS[name].search(self.abstract))

    def titled(self, name: str) -> bool:
        return bool(SIGNALS[name].search(self.title))

    def words(self, name: str) -> str:
        found = SIGNALS[name].search(self.title) or SIGNALS[name].search(self.abstract)
        return found.group()[:300] if found else ""


Test = Callable[[Said], bool]


def _all(*names: str, but: tuple[str, ...] = ()) -> Test:
    return lambda said: all(said.has(name) for name in names) and not any(said.has(name) for name in but)


def _ends(said: Said) -> bool:
    return said.has("whole_terminated") and not said.has("remedy_briefs")


def _found_no_violation(said: Said) -> bool:
    """No violation is how the case ends, not what a judge found before further briefing."""
    if said.has("remedy_briefs") or not said.has("no_violation") or said.has("enforcement"):
        return False
    if said.has("default_no_violation"):
        return True
    return (said.has("whole_terminated") or said.has("not_reviewed")) and not said.has("orders_issued")


def _found_violation(said: Said) -> bool:
    if said.has("remedy_briefs") or said.has("enforcement"):
        return False
    orders = said.has("orders_issued") and not re.search(r"issuance of (?:an? )?consent order", said.title + said.abstract)
    changed = said.titled("remedy_changed") and not (said.has("violation") and re.search(r"\bissuance\b", said.title))
    if orders and not changed:
        return True
    return said.has("commission_violation") and not said.has("no_violation") and not said.titled("not_reviewed")


def _only_party(said: Said) -> bool:
    partial = said.has("party_terminated") and not said.has("claims_only")
    return partial and not _title_ends(said)


def _title_ends(said: Said) -> bool:
    return bool(re.search(r"(?<!partial )(?<!partially )terminati(?:on|ng) (?:of )?(?:the )?investigation(?: in its entirety)?(?:$|;| based| for| on)", said.title)) or (
        said.has("whole_terminated") and said.has("last_party")
    )


def _changed(said: Said) -> bool:
    return said.has("remedy_changed") and not said.has("denied") and not said.has("remedy_briefs") and not said.has("temporary_relief")


def _reviewing(said: Said) -> bool:
    return said.has("review") or (said.has("remedy_briefs") and not said.has("public_interest_request"))


# (event, when): the first that fires is the main event; the others that fire are told with it.
_RULES: tuple[tuple[str, Test], ...] = (
    ("correction", _all("correction")),
    ("complaint_received", _all("complaint_received")),
    ("enforcement", _all("enforcement", but=("complaint_received",))),
    ("institution", _all("institution", but=("complaint_received", "enforcement", "review", "remedy_changed"))),
    ("public_interest_request", _all("public_interest_request", but=("review",))),
    ("review", lambda said: said.has("remedy_briefs") and _reviewing(said)),
    ("no_violation", _found_no_violation),
    ("violation_found", _found_violation),
    ("remedy_changed", _changed),
    ("terminated", lambda said: _title_ends(said) and _ends(said)),
    ("default", _all("found_in_default")),
    ("party_terminated", _only_party),
    ("amended", _all("amended", but=("claims_only",))),
    ("remand", _all("remand")),
    ("review", lambda said: said.has("summary_determination") and said.has("reviewed")),
    ("summary_determination", lambda said: said.has("summary_determination") and said.has("review")),
    ("review", lambda said: said.has("reviewed")),
    ("target_date", _all("target_date")),
    ("terminated", _ends),
    ("review", _reviewing),
)


def itc_events(title: str, abstract: str) -> tuple[tuple[str, ...], str]:
    """(events, the words that say so) of an ITC notice; the main event comes first, `other` where none is told."""
    said = Said(_plain(title, keep_breaks=True), _plain(abstract))
    if said.has("other_law") and not re.search(r"section 337 of the tariff act|337-ta", said.title + said.abstract[:600]):
        return ("other",), said.words("other_law")
    if said.titled("other_law"):
        return ("other",), said.words("other_law")
    fired = list(dict.fromkeys(event for event, test in _RULES if test(said)))
    if not fired:
        return ("other",), ""
    main = fired[0]
    events = (main, *(event for event in _also(main, said) if event != main))
    return tuple(dict.fromkeys(events)), _words_for(main, said)


def _also(main: str, said: Said) -> list[str]:
    """What a notice does besides its main event."""
    also = []
    if main == "complaint_received" and said.has("amended_complaint_received"):
        also.append("amended")
    if main in {"review", "no_violation", "violation_found", "public_interest_request"} and said.has("summary_determination"):
        also.append("summary_determination")
    if main in {"no_violation", "enforcement", "amended", "remand", "target_date", "summary_determination"} and said.has("reviewed"):
        also.append("review")
    if main in {"review", "violation_found"} and re.search(r"determined (?:that |there is |to find )*no violation|determined that no violation", said.abstract):
        also.append("no_violation")
    checks: tuple[tuple[str, Test], ...] = (
        ("remedy_changed", lambda one: main == "violation_found" and one.titled("remedy_changed")),
        ("remand", lambda one: main in {"enforcement", "review"} and one.has("remand")),
        ("target_date", lambda one: main != "institution" and one.has("target_date")),
        ("party_terminated", lambda one: main in {"review", "default", "amended", "terminated"} and one.has("party_terminated")),
        ("default", lambda one: main in {"review", "party_terminated", "no_violation"} and one.has("found_in_default")),
    )
    return also + [event for event, test in checks if test(said)]


def _words_for(event: str, said: Said) -> str:
    name = {"review": "review", "terminated": "whole_terminated", "violation_found": "violation"}.get(event, event)
    return said.words(name) or said.words("remedy_briefs") or said.words("orders_issued")


def _plain(text: str, *, keep_breaks: bool = False) -> str:
    """Lower case, one space, definitions in brackets and "above- captioned" breaks taken out."""
    bare = DEFINITION.sub("", text[:_READ])
    bare = re.sub(r"\((?:id|ids|fid|eid|alj|calj|leo|geo|cdos?|order nos?\. [\d, and]+|rd|rid)\)", "", bare, flags=re.I)
    bare = re.sub(r"[\s-]*-{5,}\s*$", "", re.sub(r"(?<=\w)- (?=[a-z])", "-", re.sub(r"\s+", " ", bare)))
    bare = re.sub(r"\s+", " ", bare).replace("’", "'").casefold().strip()
    return bare if not keep_breaks else _PRODUCT.sub("", bare)


_PRODUCT = re.compile(
    r"^(?:in the matter of:? )?certain .*?(?:;|$|(?= (?:notice of|commission (?:determination|decision|final)|commission's|institution of|issuance of"
    r"|request for|termination of|final determination|decision to|rescission of|modification of)\b)) ?"
)


def granted_relief(events: tuple[str, ...], title: str, abstract: str) -> tuple[tuple[str, ...], str]:
    """(orders granted among GEO, LEO, CDO; the words). Relief asked for, recommended or refused is not granted."""
    if not {"violation_found", "no_violation", "default", "enforcement", "remedy_changed"} & set(events[:1]):
        return (), ""
    plain_title, plain_abstract = _plain(title), _plain(abstract)
    said = Said(plain_title, plain_abstract)
    if not said.has("orders_issued"):
        return (), ""
    passages = [part for part in [*plain_title.split(";"), *sentences(plain_abstract)] if _GRANTS.search(part)]
    granted = [short for short, pattern in _RELIEF if any(_grants(pattern, part) for part in passages)]
    return tuple(granted), next((part.strip()[:300] for part in passages), "")


_GRANTS = re.compile(r"\bissu(?:e|es|ed|ing|ance)\b|\bremed(?:y|ies)\b")
_RELIEF = (
    ("GEO", re.compile(r"\bgeneral exclusion(?: order)?|\bgeo\b")),
    ("LEO", re.compile(r"\blimited exclusion(?: order)?|\bleo\b")),
    ("CDO", re.compile(r"\bcease[ -]and[ -]desist(?: order)?|\bcdos?\b")),
)
_REFUSED = re.compile(r"(?:\bnot (?:to )?(?:issue|warrant\w*)|\bdeclin\w+|\bden(?:y|ied|ies|ying)\b|\brather than|\bno)\b[^;,]{0,60}\Z")


def _grants(pattern: re.Pattern[str], passage: str) -> bool:
    found = pattern.search(passage)
    return bool(found) and not _REFUSED.search(passage[max(0, found.start() - 90) : found.start()]) if found else False
