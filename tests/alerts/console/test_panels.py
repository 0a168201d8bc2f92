"""The panels on the desk: the table says what the picture says, links find what was counted, nobody sees another's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from lxml import html

from index.feed import reindex
from index.ledger import Ledger, cases, notices, tagged, users
from index.ledger.users import VIEWER, User
from index.records import ItemState, Tag
from index.search.engines import open_engine
from index.settings import Settings
from tests.alerts.console.browser import Browser, Open, opened
from tests.making import NOW, a_notice, a_tagged
from tests.seeded import seed

HOSTILE = '"><script>alert(1)</script><svg onload=alert(1)>'
SPAN = "since=2025-02&until=2026-01"


@dataclass
class Page:
    """One answer of `/panels`."""

    text: str
    tree: Any

    @classmethod
    def at(cls, browser: Browser, path: str = f"/panels?{SPAN}") -> Page:
        answer = browser.get(path)
        assert answer.status_code == 200, answer.text[:500]
        return cls(answer.text, html.fromstring(answer.text))

    def links(self, panel: str, where: str) -> dict[str, int]:
        """Address → number, of a panel's table or picture."""
        found = self.tree.xpath(f"//section[@id='{panel}']//{where}//a")
        return {link.get("href"): int(link.get("aria-label").split()[-1]) for link in found}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded ledger with a hostile forum and industry in it, indexed."""
    settings = Settings(home=tmp_path_factory.mktemp("panels"))
    ledger = Ledger.open(settings.ledger)
    seed(ledger)
    with ledger.begin() as work:
        notice = a_notice("evil", title=HOSTILE, forum=HOSTILE[:60], country=HOSTILE[:8], published_on=NOW.date())
        told = a_tagged(notice, "", tags=(Tag(HOSTILE[:60], 0.9, "tag"),))
        notices.write(work, notice, NOW)
        tagged.write(work, told, NOW)
        notices.end(work, notice.key, ItemState.MATCHED, case=cases.join(work, told, NOW))
        for user, center in (("li", "yantai"), ("wang", "weihai"), ("all", "")):
            users.write(work, User(user, user, center, VIEWER), NOW)
    reindex(ledger, open_engine(settings.search))
    ledger.close()
    return settings.home


@pytest.fixture(scope="module")
def desk(home: Path) -> Iterator[Open]:
    """The desk over it."""
    settings = Settings(home=home)
    ledger = Ledger.open(settings.ledger)
    with ExitStack() as stack:
        desk = opened(stack, settings, ledger)
        desk.by.update({user: desk.browser().enter(ledger, user) for user in ("li", "wang", "all")})
        yield desk
    ledger.close()


def test_the_table_and_the_picture_say_the_same(desk: Open) -> None:
    page = Page.at(desk.by["all"])
    for panel in ("industry", "forum"):
        assert page.links(panel, "table") == page.links(panel, "svg") != {}
    drawn, told = page.links("warnings", "svg"), page.links("warnings", "table")
    assert drawn.items() <= told.items()
    assert len(told) > len(drawn), "the table also has what waits, and the total"
    assert not page.tree.xpath("//section[not(.//svg) or not(.//table)]")
    assert len(page.tree.xpath("//section[@id='industry']//table//thead//th")) == 13, "twelve months"


def test_every_number_leads_to_a_search_that_finds_it(desk: Open) -> None:
    browser = desk.by["li"]
    page = Page.at(browser)
    for panel in ("industry", "forum", "warnings"):
        for address, number in list(page.links(panel, "table").items())[:6]:
            told = html.fromstring(browser.get(address).text)
            found = int("".join(c for c in str(told.xpath("string(//p[@class='total'])")) if c.isdigit()))
            assert found == number if panel == "warnings" else found >= number, address


def test_a_center_counts_its_own_warnings_and_sees_every_notice(desk: Open) -> None:
    totals, public = dict[str, list[int]](), list[dict[str, int]]()
    for user in ("li", "wang", "all"):
        page = Page.at(desk.by[user])
        last: list[Any] = page.tree.xpath("//section[@id='warnings']//tbody/tr[last()]/td")
        totals[user] = [int(cell.text_content()) for cell in last]
        public.append(page.links("industry", "table"))
    assert [a + b for a, b in zip(totals["li"], totals["wang"], strict=True)] == totals["all"]
    assert totals["li"][0] > 0 < totals["wang"][0]
    assert public[0] == public[1] == public[2]


def test_a_hostile_label_stays_text(desk: Open) -> None:
    page = Page.at(desk.by["all"], "/panels?since=2026-03&until=2026-03")
    assert page.tree.xpath("//section[@id='forum']//table//th[contains(., '<script>')]"), "it is shown as written"
    assert len(page.tree.xpath("//script")) == 1, "the desk's own"
    assert not page.tree.xpath("//main//*[@*[starts-with(name(), 'on')] or @style]")
    for link in page.tree.xpath("//main//a/@href"):
        assert link.startswith(("/search?", "/panels?")), link
    for picture in page.tree.xpath("//svg"):
        shown = ET.fromstring(html.tostring(picture, encoding="unicode", method="xml"))  # noqa: S314
        kinds = {each.tag.rpartition("}")[2] for each in shown.iter()}
        assert kinds <= {"svg", "g", "path", "rect", "line", "text", "tspan", "a", "title", "desc"}


def test_the_pages_ids_are_each_there_once(desk: Open) -> None:
    ids = Page.at(desk.by["all"]).tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    page = Page.at(desk.by["all"])
    for name in page.tree.xpath("//svg/@aria-labelledby | //svg/@aria-describedby"):
        assert name in ids


@pytest.mark.parametrize(
    ("asked", "since", "until", "said"),
    [
        ("since=2025-03&until=2025-05", "2025-03-01", "2025-05-31", ""),
        ("since=2019-01&until=2025-05", "2022-06-01", "2025-05-31", "36 个月"),
        ("since=2025-05&until=2025-03", "", "", "不晚于"),
        ("since=May", "", "", "不晚于"),
        ("since=%00&until=0000-13", "", "", "不晚于"),
        ("since=0001-01&until=0001-02", "0001-01-01", "0001-02-28", ""),
    ],
)
def test_the_period_asked_for_is_shown_or_what_was_wrong_with_it(
    desk: Open, asked: str, since: str, until: str, said: str
) -> None:
    page = Page.at(desk.by["li"], f"/panels?{asked}")
    assert f"{since} 至 {until}" in page.text or not since
    told = page.tree.xpath("string(//p[contains(@class, 'said')])")
    assert said in told if said else not told


def test_the_page_speaks_english_too(desk: Open) -> None:
    browser = desk.browser().enter(desk.ledger, "li")
    browser.get("/language/en?next=/panels")
    page = Page.at(browser)
    assert "Overseas IP disputes by key industry" in page.text
    assert page.tree.xpath("//svg//*[local-name()='text'][.='Marine industry']")


def test_a_missing_index_is_said_and_nothing_else_fails(home: Path, tmp_path: Path) -> None:
    settings = Settings(home=home, search_url=f"sqlite:///{tmp_path}/none.db")
    ledger = Ledger.open(settings.ledger)
    with ExitStack() as stack:
        page = Page.at(opened(stack, settings, ledger).browser().enter(ledger, "li"))
    ledger.close()
    assert "检索库暂不可用" in page.tree.xpath("string(//p[@role='alert'])")
    assert not page.tree.xpath("//svg")
