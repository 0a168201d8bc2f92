"""The courts' feeds: every form of entry, hostile pages, and never a paid link."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from crawlers.reading import ITEM_LIMIT, read_raw, split_page
from crawlers.run import crawl
from crawlers.sources.cmecf_rss import CmecfRss
from index.ledger import problems
from index.problems import Unusable
from index.records import Identifier, Notice, Page
from index.settings import load_settings
from tests.conftest import SAMPLE
from tests.crawlers.conftest import SpiderOf

HEARD = datetime(2026, 1, 15, 12, tzinfo=UTC)
ITEM = """<item><title>{title}</title><link>https://ecf.{court}.uscourts.gov/cgi-bin/DktRpt.pl?990001</link>
<description>{description}</description>
<guid isPermaLink="true">https://ecf.{court}.uscourts.gov/cgi-bin/DktRpt.pl?990001&amp;{number}</guid>
<pubDate>{when}</pubDate></item>"""


def item(title: str, description: str = "[Order]", **other: str) -> str:
    """One entry; `court`, `number` and `when` may be given."""
    told = {"court": "ded", "number": "1", "when": "Thu, 15 Jan 2026 02:10:04 GMT"} | other
    return ITEM.format(title=title, description=description, **told)


def feed(*items: str, court: str = "ded") -> bytes:
    """A court's feed."""
    head = f"<title>A Court - Recent Entries</title><link>https://ecf.{court}.uscourts.gov</link>"
    head += "<description>Docket entries of type: orders</description>"
    text = (
        f'<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'
    )
    return text.encode("iso-8859-1", "xmlcharrefreplace")


def page(body: bytes) -> Page:
    """A page as if just fetched."""
    return Page("cmecf_rss", "https://ecf.ded.uscourts.gov/cgi-bin/rss_outside.pl", HEARD, body)


def notices(body: bytes) -> list[Notice]:
    """Every entry of a page, each of which must be readable."""
    read = [read_raw(CmecfRss, raw) for raw in split_page(CmecfRss, page(body)).raws]
    assert all(isinstance(each, Notice) for each in read), read
    return [each for each in read if isinstance(each, Notice)]


def one(
    title: str, description: str = "[Order]", court: str = "ded", when: str = "Thu, 15 Jan 2026 02:10:04 GMT"
) -> Notice:
    """The notice of a feed's only entry."""
    (notice,) = notices(feed(item(title, description, court=court, when=when), court=court))
    return notice


@pytest.mark.parametrize(
    ("court", "title", "number", "identifier"),
    [
        ("ded", "1:21-cv-00929-CFC-SRF A v. B", "1:21-cv-00929", ("us_district_docket", "1:21-cv-00929")),
        ("ded", "1:21-cr-00009-1 USA v. B", "1:21-cr-00009", ("us_district_docket", "1:21-cr-00009")),
        ("ilnd", "1:26-cv-929 A v. B", "1:26-cv-929", ("us_district_docket", "1:26-cv-00929")),
        ("cafc", "20-1140 A v. B", "20-1140", ("us_appeal_docket", "20-1140")),
        ("ca9", "2023-15234 A v. B", "2023-15234", ("us_appeal_docket", "2023-15234")),
        ("mdb", "18-00079 A v. B", "18-00079", ("us_bankruptcy_docket", "18-00079")),
        ("nysb", "18-10509-shl A v. B", "18-10509", ("us_bankruptcy_docket", "18-10509")),
        ("flsb", "8:18-bk-02637-CPM A v. B", "8:18-bk-02637", ("us_bankruptcy_docket", "18-02637")),
    ],
)
def test_each_kind_of_court_numbers_in_its_own_way(
    court: str, title: str, number: str, identifier: tuple[str, str]
) -> None:
    notice = one(title, court=court)
    assert (notice.case_number, notice.title) == (number, title.split(" ", 1)[1])
    assert notice.identifiers == (Identifier(*identifier, scope=court),)
    assert notice.forum == identifier[0].removesuffix("_docket")


