"""What the index holds of a record: enough to find it, filter it, count it and show it."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from datetime import date

TEXT_LIMIT = 500_000
"""Characters of a text that are kept and searched; a longer one is cut."""


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to find. `key` is the record's own; `day` the calendar date it was published in its forum.

    `kind` is `notice` or `warning`. A notice is public: it says nothing of enterprises or centers. A warning
    is one alert, confidential to its center: `stage` is how far it came (see `index.stages`), `day` the
    calendar date in Beijing it was made. `industries`, `centers` and `enterprises` are keys, `parties` names
    as printed. `case` is the ledger's key of the dispute it belongs to. Empty strings mean unknown and are
    neither filtered nor counted.
    """

    key: str
    kind: str
    title: str
    text: str
    day: date | None = None
    language: str = ""
    forum: str = ""
    country: str = ""
    source: str = ""
    case_number: str = ""
    industries: tuple[str, ...] = ()
    centers: tuple[str, ...] = ()
    enterprises: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    url: str = ""
    ip_dispute: str = ""
    stage: str = ""
    severity: str = ""
    level: str = ""
    case: str = ""

    @property
    def dispute(self) -> str:
        """What is counted as one case: the ledger's case; else its number in its forum, or the document itself."""
        if self.case:
            return self.case  # one dispute has many numbers, and two courts may give the same one
        return f"{self.forum}\x1f{self.case_number}" if self.case_number else f"\x1f\x1f{self.key}"

    def facets(self) -> set[tuple[str, str]]:
        """(kind, value) for everything the document can be filtered and counted by."""
        names = ("kind", "forum", "country", "source", "ip_dispute", "stage", "severity", "level")
        single = {name: getattr(self, name) for name in names}
        several = {"industry": self.industries, "center": self.centers, "enterprise": self.enterprises}
        pairs = [*single.items(), *((kind, value) for kind, values in several.items() for value in values)]
        return {(kind, value) for kind, value in pairs if value}


_NAMES = tuple(field.name for field in fields(Document))
_LISTS = tuple(field.name for field in fields(Document) if str(field.type).startswith("tuple"))


def bounded(document: Document) -> Document:
    """The document with its text cut to TEXT_LIMIT characters."""
    short = len(document.text) <= TEXT_LIMIT and len(document.title) <= TEXT_LIMIT
    if short:
        return document
    return replace(document, title=document.title[:TEXT_LIMIT], text=document.text[:TEXT_LIMIT])


def pack(document: Document) -> bytes:
    """The document as JSON, lone surrogates included: what comes out is what went in."""
    values = {name: getattr(document, name) for name in _NAMES}
    day = document.day
    values["day"] = date(day.year, day.month, day.day).isoformat() if day else None
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def unpack(packed: bytes) -> Document:
    """The reverse of `pack`. Raises ValueError or TypeError for anything else."""
    values = json.loads(packed.decode("utf-8", "surrogatepass"))
    values["day"] = date.fromisoformat(values["day"]) if values["day"] else None
    return Document(**{**values, **{name: tuple(values[name]) for name in _LISTS}})
