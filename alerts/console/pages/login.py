"""In and out: password, one-time login, a new password, the language."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from anyio import to_thread
from litestar import Request, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from alerts.console import logins, words
from alerts.console.desk import LANGUAGE, Desk, language_of, own_path
from index.ledger import Ledger
from index.ledger.users import User
from index.problems import Refused, TryLater

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
Asked = Request[Any, Any, Any]
PUBLIC = {"public": True}
YEAR = 365 * 24 * 3600


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


async def enter(request: Asked, user: User, to: str) -> Redirect:
    """Open the session of a user under a new id; whatever session the browser had is over."""
    store = request.app.stores.get("sessions")
    if old := request.cookies.get("yujing_session"):
        await store.delete(old)
    request.scope["state"]["renewed_session"] = secrets.token_hex(32)
    request.set_session({"user": user.id})
    return Redirect(to, status_code=303)


@get("/login", opt=PUBLIC)
async def login_form(request: Asked, next: str = "/") -> Template:  # noqa: A002  the address's own word
    """The way in."""
    return page(request, "login.html.j2", next=own_path(next), name="")


@post("/login", opt=PUBLIC)
async def login(request: Asked, data: Form) -> Template | Redirect:
    """Check a name and password."""
    name, password, to = (data.get(key, "")[:500] for key in ("name", "password", "next"))
    address = request.client.host if request.client else ""
    try:
        user = await to_thread.run_sync(logins.check, ledger_of(request), name.strip(), password, address)
    except TryLater:
        said = words.say(language_of(request), "login.throttled")
        return page(request, "login.html.j2", 429, next=own_path(to), name=name, said=said)
    if user is None:
        said = words.say(language_of(request), "login.wrong")
        return page(request, "login.html.j2", 401, next=own_path(to), name=name, said=said)
    return await enter(request, user, own_path(to))


@get("/login/once/{token:str}", opt=PUBLIC)
async def once_form(request: Asked, token: str) -> Template:
    """A one-time login is used by a button, not by opening the link: mail scanners open links."""
    return page(request, "once.html.j2", token=token)


@post("/login/once/{token:str}", opt=PUBLIC)
async def once(request: Asked, token: str) -> Template | Redirect:
    """Use a one-time login up."""
    user = await to_thread.run_sync(logins.take_pass, ledger_of(request), token)
    if user is None:
        said = words.say(language_of(request), "login.used")
        return page(request, "login.html.j2", 401, next="/", name="", said=said)
    return await enter(request, user, "/" if user.password else "/password")


@post("/logout")
async def logout(request: Asked) -> Redirect:
    """End the session."""
    request.clear_session()
    return Redirect("/login", status_code=303)


@get("/password", sync_to_thread=True)
def password_form(desk: Desk) -> Template:
    """Where a user chooses a password."""
    return desk.page("password.html.j2", said="")


@post("/password", sync_to_thread=True)
def password(desk: Desk, data: Form) -> Template | Redirect:
    """Keep a new password, asked for twice, and the present one where there is one."""
    new, again, present = (data.get(key, "") for key in ("new", "again", "present"))
    wrong = ""
    if desk.user.password and not logins.hasher().verify(present[: logins.LONGEST], desk.user.password):
        wrong = "password.wrong"
    elif new != again:
        wrong = "password.differ"
    else:
        try:
            logins.set_password(desk.ledger, desk.user, new)
        except Refused:
            wrong = "password.weak"
    if wrong:
        return desk.page("password.html.j2", status=400, said=desk.say(wrong))
    return Redirect("/", status_code=303)


@get("/language/{language:str}", opt=PUBLIC)
async def language(language: str, next: str = "/") -> Redirect:  # noqa: A002  the address's own word
    """Choose the language for a year."""
    chosen = language if language in words.LANGUAGES else words.LANGUAGES[0]
    cookie = Cookie(LANGUAGE, chosen, max_age=YEAR, httponly=True, samesite="lax")
    return Redirect(own_path(next), status_code=303, cookies=[cookie])


HANDLERS = (login_form, login, once_form, once, logout, password_form, password, language)
