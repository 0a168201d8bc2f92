"""The life-cycle event of a notice or document of the U.S. International Trade Commission.

19 CFR part 210 gives the steps. What a notice *does* is in its title and its abstract or summary; its
background recites earlier steps and is not read. A rule fires on signals; `_RULES` is the order in which
they decide the main event: what ends the case outranks the review of it, a review that still asks for
briefs on remedy comes first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nlp.party_names import DEFINITION
from nlp.sentences import sentences

ITC_EVENTS = (
    "complaint_received", "institution", "amended", "party_terminated", "terminated", "default",
    "summary_determination", "review", "public_interest_request", "violation_found", "no_violation",
    "remedy_changed", "enforcement", "remand", "target_date", "correction", "other",
)  # fmt: skip
_READ = 12_000
_ORDERS = (
    r"(?:(?:remedial|general exclusion|limited exclusion|exclusion|cease and desist|consent"
    r"|seizure and forfeiture) orders?)"
)


@cache
def signals() -> dict[str, re.Pattern[str]]:
    """The signals of `itc_signals.toml`, each its patterns in one."""
    table = tomllib.loads(files("nlp").joinpath("itc_signals.toml").read_text("utf-8"))
    return {name: re.compile("|".join(patterns).replace("<orders>", _ORDERS)) for name, patterns in table.items()}


@dataclass(frozen=True, slots=True)
class Said:
    """Which signals a title and an abstract give, with the words."""

    title: str
    abstract: str

    def has(self, name: str) -> bool:
        return bool(signals()[name].search(self.title) or signals()[name].search(self.abstract))

    def titled(self, name: str) -> bool:
        return bool(signals()[name].search(self.title))

    def words(self, name: str) -> str:
        found = signals()[name].search(self.title) or signals()[name].search(self.abstract)
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
    orders = said.has("orders_issued") and not re.search(
        r"issuance of (?:an? )?consent order", said.title + said.abstract
    )
    changed = said.titled("remedy_changed") and not (said.has("violation") and re.search(r"\bissuance\b", said.title))
    if orders and not changed:
        return True
    return said.has("commission_violation") and not said.has("no_violation") and not said.titled("not_reviewed")


def _only_party(said: Said) -> bool:
    partial = said.has("party_terminated") and not said.has("claims_only")
    return partial and not _title_ends(said)


def _title_ends(said: Said) -> bool:
    return bool(
        re.search(
            r"(?<!partial )(?<!partially )terminati(?:on|ng) (?:of )?(?:the )?investigation(?: in its entirety)?(?:$"
            r"|;| based| for| on)",
            said.title,
        )
    ) or (said.has("whole_terminated") and said.has("last_party"))


def _changed(said: Said) -> bool:
    return (
        said.has("remedy_changed")
        and not said.has("denied")
        and not said.has("remedy_briefs")
        and not said.has("temporary_relief")
    )


def _reviewing(said: Said) -> bool:
    return said.has("review") or (said.has("remedy_briefs") and not said.has("public_interest_request"))


# (event, when): the first that fires is the main event.
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
    if said.has("other_law") and not re.search(
        r"section 337 of the tariff act|337-ta", said.title + said.abstract[:600]
    ):
        return ("other",), said.words("other_law")
    if said.titled("other_law"):
        return ("other",), said.words("other_law")
    main = next((event for event, test in _RULES if test(said)), "other")
    if main == "other":
        return ("other",), ""
    events = (main, *_also(main, said))
    return tuple(dict.fromkeys(events)), _words_for(main, said)


# (event, the main events it is told beside, when).
_BESIDE: tuple[tuple[str, frozenset[str], Test], ...] = (
    ("amended", frozenset({"complaint_received"}), _all("amended_complaint_received")),
    ("no_violation", frozenset({"review", "violation_found"}), _all("no_violation_too")),
    ("violation_found", frozenset({"no_violation"}), _all("default_no_violation", "orders_issued")),
    (
        "summary_determination",
        frozenset({"review", "no_violation", "violation_found", "public_interest_request"}),
        _all("summary_determination"),
    ),
    ("review", frozenset({"no_violation"}), _all("to_review")),
    (
        "review",
        frozenset({"enforcement", "amended", "remand", "target_date", "summary_determination"}),
        _all("reviewed"),
    ),
    ("remedy_changed", frozenset({"violation_found"}), lambda said: said.titled("remedy_changed")),
    ("remand", frozenset({"enforcement", "review"}), _all("remand")),
    ("target_date", frozenset(ITC_EVENTS) - {"institution"}, _all("target_date")),
    ("party_terminated", frozenset({"review", "default", "amended", "terminated"}), _all("party_terminated")),
    ("default", frozenset({"review", "party_terminated", "no_violation"}), _all("found_in_default")),
)


def _also(main: str, said: Said) -> list[str]:
    """What a notice does besides its main event."""
    return [event for event, mains, test in _BESIDE if main in mains and event != main and test(said)]


def _words_for(event: str, said: Said) -> str:
    name = {"review": "review", "terminated": "whole_terminated", "violation_found": "violation"}.get(event, event)
    return said.words(name) or said.words("remedy_briefs") or said.words("orders_issued")


def _plain(text: str, *, keep_breaks: bool = False) -> str:
    """Lower case, one space, definitions in brackets and "above- captioned" breaks taken out."""
    bare = DEFINITION.sub("", text[:_READ])
    bare = re.sub(r"\((?:id|ids|fid|eid|alj|calj|leo|geo|cdos?|order nos?\. [\d, and]+|rd|rid)\)", "", bare, flags=re.I)
    bare = re.sub(r"[\s-]*-{5,}\s*$", "", re.sub(r"(?<=\w)- (?=[a-z])", "-", re.sub(r"\s+", " ", bare)))
    bare = _FORM_STOP.sub(r"\1", re.sub(r"\s+", " ", bare)).replace("’", "'").casefold().strip()
    return bare if not keep_breaks else _PRODUCT.sub("", bare)


# "Foo Co., Ltd. in Default": a full stop that ends no sentence.
_FORM_STOP = re.compile(r"\b(Inc|Ltd|Co|Corp|L\.L\.C|S\.A)\.(?=,|;| (?:[a-z]|In Default|Based|From|With|Due))")
_PRODUCT = re.compile(
    r"^(?:in the matter of:? )?certain .*?(?:;|$|(?= (?:notice of|commission (?:determination"
    r"|decision|final)|commission's|institution of|issuance of"
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
_REFUSED = re.compile(
    r"(?:\bnot (?:to )?(?:issue|warrant\w*)|\bdeclin\w+|\bden(?:y|ied|ies|ying)\b|\brather than|\bno)\b[^;,]{0,60}\Z"
)


def _grants(pattern: re.Pattern[str], passage: str) -> bool:
    found = pattern.search(passage)
    return bool(found) and not _REFUSED.search(passage[max(0, found.start() - 90) : found.start()]) if found else False
