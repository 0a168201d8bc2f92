"""A clerk's morning in a browser: log in, judge, release, and the mail is out. Nothing is simulated."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.desk import PHONE, WIDE, Served, chromium, page_of, serving, shot, sideways
from tests.journeys.world import World

UNDO_SECONDS = 6
PLACES = (
    *("/", "/alerts", "/alerts?view=released", "/search?q=轮胎", "/search?q=玲珑&kind=warning"),
    *("/panels", "/bulletins", "/sources", "/password"),
)
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def served(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:  # noqa: ARG001  skips first
    world = World(tmp_path_factory.mktemp("desk"), {"YUJING_UNDO_SECONDS": str(UNDO_SECONDS)})
    world.register()
    world.round()
    world.run("users", "add", "wangmin", "--name", "王敏")
    with serving(world) as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(browser: Browser, served: Served) -> Any:
    with page_of(browser) as page:
        page.goto(served.door)
        page.click("main button.primary")
        return page.context.storage_state()


def open_alert(page: Page, served: Served, enterprise: str) -> str:
    """Go from the morning page to a held alert of an enterprise; its key."""
    page.goto(served.base + "/alerts")
    page.locator("tr", has_text=enterprise).locator("a[href^='/alerts/']").first.click()
    return page.url.rsplit("/", 1)[1].split("?")[0]


def state(served: Served, key: str) -> str:
    from index.ledger import alerts  # noqa: PLC0415

    with served.world.ledger() as ledger, ledger.read() as work:
        found = alerts.load(work, key)
    assert found
    return found.state.value


def mails_to(served: Served, address: str) -> list[str]:
    return [str(mail["Subject"]) for mail in served.world.mails() if address in str(mail["To"])]


def awaited(served: Served, address: str, count: int) -> list[str]:
    """The mails to an address once there are so many, or after a generous while."""
    until = time.monotonic() + 60
    while len(mails_to(served, address)) < count and time.monotonic() < until:
        time.sleep(0.2)
    return mails_to(served, address)


def test_a_clerk_sets_a_password_and_comes_back_with_it(browser: Browser, served: Served) -> None:
    served.world.run("users", "add", "liqiang", "--name", "李强", "--center", "sample-weifang")
    with page_of(browser) as page:
        page.goto(served.base + "/alerts?view=released")
        assert "/login" in page.url
        page.goto(served.new_door("liqiang"))
        page.click("main button.primary")
        expect(page).to_have_url(served.base + "/password")
        for field in ("new", "again"):
            page.fill(f"#{field}", "春风又绿江南岸2026")
        page.click("main button.primary")
        expect(page.locator("h1")).to_contain_text("今日工作")
        page.context.clear_cookies()
        page.goto(served.base + "/alerts?view=released")
        page.fill("#name", "liqiang")
        page.fill("#password", "春风又绿江南岸2026")
        page.click("main button.primary")
        expect(page).to_have_url(served.base + "/alerts?view=released")


def test_login_judge_release_and_the_mail_is_out(
    browser: Browser, served: Served, signed_in: Any, tmp_path: Path
) -> None:
    address = contact_of(served, "歌尔股份有限公司")
    before = len(mails_to(served, address))
    with page_of(browser, signed_in) as page:
        page.goto(served.base + "/")
        shot(page, "desk-morning", tmp_path)
        key = open_alert(page, served, "歌尔股份有限公司")
        assert page.locator("blockquote mark").inner_text() in page.locator("blockquote").inner_text()
        assert page.locator("[data-key='3']").bounding_box()["y"] < WIDE["height"], "decided without scrolling"  # type: ignore[index]
        shot(page, "desk-alert", tmp_path)
        page.fill("#reason", "英文名称、所在城市均一致")
        page.click("[data-key='1']")
        expect(page.locator("[data-key='u']")).to_be_visible()
        assert state(served, key) == "released"
        assert len(mails_to(served, address)) == before, "it waits to be undone"
        shot(page, "desk-released", tmp_path)
        after = awaited(served, address, before + 1)
        assert len(after) == before + 1
        assert "337" in after[-1]
        page.reload()
        expect(page.locator("[data-key='u']")).to_have_count(0)
        expect(page.locator("main")).to_contain_text("英文名称、所在城市均一致")
        page.fill("#how", "电话告知，法务部王经理")
        page.locator("form[action$='/acknowledge'] button").click()
        expect(page.locator("main")).to_contain_text("已签收")
        assert state(served, key) == "acknowledged"


def contact_of(served: Served, name: str) -> str:
    """The mail address of an enterprise's contact."""
    from index.ledger import contacts, enterprises  # noqa: PLC0415

    with served.world.ledger() as ledger, ledger.read() as work:
        (known,) = [one for one in enterprises.every(work) if one.name == name]
        return next(contact.email for contact in contacts.of_enterprise(work, known.id) if contact.consent)


@pytest.mark.parametrize("script", [True, False])
def test_what_was_said_is_taken_back(browser: Browser, served: Served, signed_in: Any, *, script: bool) -> None:
    with page_of(browser, signed_in, java_script_enabled=script) as page:
        key = open_alert(page, served, "潍坊顺福昌橡塑有限公司")
        page.click("[data-key='2']")
        expect(page.locator("[data-key='u']")).to_be_visible()
        assert state(served, key) == "suppressed"
        page.click("[data-key='u']")
        expect(page.locator("[data-key='2']")).to_be_visible()
        assert state(served, key) == "held"


