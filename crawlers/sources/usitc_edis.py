"""USITC EDIS: the docket of every section 337 investigation, document by document.

Three shapes of one record: the RSS notification feed, the `/data/document` XML listing (EDIS Data Web
Service guide v1.1, 2024) and a JSON copy of that listing with snake_case names. The metadata is public
even where the document is confidential. The host often shuts its door to machines; then we wait.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from zoneinfo import ZoneInfo

from lxml import etree
from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from crawlers.fields import (
    ITEM_LIMIT, SECTION_LIMIT, TITLE_LIMIT, clean_text, parse_date, parse_instant, recovered_xml, safe_xml, unescape,
    without_markup,
)  # fmt: skip
from crawlers.source import SourceCard, SourceSpider, Visit
from index.keys import digest, notice_key, page_key
from index.problems import Problem, Unreadable
from index.records import Fields, Identifier, Notice, Page, RawNotice, Section

FORUM_ZONE = ZoneInfo("America/New_York")  # the Commission sits in Washington, D.C.
FEED = "/external/rss/render.rss?criteria=CRITERIONAOIDEL:8:13:CRITERIONANOTIFY:true"
DOCUMENT = "https://edis.usitc.gov/external/search/document/{}"
FIRST_DOCKET = 2_500  # complaint dockets count on from far above the investigation numbers (DN 2500 is of 2008)
LISTINGS_A_CRAWL = 10
PAGES_A_LISTING = 5
WAIT_AT_THE_WALL = timedelta(hours=6)

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


class UsitcEdis(SourceSpider):
    """Documents filed with the US International Trade Commission."""

    card = SourceCard(
        id="usitc_edis",
        title_zh="美国国际贸易委员会电子卷宗（EDIS）",
        title_en="USITC Electronic Document Information System",
        publisher="United States International Trade Commission",
        url="https://edis.usitc.gov/external/search",
        origin="https://edis.usitc.gov",
        country="US",
        forum="us_itc",
        cron="20 */2 * * *",
        delay=5.0,
        expected=(1, 500),
        quiet_after=timedelta(days=4),
        parts=("feed", "document"),
        terms="US government work; metadata is open, documents need the Commission's own account",
        date_formats=(
            "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f",
            "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d",
        ),
        runbook="403、429 或网页形式的拒绝访问：系统自动停六小时再试，不要手工反复请求；公告可先由联邦公报得到。",
    )  # fmt: skip

    def starts(self) -> Iterable[Visit]:
        """The notification feed, unless the host asked us to stay away."""
        until = self.memory.backing_off()
        if until is not None:
            self.memory.problem(self.base, "access", f"not asked: backing off until {until:%Y-%m-%d %H:%M} UTC")
            return
        yield Visit(self.base + FEED)

    @classmethod
    def split(cls, page: Page) -> Iterable[RawNotice | Problem]:
        """A RawNotice per document of a feed or listing, Problems for what is odd about them.

        Raises Unreadable for a challenge page, broken XML or JSON, or any other document.
        """
        part, rows, wrong = _rows(page)
        key = page_key(cls.card.id, page.url, page.body)

        def problem(field: str, reason: str, native_id: str = "") -> Problem:
            return Problem(cls.card.id, page.url, field, reason, key, native_id)

        yield from (problem("page", reason) for reason in wrong)
        if len(rows) > ITEM_LIMIT:
            yield problem("page", f"{len(rows)} documents on one page; only the first {ITEM_LIMIT} were read")
        strange: dict[str, None] = {}
        for fields in rows[:ITEM_LIMIT]:
            strange |= dict.fromkeys(_unknown(part, fields))
            number = _own_number(part, fields)
            identity = number or digest("nameless", json.dumps(fields, sort_keys=True))
            url = DOCUMENT.format(number) if number else page.url
            raw = RawNotice(cls.card.id, number, url, part, fields, key, page.fetched_at, identity)
            yield from (problem(field, reason, number) for field, reason in _troubles(raw))
            yield raw
        yield from (problem(name, f"unknown field {name!r}") for name in [*strange][:20])

    @classmethod
    def read(cls, raw: RawNotice) -> Notice:
        """One document's metadata as a Notice. Raises Unreadable when nothing in it says what it is about."""
        document = _document(raw)
        if not (document.number or document.title or document.on_behalf_of):
            raise Unreadable("neither an investigation number nor a title nor a party", "title")
        told = {
            "title": document.title, "case_title": document.case_title,
            "on_behalf_of": document.on_behalf_of, "entry": document.type,
        }  # fmt: skip
        return Notice(
            key=notice_key(cls.card.id, raw.identity or raw.native_id, raw.url),
            source=cls.card.id,
            native_id=raw.native_id,
            url=raw.url,
            title=document.title or document.type or document.number,
            forum=cls.card.forum,
            country=cls.card.country,
            published_on=_published_on(document),
            filed_on=parse_date(document.received, cls.card.date_formats),
            entry_type=document.type,
            case_number=document.number or None,
            identifiers=_identifiers(document, raw.native_id),
            sections=tuple(Section(label, text) for label, text in told.items() if text),
            confidential=document.security.casefold() not in ("", "public"),
        )

    def onward(self, page: Page, raws: list[RawNotice]) -> Iterable[Visit]:
        """From the feed to the docket of each investigation not listed before; through a docket page by page.

        EDIS matches investigation numbers by their beginning: rows of another case are read as what they are.
        """
        asked = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
        if "investigationNumber" not in asked:
            yield from self.listings(raws)
            return
        number, phase = asked["investigationNumber"], asked.get("investigationPhase", "")
        at = asked.get("pageNumber", "1")
        if at == "1":
            self.memory.set_cursor(json.dumps([*self.listed(), f"{number}/{phase}"][-2_000:]))
        if raws and at.isdecimal() and int(at) < PAGES_A_LISTING:
            yield self.listing(number, phase, int(at) + 1)

    def listings(self, raws: list[RawNotice]) -> Iterator[Visit]:
        """The first docket page of each section 337 investigation the feed names for the first time."""
        listed, fresh = set(self.listed()), dict[tuple[str, str], None]()
        for document in map(_document, raws):
            if re.fullmatch(r"337-\d{1,4}", document.number) and re.fullmatch(r"[\w ]{1,40}", document.phase):
                fresh[document.number, document.phase] = None
        wanted = [case for case in fresh if "/".join(case) not in listed]
        yield from (self.listing(number, phase, 1) for number, phase in wanted[:LISTINGS_A_CRAWL])

    def listing(self, number: str, phase: str, at: int) -> Visit:
        """A docket page: 20 documents, newest first."""
        query = {"investigationNumber": number, "investigationPhase": phase, "pageNumber": at}
        return Visit(f"{self.base}/data/document?{urlencode(query)}")

    def listed(self) -> list[str]:
        """The dockets listed so far, as "number/phase"."""
        try:
            known = json.loads(self.memory.cursor() or "[]")
        except ValueError:
            return []
        return [case for case in known if isinstance(case, str)] if isinstance(known, list) else []

    def heard(self, response: Response) -> Iterator[Request]:
        """A web page in place of data is the bot wall, even with status 200."""
        if response.status == 200 and _is_web_page(response.body):
            self.walled(response, "it answered with a web page where data was expected")
        yield from super().heard(response)

    def refused(self, response: Response) -> None:
        """A shut door is respected for hours; any other status is only recorded."""
        if response.status in (401, 403, 429, 503):
            self.walled(response, f"it answered {response.status}")
        super().refused(response)

    def walled(self, response: Response, reason: str) -> None:
        """Record the wall, stay away for hours and end this crawl."""
        until = datetime.now(UTC) + WAIT_AT_THE_WALL
        self.memory.back_off(until, reason)
        self.memory.problem(response.url, "access", f"{reason}; not asked again before {until:%Y-%m-%d %H:%M} UTC")
        raise CloseSpider("shut out")


