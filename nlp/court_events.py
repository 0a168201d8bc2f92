"""The life-cycle event of a court's docket entry, from the short description each court prints."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_READ = 1_000
_ON_MOTION = re.compile(r"\border (?:on|granting|denying|re)\b[^;]{0,60}\b(?:motions?|application)\b", re.I)
_ON_DISMISS = re.compile(r"\border on (?:motion|application)\b", re.I)
_DECIDED = {"tro", "preliminary_injunction", "summary_judgment", "default", "transfer"}


@cache
def entry_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(event, pattern) in the order in which they decide."""
    table = tomllib.loads(files("nlp").joinpath("court_entries.toml").read_text("utf-8"))
    return tuple((row["event"], re.compile(row["words"], re.I)) for row in table["entry"])


def court_events(entry: str) -> tuple[tuple[str, ...], str]:
    """(events, the words that say so) of a docket entry; `other` where its words tell nothing.

    An "Order on Motion to …" is an order; what it is about is told beside it.
    """
    text = re.sub(r"\s+", " ", entry[:_READ]).strip()
    hits = [(event, found.group()) for event, pattern in entry_patterns() if (found := pattern.search(text))]
    if not hits:
        return ("other",), ""
    if _ON_MOTION.search(text) or _ON_DISMISS.search(text):
        about = [event for event, _ in hits if event not in {"motion", "order"}]
        lead = about[:1] if about[:1] and about[0] in _DECIDED else ["order"]
        return tuple(dict.fromkeys([*lead, "order", *about])), text[:300]
    return tuple(dict.fromkeys(event for event, _ in hits)), hits[0][1]
