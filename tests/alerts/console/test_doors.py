"""What strangers try: forged forms, other hosts, addresses to be led away by; and the locks on every answer."""

from __future__ import annotations

import re
from contextlib import ExitStack
from itertools import product
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from alerts.console import logins
from alerts.console.app import create_app, hosts
from alerts.console.desk import own_path
from index.ledger import Ledger, users
from index.problems import Unusable
from index.settings import Settings
from tests.alerts.console.browser import Open, opened
from tests.alerts.console.province import YANTAI, everything, first_held
from tests.alerts.console.routes import every, posts

FIRM = ("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'")


# Forged forms


@pytest.mark.parametrize("forged", ["none", "wrong", "another's", "cookie only", "unsigned pair", "as json", "as text"])
def test_a_form_without_its_token_does_nothing(desk: Open, forged: str) -> None:
    forger = desk.browser().enter(desk.ledger, "yantai")
    for cookie in [c for c in forger.client.cookies.jar if c.name.startswith("yujing_form")]:
        forger.client.cookies.set(cookie.name, "a" * 128, cookie.domain, cookie.path)
    before, clerk, other = everything(desk.ledger), desk.by["yantai"], desk.browser()
    own, tokens = clerk.token(), {"wrong": "0" * 128, "another's": other.token(), "unsigned pair": "a" * 128}
    for path, form in posts(desk.app, desk.ledger):
        if forged == "unsigned pair":
            answer = forger.ask("POST", path, data=form | {"_csrf_token": "a" * 128})
        elif forged == "as json":
            answer = clerk.ask("POST", path, json=form | {"_csrf_token": own})
        elif forged == "as text":
            answer = clerk.ask("POST", path, content=f"_csrf_token={own}", headers={"content-type": "text/plain"})
        else:
            answer = clerk.ask("POST", path, data=form | ({"_csrf_token": tokens[forged]} if forged in tokens else {}))
        assert answer.status_code == 403, path
        assert "text/html" in answer.headers["content-type"], path
    assert everything(desk.ledger) == before


def test_a_form_on_another_site_does_nothing(desk: Open) -> None:
    sites = ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://[", "", "//127.0.0.1"]
    before, clerk = everything(desk.ledger), desk.by["yantai"]
    for (path, form), origin in product(posts(desk.app, desk.ledger), sites):
        assert clerk.post(path, form, headers={"Origin": origin}).status_code == 403, (path, origin)
    assert everything(desk.ledger) == before


def test_a_form_on_our_own_page_does_what_it_says(desk: Open) -> None:
    mine = first_held(desk.ledger, YANTAI)
    path, own = f"/alerts/{mine.key}/judge", {"Origin": "http://127.0.0.1"}
    assert desk.by["yantai"].post(path, {"verdict": "unsure"}, headers=own).status_code == 303


def test_a_token_signed_with_an_older_secret_does_not_lock_anybody_out(desk: Open, settings: Settings) -> None:
    clerk = desk.by["yantai"]
    old = clerk.token()
    (settings.home / "desk.key").unlink()
    again = create_app(settings, desk.ledger, sender=False)
    browser = desk.browser(app=again)
    for cookie in clerk.client.cookies.jar:
        browser.client.cookies.set(cookie.name, str(cookie.value), domain="127.0.0.1")
    assert browser.ask("POST", "/logout", data={"_csrf_token": old}).status_code == 403
    page = browser.get("/").text
    token = re.findall(r'name="_csrf_token" value="([0-9a-f]+)"', page)[0]
    assert browser.ask("POST", "/logout", data={"_csrf_token": token}).status_code == 303


def test_the_secret_is_the_operators_alone(desk: Open, settings: Settings) -> None:
    file = settings.home / "desk.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(list(settings.home.glob("desk.key*"))) == 1
    file.write_text("short")
    with pytest.raises(Unusable, match=r"desk\.key"):
        create_app(settings, desk.ledger, sender=False)


# Led away

AWAY = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "http:evil.example",
    "evil.example",
    "/\t/evil.example", "\n//evil.example", "/\r\nSet-Cookie: a=b", "javascript:alert(1)", "data:text/html,x", "",
    "/" + "a" * 600, "///evil.example", "/%0d%0aX: y\x00", " //evil.example", "/\u202eevil", "https:/evil.example",
]  # fmt: skip


def test_nobody_is_led_away(desk: Open) -> None:
    with desk.ledger.begin() as work:
        users.set_password(work, "yantai", logins.hasher().hash("a good password"))
    for to in AWAY:
        form = {"name": "yantai", "password": "a good password", "next": to}
        assert desk.browser().post("/login", form).headers["location"] == "/", to
        language = desk.browser().get("/language/en?" + "next=" + quote(to, safe=""))
        assert language.headers["location"] == "/", to
        assert "evil" not in desk.browser().get("/login?next=" + quote(to, safe="")).text, to


