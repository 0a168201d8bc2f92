"""Browsers at a desk: they keep cookies, send forms with the token their page carries, and follow no redirect."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from litestar import Litestar

from alerts.console import logins
from alerts.console.app import create_app
from index.ledger import Ledger
from index.settings import Settings

BASE, COOKIES = "http://127.0.0.1", "cookies.json"
GOOD = "correct horse battery"
"""Everybody's password, where a test gives them one."""


class Browser:
    """One person's browser."""

    def __init__(self, portal: BlockingPortal, client: httpx.AsyncClient) -> None:
        self.portal, self.client = portal, client

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Any request, whole as given."""

        async def asked() -> httpx.Response:
            return await self.client.request(method, path, **more)

        return self.portal.call(asked)

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Ask for a page."""
        return self.ask("GET", path, **more)

    def post(self, path: str, fields: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
        """Send a form as a page of ours would."""
        return self.ask("POST", path, data={"_csrf_token": self.token(), **(fields or {})}, **more)

    def token(self) -> str:
        """The token in this browser's forms."""
        if not self.cookie("yujing_form"):
            self.get("/login")
        return self.cookie("yujing_form")

    def cookie(self, start: str) -> str:
        """The value of the cookie whose name begins so, over https too."""
        found = (str(c.value) for c in self.client.cookies.jar if c.name.removeprefix("__Host-").startswith(start))
        return next(found, "")

    def enter(self, ledger: Ledger, user: str) -> Browser:
        """Sign in by a one-time login."""
        answer = self.post(f"/login/once/{logins.give_pass(ledger, user)}")
        assert answer.status_code == 303, answer.text
        return self


@dataclass
class Open:
    """An open desk. `by` is who is signed in, each in a browser of their own."""

    app: Litestar
    settings: Settings
    ledger: Ledger
    stack: ExitStack
    portal: BlockingPortal
    by: dict[str, Browser]

    def browser(self, base: str = BASE, peer: str = "127.0.0.1", app: Any = None) -> Browser:
        """One more browser, signed in as nobody, on a machine of its own."""
        whole: Any = app or self.app
        transport = httpx.ASGITransport(whole, client=(peer, 40000), raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url=base, follow_redirects=False)
        self.stack.callback(self.portal.call, client.aclose)
        return Browser(self.portal, client)


def opened(stack: ExitStack, settings: Settings, ledger: Ledger, people: Iterable[str] = ()) -> Open:
    """Open a desk that sends nothing, and sign people in."""
    portal = stack.enter_context(start_blocking_portal())
    desk = Open(create_app(settings, ledger, sender=False), settings, ledger, stack, portal, {})
    desk.by.update({user: desk.browser().enter(ledger, user) for user in people})
    return desk


def keep(desk: Open) -> None:
    """Write down the cookies of who is signed in, for desks over copies of this home."""
    held = {user: {c.name: c.value for c in one.client.cookies.jar} for user, one in desk.by.items()}
    (desk.settings.home / COOKIES).write_text(json.dumps(held), "utf-8")


def found(desk: Open) -> Open:
    """Open the browsers of who was signed in when the home was copied."""
    held = json.loads((desk.settings.home / COOKIES).read_text("utf-8"))
    for user, cookies in held.items():
        desk.by[user] = desk.browser()
        for name, value in cookies.items():
            desk.by[user].client.cookies.set(name, value, domain="127.0.0.1")
    return desk


def login(browser: Browser, name: str = "yantai", password: str = GOOD, to: str = "/") -> int:
    """Sign in by password; the status."""
    return browser.post("/login", {"name": name, "password": password, "next": to}).status_code
