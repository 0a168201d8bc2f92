"""The life-cycle event of a document filed on EDIS, from its type and, for what the Commission issues, its title."""

from __future__ import annotations

import re

from nlp.itc_events import granted_relief, itc_events

# What the Commission or a judge issues says what it does in its title; what a party files asks for it.
_ISSUED = re.compile(
    r"^(?:notice|order|id|initial determination|rd|recommended|opinion|commission (?:opinion"
    r"|order|notice)|final determination|determination|exclusion order|cease)",
    re.I,
)
_BY_PARTY = re.compile(r"^(?:order, proposed|notice of appearance|notice, other|notice of change)", re.I)
_TITLES = (
    ("violation_found", re.compile(r"^(?:(?:general|limited) exclusion|cease and desist) order\b", re.I)),
    ("terminated", re.compile(r"^consent order\b", re.I)),
    ("target_date", re.compile(r"\b(?:target date|procedural schedule)\b", re.I)),
)
_RELIEF = (
    ("GEO", re.compile(r"general exclusion", re.I)),
    ("LEO", re.compile(r"limited exclusion", re.I)),
    ("CDO", re.compile(r"cease and desist", re.I)),
)


def edis_events(entry_type: str, title: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """(events, relief granted, the words that say so) of a document; `other` for what parties file, save complaints."""
    if re.match(r"complaint\b", entry_type, re.I):
        amended = re.search(r"(?<!\bas )\bamended\b|\bsupplement", f"{entry_type} {title}", re.I)
        return ("complaint_received", *(("amended",) if amended else ())), (), entry_type
    if not _ISSUED.match(entry_type) or _BY_PARTY.match(entry_type):
        return ("other",), (), entry_type
    for event, pattern in _TITLES:
        if found := pattern.search(title):
            granted = (
                tuple(short for short, named in _RELIEF if named.search(title)) if event == "violation_found" else ()
            )
            return (event,), granted, found.group()
    events, words = itc_events(title, "")
    return events, granted_relief(events, title, "")[0], words