@pytest.mark.parametrize("title", ["5:18-~gr-00001 ", "Sealed v. Sealed", "21-929 A v. B", "1:21-cv-x A v. B"])
def test_a_malformed_number_is_told_and_the_entry_kept(title: str) -> None:
    body = feed(item(title))
    assert split_page(CmecfRss, page(body)).problems[0].field == "title"
    (notice,) = notices(body)
    assert (notice.case_number, notice.identifiers) == (None, ())
    assert notice.title


@pytest.mark.parametrize(
    ("description", "entry"),
    [
        ("[Order]", "Order"),
        (
            "[Order on Motion [sealed] [2]] A v. B (&lt;a href='https://ecf.ded.uscourts.gov/doc1/1'>2&lt;/a>)",
            "Order on Motion [sealed] [2]",
        ),
        ("<![CDATA[[~Util - Set Hearings] A v. B ]]>", "~Util - Set Hearings"),
        ("Type: ap Office: 1 Chapter:   [Close Adversary Case] ", "Close Adversary Case"),
        ("[AO 120", "AO 120"),
        ("Minute Entry (&lt;a href='https://ecf.ded.uscourts.gov/doc1/1'>2&lt;/a>)", "Minute Entry"),
        ("[R&#x26;amp;R]", "R&R"),
        ("", ""),
    ],
)
def test_the_entry_is_what_stands_in_the_first_whole_brackets(description: str, entry: str) -> None:
    assert one("1:21-cv-00929 A v. B", description).entry_type == entry


@pytest.mark.parametrize(
    "title",
    [
        "1:21-cv-00929 O&amp;#039;Sample v. Soci&amp;eacute;t&amp;eacute; A &amp;amp; B",
        "1:21-cv-00929 O&#039;Sample v. Soci\xe9t\xe9 A &amp; B",
        "<![CDATA[1:21-cv-00929 O'Sample v. Soci&eacute;t&eacute; A & B]]>",
    ],
)
def test_captions_are_decoded_as_often_as_the_court_escaped_them(title: str) -> None:
    assert one(title).section("title") == "O'Sample v. Société A & B"


@pytest.mark.parametrize(
    ("court", "when", "day"),
    [
        ("ded", "Thu, 15 Jan 2026 04:59:00 GMT", date(2026, 1, 14)),
        ("ded", "Thu, 15 Jan 2026 05:00:00 GMT", date(2026, 1, 15)),
        ("gud", "Thu, 15 Jan 2026 14:00:00 GMT", date(2026, 1, 16)),
        ("ca10", "Fri, 03 Feb 2023 23:58:42 MST", date(2023, 2, 3)),
        ("mdb", "Tue, 24 Apr 2018 03:00:00 GMT", date(2018, 4, 23)),
    ],
)
def test_an_entry_is_dated_by_the_courts_own_clock(court: str, when: str, day: date) -> None:
    notice = one("1:21-cv-00929 A v. B", court=court, when=when)
    assert (notice.published_on, notice.filed_on) == (day, None)


def test_a_time_in_an_unknown_zone_is_told_and_left_out() -> None:
    body = feed(item("1:21-cv-00929 A v. B", when="Thu, 15 Jan 2026 04:59:00 MARS"))
    assert [p.field for p in split_page(CmecfRss, page(body)).problems] == ["pubDate"]
    assert notices(body)[0].published_on is None


def test_events_of_one_filing_are_items_of_their_own_and_repeats_are_one() -> None:
    title = "1:21-cv-00929 A v. B"
    body = feed(item(title, "[Order]"), item(title, "[Judgment]"), item(title, "[Order]"))
    assert len({notice.key for notice in notices(body)}) == 2
    assert len({notice.native_id for notice in notices(body)}) == 1