# From bytes to rows


def _is_web_page(body: bytes) -> bool:
    return body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))


def _rows(page: Page) -> tuple[str, list[dict[str, Any]], list[str]]:
    """(part, one dict of fields as printed a document, what is wrong with the page)."""
    if page.body[:100].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        return "document", *_json_rows(page)
    if b"<rss" in page.body[:2000]:
        root, cut = recovered_xml(page.body)
        return "feed", [_children(item) for item in root.iter("item")], [f"the feed is damaged: {cut}"] if cut else []
    root = safe_xml(page.body)
    if root.tag not in ("results", "documents"):
        raise Unreadable(f"neither a notification feed nor a document listing but <{str(root.tag)[:60]}>")
    rows = [_children(document) for document in root.iter("document")]
    first = "pageNumber" not in page.url or "pageNumber=1" in page.url.split("&")
    return "document", rows, ["the listing is empty"] if first and not rows else []


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
        fields.setdefault(f"{child.prefix}:{name}" if child.prefix else name, "".join(child.itertext()))
    return fields


def _unknown(part: str, fields: Fields) -> list[str]:
    rest = dict(fields)
    for name in FEED_FIELDS if part == "feed" else RECORD_FIELDS | JSON_FIELDS.keys() | {"asked_number"}:
        rest.pop(name, None)
    return [clean_text(name, 80) for name in rest]


def _own_number(part: str, fields: Fields) -> str:
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


def _document(raw: RawNotice) -> Document:
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


def _published_on(document: Document) -> date | None:
    if said := parse_date(document.dated, UsitcEdis.card.date_formats):
        return said
    instant = parse_instant(document.announced)
    return instant.astimezone(FORUM_ZONE).date() if instant else None


def _identifiers(document: Document, native_id: str) -> tuple[Identifier, ...]:
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


def _troubles(raw: RawNotice) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it) for what `read` will have to leave out."""
    document = _document(raw)
    if not raw.native_id:
        yield "id", "the document has no number"
    if not document.number:
        yield "investigationNumber", "no investigation number is stated"
    for name, said in (("officialReceivedDate", document.received), ("documentDate", document.dated)):
        if said and parse_date(said, UsitcEdis.card.date_formats) is None:
            yield name, f"not a date: {said!r}"
    if raw.part == "feed" and not document.received:
        yield "content:encoded", "does not say when the document was filed"
    if document.announced and parse_instant(document.announced) is None:
        yield "pubDate", f"not a time: {document.announced!r}"
