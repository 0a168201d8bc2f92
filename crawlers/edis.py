"""One EDIS document in the three shapes it is published in, read into one record.

The RSS notification feed, the `/data/document` XML (EDIS Data Web Service guide v1.1, 2024-06-14) and a
JSON copy of it with snake_case names, where only the file's name or query says which investigation it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from lxml import etree

from crawlers.fields import (
    SECTION_LIMIT,
    TITLE_LIMIT,
    WEB_PAGE,
    clean_text,
    is_web_page,
    parse_date,
    parse_instant,
    recovered_xml,
    safe_xml,
    text_of,
    unescape,
    without_markup,
)
from index.problems import Unreadable
from index.records import Fields, Identifier, Page, RawNotice

FORUM_ZONE = ZoneInfo("America/New_York")  # the Commission sits in Washington, D.C.
FIRST_DOCKET = 2_500  # complaint dockets are numbered far above investigations (337-TA-1521 was DN 3936)
DATE_FORMATS = (
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d",
)
FEED_FIELDS = {"title", "link", "description", "category", "pubDate", "guid", "content:encoded"}
RECORD_FIELDS = {
    "id", "documentType", "documentTitle", "securityLevel", "investigationNumber", "investigationPhase",
    "investigationStatus", "investigationTitle", "investigationType", "firmOrganization", "filedBy", "onBehalfOf",
    "documentDate", "officialReceivedDate", "actionJacketControlNumber", "memorandumControlNumber",
    "attachmentListUri", "modifiedDate",
}  # fmt: skip
JSON_FIELDS = {
    "id": "id", "document_type": "documentType", "title": "documentTitle", "document_title": "documentTitle",
    "security_level": "securityLevel", "investigation_number": "investigationNumber",
    "investigation_phase": "investigationPhase", "investigation_status": "investigationStatus",
    "investigation_title": "investigationTitle", "investigation_type": "investigationType",
    "firm_organization": "firmOrganization", "filed_by": "filedBy", "on_behalf_of": "onBehalfOf",
    "document_date": "documentDate", "official_received_date": "officialReceivedDate",
    "modified_date": "modifiedDate", "attachment_list_uri": "attachmentListUri", "attachments": "attachments",
    "action_jacket_control_number": "actionJacketControlNumber",
    "memorandum_control_number": "memorandumControlNumber",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """One document's metadata, whichever shape it came in; texts decoded, dates still as printed."""

    number: str
    phase: str
    status: str
    type: str
    title: str
    case_title: str
    security: str
    on_behalf_of: str
    received: str
    dated: str
    announced: str


# From bytes to rows


def rows_of(page: Page) -> tuple[str, list[dict[str, Any]], list[str]]:
    """(part, a document's fields as printed, for each; what is wrong with the page). Raises Unreadable."""
    if page.body[:100].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        return "document", *_json_rows(page)
    if b"<rss" in page.body[:2000]:
        root, cut = recovered_xml(page.body)
        return "feed", [_children(item) for item in root.iter("item")], [f"the feed is damaged: {cut}"] if cut else []
    if is_web_page(page.body):
        raise Unreadable(WEB_PAGE)
    root = safe_xml(page.body)
    if root.tag not in ("results", "documents"):
        raise Unreadable(f"neither a notification feed nor a document listing but <{str(root.tag)[:60]}>")
    rows = [_children(document) for document in root.iter("document")]
    later = re.search(r"[?&@]pageNumber=(?!1\b)", page.url)  # an empty page is how a listing ends
    return "document", rows, ["the listing is empty"] if not (rows or later) else []


