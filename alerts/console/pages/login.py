"""In and out: password, one-time login, a new password, the language."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from anyio import to_thread
from litestar import Request, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from alerts.console import logins, words
from alerts.console.desk import LANGUAGE, AtDesk, Desk, Form, language_of, own_path
from alerts.console.sessions import ONCE, close_session, open_session
from index.ledger import Ledger
from index.ledger.users import User
from index.problems import Refused, TryLater

Asked = Request[Any, Any, Any]
PUBLIC = {"public": True}
YEAR = 365 * 24 * 3600
Check = Callable[[Ledger, str, str, str], User | None]


def ledger_of(request: Asked) -> Ledger:
    """The desk's ledger."""
    ledger: Ledger = request.app.state.ledger
    return ledger


def page(request: Asked, template: str, status: int = 200, **context: object) -> Template:
    """A page for who is not signed in yet."""
    language = language_of(request)

    def say(key: str, **values: object) -> str:
        return words.say(language, key, **values)

    told = {"desk": None, "say": say, "language": language, "said": "", **context}
    return Template(template, context=told, status_code=status)


async def checked(request: Asked, check: Check, name: str, password: str) -> User | None:
    """A password looked at in a thread, a few at a time. Raises TryLater after too many failures."""
    address = request.client.host if request.client else ""
    limiter = request.app.state.logins
    return await to_thread.run_sync(check, ledger_of(request), name, password, address, limiter=limiter)


def name_in(data: dict[str, str]) -> str:
    """The login name as it was meant: a Chinese keyboard may write wide letters."""
    return unicodedata.normalize("NFKC", data.get("name", "")[:100]).strip().lower()


@get("/login", opt=PUBLIC)
async def login_form(request: Asked, next: FromQuery[str] = "/") -> Template:  # noqa: A002  the address's own word
    """The way in."""
    return page(request, "login.html.j2", next=own_path(next), name="")


@post("/login", opt=PUBLIC)
async def login(request: Asked, data: Form) -> Template | Redirect:
    """Check a name and password."""
    name, password, to = name_in(data), data.get("password", ""), data.get("next", "")
    try:
        user = await checked(request, logins.check, name, password)
    except TryLater:
        said = words.say(language_of(request), "login.throttled")
        return page(request, "login.html.j2", 429, next=own_path(to), name=name, said=said)
    if user is None:
        said = words.say(language_of(request), "login.wrong")
        return page(request, "login.html.j2", 401, next=own_path(to), name=name, said=said)
    await open_session(request, user)
    return Redirect(own_path(to), status_code=303)


@get("/login/once/{token:str}", opt=PUBLIC)
async def once_form(request: Asked, token: FromPath[str]) -> Template:
    """A one-time login is used by a button, not by opening the link: mail scanners open links."""
    return page(request, "once.html.j2", token=token)


@post("/login/once/{token:str}", opt=PUBLIC)
async def once(request: Asked, token: FromPath[str]) -> Template | Redirect:
    """Use a one-time login up."""
    user = await to_thread.run_sync(logins.take_pass, ledger_of(request), token)
    if user is None:
        said = words.say(language_of(request), "login.used")
        return page(request, "login.html.j2", 401, next="/", name="", said=said)
    await open_session(request, user, once=True)
    return Redirect("/" if user.password else "/password", status_code=303)


@post("/logout")
async def logout(request: Asked) -> Redirect:
    """End the session."""
    await close_session(request)
    return Redirect("/login", status_code=303)


@get("/password", sync_to_thread=True)
def password_form(request: Asked, desk: AtDesk) -> Template:
    """Where a user chooses a password."""
    return desk.page("password.html.j2", said="", asks_present=asks_present(request, desk))


@post("/password")
async def password(request: Asked, desk: AtDesk, data: Form) -> Template | Redirect:
    """Keep a new password, asked for twice, and the present one where it is asked. Other sessions of the user end."""
    asks = asks_present(request, desk)
    new, again, present = (data.get(key, "") for key in ("new", "again", "present"))
    try:
        if asks and not await checked(request, logins.verified, desk.user.id, present):
            wrong = "password.wrong"
        else:
            wrong = "" if new == again else "password.differ"
        if not wrong:
            limiter = request.app.state.logins
            user = await to_thread.run_sync(logins.set_password, desk.ledger, desk.user, new, limiter=limiter)
            await open_session(request, user)
            return Redirect("/", status_code=303)
    except Refused:
        wrong = "password.weak"
    except TryLater:
        return desk.page("password.html.j2", status=429, said=desk.say("login.throttled"), asks_present=asks)
    return desk.page("password.html.j2", status=400, said=desk.say(wrong), asks_present=asks)


def asks_present(request: Asked, desk: Desk) -> bool:
    """Whether the present password must be given: not by who came by a one-time login, because it was forgotten."""
    return bool(desk.user.password) and not request.session.get(ONCE)


@get("/language/{language:str}", opt=PUBLIC)
async def language(request: Asked, language: FromPath[str], next: FromQuery[str] = "/") -> Redirect:  # noqa: A002  the address's own word
    """Choose the language for a year."""
    chosen = language if language in words.LANGUAGES else words.LANGUAGES[0]
    secure = request.app.state.sessions.secure
    cookie = Cookie(LANGUAGE, value=chosen, max_age=YEAR, httponly=True, samesite="lax", secure=secure)
    return Redirect(own_path(next), status_code=303, cookies=[cookie])


HANDLERS = (login_form, login, once_form, once, logout, password_form, password, language)
