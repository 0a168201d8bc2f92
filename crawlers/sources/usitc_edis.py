"""USITC EDIS: the docket of every section 337 investigation, document by document.

Three shapes of one record: the RSS notification feed, the `/data/document` XML listing (EDIS Data Web
Service guide v1.1, 2024) and a JSON copy of that listing with snake_case names. The metadata is public
even where the document is confidential. The host often shuts its door to machines; then we wait.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from crawlers import edis
from crawlers.fields import is_web_page, parse_date
from crawlers.source import SourceCard, SourceSpider, Visit
from index.keys import digest, notice_key, page_key
from index.problems import Problem, Unreadable
from index.records import Notice, Page, RawNotice, Section

FEED = "/external/rss/render.rss?criteria=CRITERIONAOIDEL:8:13:CRITERIONANOTIFY:true"
DOCUMENT = "https://edis.usitc.gov/external/search/document/{}"
LISTINGS_A_CRAWL = 10
CASES_REMEMBERED = 500
PAGES_A_LISTING = 5
WAIT_AT_THE_WALL = timedelta(hours=6)


class UsitcEdis(SourceSpider):
    """Documents filed with the US International Trade Commission."""

    name = "usitc_edis"
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
        date_formats=edis.DATE_FORMATS,
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
        part, rows, wrong = edis.rows_of(page)
        key = page_key(cls.card.id, page.url, page.body)

        def problem(field: str, reason: str, native_id: str = "") -> Problem:
            return Problem(cls.card.id, page.url, field, reason, key, native_id)

        yield from (problem("page", reason) for reason in wrong)
        strange: dict[str, None] = {}
        for fields in rows:
            strange |= dict.fromkeys(edis.unknown_fields(part, fields))
            number = edis.own_number(part, fields)
            identity = number or digest("nameless", json.dumps(fields, sort_keys=True))
            url = DOCUMENT.format(number) if number else page.url
            raw = RawNotice(cls.card.id, number, url, part, fields, key, page.fetched_at, identity)
            yield from (problem(field, reason, number) for field, reason in edis.troubles(raw))
            yield raw
        yield from (problem(name, f"unknown field {name!r}") for name in [*strange][:20])

    @classmethod
    def read(cls, raw: RawNotice) -> Notice:
        """One document's metadata as a Notice. Raises Unreadable when nothing in it says what it is about."""
        document = edis.document_of(raw)
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
            published_on=edis.published_on(document),
            filed_on=parse_date(document.received, edis.DATE_FORMATS),
            entry_type=document.type,
            case_number=document.number or None,
            identifiers=edis.identifiers(document, raw.native_id),
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
            self.memory.set_cursor(json.dumps([*self.listed(), f"{number}/{phase}"][-CASES_REMEMBERED:]))
        if raws and at.isdecimal() and int(at) < PAGES_A_LISTING:
            yield self.listing(number, phase, int(at) + 1)

    def listings(self, raws: list[RawNotice]) -> Iterator[Visit]:
        """The first docket page of each section 337 investigation the feed names for the first time."""
        listed, fresh = set(self.listed()), dict[tuple[str, str], None]()
        for document in map(edis.document_of, raws):
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

    def heard(self, response: Response) -> Iterator[Request | dict[str, Any]]:
        """A web page in place of data is the bot wall, even with status 200."""
        if response.status == 200 and is_web_page(response.body):
            self.walled(response, "it answered with a web page where data was expected")
        yield from super().heard(response)

    def refused(self, response: Response) -> Iterable[Visit]:
        """A shut door is respected for hours; any other status is only recorded."""
        if response.status in (401, 403, 429, 503):
            self.walled(response, f"it answered {response.status}")
        return super().refused(response)

    def walled(self, response: Response, reason: str) -> None:
        """Record the wall, stay away for hours and end this crawl."""
        until = datetime.now(UTC) + WAIT_AT_THE_WALL
        self.memory.back_off(until, reason)
        self.memory.problem(response.url, "access", f"{reason}; not asked again before {until:%Y-%m-%d %H:%M} UTC")
        raise CloseSpider("shut out")