def test_what_a_court_covers_is_kept_with_each_entry() -> None:
    (raw,) = split_page(CmecfRss, page(feed(item("1:21-cv-00929 A v. B")))).raws
    assert raw.fields["coverage"] == "Docket entries of type: orders"


def test_the_real_feeds_are_read_whole(shared: Path) -> None:
    counts = {}
    for name in ("nyed_1", "ca2_1", "ca6", "ca10", "cafc", "mdb_1", "wvsd"):
        found = split_page(CmecfRss, page((shared / f"sources/cmecf_rss/{name}.xml").read_bytes()))
        counts[name] = (len(found.raws), [p.field for p in found.problems])
    assert counts == {
        "nyed_1": (432, []),
        "ca2_1": (4, []),
        "ca6": (9, []),
        "ca10": (6, []),
        "cafc": (2, []),
        "mdb_1": (2, []),
        "wvsd": (3, ["title"]),
    }


# Hostile pages


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>Checking your browser", "web page"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "not a feed"),
        (b"<rss version='2.0'><channel><title>x</title></channel></rss>", "which court"),
        (feed()[:200], "not well-formed"),
        (b'<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>', "entities"),
        (b"PK\x03\x04", "not well-formed"),
    ],
    ids=str,
)
def test_what_is_no_feed_is_unreadable_and_says_why(body: bytes, words: str) -> None:
    found = split_page(CmecfRss, Page("cmecf_rss", "saved.xml", HEARD, body))
    assert (found.readable, found.raws) == (False, ())
    assert words in found.problems[0].reason


def test_a_feed_cut_in_the_middle_gives_what_is_whole() -> None:
    body = feed(item("1:21-cv-00929 A v. B"), item("1:21-cv-00930 C v. D", number="2"))
    found = split_page(CmecfRss, page(body[: body.rindex(b"Order")]))
    assert len(found.raws) == 1
    assert found.readable
    assert "damaged" in found.problems[0].reason


def test_control_characters_markup_and_length_are_tamed() -> None:
    caption = "1:21-cv-00929 A\u202e v.&amp;lt;b&amp;gt; B" + "x" * 20_000
    notice = one(caption)
    assert notice.title.startswith("A v. Bxxx")
    assert len(notice.title) <= 2_000
    assert notice.title.endswith("…")
    body = feed(item("1:21-cv-00929 A v. B")).replace(b"A v.", b"A\x01 v.\x0b")
    assert notices(body)[0].title == "A v. B"


@pytest.mark.parametrize("text", ["[" * 50_000, "<" * 50_000, "&#" + "9" * 5_000 + ";", "(<a href='" * 5_000])
def test_strange_values_stay_inside_their_entry(text: str) -> None:
    body = feed(item(f"<![CDATA[{text}]]>", f"<![CDATA[{text}]]>"), item("1:21-cv-00929 A v. B", number="2"))
    assert split_page(CmecfRss, page(body)).raws[-1].native_id.endswith("&2")
    assert read_raw(CmecfRss, split_page(CmecfRss, page(body)).raws[-1])


def test_a_link_that_is_no_address_does_not_cost_the_page() -> None:
    body = feed(item("1:21-cv-00929 A v. B")).replace(b"<link>https://ecf.ded.uscourts.gov/cgi-bin", b"<link>http://[x")
    assert notices(body)[0].case_number == "1:21-cv-00929"


def test_ten_thousand_entries_are_bounded_with_a_problem() -> None:
    found = split_page(CmecfRss, page(feed(*(item(f"1:21-cv-{n:05} A v. B", number=str(n)) for n in range(10_000)))))
    assert len(found.raws) == ITEM_LIMIT
    assert str(ITEM_LIMIT) in found.problems[-1].reason


# Crawling


