"""Notices in the shape the spiders hand over, for the tests of reading prose."""

from __future__ import annotations

from index.records import Identifier, Notice, Section
from nlp.reading import Prose, understand_prose

HEREBY = "Notice is hereby given that the U.S. International Trade Commission (“Commission”) has determined "


def federal_register(title: str, *, number: str = "", **sections: str) -> Notice:
    """An ITC notice; `number` is the docket header's case number."""
    known = (Identifier("us_itc_investigation", number),) if number else ()
    parts = (Section("title", title), *(Section(label, text) for label, text in sections.items()))
    return Notice(
        "k",
        "federal_register",
        "2025-00001",
        "",
        title,
        "us_itc",
        "US",
        case_number=number or None,
        identifiers=known,
        sections=parts,
    )


def edis(entry_type: str, title: str, on_behalf_of: str) -> Notice:
    """An EDIS document of investigation 337-1440."""
    sections = {
        "title": title,
        "case_title": "Certain Robot Widgets; Inv. No. 337-TA-1440",
        "on_behalf_of": on_behalf_of,
        "entry": f"{entry_type} {title}",
    }
    return Notice(
        "k",
        "usitc_edis",
        "900001",
        "",
        title,
        "us_itc",
        "US",
        entry_type=entry_type,
        case_number="337-1440",
        identifiers=(Identifier("us_itc_investigation", "337-TA-1440"), Identifier("edis_document", "900001")),
        sections=tuple(Section(label, text) for label, text in sections.items() if text),
    )


def docket(caption: str, entry: str, number: str = "1:25-cv-00101", court: str = "nyed") -> Notice:
    """A court feed's item; the forum follows from the court."""
    forum = "us_appeal" if court.startswith("ca") else "us_bankruptcy" if court.endswith("b") else "us_district"
    sections = (Section("title", caption), Section("entry", entry))
    return Notice(
        "k",
        "cmecf_rss",
        "g",
        "",
        caption,
        forum,
        "US",
        entry_type=entry,
        case_number=number,
        identifiers=(Identifier(f"{forum}_docket", number, court),),
        sections=sections,
    )


def named(prose: Prose) -> list[tuple[str, str, str | None]]:
    """(role, name, country) of each party."""
    return [(party.role, party.name, party.country) for party in prose.parties]


__all__ = ["HEREBY", "docket", "edis", "federal_register", "named", "understand_prose"]
