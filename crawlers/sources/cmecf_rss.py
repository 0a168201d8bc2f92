"""CM/ECF: the free docket feeds of the US federal courts, one spider for all of them.

An item tells a case number, the first party of each side and what was entered; no nature of suit, no
filing date. Dockets and documents behind the links cost money (PACER) and are never asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NoReturn
from urllib.parse import parse_qs

from lxml import etree

from crawlers.courts import BANKRUPTCY, Court, court_of, docket_number, known_courts
from crawlers.fields import (
    SECTION_LIMIT,
    WEB_PAGE,
    clean_text,
    is_web_page,
    parse_instant,
    recovered_xml,
    text_of,
    unescape,
    without_markup,
)
from crawlers.source import SourceCard, SourceSpider, Visit
from index.keys import notice_key, page_key
from index.problems import Problem, Unreadable, Unusable
from index.records import Fields, Identifier, Notice, Page, RawNotice, Section

CHANNEL_FIELDS = {
    "title", "link", "description", "lastBuildDate", "pubDate", "image", "language", "ttl", "copyright", "generator",
    "docs", "webMaster", "managingEditor", "item",
}  # fmt: skip
ITEM_FIELDS = {"title", "link", "description", "guid", "pubDate", "author", "category"}
STALE = timedelta(days=2)


class CmecfRss(SourceSpider):
    """New docket entries of the federal district and appellate courts."""

    name = "cmecf_rss"
    card = SourceCard(
        id="cmecf_rss",
        title_zh="美国联邦法院电子卷宗更新（CM/ECF）",
        title_en="US federal courts, CM/ECF docket entries",
        publisher="Administrative Office of the U.S. Courts",
        url="https://pacer.uscourts.gov/file-case/court-cmecf-lookup",
        origin="https://ecf.{court}.uscourts.gov",
        country="US",
        forum="us_district",
        cron="35 * * * *",
        delay=1.0,
        expected=(50, 60_000),
        quiet_after=timedelta(days=3),
        parts=("feed",),
        terms="public feeds, free; what their links lead to is paid (PACER) and is never fetched",
        date_formats=("RFC 822",),
        runbook="法院的更新只保留约二十四小时，务必每小时采集一次；链接指向收费的 PACER，系统从不打开。",
    )

    @property
    def courts(self) -> list[Court]:
        """The courts to ask: those the operator names, else all that are known to have a feed."""
        known = known_courts()
        if not self.options.courts:
            return [court for court in known.values() if court.heard]
        return [known[name] for name in dict.fromkeys(self.options.courts) if name in known]

    def starts(self) -> Iterable[Visit]:
        """One feed a court. Bankruptcy courts hear no disputes of ours and are never asked, even by name."""
        for name in self.options.courts:
            if name not in known_courts() and court_of(name).forum != BANKRUPTCY:
                self.memory.problem(self.base, "courts", f"no court {name!r} with a feed is known")
        for court in self.courts:
            yield Visit(f"{self.address(court)}/{court.path}")

    def address(self, court: Court) -> str:
        """A court's own host."""
        return self.base.replace("{court}", court.id)

    @property
    def base(self) -> str:
        """The operator's base, with every court below it where it does not say how courts are told apart."""
        base = super().base
        return base if "{court}" in base else f"{base}/ecf.{{court}}.uscourts.gov"

    def at(self, url: str) -> NoReturn:
        """Raises Unusable for every link: they lead to pages that cost money."""
        raise Unusable(f"{self.card.id}: will not follow {url!r}: it is paid for (PACER)")

    def onward(self, page: Page, _raws: list[RawNotice]) -> Iterable[Visit]:
        """Nowhere. A live feed that has stopped being rebuilt is reported; a replayed one is old by nature."""
        built = _built(page.body) if self.card.id not in self.options.source_urls else None
        if built and page.fetched_at - built > STALE:
            self.memory.problem(page.url, "lastBuildDate", f"stale feed: last built {built:%Y-%m-%d %H:%M} UTC")
        return ()

    @classmethod
    def split(cls, page: Page) -> Iterable[RawNotice | Problem]:
        """A RawNotice per entry, Problems for what is odd about them.

        Raises Unreadable for a page that is no court's feed.
        """
        if is_web_page(page.body):
            raise Unreadable(WEB_PAGE)
        root, cut = recovered_xml(page.body)
        channel = root.find("channel")
        if root.tag != "rss" or channel is None:
            raise Unreadable("not a feed: <rss><channel> was expected")
        told = _children(channel)
        court = court_of(_court_id(told, channel, page.url))
        key = page_key(cls.card.id, page.url, page.body)
        if cut:
            yield Problem(cls.card.id, page.url, "page", f"the feed is damaged: {cut}", key)
        strange = dict.fromkeys(told.keys() - CHANNEL_FIELDS)
        for item in channel.iterchildren("item"):
            fields = _children(item)
            strange |= dict.fromkeys(fields.keys() - ITEM_FIELDS)
            fields |= {"court": court.id, "coverage": told.get("description", "")}
            raw = cls.raw(page, key, fields)
            for field, reason in _troubles(court, fields):
                yield Problem(cls.card.id, page.url, field, reason, key, raw.native_id)
            yield raw
        for name in sorted(strange)[:20]:
            yield Problem(cls.card.id, page.url, clean_text(name, 80), "unknown field", key)

    @classmethod
    def raw(cls, page: Page, key: str, fields: dict[str, Any]) -> RawNotice:
        """One entry. One filing with several events repeats its guid, so the entry's words are part of its identity."""
        guid, link = fields.get("guid", "").strip(), fields.get("link", "").strip()
        entry, document = _entry(fields.get("description", ""))
        case = _case_id(link or guid) + _case_id(guid).removeprefix(_case_id(link))
        identity = " ".join((fields["court"], case, document, fields.get("pubDate", "").strip(), entry))
        return RawNotice(cls.card.id, guid, link or guid, "feed", fields, key, page.fetched_at, identity)

    @classmethod
    def read(cls, raw: RawNotice) -> Notice:
        """One entry as a Notice. Raises Unreadable when its title is empty."""
        court = court_of(str(raw.fields["court"]))
        line = _line(raw.fields.get("title"))
        if not line:
            raise Unreadable("neither a case number nor a caption", "title")
        number, caption = _numbered(court, line)
        entry, _ = _entry(str(raw.fields.get("description") or ""))
        entry = clean_text(entry, SECTION_LIMIT)
        told = {"title": caption, "entry": entry}
        entered = parse_instant(str(raw.fields.get("pubDate") or ""))
        return Notice(
            key=notice_key(cls.card.id, raw.identity or raw.native_id, raw.url),
            source=cls.card.id,
            native_id=raw.native_id,
            url=raw.url,
            title=caption or line,
            forum=court.forum,
            country=cls.card.country,
            published_on=entered.astimezone(court.zone).date() if entered else None,
            entry_type=clean_text(entry, 200),
            case_number=number[0] if number else None,
            identifiers=(number[1],) if number else (),
            sections=tuple(Section(label, text) for label, text in told.items() if text),
        )


