"""The life-cycle event of a court's docket entry, from the short description each court prints."""

from __future__ import annotations

import re

_READ = 1_000
# In order: the first that matches is the event. Entry names follow the CM/ECF event dictionaries.
_ENTRIES: tuple[tuple[str, str], ...] = (
    ("patent_report", r"\bAO[- ]?12[01]\b|patent/trademark|report on the filing|copyright (?:report|notice)|notice to (?:the )?(?:patent|copyright)"),
    ("tro", r"\btemporary restraining order\b|\bTRO\b"),
    ("preliminary_injunction", r"\bpreliminary injunction\b|\bpermanent injunction\b|\binjunction\b"),
    ("counterclaim", r"\bcounter-?claim"),
    ("amended_complaint", r"\bamended complaint\b|\bcomplaint[, -]+amended|\bsupplemental complaint"),
    ("motion", r"^(?:\W{0,3}(?:emergency|joint|consent|unopposed|letter|first|second|third)\W{1,3}){0,3}motions?\b(?! order)|^miscellaneous motion"),
    ("answer", r"^\W*(?:amended )?answer\b(?! brief)"),
    ("default", r"\bdefault\b"),
    ("summary_judgment", r"\bsummary judgment\b"),
    ("settlement", r"\bsettle(?:ment|d)?\b|\bconsent (?:judgment|decree|order)\b"),
    ("dismissal", r"\bdismiss(?!.{0,12}den)|\bterminat\w+ civil case|~util - terminate civil case|\bvoluntary dismiss|\bclose (?:adversary )?case|\bcase clos|\bclose adversary|\bcase terminat"),
    ("transfer", r"\btransfer|\bremand|\bchange (?:of )?venue|\bcase opened in"),
    ("appeal", r"\bappeal\b|\bmandate\b|\bUSCA\b|\bnotice of cross"),
    ("complaint", r"^\W*(?:sealed |verified |adversary )?complaint\b|\bnotice of removal\b|^\W*petition\b(?! for rehearing)|\bnew case\b"),
    ("opinion", r"\bopinion\b|\bmemorandum (?:and|&) (?:order|opinion|decision)|\bmemorandum decision|\bfindings of fact|\bruling\b(?! letter)"),
    ("judgment", r"\bjudgment\b"),
    ("scheduling", r"\bscheduling\b|\bset(?:/reset)? (?:hearings?|deadlines?|motion)|\bset/reset|\bhearings?\b|\bdeadlines?\b|\bconference\b|\bpretrial order\b|\bstatus report\b|\bso-ordered scheduling|\bextension of time|\bbriefing"),
    ("motion", r"^(?!.*\border\b).*\bmotion\b"),
    ("order", r"\border(?:s|ed)?\b|\bendorsed\b|\bdirective\b|\bruling\b"),
)  # fmt: skip
_COMPILED = tuple((event, re.compile(pattern, re.I)) for event, pattern in _ENTRIES)
_ON_MOTION = re.compile(r"\border (?:on|granting|denying|re)\b[^;]{0,60}\b(?:motions?|application)\b", re.I)
_ON_DISMISS = re.compile(r"\border on (?:motion|application)\b", re.I)
_DECIDED = {"tro", "preliminary_injunction", "summary_judgment", "default", "transfer"}


def court_events(entry: str) -> tuple[tuple[str, ...], str]:
    """(events, the words that say so) of a docket entry; `other` where its words tell nothing.

    An "Order on Motion to …" is an order; what it is about is told beside it.
    """
    text = re.sub(r"\s+", " ", entry[:_READ]).strip()
    hits = [(event, found.group()) for event, pattern in _COMPILED if (found := pattern.search(text))]
    if not hits:
        return ("other",), ""
    if _ON_MOTION.search(text) or _ON_DISMISS.search(text):
        about = [event for event, _ in hits if event not in {"motion", "order"}]
        lead = about[:1] if about[:1] and about[0] in _DECIDED else ["order"]
        return tuple(dict.fromkeys([*lead, "order", *about])), text[:300]
    return tuple(dict.fromkeys(event for event, _ in hits)), hits[0][1]
