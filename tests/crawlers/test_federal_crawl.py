"""How the Federal Register is crawled: which page leads where, what is not asked twice, where the next crawl begins."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import Response
from sqlalchemy import select

from crawlers.keeping import Memory
from crawlers.replay import saved_page
from crawlers.source import Visit
from crawlers.sources.federal_register import FederalRegister
from index.ledger import Ledger
from index.ledger.tables import notices, problems
from index.records import Page
from index.settings import Settings

PAGES = Path(__file__).parents[1] / "pages" / "federal_register"
SAMPLE = Path(__file__).parents[2] / "docs" / "sample" / "pages"
HOST = "https://www.federalregister.gov"
NEXT = f"{HOST}/api/v1/documents?page=2"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger."""
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield opened
    opened.close()


@pytest.fixture
def spider(ledger: Ledger) -> FederalRegister:
    """The spider at the beginning of a crawl."""
    return started(ledger)


def started(ledger: Ledger) -> FederalRegister:
    """A spider at the beginning of a crawl on a ledger."""
    return FederalRegister(memory=Memory(ledger, FederalRegister.card), settings_in=Settings())


def heard(spider: FederalRegister, body: bytes | str, url: str = f"{HOST}/api/v1/documents.json") -> list[str]:
    """Where a page leads to."""
    content = body.encode() if isinstance(body, str) else body
    page = Page("federal_register", url, datetime.now(UTC), content, "")
    return [visit.url for visit in spider.onward(page, spider.memory.hear(FederalRegister, page, {}))]


def told(ledger: Ledger) -> list[str]:
    """The fields of every recorded problem."""
    with ledger.read() as work:
        return sorted(work.execute(select(problems.c.field)).scalars())


def crawled(spider: FederalRegister) -> list[str]:
    """Follow a crawl through the sample pages; the paths asked for."""
    asked: list[str] = []
    waiting = deque[Visit](spider.starts())
    while waiting:
        url = waiting.popleft().url
        parts = urlsplit(url)
        asked.append(parts.path)
        file = saved_page(SAMPLE.resolve(), f"/{parts.netloc}{parts.path}", parts.query)
        if file is None:
            waiting.extend(spider.refused(Response(url, status=404)))
            continue
        page = Page("federal_register", url, datetime.now(UTC), file.read_bytes(), "")
        waiting.extend(spider.onward(page, spider.memory.hear(FederalRegister, page, {})))
    return asked


def listing(*numbers: str, following: str | None = None, count: int | None = None) -> str:
    """A page of the list."""
    results = [{"document_number": n, "title": "A", "publication_date": "2020-01-14"} for n in numbers]
    whole = {"count": len(numbers) if count is None else count, "results": results}
    return json.dumps(whole | ({"next_page_url": following} if following else {}))


def test_the_first_crawl_asks_for_sixty_days_and_later_ones_overlap_a_week(spider: FederalRegister) -> None:
    (visit,) = spider.starts()
    query = parse_qs(urlsplit(visit.url).query)
    assert query["conditions[agencies][]"] == ["international-trade-commission"]
    assert (query["conditions[type][]"], query["order"], query["per_page"]) == (["NOTICE"], ["newest"], ["200"])
    assert {"document_number", "full_text_xml_url", "docket_ids"} <= set(query["fields[]"])
    since = date.fromisoformat(query["conditions[publication_date][gte]"][0])
    assert since in {datetime.now(UTC).date() - timedelta(days=n) for n in (60, 61)}
    spider.memory.set_cursor("2026-03-05")
    (again,) = spider.starts()
    assert parse_qs(urlsplit(again.url).query)["conditions[publication_date][gte]"] == ["2026-02-26"]
    assert not again.conditional


def test_nothing_is_asked_while_the_source_wants_rest(spider: FederalRegister, ledger: Ledger) -> None:
    list(spider.refused(Response(f"{HOST}/api/v1/documents.json", status=429)))
    assert list(spider.starts()) == []
    assert told(ledger) == ["access", "status"]


def test_a_list_leads_to_its_documents_and_its_next_page(spider: FederalRegister) -> None:
    assert heard(spider, (PAGES / "list.json").read_bytes()) == [
        f"{HOST}/api/v1/documents/2019-99101?publication_date=2019-06-12",
        f"{HOST}/api/v1/documents/2019-99102?publication_date=2019-06-11",
        f"{HOST}/api/v1/documents?conditions%5Bagencies%5D%5B%5D=international-trade-commission&format=json"
        "&page=2&per_page=2",
    ]
    assert spider.memory.cursor() is None