def test_each_court_has_its_own_address(spider_of: SpiderOf) -> None:
    visits = [visit.url for visit in spider_of(CmecfRss).starts()]
    assert len(visits) == len(set(visits)) == 94 - 21 + 13
    assert "https://ecf.ded.uscourts.gov/cgi-bin/rss_outside.pl" in visits
    assert "https://ecf.nyed.uscourts.gov/cgi-bin/readyDockets.pl" in visits
    assert "https://ecf.ared.uscourts.gov/cgi-bin/rss_outside4.pl" in visits
    assert "https://ecf.cafc.uscourts.gov/n/beam/servlet/TransportRoom?servlet=RSSGenerator" in visits
    assert not any("ecf.vaed" in visit or "b.uscourts.gov" in visit for visit in visits)


@pytest.mark.parametrize("base", ["http://127.0.0.1:1/ecf.{court}.uscourts.gov", "http://127.0.0.1:1"])
def test_an_operator_may_move_and_name_the_courts(spider_of: SpiderOf, base: str) -> None:
    spider = spider_of(CmecfRss, source_urls={"cmecf_rss": base}, courts=["vaed", "mdb", "zzz", "ded", "ded"])
    assert [visit.url for visit in spider.starts()] == [
        "http://127.0.0.1:1/ecf.vaed.uscourts.gov/cgi-bin/rss_outside.pl",
        "http://127.0.0.1:1/ecf.ded.uscourts.gov/cgi-bin/rss_outside.pl",
    ]
    with spider.memory.ledger.read() as work:
        assert ["'zzz'" in problem.reason for problem, _, _ in problems.latest(work)] == [True]


def test_a_live_feed_no_longer_rebuilt_is_told(spider_of: SpiderOf) -> None:
    built = b"<lastBuildDate>Tue, 13 Jan 2026 %02d:00:00 GMT</lastBuildDate></channel>"
    old, fresh = (page(feed().replace(b"</channel>", built % hour)) for hour in (11, 13))
    replayed = spider_of(CmecfRss, source_urls={"cmecf_rss": "http://127.0.0.1:1"})
    spider = spider_of(CmecfRss)
    for watcher, seen in ((replayed, old), (spider, fresh), (spider, old)):
        assert not list(watcher.onward(seen, []))
    with spider.memory.ledger.read() as work:
        assert [problem.reason for problem, _, _ in problems.latest(work)] == [
            "stale feed: last built 2026-01-13 11:00 UTC"
        ]


def test_no_link_is_ever_followed(spider_of: SpiderOf) -> None:
    spider = spider_of(CmecfRss)
    with pytest.raises(Unusable, match="PACER"):
        spider.at("https://ecf.ded.uscourts.gov/cgi-bin/DktRpt.pl?990001")


def test_a_crawl_asks_for_feeds_and_robots_and_nothing_else(httpserver: HTTPServer, tmp_path: Path) -> None:
    paths = {
        "/ecf.ded.uscourts.gov/cgi-bin/rss_outside.pl": "ecf.ded.uscourts.gov/cgi-bin/rss_outside.pl.xml",
        "/ecf.nyed.uscourts.gov/cgi-bin/readyDockets.pl": "ecf.nyed.uscourts.gov/cgi-bin/readyDockets.pl.xml",
    }
    for path, file in paths.items():
        body = (SAMPLE / "pages" / file).read_bytes()
        httpserver.expect_request(path).respond_with_data(body, content_type="application/xml")
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    environment = {
        "YUJING_SOURCE_URLS": json.dumps({"cmecf_rss": httpserver.url_for("/ecf.{court}.uscourts.gov")}),
        "YUJING_LEDGER_URL": f"sqlite:///{tmp_path / 'ledger.db'}",
        "YUJING_COURTS": '["ded", "nyed", "njd"]',
        "YUJING_CRAWL_DELAY": "0",
    }
    report = crawl("cmecf_rss", load_settings(), environment)
    assert (report.outcome, report.pages, report.items, report.problems) == ("ok", 2, 11, 1)
    asked = sorted({request.path for request, _ in httpserver.log})
    assert asked == sorted([*paths, "/robots.txt", "/ecf.njd.uscourts.gov/cgi-bin/rss_outside.pl"])
