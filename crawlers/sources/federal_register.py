"""The Federal Register: every notice of the US International Trade Commission, on the day it is published.

A notice is found in the API's list, described by its document JSON and read whole in GPO's XML or, where that is
missing, in the text edition (federalregister.gov API v1; FRMergedXML; the text edition's typescript).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Response

from crawlers import federal_json, federal_read
from crawlers.federal_dates import DATE_FORMATS, published_on
from crawlers.source import SourceCard, SourceSpider, Visit
from index.keys import digest
from index.problems import Problem, Unusable
from index.records import Notice, Page, RawNotice

LIST_PAGES = 50
FIRST_WINDOW = timedelta(days=60)
OVERLAP = timedelta(days=7)
AFTER_TOO_MANY = timedelta(hours=1)


class FederalRegister(SourceSpider):
    """Notices of the US International Trade Commission in the Federal Register."""

    name = federal_read.SOURCE
    card = SourceCard(
        id=federal_read.SOURCE,
        title_zh="美国《联邦公报》（国际贸易委员会公告）",
        title_en="Federal Register (US International Trade Commission)",
        publisher="Office of the Federal Register, National Archives and Records Administration",
        url="https://www.federalregister.gov/agencies/international-trade-commission",
        origin="https://www.federalregister.gov",
        country="US",
        forum=federal_read.FORUM,
        cron="15 11,15 * * 1-5",
        delay=1.0,
        expected=(3, 600),
        quiet_after=timedelta(days=6),
        parts=("list", "document", "full_text", "raw_text"),
        terms="US government work, not under copyright (17 U.S.C. 105); the API is open and needs no key",
        date_formats=DATE_FORMATS,
        runbook=(
            "周末和联邦假日不出刊，没有新公告属正常；"
            "工作日连续没有新公告时，先核对列表接口返回的 count，再看网站是否要求人机验证。"
        ),
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.lists: set[str] = set()
        self.listed: set[str] = set()
        self.newest = ""

    @classmethod
    def split(cls, page: Page) -> Iterable[RawNotice | Problem]:
        """The page's documents. Raises Unreadable unless it is a list, a document, an XML or a text edition."""
        return federal_read.split(page)

    @classmethod
    def read(cls, raw: RawNotice) -> Notice:
        """One document as a Notice."""
        return federal_read.read(raw)

    def starts(self) -> Iterable[Visit]:
        """The list of the Commission's notices since the newest one read, with a week's overlap."""
        if until := self.memory.backing_off():
            self.memory.problem(self.base, "access", f"not asked: backing off until {until:%Y-%m-%d %H:%M} UTC")
            return
        query = [
            ("conditions[agencies][]", "international-trade-commission"),
            ("conditions[type][]", "NOTICE"),
            ("conditions[publication_date][gte]", self._since().isoformat()),
            *(("fields[]", name) for name in federal_json.LIST_FIELDS),
            ("order", "newest"),
            ("per_page", "200"),
        ]
        # Unconditional: an unchanged list still leads to documents that an interrupted crawl left.
        yield Visit(f"{self.base}/api/v1/documents.json?{urlencode(query)}", conditional=False)

    def _since(self) -> date:
        try:
            return date.fromisoformat(self.memory.cursor() or "") - OVERLAP
        except ValueError:
            return datetime.now(UTC).date() - FIRST_WINDOW

    def onward(self, page: Page, raws: list[RawNotice]) -> Iterable[Visit]:
        """From the list to its next page and its documents, from a document to its text."""
        for raw in raws:
            yield from self._deeper(raw)
        listing = federal_json.listing(page.body)
        if listing is not None:
            yield from self._next_list(page, listing, raws)
        elif not raws:
            yield from self._text_instead(page.url)

    def refused(self, response: Response) -> Iterable[Visit]:
        """A document that has no XML edition is read in the text edition."""
        yield from super().refused(response)
        if response.status == 429:
            self.memory.back_off(datetime.now(UTC) + AFTER_TOO_MANY, "the server answered 429")
        if response.status in (404, 410):
            yield from self._text_instead(response.url)

    def _deeper(self, raw: RawNotice) -> Iterator[Visit]:
        def heard(part: str) -> bool:
            return self.memory.has_part(raw.identity, part)

        if raw.part == "list" and not heard("document"):
            yield from self._visit(federal_json.json_url(raw.fields, self.card.origin, raw.native_id))
        elif raw.part in ("list", "document") and not heard("full_text") and not heard("raw_text"):
            yield from self._visit(raw.fields.get("full_text_xml_url") or raw.fields.get("raw_text_url"))

    def _text_instead(self, url: str) -> Iterator[Visit]:
        place = re.sub(r"/full_text/xml/(.{1,100})\.xml\Z", r"/full_text/text/\1.txt", url)
        if place != url:
            yield from self._visit(place)

    def _next_list(self, page: Page, listing: dict[str, Any], raws: list[RawNotice]) -> Iterator[Visit]:
        content = digest(*(raw.native_id for raw in raws))
        if content in self.lists:
            # Beyond 10,000 documents the API silently answers with its first page.
            self.memory.problem(page.url, "next_page_url", "a page of the list came a second time; the rest was left")
            return
        self.lists.add(content)
        self.listed.update(raw.native_id for raw in raws)
        today = datetime.now(UTC).date()
        days = [day for raw in raws if (day := published_on(raw.fields)) and day <= today]
        self.newest = max([self.newest, *(day.isoformat() for day in days)])
        following = listing.get("next_page_url")
        if not following:
            self._list_read(page, listing)
        elif len(self.lists) >= LIST_PAGES:
            self.memory.problem(page.url, "next_page_url", f"more than {LIST_PAGES} pages; the rest was left")
        else:
            yield from self._visit(following, conditional=False)

    def _list_read(self, page: Page, listing: dict[str, Any]) -> None:
        """The list was read to its end: the next crawl may begin here."""
        told = listing.get("count")
        if isinstance(told, int) and told > len(self.listed):
            self.memory.problem(page.url, "count", f"the list tells of {told} documents and held {len(self.listed)}")
        elif self.newest > (self.memory.cursor() or ""):
            self.memory.set_cursor(self.newest)

    def _visit(self, url: object, conditional: bool = True) -> Iterator[Visit]:
        try:
            if isinstance(url, str):
                yield Visit(self.at(url), conditional=conditional)
        except (Unusable, ValueError) as error:
            self.memory.problem(str(url)[:500], "link", str(error)[:500])