@pytest.mark.parametrize("to", ["/%2f%2fevil.example", "/%5cevil.example", "/..//evil.example", "/@evil.example"])
def test_what_only_looks_like_another_site_stays_here(to: str) -> None:
    assert own_path(to) in (to, "/")
    assert urlsplit(own_path(to)).netloc == ""


def test_who_comes_in_lands_where_they_wanted_to_go(desk: Open) -> None:
    wanted = "/search?q=轮胎&kind=warning&sort=relevance"
    away = desk.browser().get("/search?q=%E8%BD%AE%E8%83%8E&kind=warning&sort=relevance")
    next_one = parse_qs(urlsplit(away.headers["location"]).query)["next"][0]
    assert parse_qs(urlsplit(next_one).query) == parse_qs(urlsplit(wanted).query)
    with desk.ledger.begin() as work:
        users.set_password(work, "yantai", logins.hasher().hash("a good password"))
    browser = desk.browser()
    entered = browser.post("/login", {"name": "yantai", "password": "a good password", "next": next_one})
    assert "轮胎" in browser.get(entered.headers["location"]).text


# Hosts


def test_another_name_that_points_here_is_refused(desk: Open) -> None:
    names = ["evil.example", "127.0.0.1.evil.example", "localhost:9", "127.0.0.1@evil.example", "", "[::2]", "a b"]
    for host in names:
        answer = desk.by["yantai"].get("/", headers={"Host": host})
        assert answer.status_code == 400, host
        assert "烟台" not in answer.text


def test_a_forwarded_name_is_not_believed(desk: Open) -> None:
    said = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Forwarded-Proto": "https"}
    answer = desk.browser().get("/", headers=said)
    assert "evil" not in repr(answer.headers) + answer.text
    assert "evil" not in desk.by["yantai"].get("/", headers=said).text


def test_the_names_the_desk_answers_to(settings: Settings) -> None:
    def named(**values: str) -> list[str]:
        return hosts(Settings(home=settings.home, **values), 8123)  # type: ignore[arg-type]

    assert {"127.0.0.1:8123", "localhost:8123", "[::1]:8123", "localhost"} <= set(named())
    assert {"desk.example.cn", "desk.example.cn:8443"} <= set(named(serve_url="https://Desk.Example.cn:8443/"))
    assert "[fd00::5]:8123" in named(serve_host="fd00::5")
    for anywhere in ("0.0.0.0", "::"):  # noqa: S104  refused, not listened on
        with pytest.raises(Unusable, match="YUJING_SERVE_URL"):
            named(serve_host=anywhere)
        assert "desk.example.cn" in named(serve_host=anywhere, serve_url="https://desk.example.cn")


# Headers


def test_every_answer_carries_the_locks(desk: Open) -> None:
    clerk, mine = desk.by["yantai"], first_held(desk.ledger, YANTAI)
    tried = [(route.method, route.path) for route in every(desk.app, {"key": mine.key, "number": "1"})]
    tried += [("GET", "/nowhere"), ("PUT", "/"), ("GET", "/static/nothing.css"), ("GET", "/alerts?page=abc")]
    tried += [("GET", "/static/../access.py"), ("GET", "/static/%2e%2e/access.py"), ("POST", "/alerts/x/judge")]
    for method, path in tried:
        for browser in (clerk, desk.browser()):
            answer = browser.ask(method, path)
            headers = answer.headers
            assert all(one in headers["content-security-policy"] for one in FIRM), (method, path)
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff", (method, path)
            assert headers["referrer-policy"] == "same-origin", (method, path)
            assert "server" not in headers
            kept = path.startswith("/static/desk")
            assert headers["cache-control"] == ("max-age=3600" if kept else "no-store"), (method, path)
    bad_host = clerk.get("/", headers={"Host": "evil.example"})
    assert "frame-ancestors 'none'" in bad_host.headers["content-security-policy"]


def test_over_https_cookies_go_by_https_alone(settings: Settings, ledger: Ledger) -> None:
    secure = settings.model_copy(update={"serve_url": "https://desk.example.cn"})
    with ExitStack() as stack:
        desk = opened(stack, secure, ledger)
        browser = desk.browser("https://desk.example.cn").enter(ledger, "yantai")
        assert browser.get("/").status_code == 200
        cookies = [browser.get("/language/en"), desk.browser("https://desk.example.cn").get("/login")]
        said = [one for answer in cookies for one in answer.headers.get_list("set-cookie")]
        assert len(said) >= 2
        assert all("secure" in one.casefold() for one in said)
        assert {c.name[:18] for c in browser.client.cookies.jar if "yujing" in c.name} == {
            "__Host-yujing_sess", "__Host-yujing_form"
        }  # fmt: skip
