"""EDIS: three shapes of one record, hostile pages, and a door that is shut."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from scrapy.exceptions import CloseSpider
from scrapy.http import HtmlResponse

from crawlers.reading import ITEM_LIMIT, Split, read_raw, split_page
from crawlers.run import crawl
from crawlers.sources.usitc_edis import FEED, UsitcEdis
from index.ledger import Ledger, problems, sources
from index.problems import Problem
from index.records import Identifier, Notice, Page, RawNotice
from index.settings import load_settings
from tests.crawlers.conftest import SpiderOf

EXAMPLES = Path(__file__).parent.parent / "pages" / "usitc_edis"
HEARD = datetime(2026, 1, 15, 12, tzinfo=UTC)
RECORD = "<document><id>{id}</id><documentType>{type}</documentType><documentTitle>{title}</documentTitle>\
<securityLevel>Public</securityLevel><investigationNumber>{number}</investigationNumber>\
<investigationPhase>Violation</investigationPhase><officialReceivedDate>2023/04/03 16:43:00</officialReceivedDate>\
</document>"


def page(body: bytes, url: str = "https://edis.usitc.gov/data/document?pageNumber=1") -> Page:
    """A page as if just fetched."""
    return Page("usitc_edis", url, HEARD, body)


def example(name: str) -> bytes:
    """An example page's bytes."""
    return (EXAMPLES / name).read_bytes()


def listing(*rows: str) -> bytes:
    """A document listing."""
    return f"<results><documents>{''.join(rows)}</documents></results>".encode()


def record(number: str = "337-1414", title: str = "Motion", identity: str = "9000001", kind: str = "Motion") -> str:
    """One row of a listing."""
    return RECORD.format(id=identity, type=kind, title=title, number=number)


def only(found: Split) -> RawNotice:
    """The page's only item."""
    (raw,) = found.raws
    return raw


def read(raw: RawNotice) -> Notice:
    """The item, which must be readable."""
    notice = read_raw(UsitcEdis, raw)
    assert isinstance(notice, Notice), notice
    return notice


def test_the_same_document_is_one_notice_in_feed_and_listing() -> None:
    feed = split_page(UsitcEdis, page(example("feed.xml"))).raws[0]
    row = only(split_page(UsitcEdis, page(listing(record("337-1436", identity="9100001")))))
    assert (feed.part, row.part) == ("feed", "document")
    assert read(feed).key == read(row).key
    assert read(feed).url == "https://edis.usitc.gov/external/search/document/9100001"


@pytest.mark.parametrize(
    ("number", "identifier"),
    [
        ("337-1414", Identifier("us_itc_investigation", "337-TA-1414")),
        ("337-894", Identifier("us_itc_investigation", "337-TA-894")),
        ("337-3673", Identifier("us_itc_docket", "DN 3673")),
        ("731-1103", Identifier("us_itc_trade_remedy", "731-TA-1103")),
        ("701-TA-545", Identifier("us_itc_trade_remedy", "701-TA-545")),
    ],
)
def test_numbers_become_identifiers(number: str, identifier: Identifier) -> None:
    notice = read(only(split_page(UsitcEdis, page(listing(record(number))))))
    assert notice.case_number == number
    assert notice.identifiers == (identifier, Identifier("edis_document", "9000001"))


def test_a_complaint_not_yet_instituted_is_known_by_its_docket() -> None:
    row = record("337-2400").replace(
        "</document>", "<investigationStatus>Preinstitution</investigationStatus></document>"
    )
    notice = read(only(split_page(UsitcEdis, page(listing(row)))))
    assert notice.identifiers[0] == Identifier("us_itc_docket", "DN 2400")


def test_another_case_of_a_partial_match_is_read_as_what_it_is() -> None:
    asked = "https://edis.usitc.gov/data/document?investigationNumber=337-145&pageNumber=1"
    found = split_page(UsitcEdis, page(listing(record("337-1451")), asked))
    assert not found.problems
    assert read(only(found)).case_number == "337-1451"


