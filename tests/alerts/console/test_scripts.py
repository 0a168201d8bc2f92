"""Words from outside are shown as words on every page: no script, no handler, no style, no other address."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from urllib.parse import quote, urlsplit

import pytest
from sqlalchemy import update

from alerts.letters.glossary import chinese_words
from index.feed import reindex
from index.ledger import cases, contacts, enterprises, judgements, matches, tagged
from index.ledger.codec import pack
from index.ledger.tables import cases as case_table
from index.ledger.tables import matches as match_table
from index.ledger.tables import tagged_notices
from index.records import Alert, Contact, Identifier, Party
from index.search.engines import open_engine
from tests.alerts.console.browser import Open
from tests.alerts.console.province import YANTAI, first_held
from tests.alerts.console.routes import every

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{7*7}}"


@pytest.fixture
def hostile(desk: Open) -> tuple[Open, Alert]:
    """The desk, and an alert in which every word from outside is a script."""
    alert = first_held(desk.ledger, YANTAI)
    now = datetime.now(UTC)
    with desk.ledger.begin() as work:
        enterprise = enterprises.load(work, alert.enterprise)
        told, case = tagged.load(work, alert.notice), cases.load(work, alert.case)
        match = matches.load(work, case.key, alert.enterprise)
        assert enterprise
        assert told
        assert match
        bad = Party(SCRIPT, "respondent", "CN", SCRIPT, SCRIPT)
        attacker = Party("javascript:alert(9)" + SCRIPT, "complainant", "US", SCRIPT, SCRIPT)
        renamed = replace(
            enterprise, cn_name=SCRIPT, en_name=SCRIPT, city=SCRIPT, products=(SCRIPT,), credit_code=SCRIPT
        )
        enterprises.write(work, renamed, now)
        contacts.write(work, Contact("X", alert.enterprise, SCRIPT, '"<b>"@example.com', consent=SCRIPT), now)
        alias = replace(match.alias, name=SCRIPT)
        reasons = tuple(replace(r, ours=SCRIPT, theirs=SCRIPT, text_zh=SCRIPT, text_en=SCRIPT) for r in match.reasons)
        judged = replace(match, party=bad, alias=alias, reasons=reasons, matcher=SCRIPT)
        work.execute(
            update(match_table)
            .where(match_table.c.case_key == case.key, match_table.c.enterprise == alert.enterprise)
            .values(record=pack(judged))
        )
        heard = replace(told.notice, title=SCRIPT, url="javascript:alert(3)", sections=(), case_number=SCRIPT)
        number = Identifier("us_itc_investigation", SCRIPT)
        said = replace(told, notice=heard, parties=(bad, attacker), product=SCRIPT, identifiers=(number,))
        work.execute(
            update(tagged_notices).where(tagged_notices.c.notice_key == alert.notice).values(record=pack(said))
        )
        anew = replace(
            case, title=SCRIPT, number=SCRIPT, product=SCRIPT, parties=(bad, attacker), identifiers=(number,)
        )
        work.execute(update(case_table).where(case_table.c.key == case.key).values(record=pack(anew)))
        judgements.judge(work, "x", alert.enterprise, "unsure", SCRIPT, SCRIPT, now, alert.key)
    reindex(desk.ledger, open_engine(desk.settings.search), chinese_words)
    return desk, alert


def test_no_page_runs_a_strangers_words(hostile: tuple[Open, Alert]) -> None:
    desk, alert = hostile
    told = 0
    for browser in (desk.by["yantai"], desk.by["all"]):
        pages = [route.path for route in every(desk.app, {"key": alert.key, "number": "1"}) if route.method == "GET"]
        pages += [f"/alerts?view={view}" for view in ("held", "released", "acknowledged", "suppressed")]
        asked = quote(SCRIPT)
        pages += [f"/search?q={asked}", f"/search?q=alert&kind=warning&forum={asked}&since={asked}&country={asked}"]
        pages += [f"/search?kind=warning&industry={asked}&stage={asked}", f"/alerts/{alert.key}?said={asked}"]
        pages += [f"/login?next=/{asked}", f"/login/once/{asked}", f"/panels?since={asked}", "/search?kind=warning"]
        for language in ("zh", "en"):
            browser.get(f"/language/{language}")
            for path in pages:
                text = browser.get(path).text
                told += "&lt;script&gt;" in text
                assert_tame(text, path)
    assert told >= 10


def assert_tame(page: str, path: str) -> None:
    """No script but ours, no handler, no style, no address that is not plain."""
    assert "<script>" not in page, path
    assert re.findall(r"<script[^>]*>", page) in ([], ['<script src="/static/desk.js" defer>']), path
    assert "<img" not in page, path
    assert not re.search(r"<[^>]*\son\w+\s*=", re.sub(r'"[^"]*"', '""', page)), path
    assert ">49<" not in page, path
    assert not re.search(r"\sstyle\s*=", re.sub(r'"[^"]*"', '""', page.split("<svg", maxsplit=1)[0])), path
    for link in re.findall(r'(?:href|src|action|xlink:href)="([^"]*)"', page):
        scheme = urlsplit(unescape(link)).scheme
        assert scheme in ("", "http", "https"), (path, link)
        assert not unescape(link).startswith("//"), (path, link)


def test_a_name_typed_at_the_door_is_shown_as_words(desk: Open) -> None:
    answer = desk.browser().post("/login", {"name": SCRIPT, "password": "x", "next": SCRIPT})
    assert_tame(answer.text, "/login")