def test_a_document_leads_to_its_xml_and_without_one_to_its_text(spider: FederalRegister) -> None:
    document = json.loads((PAGES / "document.json").read_text("utf-8"))
    xml = f"{HOST}/documents/full_text/xml/2019/06/12/2019-99101.xml"
    text = f"{HOST}/documents/full_text/text/2019/06/12/2019-99101.txt"
    assert heard(spider, json.dumps(document)) == [xml]
    assert heard(spider, json.dumps(document | {"full_text_xml_url": None})) == [text]
    assert [visit.url for visit in spider.refused(Response(xml, status=404))] == [text]
    assert list(spider.refused(Response(text, status=404))) == []
    assert heard(spider, "<NOTICE><PREAMB>", xml) == [text]
    assert heard(spider, (PAGES / "institution.raw_text.html").read_bytes(), text) == []


def test_what_the_ledger_holds_is_not_asked_again(spider: FederalRegister) -> None:
    page = (PAGES / "list.json").read_bytes()
    heard(spider, (PAGES / "document.json").read_bytes())
    xml = f"{HOST}/documents/full_text/xml/2019/06/12/2019-99101.xml"
    assert heard(spider, page)[0] == xml
    heard(spider, (PAGES / "institution.raw_text.html").read_bytes())
    spider.lists.clear()
    assert [url for url in heard(spider, page) if "99101" in url] == []


def test_the_cursor_moves_only_when_the_list_was_read_to_its_end(spider: FederalRegister) -> None:
    heard(spider, (PAGES / "list.json").read_bytes())
    assert spider.memory.cursor() is None
    heard(spider, (PAGES / "list_last.json").read_bytes(), NEXT)
    assert spider.memory.cursor() == "2019-06-12"


def test_a_day_to_come_never_becomes_the_cursor(spider: FederalRegister) -> None:
    page = listing("2020-00353", "2020-00354").replace("2020-01-14", "2999-01-01", 1)
    heard(spider, page)
    assert spider.memory.cursor() == "2020-01-14"


def test_a_page_that_comes_again_ends_the_list(spider: FederalRegister, ledger: Ledger) -> None:
    assert NEXT in heard(spider, listing("2020-00353", following=NEXT, count=400))
    assert NEXT not in heard(spider, listing("2020-00353", following=NEXT, count=400), NEXT)
    assert told(ledger) == ["next_page_url"]
    assert spider.memory.cursor() is None


def test_a_list_that_tells_of_more_than_it_holds_is_a_problem(spider: FederalRegister, ledger: Ledger) -> None:
    heard(spider, listing("2020-00353", count=9))
    assert told(ledger) == ["count"]
    assert spider.memory.cursor() is None


def test_a_list_without_end_is_left(spider: FederalRegister, ledger: Ledger) -> None:
    for n in range(60):
        following = [u for u in heard(spider, listing(f"2020-{n:05}", following=f"{NEXT}{n}")) if NEXT in u]
        if not following:
            break
    assert len(spider.lists) == 50
    assert told(ledger) == ["next_page_url"]


def test_a_link_to_a_stranger_is_not_followed(spider: FederalRegister, ledger: Ledger) -> None:
    urls = heard(spider, listing("2020-00353", following="http://169.254.169.254/latest/"))
    assert urls == [f"{HOST}/api/v1/documents/2020-00353.json"]
    assert told(ledger) == ["link"]


def test_the_sample_is_crawled_whole_and_a_second_time_only_in_its_list(
    spider: FederalRegister, ledger: Ledger
) -> None:
    asked = crawled(spider)
    assert len([path for path in asked if "/full_text/xml/" in path]) == 9
    with ledger.read() as work:
        numbers = set(work.execute(select(notices.c.native_id)).scalars())
    assert len(numbers) == 10
    assert told(ledger) == ["", "status"]  # the torn document and the text edition it has not
    assert spider.memory.cursor() == "2026-03-03"
    again = crawled(started(ledger))
    assert [path.rpartition("/")[2] for path in again] == [
        "documents.json", "2026-90009.xml", "documents", "2026-90009.txt",
    ]  # fmt: skip
