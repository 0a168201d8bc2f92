"""The contract of a source: a card that says what it is, and a spider that can do four things.

`starts` says what to fetch first, `split` cuts a page into items with their fields as printed,
`read` turns one such item into a Notice, `onward` says what to fetch next. `split` and `read` are
pure, so a saved page is read exactly as a crawled one.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

import scrapy
from scrapy.http import Response
from scrapy.utils.python import global_object_name

from crawlers.card import SourceCard, Visit
from crawlers.keeping import Memory
from index.problems import Problem, Unusable
from index.records import Notice, Page, RawNotice
from index.settings import Settings, load_settings

__all__ = ["SourceCard", "SourceSpider", "Visit"]


class SourceSpider(scrapy.Spider):
    """A spider whose pages are kept before they are read.

    Subclasses set `card` and write `starts`, `split`, `read` and, where a page leads to others,
    `onward`. Everything that touches the network or the ledger is here.
    """

    card: ClassVar[SourceCard]

    def __init__(self, *args: Any, memory: Memory | None = None, settings_in: Settings | None = None, **kw: Any):
        kw.setdefault("name", self.card.id)
        super().__init__(*args, **kw)
        self.options = settings_in or load_settings()
        self.memory = memory or Memory.open(self.options, self.card)

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """The card's delay holds unless the operator set another."""
        super().update_settings(settings)
        options = load_settings()
        delay = cls.card.delay if options.crawl_delay is None else options.crawl_delay
        settings.set("DOWNLOAD_DELAY", delay, priority="spider")
        settings.set("DOWNLOAD_MAXSIZE", options.page_limit, priority="spider")

    # What a source writes

    def starts(self) -> Iterable[Visit]:
        """The pages to fetch first, from what the ledger says was read last."""
        raise NotImplementedError

    @classmethod
    def split(cls, page: Page) -> Iterable[RawNotice | Problem]:
        """The page's items with their fields as printed. Raises Unreadable if it has no such shape."""
        raise NotImplementedError

    @classmethod
    def read(cls, raw: RawNotice) -> Notice:
        """One item, read. Raises Unreadable naming the field."""
        raise NotImplementedError

    def onward(self, _page: Page, _raws: list[RawNotice]) -> Iterable[Visit]:
        """Further pages this one leads to; none by default."""
        return ()

    # What the framework does

    @property
    def base(self) -> str:
        """The address to crawl: the operator's, else the live one."""
        return self.options.source_urls.get(self.card.id, self.card.origin).rstrip("/")

    def at(self, url: str) -> str:
        """A publisher's own absolute address as seen from `base`. Raises Unusable for a stranger's.

        Pages are untrusted: a link is followed only to the publisher's own host.
        """
        split = urlsplit(url)
        own = urlsplit(self.card.origin)
        if url == self.base or url.startswith((f"{self.base}/", f"{self.base}?")):
            return url
        if split.scheme in ("http", "https") and split.netloc == own.netloc:
            return self.base + split.path + (f"?{split.query}" if split.query else "")
        raise Unusable(f"{self.card.id}: will not follow {url!r} away from {own.netloc}")

    def published(self, url: str) -> str:
        """The publisher's own address of a page fetched from `base`: what the ledger keeps.

        A mirror or a replay may move; the page stays the same page.
        """
        court = re.escape("{court}")
        found = re.match(re.escape(self.base).replace(court, "(?P<court>[a-z0-9]+)"), url)
        if not found:
            return url
        return self.card.origin.replace("{court}", found.groupdict().get("court", "")) + url[found.end() :]

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Pages kept but not yet read come first, then the source's own starts."""
        self.memory.begin()
        self.memory.finish_unread(type(self))
        for visit in self.starts():
            yield self.request(visit)

    def closed(self, reason: str) -> None:
        """Scrapy's word that the crawl is over."""
        stats = self.crawler.stats
        self.memory.end(reason, int(stats.get_value("spider_exceptions/count", 0)) if stats else 0)

    def request(self, visit: Visit) -> scrapy.Request:
        """A request that asks only for what changed and reports its failure."""
        known = self.memory.validators(self.published(visit.url)) if visit.conditional else {}
        return scrapy.Request(
            visit.url,
            callback=self.heard,
            errback=self.failed,
            headers=visit.headers | known,
            meta={"handle_httpstatus_all": True},
        )

    def heard(self, response: Response) -> Iterator[scrapy.Request | dict[str, Any]]:
        """Keep the page, read it, write what it holds, then go on to where it leads.

        The items of a new page are yielded too, as printed, for Scrapy's own exports; the ledger has them by then.
        """
        visits: Iterable[Visit]
        url = self.published(response.url)
        if response.status == 304 and (known := self.memory.unchanged(type(self), url)):
            visits = self.onward(*known)
        elif response.status == 200:
            page = Page(self.card.id, url, datetime.now(UTC), response.body, media_type_of(response))
            pages = self.memory.counted["pages"]
            raws = self.memory.hear(type(self), page, validators_of(response))
            if self.memory.counted["pages"] > pages:
                yield from map(printed, raws)
            visits = self.onward(page, raws)
        else:
            visits = self.refused(response)
        for visit in visits:
            yield self.request(visit)

    def refused(self, response: Response) -> Iterable[Visit]:
        """A status other than 200 is a recorded problem, never a silent nothing.

        A source that knows another way to the same item returns it.
        """
        self.memory.problem(self.published(response.url), "status", f"the server answered {response.status}")
        return ()

    def failed(self, failure: Any) -> None:
        """A page that could not be fetched at all is a recorded problem."""
        request = failure.request
        kind = global_object_name(failure.type).rsplit(".", 1)[-1]
        why = str(failure.value)[:300]
        if "Cancelled" in kind and not why:  # Scrapy says nothing more of a body it stopped taking
            why = f"the page is larger than {self.options.page_limit} bytes (YUJING_PAGE_LIMIT)"
        self.memory.problem(self.published(request.url), "fetch", f"{kind}: {why}")


def printed(raw: RawNotice) -> dict[str, Any]:
    """An item as printed, for Scrapy's exports."""
    return {"source": raw.source, "native_id": raw.native_id, "part": raw.part, "url": raw.url, "fields": raw.fields}


def media_type_of(response: Response) -> str:
    """The Content-Type without its parameters, lower case."""
    header = response.headers.get("Content-Type") or b""
    return header.decode("latin-1").split(";")[0].strip().lower()


def validators_of(response: Response) -> dict[str, str]:
    """The headers that let the next crawl ask for changes only (RFC 9110 §8.8)."""
    names = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
    return {ask: value.decode("latin-1") for name, ask in names.items() if (value := response.headers.get(name))}