def test_a_file_without_the_number_takes_it_from_its_name() -> None:
    body = example("docs_337-1387_copy.json")
    named = split_page(UsitcEdis, page(body, "/somewhere/337-9999/docs_337-1387_copy.json"))
    nameless = split_page(UsitcEdis, page(body, "/somewhere/copy.json"))
    assert {read(raw).case_number for raw in named.raws} == {"337-1387"}
    assert read(nameless.raws[0]).case_number is None
    assert [p.field for p in nameless.problems] == ["investigationNumber"] * 2


def test_the_filing_day_is_the_clock_of_the_document_not_of_the_feed() -> None:
    notice = read(split_page(UsitcEdis, page(example("feed.xml"))).raws[0])
    assert (notice.filed_on, notice.published_on) == (date(2025, 3, 10), date(2025, 3, 11))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (example("challenge.html"), "web page"),
        (b"<html><p>Please enable JavaScript", "web page"),
        (listing(record())[:-40], "not well-formed"),
        (b"<investigations/>", "neither"),
        (b"[1, 2", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b'{"documents": 1}', "list"),
        (b"\x00\xff\xfe", "not well-formed"),
        (b'<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><results>&b;</results>', "entities"),
        ('<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aa">]><r>&a;</r>'.encode("utf-16"), "entities"),
        (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel>&x;</channel></rss>', "entities"),
    ],
    ids=str,
)
def test_what_is_not_a_page_of_ours_is_unreadable_and_says_why(body: bytes, words: str) -> None:
    found = split_page(UsitcEdis, page(body))
    assert not found.readable
    assert not found.raws
    assert words in found.problems[0].reason


def test_a_feed_cut_in_the_middle_gives_what_is_whole_and_says_so() -> None:
    whole = example("feed.xml")
    found = split_page(UsitcEdis, page(whole[: whole.rindex(b"Holiday")]))
    assert [raw.native_id for raw in found.raws] == ["9100001", "9100002"]
    assert found.readable
    assert "damaged" in found.problems[0].reason


def test_an_empty_listing_is_a_problem_except_at_its_end() -> None:
    def problems_at(number: int) -> list[str]:
        url = f"https://edis.usitc.gov/data/document?investigationNumber=337-1&pageNumber={number}"
        return [p.reason for p in split_page(UsitcEdis, page(listing(), url)).problems]

    assert problems_at(1) == ["the listing is empty"]
    assert problems_at(2) == problems_at(10) == []


def test_hostile_text_is_made_safe_and_bounded() -> None:
    title = "A\u202eB\u0085C&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;" + "x" * 20_000
    notice = read(only(split_page(UsitcEdis, page(listing(record(title=title))))))
    assert notice.title.startswith("AB…Calert(1)xxx")
    assert len(notice.title) == 2_000


def test_control_characters_do_not_cost_a_feed() -> None:
    found = split_page(UsitcEdis, page(example("feed.xml").replace(b"Certain Lamps", b"Certain\x0b\x01 Lamps")))
    assert read(found.raws[1]).title == "Complaint: Certain Lamps"
    assert "damaged" in found.problems[0].reason


@pytest.mark.parametrize("value", ["&#" + "9" * 5_000 + ";", "<" * 3_000, "&" * 3_000, "1" * 9_000])
def test_strange_values_stay_inside_their_item(value: str) -> None:
    rows = json.dumps(
        [{"id": value, "title": value, "document_date": value, "on_behalf_of": [value]}, {"id": 9, "title": "T"}, 7]
    )
    found = split_page(UsitcEdis, page(rows.encode(), "docs_337-1.json"))
    assert [read(raw).title[:5] for raw in found.raws][1] == "T"
    assert "1 rows are not records" in found.problems[0].reason


def test_a_document_without_a_number_keeps_an_identity_of_its_own() -> None:
    found = split_page(UsitcEdis, page(listing(record(identity="", title="One"), record(identity="", title="Two"))))
    assert len({raw.identity for raw in found.raws}) == 2
    assert [p.field for p in found.problems] == ["id", "id"]


def test_ten_thousand_items_are_bounded_with_a_problem() -> None:
    found = split_page(UsitcEdis, page(listing(*(record(identity=str(n)) for n in range(1, 10_001)))))
    assert len(found.raws) == ITEM_LIMIT
    assert str(ITEM_LIMIT) in found.problems[-1].reason


