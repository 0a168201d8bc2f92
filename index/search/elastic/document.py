"""A document as an entry of the index, and back."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import date
from hashlib import sha256
from typing import Any

from index.search.document import Document, bounded, pack, unpack
from index.search.elastic.entries import Case, Entry, Event, Ipr, Observer, Organization, Parties, Url, Words
from index.search.elastic.mapping import TIME
from index.search.han import terms
from index.search.order import first_place, low_bits, storable

_ECS_KINDS = {"notice": "event", "warning": "alert"}


def entry_id(key: str) -> str:
    """What the entry of a document is called, whatever signs its key has."""
    return sha256(storable(key).encode()).hexdigest()


def source(document: Document) -> dict[str, Any]:
    """The document, bounded, as the JSON that is sent. Text is what can be stored as text: see `storable`."""
    document = bounded(document)
    entry = Entry(
        message=_known(document.text),
        event=Event(
            id=storable(document.key),
            kind=_ECS_KINDS.get(document.kind, "event"),
            dataset=f"yujing.{storable(document.kind)}",
        ),
        organization=Organization(id=_values(document.enterprises)),
        url=Url(full=_known(document.url)),
        observer=Observer(name=_known(document.source)),
        ipr=_facts(document),
        words=_words(document),
    )
    if document.day:
        entry[TIME] = f"{date(document.day.year, document.day.month, document.day.day).isoformat()}T12:00:00Z"
    kept = entry.to_dict()
    if restored(kept) != document:
        kept["packed"] = b64encode(pack(document)).decode()
    return kept


def restored(kept: dict[str, Any]) -> Document:
    """The document an entry was made from. Raises KeyError, TypeError or ValueError for what is no entry."""
    if packed := kept.get("packed"):
        return unpack(b64decode(packed))
    ipr, case, when = kept.get("ipr", {}), kept.get("ipr", {}).get("case", {}), kept.get(TIME)
    return Document(
        key=kept["event"]["id"],
        kind=ipr.get("kind", ""),
        title=ipr.get("title", ""),
        text=kept.get("message", ""),
        day=date.fromisoformat(when[:10]) if when else None,
        language=ipr.get("language", ""),
        forum=ipr.get("forum", ""),
        country=ipr.get("jurisdiction", ""),
        source=kept.get("observer", {}).get("name", ""),
        case_number=case.get("number", ""),
        industries=tuple(ipr.get("industry", ())),
        centers=tuple(ipr.get("center", ())),
        enterprises=tuple(kept.get("organization", {}).get("id", ())),
        parties=tuple(ipr.get("parties", {}).get("name", ())),
        url=kept.get("url", {}).get("full", ""),
        ip_dispute=ipr.get("ip_dispute", ""),
        stage=ipr.get("stage", ""),
        severity=ipr.get("severity", ""),
        level=ipr.get("level", ""),
        case=case.get("id", ""),
    )


def _facts(document: Document) -> Ipr:
    return Ipr(
        kind=_known(document.kind),
        title=_known(document.title),
        language=_known(document.language),
        forum=_known(document.forum),
        jurisdiction=_known(document.country),
        industry=_values(document.industries),
        center=_values(document.centers),
        ip_dispute=_known(document.ip_dispute),
        stage=_known(document.stage),
        severity=_known(document.severity),
        level=_known(document.level),
        case=Case(number=_known(document.case_number), id=_known(document.case), key=entry_id(document.dispute)[:32]),
        parties=Parties(name=_values(document.parties)),
    )


def _words(document: Document) -> Words:
    names = "\n".join((document.case_number, *document.parties))
    return Words(
        title=" ".join(terms(document.title)),
        names=" ".join(terms(names)),
        body=" ".join(terms(document.text)),
        order=first_place(document.day) | low_bits(storable(document.key)),
    )


def _known(text: str) -> str | None:
    """The text as it can be stored; None where there is none, which is then neither filtered nor counted."""
    return storable(text) or None


def _values(several: tuple[str, ...]) -> list[str]:
    """Each value that is known, once."""
    return list(dict.fromkeys(storable(value) for value in several if value))
