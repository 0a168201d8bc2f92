"""The desk as one application: its frame, its locks, and the pages it finds."""

from __future__ import annotations

import re
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from anyio import CapacityLimiter
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import Litestar, Request, Response, Router
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import CacheControlHeader, MutableScopeHeaders, State
from litestar.di import Provide
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler, Message
from litestar.types import Scope as HTTPScope
from markupsafe import Markup

from alerts.console import pages, words
from alerts.console.access import own_forms, signed_in
from alerts.console.desk import language_of, path_of, provide_desk
from alerts.console.instruments import Counted
from alerts.console.logins import AT_ONCE
from alerts.console.secret import form_secret
from alerts.console.sender import sending
from alerts.console.sessions import LedgerStore, session_config
from alerts.letters.plain import BEIJING, moment, safe_link
from index import logs
from index.ledger import Ledger, busy
from index.problems import TryLater, Unusable
from index.search.marks import pieces
from index.settings import Settings

FORM_LIMIT = 1_000_000  # bytes of one form
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
log = logs.logger("alerts.console")
HAN = re.compile("[\u3400-\u9fff]")
_EVERY_HOST = ("0.0.0.0", "::")  # noqa: S104  looked for, not listened on


def create_app(settings: Settings, ledger: Ledger, port: int | None = None, *, sender: bool = True) -> Litestar:
    """The desk over a ledger, heard on a port. Raises Unusable for settings it cannot be served with."""
    secure, names = urlsplit(settings.serve_url).scheme == "https", hosts(settings, port)
    kept = session_config(settings.session_hours, secure=secure)
    lifespan: list[AbstractAsyncContextManager[None]] = [sending] if sender else []  # type: ignore[list-item]
    app = Litestar(
        # One router: registered one by one, handlers that share a path would be put into a thread twice.
        route_handlers=[Router("/", route_handlers=pages.handlers()), static_files()],
        guards=[own_forms, signed_in],
        dependencies={"desk": Provide(provide_desk)},
        middleware=[kept.middleware],
        csrf_config=forms(form_secret(settings.home), secure=secure),
        allowed_hosts=AllowedHostsConfig(names, exclude_opt_key="any_host", www_redirect=False),
        stores={"sessions": LedgerStore(ledger)},
        template_config=TemplateConfig(instance=JinjaTemplateEngine(engine_instance=templates())),
        exception_handlers={HTTPException: refused, TryLater: too_busy, Exception: failed},
        before_send=[harden],
        request_max_body_size=FORM_LIMIT,
        lifespan=lifespan,
        state=State(
            {
                "settings": settings,
                "ledger": ledger,
                "sessions": kept,
                "hosts": names,
                "logins": CapacityLimiter(AT_ONCE),
            }
        ),
        openapi_config=None,
        logging_config=None,  # the process logs one way, index.logs'; the framework's own would take its place
    )
    app.asgi_handler = Counted(app.asgi_handler)  # around everything: also what no route answers is counted
    return app


def forms(secret: str, *, secure: bool) -> CSRFConfig:
    """The forms' tokens. The cookie's name tells the secret apart: one signed with another is not read at all."""
    name = ("__Host-" if secure else "") + f"yujing_form_{sha256(secret.encode()).hexdigest()[:8]}"
    return CSRFConfig(secret, cookie_name=name, cookie_secure=secure, cookie_httponly=True)


async def harden(message: Message, _scope: HTTPScope) -> None:
    """Every answer, errors and redirects too, carries the headers that keep strangers' pages out."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers[name] = value
        headers.setdefault("Cache-Control", "no-store")


def hosts(settings: Settings, port: int | None) -> list[str]:
    """The names the desk answers to, with its ports: a page of another name that points here is refused.

    Raises Unusable if it listens everywhere without a public address.
    """
    public = urlsplit(settings.serve_url)
    if settings.serve_host in _EVERY_HOST and not public.hostname:
        raise Unusable("YUJING_SERVE_HOST listens on every address: set YUJING_SERVE_URL to the one staff use")
    known = ("127.0.0.1", "localhost", "::1", settings.serve_host.lower(), public.hostname)
    names = dict.fromkeys(f"[{name}]" if ":" in name else name for name in known if name)
    ports = dict.fromkeys(filter(None, [port, public.port]))
    return [*names, *(f"{name}:{one}" for name in names for one in ports)]


def templates() -> Environment:
    """The desk's templates: every value is escaped, a missing one is an error."""
    made = Environment(
        loader=PackageLoader("alerts.console", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "menu": pages.menu,
        "csrf_field": csrf_field,
        "moment": moment,
        "lang": lang,
        "clock_of": clock_of,
        "pieces": pieces,
        "safe_link": safe_link,
    }
    return made


def lang(text: str) -> Markup:
    """The attribute that says in which language words from outside are."""
    return Markup(' lang="{}"').format("zh-CN" if HAN.search(text) else "en")


def clock_of(at: datetime) -> str:
    """The time of day in Beijing, to the second."""
    return f"{at.astimezone(BEIJING):%H:%M:%S}"


@pass_context
def csrf_field(context: Context) -> Markup:
    """The hidden field every form must carry."""
    token: Any = context["csrf_input"]
    return Markup(token)  # noqa: S704  made by the framework, from a token of letters and digits


def static_files() -> ControllerRouterHandler:
    """Our stylesheet and script, cached for an hour."""
    folder = Path(str(files("alerts.console") / "static"))
    router: ControllerRouterHandler = create_static_files_router(
        path="/static",
        directories=[folder],
        opt={"public": True, "skip_session": True},
        cache_control=CacheControlHeader(max_age=3600),
    )
    return router


def refused(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What was refused, said plainly; a stranger is shown the door they came to."""
    if isinstance(error, NotAuthorizedException):
        back = path_of(request)
        return Redirect("/login" if back == "/" else "/login?" + urlencode({"next": back}), status_code=303)
    return problem_page(request, error.status_code)


def too_busy(request: Request[Any, Any, Any], _error: TryLater) -> Response[Any]:
    """Something we wait for does not answer now."""
    return problem_page(request, 503)


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A fault of ours: logged whole, by its route for a path can hold a one-time login; shown without its inside."""
    if busy(error):
        return problem_page(request, 503)
    log.error("page_failed", route=request.scope.get("path_template", ""), exc_info=error)
    return problem_page(request, 500)


def problem_page(request: Request[Any, Any, Any], status: int) -> Template:
    """A page that says what went wrong and where to go on."""
    language = language_of(request)
    key = f"problem.{status}" if f"problem.{status}" in words.words() else "problem.other"

    def say(name: str, **values: object) -> str:
        return words.say(language, name, **values)

    context = {"say": say, "language": language, "said": say(key), "desk": None, "status": status}
    return Template("problem.html.j2", context=context, status_code=status)