def test_an_unknown_field_is_told_once() -> None:
    row = record().replace("</document>", "<newField>1</newField></document>")
    found = split_page(UsitcEdis, page(listing(row, row.replace("9000001", "9000002"))))
    assert [(p.field, p.reason) for p in found.problems] == [("newField", "unknown field 'newField'")]


def test_nothing_at_all_is_unreadable() -> None:
    row = only(split_page(UsitcEdis, page(listing("<document><id>5</id></document>"))))
    assert isinstance(read_raw(UsitcEdis, row), Problem)


# Crawling


def test_the_feed_leads_to_each_new_docket_once(spider_of: SpiderOf) -> None:
    spider = spider_of(UsitcEdis)
    feed = page(example("feed.xml"), spider.base + FEED)
    raws = list(split_page(UsitcEdis, feed).raws)
    first, second = [visit.url for visit in spider.onward(feed, raws)]
    assert (
        first == f"{spider.base}/data/document?investigationNumber=337-1436&investigationPhase=Violation&pageNumber=1"
    )
    assert "337-3936" in second
    list(spider.onward(page(listing(record("337-1436")), first), []))
    assert [visit.url for visit in spider.onward(feed, raws)] == [second]


def test_a_docket_is_walked_to_its_empty_page_and_no_further_than_five(spider_of: SpiderOf) -> None:
    spider = spider_of(UsitcEdis)
    url = "https://edis.usitc.gov/data/document?investigationNumber=337-1436&investigationPhase=Violation&pageNumber={}"
    raws = list(split_page(UsitcEdis, page(listing(record()))).raws)
    assert [visit.url for visit in spider.onward(page(b"", url.format(1)), raws)] == [url.format(2)]
    assert not list(spider.onward(page(b"", url.format(2)), []))
    assert not list(spider.onward(page(b"", url.format(5)), raws))


def test_a_hostile_phase_is_never_asked_for(spider_of: SpiderOf) -> None:
    body = example("feed.xml").replace(b"337-1436 Violation", b"337-1436 ../x?y=").replace(b"337-3936", b"337-39360")
    feed = page(body, "https://edis.usitc.gov" + FEED)
    assert not list(spider_of(UsitcEdis).onward(feed, list(split_page(UsitcEdis, feed).raws)))


@pytest.mark.parametrize(("status", "body"), [(403, b""), (429, b""), (200, b"<!DOCTYPE html><html>Access Denied")])
def test_a_shut_door_is_left_alone_for_hours(spider_of: SpiderOf, status: int, body: bytes) -> None:
    spider = spider_of(UsitcEdis)
    with pytest.raises(CloseSpider):
        list(spider.heard(HtmlResponse(spider.base + FEED, status=status, body=body)))
    until = spider.memory.backing_off()
    assert until is not None
    assert timedelta(hours=5) < until - datetime.now(UTC) <= timedelta(hours=6)
    assert not list(spider.starts())
    with spider.memory.ledger.read() as work:
        said = [problem.reason for problem, _, _ in problems.latest(work, source="usitc_edis")]
    assert any("backing off until" in reason for reason in said)


@pytest.fixture
def shut(httpserver: HTTPServer) -> Iterator[HTTPServer]:
    """A server that lets robots in and nobody else."""
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    httpserver.expect_request("/external/rss/render.rss").respond_with_data("Access Denied", status=403)
    yield httpserver


def test_a_crawl_at_a_shut_door_asks_once_and_ends(shut: HTTPServer, tmp_path: Path) -> None:
    environment = {
        "YUJING_SOURCE_URLS": json.dumps({"usitc_edis": shut.url_for("")}),
        "YUJING_LEDGER_URL": f"sqlite:///{tmp_path / 'ledger.db'}",
        "YUJING_CRAWL_DELAY": "0",
    }
    first = crawl("usitc_edis", load_settings(), environment)
    crawl("usitc_edis", load_settings(), environment)
    assert first.outcome.startswith("shut out")
    assert [asked.path for asked, _ in shut.log].count("/external/rss/render.rss") == 1
    ledger = Ledger.open(environment["YUJING_LEDGER_URL"])
    with ledger.read() as work:
        assert sources.health(work, "usitc_edis").back_off_until is not None
    ledger.close()
