"""From a Federal Register page of any edition to its documents, and from a document to a Notice. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from crawlers import federal_json, federal_text, federal_xml
from crawlers.federal_dates import masthead_date, published_on
from crawlers.federal_numbers import case_numbers, corrected_number, document_number, is_document_number
from crawlers.fields import SECTION_LIMIT, TITLE_LIMIT, bounded, clean_text, decode, recovered_xml
from index.keys import notice_key, page_key
from index.problems import Problem, Unreadable
from index.records import Fields, Identifier, Notice, Page, RawNotice, Section

SOURCE = "federal_register"
FORUM, OTHER_FORUM = "us_itc", "us_federal_register"
COMMISSION = "international trade commission"
PAGE_LIMIT = 32_000_000  # bytes; a whole day's issue is some 3 MB
PROSE = {
    "list": federal_json.prose,
    "document": federal_json.prose,
    "full_text": federal_xml.prose,
    "raw_text": federal_text.prose,
}


def split(page: Page) -> Iterator[RawNotice | Problem]:
    """The page's documents. Raises Unreadable unless it is a list, a document, an XML or a text edition."""
    if len(page.body) > PAGE_LIMIT:
        raise Unreadable(f"larger than {PAGE_LIMIT} bytes")
    start = decode(page.body[:2_000]).lstrip("\ufeff \t\r\n")
    if start.startswith("{") or re.match(r"\[\s*[{\]]", start):
        yield from _split_json(page)
    elif start.startswith("<") and not re.match(r"(?i)<(?:!doctype\s+html|html|head|pre)\b", start):
        yield from _split_xml(page)
    elif start:
        yield _printed(page, "raw_text", federal_text.printed_fields(decode(page.body)))
    else:
        raise Unreadable("the answer is empty")


def _split_json(page: Page) -> Iterator[RawNotice | Problem]:
    part, items = federal_json.items(page.body)
    strange: set[str] = set()
    for n, item in enumerate(items):
        where = f"results[{n}]" if part == "list" else "document"
        if not isinstance(item, dict):
            yield _problem(page, where, "not an object")
            continue
        strange |= item.keys() - federal_json.KNOWN
        number = clean_text(str(item.get("document_number") or ""), 50)
        if not is_document_number(number):
            yield _problem(page, f"{where}.document_number", f"missing or not a document number: {number!r}")
            continue
        for field, reason in federal_json.faults(item):
            yield _problem(page, f"{where}.{field}", reason, number)
        yield _raw(page, part, number, federal_json.page_url(item, number), item)
    if strange:
        yield _problem(page, "fields", f"unknown fields: {_few(strange)}")


def _split_xml(page: Page) -> Iterator[RawNotice | Problem]:
    root, cut = recovered_xml(page.body, "NOTICE")
    issued = federal_xml.issue_date(root)
    strange: set[str] = set()
    found = False
    for document in federal_xml.documents(root):
        found = True
        fields, unknown = federal_xml.printed_fields(document)
        strange.update(unknown)
        yield _printed(page, "full_text", fields | ({"published": issued} if issued else {}))
    if not found:
        raise Unreadable(f"no Federal Register document but <{str(root.tag)[:50]}>")
    if cut:
        yield _problem(page, "document", cut)
    if strange:
        yield _problem(page, "elements", f"unknown elements: {_few(strange)}")


def _printed(page: Page, part: str, fields: dict[str, Any]) -> RawNotice | Problem:
    """A document of an edition without API fields: number and date stand in its text, else in its address."""
    masthead = fields.get("masthead", [])
    if date := masthead_date(masthead):
        fields = fields | {"published": date}
    # In an issue the address is the whole day's, not the document's.
    address = "" if part == "full_text" and "published" in fields else page.url.removeprefix("saved:")[-500:]
    number = document_number(" ".join([*masthead, fields.get("filed", "")]), address)
    if not number:
        return _problem(page, "FR Doc", "no document number")
    if "published" not in fields:
        fields = fields | {"address": address}
    return _raw(page, part, number, federal_json.short_url(number), fields)


def _raw(page: Page, part: str, number: str, url: str, fields: dict[str, Any]) -> RawNotice:
    # The publisher's key is number and date, since numbers were used again; every edition prints both.
    day = published_on(fields)
    identity = f"{number} {day.isoformat()}" if day else number
    key = page_key(page.source, page.url, page.body)
    return RawNotice(page.source, number, url, part, fields, key, page.fetched_at, identity)


def _problem(page: Page, field: str, reason: str, native_id: str = "") -> Problem:
    return Problem(page.source, page.url, field, reason[:500], native_id=native_id)


def _few(names: Iterable[str]) -> str:
    return clean_text(", ".join(sorted(names)[:20]), 300)


def read(raw: RawNotice) -> Notice:
    """One document as a Notice: number, day, case and prose. Who is in it stands only in the prose."""
    fields = raw.fields
    texts = PROSE.get(raw.part, federal_json.prose)(fields)
    ours = is_commissions(fields)
    headers = fields.get("docket_header") or federal_json.docket_headers(fields)
    case = case_numbers(headers if ours else ())
    return Notice(
        key=notice_key(raw.source, raw.identity or raw.native_id, raw.url),
        source=raw.source,
        native_id=raw.native_id,
        url=raw.url,
        title=bounded(texts["title"], TITLE_LIMIT),
        forum=FORUM if ours else OTHER_FORUM,
        country="US",
        published_on=published_on(fields),
        entry_type=_kind(fields),
        case_number=case.printed,
        identifiers=(*case.identifiers, Identifier("fr_document", raw.native_id)),
        sections=tuple(Section(label, bounded(text, SECTION_LIMIT)) for label, text in texts.items() if text),
        corrects=federal_json.corrected(fields) or corrected_number(raw.native_id),
    )


def is_commissions(fields: Fields) -> bool:
    """Whether the US International Trade Commission issued the document; a list that names no agency is its own."""
    agencies = fields.get("agencies") or fields.get("agency_names") or fields.get("agency")
    if not agencies:
        return True
    return COMMISSION in " ".join(str(agencies).casefold().replace("-", " ").split())


def _kind(fields: Fields) -> str:
    kind = fields.get("type") or fields.get("kind") or ""
    return clean_text(kind, 100) if isinstance(kind, str) else ""