def test_a_release_is_called_back_and_no_mail_leaves(browser: Browser, served: Served, signed_in: Any) -> None:
    with page_of(browser, signed_in) as page:
        key = open_alert(page, served, "山东恒宇科技有限公司")
        page.click("[data-key='1']")
        page.click("[data-key='u']")
        expect(page.locator("[data-key='1']")).to_be_visible()
        assert state(served, key) == "held"
        page.wait_for_timeout((UNDO_SECONDS + 3) * 1000)
        assert state(served, key) == "held"
        page.reload()
        expect(page.locator("[data-key='1']")).to_be_visible()


def test_the_keys_choose_and_never_while_something_is_written(browser: Browser, served: Served, signed_in: Any) -> None:
    with page_of(browser, signed_in) as page:
        key = open_alert(page, served, "山东永泰集团有限公司")
        page.focus("#reason")
        page.keyboard.type("1 2 3 u")
        assert state(served, key) == "held"
        page.locator("h1").click()
        page.keyboard.press("3")
        assert state(served, key) == "held", "the first stroke only chooses"
        page.keyboard.press("3")
        expect(page.locator("main")).to_contain_text("暂不能确定")
        page.keyboard.press("n")
        page.wait_for_url(re.compile(rf"/alerts/(?!{key})"))
        page.keyboard.press("/")
        page.wait_for_url("**/search")


def test_a_judgement_changes_the_page_in_place(browser: Browser, served: Served, signed_in: Any) -> None:
    with page_of(browser, signed_in) as page:
        open_alert(page, served, "齐鲁制药有限公司")
        page.evaluate("window.untouched = true")
        page.click("[data-key='1']")
        expect(page.locator("[data-until]")).to_have_text(re.compile(r"还有 \d+ 秒"))
        expect(page.locator("#told")).not_to_be_empty()
        page.click("[data-key='u']")
        expect(page.locator("[data-key='1']")).to_be_visible()
        assert page.evaluate("window.untouched"), "the page was never left"


def test_the_morning_page_keeps_itself_up_to_date(browser: Browser, served: Served, signed_in: Any) -> None:
    with page_of(browser, signed_in) as page:
        key = open_alert(page, served, "Shandong Yunxiang")
        page.clock.install()
        page.goto(served.base + "/")
        held = page.locator("ul.figures .figure").first
        before = int(held.inner_text())
        page.evaluate("window.untouched = true")
        served.world.run("judge", key, "not_ours", "--by", "李强")
        page.clock.fast_forward(61_000)
        expect(held).to_have_text(str(before - 1))
        assert page.evaluate("window.untouched"), "the page was never left"


def test_another_centers_clerk_does_not_see_it(browser: Browser, served: Served, signed_in: Any) -> None:
    with page_of(browser, signed_in) as page:
        key = open_alert(page, served, "齐鲁制药有限公司")
    served.world.run("users", "add", "zhaolei", "--name", "赵磊", "--center", "sample-yantai")
    with page_of(browser) as page:
        page.goto(served.new_door("zhaolei"))
        page.click("main button.primary")
        answer = page.goto(f"{served.base}/alerts/{key}")
        assert answer
        assert answer.status == 404
        page.goto(served.base + "/")
        assert "齐鲁制药" not in page.content()


def test_the_language_is_a_switch(browser: Browser, served: Served, signed_in: Any) -> None:
    with page_of(browser, signed_in) as page:
        page.goto(served.base + "/alerts?view=released")
        page.click("a[href^='/language/en']")
        expect(page).to_have_url(served.base + "/alerts?view=released")
        assert page.locator("html").get_attribute("lang") == "en"
        page.click("a[href^='/language/zh']")
        assert page.locator("html").get_attribute("lang") == "zh-CN"


@pytest.mark.parametrize(
    ("size", "scheme", "language"),
    [(WIDE, "light", "zh"), (WIDE, "dark", "zh"), (PHONE, "light", "zh"), (PHONE, "light", "en")],
)
def test_every_page_is_within_its_window_and_open_to_everybody(
    browser: Browser, served: Served, signed_in: Any, tmp_path: Path, size: Any, scheme: Any, language: str
) -> None:
    # Dark pages differ from light ones in their colours alone.
    asked = {"resultTypes": ["violations"]} | ({"runOnly": ["color-contrast"]} if scheme == "dark" else {})
    with page_of(browser, signed_in, size, color_scheme=scheme) as page:
        page.goto(f"{served.base}/language/{language}")
        opened = [f"/alerts/{open_alert(page, served, name)}" for name in ("齐鲁制药", "潍坊顺福昌")]
        for place in (*PLACES, *opened, "/nowhere"):
            page.goto(served.base + place)
            assert sideways(page) <= 0, place
            found = Axe().run(page, options=asked).response["violations"]
            grave = [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in GRAVE]
            assert grave == [], place
            name = re.sub(r"\W+", "-", place).strip("-") or "morning"
            shot(page, f"{name}-{language}-{scheme}-{size['width']}", tmp_path)
