"""The Federal Register API's JSON (v1): `documents.json`, a list, and `documents/{number}.json`, one document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from crawlers.federal_dates import DATE_FORMATS
from crawlers.federal_numbers import plain
from crawlers.fields import SECTION_LIMIT, clean_text, decode, paragraphs, parse_date, unescape, without_markup
from index.problems import Unreadable
from index.records import Fields

# What the list is asked for; all of it is small, the text itself is fetched once per document.
LIST_FIELDS = (
    "document_number", "publication_date", "title", "type", "action", "abstract", "agencies", "docket_ids", "dates",
    "citation", "html_url", "json_url", "full_text_xml_url", "raw_text_url", "correction_of", "signing_date",
)  # fmt: skip
KNOWN = {
    *LIST_FIELDS, "agency_names", "body_html_url", "cfr_references", "comment_url", "comments_close_on", "corrections",
    "disposition_notes", "docket_id", "dockets", "effective_on", "end_page", "excerpts", "executive_order_notes",
    "executive_order_number", "explanation", "images", "images_metadata", "mods_url", "not_received_for_publication",
    "page_length", "page_views", "pdf_url", "presidential_document_number", "president", "proclamation_number",
    "public_inspection_pdf_url", "regulation_id_number_info", "regulation_id_numbers", "regulations_dot_gov_info",
    "regulations_dot_gov_url", "significant", "start_page", "subtype", "toc_doc", "toc_subject", "topics", "volume",
}  # fmt: skip
DEPTH_LIMIT = 100


def loaded(body: bytes) -> Any:
    """The JSON value of a page. Raises Unreadable for anything else, also for one nested without end."""
    try:
        return _encodable(json.loads(decode(body), parse_constant=_refused))
    except RecursionError as error:
        raise Unreadable("JSON nested too deeply") from error
    except ValueError as error:
        raise Unreadable(f"not JSON: {str(error)[:200]}") from error


def _refused(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _encodable(value: Any, depth: int = 0) -> Any:
    """The value with half characters (lone surrogates) replaced, as no ledger can hold them."""
    if depth > DEPTH_LIMIT:
        raise RecursionError
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_encodable(part, depth + 1) for part in value]
    if isinstance(value, dict):
        return {_encodable(key): _encodable(part, depth + 1) for key, part in value.items()}
    return value


def items(body: bytes) -> tuple[str, list[Any]]:
    """("list" or "document", its documents). Raises Unreadable for an error message or another shape."""
    value = loaded(body)
    if isinstance(value, list):
        return "list", value
    if isinstance(value, dict) and "document_number" in value:
        return "document", [value]
    if is_listing(value):
        return "list", value.get("results") or []
    said = value.get("errors") or value.get("message") or value.get("error") if isinstance(value, dict) else ""
    raise Unreadable(f"the API answered: {said}"[:300] if said else "JSON without documents", "results")


def is_listing(value: Any) -> bool:
    """Whether a JSON object is a list of documents; one with `count` 0 has no `results` at all."""
    if not isinstance(value, dict):
        return False
    results = value.get("results")
    return isinstance(results, list) or (results is None and value.get("count") == 0)


def listing(body: bytes) -> dict[str, Any] | None:
    """The list a page is, None for any other page."""
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    try:
        value = loaded(body)
    except Unreadable:
        return None
    return value if is_listing(value) else None


def faults(item: Fields) -> Iterator[tuple[str, str]]:
    """(field, reason) for each field we need that is missing or not as it should be."""
    if not clean_text(str(item.get("title") or "")):
        yield "title", "missing or empty"
    day = item.get("publication_date")
    if not isinstance(day, str) or parse_date(day, DATE_FORMATS[:1]) is None:
        yield "publication_date", f"missing or not a date: {str(day)[:50]!r}"


def page_url(item: Fields, number: str) -> str:
    """The document's page for readers."""
    url = item.get("html_url")
    sound = isinstance(url, str) and re.fullmatch(r"https://www\.federalregister\.gov/[\x21-\x7e]{1,1000}", url)
    return str(url) if sound else short_url(number)


def short_url(number: str) -> str:
    """The Federal Register's own short address of a document."""
    return f"https://www.federalregister.gov/d/{quote(number)}"


def json_url(item: Fields, origin: str, number: str) -> str:
    """Where the document's own JSON stands."""
    url = item.get("json_url")
    return url if isinstance(url, str) and url else f"{origin}/api/v1/documents/{quote(number)}.json"


def prose(item: Fields) -> dict[str, str]:
    """The document's texts by section label."""
    dockets = [clean_text(plain(header)) for header in docket_headers(item)]
    return {
        "title": _line(item.get("title")),
        "docket_header": "; ".join(dockets),
        "action": _line(item.get("action")),
        "abstract": paragraphs(_bare(item.get("abstract")), SECTION_LIMIT),
        "dates": paragraphs(_bare(item.get("dates")), SECTION_LIMIT),
    }


def docket_headers(item: Fields) -> list[str]:
    """The docket numbers as the API gives them: "Investigation No. 337-TA-1414"."""
    given = item.get("docket_ids") or item.get("docket_id") or []
    return [str(header)[:2_000] for header in (given if isinstance(given, list) else [given])[:100]]


def corrected(item: Fields) -> str | None:
    """The number of the document this one corrects; the API gives its address."""
    of = item.get("correction_of")
    name = of.partition("?")[0].rpartition("/")[2].removesuffix(".json") if isinstance(of, str) else ""
    return clean_text(name, 50) or None


def _line(value: Any) -> str:
    return clean_text(_bare(value))


def _bare(value: Any) -> str:
    """A text field without entities and markup; anything but text is nothing."""
    text = value[: 2 * SECTION_LIMIT] if isinstance(value, str) else ""
    return without_markup(text) if "<" in text else unescape(text, 2)