def _children(element: etree._Element) -> dict[str, str]:
    """The text of each child; of two with one name the first."""
    fields: dict[str, str] = {}
    for child in element.iterchildren("*"):
        name = etree.QName(child).localname
        if name != "item":
            fields.setdefault(f"{child.prefix}:{name}" if child.prefix else name, text_of(child))
    return fields


def _court_id(told: Fields, channel: etree._Element, address: str) -> str:
    """From the court's own address, as the channel or its first entries print it, else from where the page was."""
    entries = (item.findtext("link") or "" for _, item in zip(range(5), channel.iterchildren("item"), strict=False))
    for link in (told.get("link", ""), *entries, address):
        if found := re.search(r"/(?:ecf|tdi)\.([a-z0-9]{2,8})\.uscourts\.gov", link.lower()):
            return found.group(1)
    raise Unreadable("the feed does not say which court it is of", "channel/link")


def _built(body: bytes) -> datetime | None:
    """When the court last rebuilt the feed; some write pubDate instead."""
    said = re.search(rb"<(lastBuildDate|pubDate)>([^<]{1,60})</", body[:5_000])
    return parse_instant(said.group(2).decode("ascii", "replace")) if said else None


def _line(printed: object) -> str:
    """A caption decoded; courts escape once, twice (&amp;#035;) or inside CDATA."""
    return clean_text(without_markup(unescape(str(printed or ""), 3)))


def _numbered(court: Court, line: str) -> tuple[tuple[str, Identifier] | None, str]:
    """(docket number or None, caption) of the line "1:16-cv-02914-KAM-JO A v. B"."""
    number = docket_number(court, line)
    if number or re.match(r"[0-9][0-9:~-]{2}", line):
        return number, line.partition(" ")[2]
    return None, line


def _entry(description: str) -> tuple[str, str]:
    """(short description, document number in the link) of "[Order (Other)] caption (<a href=…>12</a>)".

    The brackets are balanced: "[Order [sealed]]" is one entry. Bankruptcy courts put "Type: ap Office: 1" before.
    """
    text = unescape(description[:SECTION_LIMIT], 2)
    linked = re.search(r"""href\s?=\s?["']?[^"'>\s]{0,300}?(?:docs?1/|show_case_doc\?)([\w,]{1,60})""", text)
    start, depth = text.find("["), 0
    for place in range(max(start, 0), len(text)) if start >= 0 else ():
        depth += (text[place] == "[") - (text[place] == "]")
        if depth == 0:
            return text[start + 1 : place].strip(), linked.group(1) if linked else ""
    bare = text.partition("(<a")[0].strip().removeprefix("[")
    return bare, linked.group(1) if linked else ""


def _case_id(link: str) -> str:
    """PACER's number of the case, with the entry's where the guid carries one."""
    query = link.partition("?")[2]
    if "=" not in query:
        return query
    asked = parse_qs(query)
    return "-".join(asked[name][0] for name in ("caseNum", "caseid", "partId") if name in asked)


def _troubles(court: Court, fields: Fields) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it) for what `read` will have to leave out."""
    line = _line(fields.get("title"))
    if docket_number(court, line) is None:
        yield "title", f"not a docket number: {line[:100]!r}"
    if parse_instant(fields.get("pubDate")) is None:
        yield "pubDate", f"not a time with a known zone: {clean_text(fields.get('pubDate'), 100)!r}"
    if not fields.get("guid"):
        yield "guid", "the entry has no guid"
