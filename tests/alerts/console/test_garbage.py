"""Garbage in addresses, fields and bodies is answered in words, never with a fault; our own faults show nothing."""

from __future__ import annotations

from itertools import product
from urllib.parse import quote

import pytest

from alerts.console import logins
from tests.alerts.console.browser import Open
from tests.alerts.console.province import everything
from tests.alerts.console.routes import posts
from tests.alerts.console.test_scripts import SCRIPT

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
OWN_WORK = ("sessions", "throttles", "bulletins", "audit")
GARBAGE = [
    "/alerts?page=abc",
    "/alerts?page=",
    "/alerts?page=1&page=2",
    "/alerts?page=-1",
    "/alerts?page=100000000000000000000",
    "/search?page=1e9",
    "/alerts?view=%00",
    "/search?q=%00",
    "/search?q=%ED%A0%80",
    "/search?q=%FF%FE",
    "/search?q=%22%22%22",
    "/search?q=-",
    "/search?q=*",
    "/search?q=a*b*c*(OR)AND%20NEAR",
    "/search?q='%3B--&kind=warning",
    "/search?since=9999-99-99",
    "/search?since=0001-01-01&until=9999-12-31",
    "/search?industry=%00",
    "/search?kind=%ED%A0%80",
    "/search?stage=%00&stage=%ED%A0%80&kind=warning",
    "/search?sort=%00",
    "/search?page=1000000000000000000000000000000",
    "/search?forum=%ED%A0%80",
    "/search?country=%00&dispute=%00",
    "/alerts/%00",
    "/alerts/%ED%A0%80",
    "/alerts/%2e%2e",
    "/alerts/x?said=%00",
    "/alerts/%F0%9F%98%80",
    "/alerts//",
    "/alerts/?",
    "/login?next=%00",
    "/login?next=%ED%A0%80",
    "/login/once/%00",
    "/login/once/%ED%A0%80",
    "/language/%00",
    "/language/%ED%A0%80",
    "/panels?since=%00",
    "/panels?since=9999-99",
    "/panels?since=0001-01&until=0001-02",
    "/panels?since=%ED%A0%80",
    "/panels?until=-1",
    "/panels?since=0001-01&until=9999-12",
    "/bulletins/99999999999999999999",
    "/bulletins/-1",
    "/bulletins/1/%00",
    "/bulletins/0x1",
    "/bulletins/9223372036854775808",
    "/static/%00",
    "/static/..%2f..%2fapp.py",
    "/%00",
    "//",
    "/./",
]
LONG = ["/alerts?view=", "/search?q=", "/search?forum=", "/alerts/", "/login/once/", "/login?next=/", "/static/", "/"]


def test_garbage_is_answered_in_words(desk: Open) -> None:
    tried = [*GARBAGE, *(start + "a" * 3000 for start in LONG)]
    for path, browser in product(tried, (desk.by["yantai"], desk.browser())):
        answer = browser.get(path)
        assert answer.status_code < 500, path
        assert "Traceback" not in answer.text
        if answer.status_code >= 400 and not path.startswith("/static"):
            assert '<html lang="zh-CN">' in answer.text, path
            assert "未能完成" in answer.text or 'role="alert"' in answer.text, path


ODD = [
    "\x00",
    "\ud800",
    "字" * 3000,
    "%s%n",
    SCRIPT,
    "\u202e\x1b[31m\r\nX: y",
    "-1",
    "9" * 40,
    "{}",
    "\ufeff",
    "a" * 20000,
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_fields_are_answered_in_words(desk: Open, odd: str) -> None:
    sent = odd.encode("utf-8", "surrogatepass")
    for path, form in posts(desk.app, desk.ledger):
        if path == "/logout":
            continue
        for browser in (desk.by["yantai"], desk.browser()):
            fields = {"_csrf_token": browser.token().encode(), **dict.fromkeys([*form, "extra", "why", "said"], sent)}
            body = b"&".join(quote(name).encode() + b"=" + quote(value).encode() for name, value in fields.items())
            answer = browser.ask("POST", path, content=body, headers={"content-type": URLENCODED})
            assert answer.status_code < 500, (path, answer.text[:300])
            assert "<script>alert(1)" not in answer.text


def test_odd_bodies_are_answered_in_words(desk: Open) -> None:
    clerk = desk.by["yantai"]
    own, before = clerk.token(), everything(desk.ledger, *OWN_WORK)
    bodies = [
        (f"_csrf_token={own}&" + "a=1&" * 3000, URLENCODED),
        (f"_csrf_token={own}&verdict=confirmed&verdict=not_ours", URLENCODED),
        (f"_csrf_token={own}&verdict", URLENCODED),
        (f"_csrf_token={own}&%ff=%ff&=&&", URLENCODED),
        ("x" * 1_100_000, URLENCODED),
        (f"_csrf_token={own}&why=" + "x" * 1_100_000, URLENCODED),
        (f'--b\r\nContent-Disposition: form-data; name="_csrf_token"\r\n\r\n{own}\r\n--b--', MULTIPART),
        ("--b\r\nbroken", MULTIPART),
        ("anything", "multipart/form-data"),
        ("{", "application/json"),
        ("", ""),
    ]  # fmt: skip
    seen = []
    for path, _ in posts(desk.app, desk.ledger):
        if path in ("/logout", "/login"):
            continue
        for body, kind in bodies:
            answer = clerk.ask("POST", path, content=body.encode(), headers={"content-type": kind})
            assert 300 <= answer.status_code < 500, (path, body[:40], kind, answer.text[:200])
            seen.append(answer.status_code)
    assert 413 in seen
    assert everything(desk.ledger, *OWN_WORK) == before


def test_a_fault_of_ours_is_logged_by_its_route_and_not_shown(
    desk: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("smtp://user:pa55word@mail.example is what failed")

    monkeypatch.setattr(logins, "take_pass", broken)
    token = logins.give_pass(desk.ledger, "yantai")
    answer = desk.browser().post(f"/login/once/{token}")
    assert answer.status_code == 500
    assert "RuntimeError" not in answer.text
    assert "系统出现故障" in answer.text
    assert "page_failed route=/login/once/{token}" in caplog.text
    assert token not in caplog.text