def _json_rows(page: Page) -> tuple[list[dict[str, Any]], list[str]]:
    try:
        rows = json.loads(page.body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not valid JSON: {str(error)[:200]}") from error
    if not isinstance(rows, list):
        raise Unreadable("a JSON list of documents was expected")
    whole = [row for row in rows if isinstance(row, dict)]
    wrong = [f"{len(rows) - len(whole)} rows are not records"] if len(whole) < len(rows) else []
    # This form leaves the investigation to the file's name or the query (docs_337-1366_subset.json).
    named = re.search(r"(?<!\d)(\d{3}-(?:TA-)?\d{1,4})(?!\d)", unquote(page.url.rsplit("/", 1)[-1]))
    for row in whole:
        if named and not row.get("investigation_number"):
            row["asked_number"] = named.group(1)
    return whole, wrong if whole else [*wrong, "the listing is empty"]


def _children(element: etree._Element) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for child in element.iterchildren("*"):
        name = etree.QName(child).localname
        fields.setdefault(f"{child.prefix}:{name}" if child.prefix else name, text_of(child))
    return fields


def unknown_fields(part: str, fields: Fields) -> list[str]:
    """The names left when every field we know is taken out."""
    rest = dict(fields)
    for name in FEED_FIELDS if part == "feed" else RECORD_FIELDS | JSON_FIELDS.keys() | {"asked_number"}:
        rest.pop(name, None)
    return [clean_text(name, 80) for name in rest]


def own_number(part: str, fields: Fields) -> str:
    """The document's number, "" where it is not printed as one."""
    printed = str(fields.get("guid" if part == "feed" else "id") or "").strip()
    if part == "feed" and not printed.isdecimal():
        said = re.search(r"Doc ID (\d{1,12})", str(fields.get("title") or ""))
        printed = said.group(1) if said else ""
    return printed if re.fullmatch(r"[0-9]{1,12}", printed) else ""


# From a row to a document


def _text(value: object, limit: int = TITLE_LIMIT) -> str:
    """A field decoded: EDIS escapes twice over, and some rows thrice."""
    return clean_text(without_markup(unescape(str(value), 3)), limit) if isinstance(value, str | int) else ""


def document_of(raw: RawNotice) -> Document:
    """The record, whichever shape it was published in."""
    return _from_feed(raw.fields) if raw.part == "feed" else _from_record(raw.fields)


def _from_record(printed: Fields) -> Document:
    fields = {JSON_FIELDS.get(name, name): value for name, value in printed.items()}
    case_title = _text(fields.get("investigationTitle"))
    return Document(
        number=_text(fields.get("investigationNumber") or fields.get("asked_number"), 60),
        phase=_text(fields.get("investigationPhase"), 60),
        status=_text(fields.get("investigationStatus"), 60),
        type=_text(fields.get("documentType"), 200),
        title=_text(fields.get("documentTitle")),
        case_title=re.split(r"; ?Inv(?:\.|estigation) ?Nos?\.", case_title, maxsplit=1)[0].strip(),
        security=_text(fields.get("securityLevel"), 60),
        on_behalf_of=_text(fields.get("onBehalfOf"), SECTION_LIMIT),
        received=_text(fields.get("officialReceivedDate"), 60),
        dated=_text(fields.get("documentDate"), 60),
        announced="",
    )


def _from_feed(fields: Fields) -> Document:
    """The feed says everything in sentences of fixed form; the filing is told in `content:encoded`."""
    title, body = _text(fields.get("title")), _body_of(fields)
    named = re.match(r"Document Approved ?: ?(\S{1,60})(?: ([^:]{0,60}?))? ?: ?Doc ID \d{1,12}, ?(.*)", title)
    filed = re.search(r"filed on (\d{2}/\d{2}/\d{4}(?: \d{2}:\d{2}(?::\d{2})?)?)", body.get("", ""))
    behalf = body.get("", "").partition(" on behalf of ")[2]
    confidential = str(fields.get("description") or "").lstrip().startswith("[Confidential")
    return Document(
        number=named.group(1) if named else "",
        phase=(named.group(2) or "") if named else "",
        status="",
        type=named.group(3) if named else _text(fields.get("category"), 200),
        title=body.get("Document Title", ""),
        case_title="",
        security="Confidential" if confidential else body.get("Security Level", ""),
        on_behalf_of=behalf,
        received=filed.group(1) if filed else "",
        dated="",
        announced=_text(fields.get("pubDate"), 100),
    )


def _body_of(fields: Fields) -> dict[str, str]:
    """`content:encoded` as {"": the sentence about the filing, "Document Title": …}."""
    body = str(fields.get("content:encoded") or "")
    lines = without_markup(body if "<" in body else unescape(body, 2)).split("\n")[:200]
    told: dict[str, str] = {}
    for line in lines:
        label, colon, value = line.partition(":")
        if colon and label.strip() in ("Document ID", "Document Type", "Document Title", "Security Level"):
            told.setdefault(label.strip(), _text(value))
        elif "has been received in EDIS" in line or " filed " in line:
            told.setdefault("", _text(line, SECTION_LIMIT))
    return told


def published_on(document: Document) -> date | None:
    """The date printed on the document, else the day in Washington when the feed announced it."""
    if said := parse_date(document.dated, DATE_FORMATS):
        return said
    instant = parse_instant(document.announced)
    return instant.astimezone(FORUM_ZONE).date() if instant else None


def identifiers(document: Document, native_id: str) -> tuple[Identifier, ...]:
    """The investigation's or docket's number in its usual form, and the document's own.

    A complaint not yet instituted is filed under its docket number: 337-3673 is DN 3673.
    """
    known = [Identifier("edis_document", native_id)] if native_id else []
    number = re.fullmatch(r"(\d{3})-(?:TA-)?(\d{1,4})", document.number)
    if number and number.group(1) == "337":
        waiting = document.status.casefold() == "preinstitution" or int(number.group(2)) >= FIRST_DOCKET
        docket = Identifier("us_itc_docket", f"DN {int(number.group(2))}")
        case = docket if waiting else Identifier("us_itc_investigation", f"337-TA-{number.group(2)}")
        return (case, *known)
    if number and number.group(1) in ("701", "731"):
        return (Identifier("us_itc_trade_remedy", f"{number.group(1)}-TA-{number.group(2)}"), *known)
    return tuple(known)


def troubles(raw: RawNotice) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it) for what `read` will have to leave out."""
    document = document_of(raw)
    if not raw.native_id:
        yield "id", "the document has no number"
    if not document.number:
        yield "investigationNumber", "no investigation number is stated"
    for name, said in (("officialReceivedDate", document.received), ("documentDate", document.dated)):
        if said and parse_date(said, DATE_FORMATS) is None:
            yield name, f"not a date: {said!r}"
    if raw.part == "feed" and not document.received:
        yield "content:encoded", "does not say when the document was filed"
    if document.announced and parse_instant(document.announced) is None:
        yield "pubDate", f"not a time: {document.announced!r}"
