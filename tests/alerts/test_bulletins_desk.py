"""The desk's bulletin pages: composed by one, reviewed by another, taken away as a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from html import unescape
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import update

from alerts.bulletins import issue
from alerts.console import logins
from alerts.console.app import create_app
from index.ledger import Ledger, users
from index.ledger.tables import bulletins as table
from index.ledger.users import CLERK, VIEWER, User
from index.settings import Settings
from tests.alerts.bulletins import INDUSTRY, THEN, furnish, texts

PEOPLE = {"zhangsan": ("张三", CLERK), "lisi": ("李四", CLERK), "wangwu": ("王五", VIEWER)}


class Person:
    """Somebody at the desk, in a browser of their own."""

    def __init__(self, client: TestClient[Any], ledger: Ledger, user: str) -> None:
        self.client: Any = client
        address = f"/login/once/{logins.give_pass(ledger, user)}"
        entered = self.post(address, seen=address, follow_redirects=False)
        assert entered.status_code == 303, entered.text

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, seen: str = "/bulletins", follow_redirects: bool = True, **data: str) -> Any:
        """Send a form as the page at `seen` would: with the token it carries."""
        token = re.search(r'name="_csrf_token" value="([^"]+)"', self.get(seen).text)
        assert token, f"{seen} has no form"
        return self.client.post(path, data={"_csrf_token": token[1], **data}, follow_redirects=follow_redirects)


@pytest.fixture
def people(ledger: Ledger, settings: Settings) -> Iterator[dict[str, Person]]:
    furnish(ledger)
    with ledger.begin() as work:
        for user, (name, role) in PEOPLE.items():
            users.write(work, User(user, name, "", role), THEN)
    with ExitStack() as stack:
        yield {user: Person(stack.enter_context(a_browser(ledger, settings)), ledger, user) for user in PEOPLE}


def a_browser(ledger: Ledger, settings: Settings) -> TestClient[Any]:
    return TestClient(create_app(settings, ledger, sender=False), base_url="http://127.0.0.1")


def compose(person: Person, month: str = "2026-03") -> Any:
    return person.post("/bulletins", industry=INDUSTRY, month=month, audience="")


def test_a_draft_is_shown_whole_and_its_composer_cannot_review_it(people: dict[str, Person], ledger: Ledger) -> None:
    page = compose(people["zhangsan"])
    assert page.status_code == 200
    with ledger.read() as work:
        content = issue.content_of(issue.load(work, 1))
    wanted = [text for text in texts(content) if text not in (content.masthead, content.masthead_en, content.title_en)]
    shown = unescape(page.text)
    assert [text for text in wanted if text not in shown] == [content.issuer] * (content.issuer not in shown)
    assert "须由另一人复核" in shown
    assert 'name="said"' not in shown
    refused = people["zhangsan"].post("/bulletins/1/review", verdict="issue", said="可")
    assert refused.status_code == 409
    assert "另一人" in refused.text


def test_another_person_issues_it_once(people: dict[str, Person]) -> None:
    compose(people["zhangsan"])
    assert 'name="said"' in people["lisi"].get("/bulletins/1").text
    assert people["lisi"].post("/bulletins/1/review", verdict="issue", said=" ").status_code == 409
    done = people["lisi"].post("/bulletins/1/review", verdict="issue", said="不涉密，可公开")
    assert "〕第1期" in done.text
    assert "李四（lisi）" in done.text
    assert people["lisi"].post("/bulletins/1/review", verdict="reject", said="退").status_code == 409
    assert "〕第1期" in people["wangwu"].get("/bulletins").text


def test_only_the_province_issues_and_a_draft_is_its_composers(people: dict[str, Person], ledger: Ledger) -> None:
    with ledger.begin() as work:
        for user in ("zhangsan", "lisi"):
            name, role = PEOPLE[user]
            users.write(work, User(user, name, "yantai", role), THEN)
    compose(people["zhangsan"])
    assert people["zhangsan"].get("/bulletins/1").status_code == 200
    assert people["lisi"].get("/bulletins/1").status_code == 404
    assert "/bulletins/1" not in people["lisi"].get("/bulletins").text
    with ledger.begin() as work:
        users.write(work, User("lisi", "李四", "", "clerk"), THEN)
    compose(people["lisi"], "2026-02")
    mine = people["zhangsan"].post("/bulletins/1/review", seen="/bulletins", verdict="issue", said="可")
    assert mine.status_code == 403, "the masthead is the province's"
    assert people["lisi"].post("/bulletins/1/review", verdict="issue", said="不涉密").status_code == 200
    assert people["zhangsan"].get("/bulletins/2").status_code == 404


def test_a_draft_may_be_sent_back(people: dict[str, Person]) -> None:
    compose(people["zhangsan"])
    assert "已退回" in people["lisi"].post("/bulletins/1/review", verdict="reject", said="有误").text


def test_a_viewer_reads_and_decides_nothing(people: dict[str, Person]) -> None:
    compose(people["zhangsan"])
    page = people["wangwu"].get("/bulletins/1").text
    assert 'name="said"' not in page
    assert people["wangwu"].post("/bulletins/1/review", verdict="issue", said="可").status_code == 403
    assert compose(people["wangwu"]).status_code == 403


@pytest.mark.parametrize(
    ("month", "industry"), [("2026-13", INDUSTRY), ("", INDUSTRY), ("2026-03", "none"), ("2999-01", INDUSTRY)]
)
def test_a_wrong_form_is_answered_with_why(people: dict[str, Person], month: str, industry: str) -> None:
    page = people["zhangsan"].post("/bulletins", industry=industry, month=month, audience="<b>")
    assert page.status_code == 400
    assert 'role="alert"' in page.text


def test_files_are_taken_away(people: dict[str, Person]) -> None:
    compose(people["zhangsan"])
    page = people["wangwu"].get("/bulletins/1/html")
    assert page.headers["content-disposition"] == 'attachment; filename="bulletin-draft-1.html"'
    assert "草稿·未经复核" in page.text
    made = people["wangwu"].get("/bulletins/1/pdf")
    if made.status_code == 409:  # no Chinese font here: said, not printed as boxes
        assert "fonts-noto-cjk" in made.text
    else:
        assert made.content.startswith(b"%PDF-")
    assert people["wangwu"].get("/bulletins/1/docx").status_code == 404
    assert people["wangwu"].get("/bulletins/99").status_code == 404
    assert people["wangwu"].get("/bulletins/99999999999999").status_code == 404


def test_changed_content_is_said_and_not_shown(people: dict[str, Person], ledger: Ledger) -> None:
    compose(people["zhangsan"])
    with ledger.begin() as work:
        record = issue.load(work, 1).record
        work.execute(update(table).values(record=record.replace("Acme Holdings", "Acne Holdings")))
    page = people["lisi"].get("/bulletins/1")
    assert page.status_code == 409
    assert "校验值不符" in page.text
    assert "Acne" not in page.text
    assert people["lisi"].get("/bulletins/1/html").status_code == 409
    assert "内容被改动" in people["lisi"].get("/bulletins").text


def test_strangers_and_forged_forms_are_turned_away(
    people: dict[str, Person], ledger: Ledger, settings: Settings
) -> None:
    compose(people["zhangsan"])
    with a_browser(ledger, settings) as stranger:
        for path in ("/bulletins", "/bulletins/1", "/bulletins/1/pdf"):
            assert "/login" in str(stranger.get(path).url)
    forged = people["lisi"].client.post("/bulletins/1/review", data={"verdict": "issue", "said": "可"})
    assert forged.status_code == 403
