"""The desk as one application: its frame, its locks, and the pages it finds."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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
from markupsafe import Markup, escape

from alerts.console import pages, words
from alerts.console.access import signed_in
from alerts.console.desk import language_of, path_of, provide_desk
from alerts.console.sender import sending
from alerts.console.sessions import LedgerStore, form_secret, session_config
from alerts.letters.plain import moment, safe_link
from index.ledger import Ledger
from index.problems import Unusable
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
_EVERY_HOST = ("0.0.0.0", "::")  # noqa: S104  looked for, not listened on


def create_app(settings: Settings, ledger: Ledger, port: int | None = None, *, sender: bool = True) -> Litestar:
    """The desk over a ledger, heard on a port. Raises Unusable for settings it cannot be served with."""
    secure = urlsplit(settings.serve_url).scheme == "https"
    lifespan: list[AbstractAsyncContextManager[None]] = [sending] if sender else []  # type: ignore[list-item]
    return Litestar(
        # One router: registered one by one, handlers that share a path would be put into a thread twice.
        route_handlers=[Router("/", route_handlers=pages.handlers()), static_files()],
        guards=[signed_in],
        dependencies={"desk": Provide(provide_desk)},
        middleware=[session_config(settings.session_hours, secure=secure).middleware],
        csrf_config=CSRFConfig(form_secret(settings.home), cookie_name="yujing_form", cookie_secure=secure),
        allowed_hosts=AllowedHostsConfig(hosts(settings, port), www_redirect=False),
        stores={"sessions": LedgerStore(ledger)},
        template_config=TemplateConfig(instance=JinjaTemplateEngine(engine_instance=templates())),
        exception_handlers={HTTPException: refused, Exception: failed},
        before_send=[harden],
        request_max_body_size=FORM_LIMIT,
        lifespan=lifespan,
        state=State({"settings": settings, "ledger": ledger}),
        openapi_config=None,
    )


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
    names = dict.fromkeys(filter(None, ["127.0.0.1", "localhost", "[::1]", settings.serve_host, public.hostname]))
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
        "pieces": pieces,
        "safe_link": safe_link,
    }
    return made


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
        return Redirect(f"/login?next={escape(path_of(request))}" if request.method == "GET" else "/login")
    return problem_page(request, error.status_code)


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A fault of ours: logged whole, shown without its inside."""
    import structlog  # noqa: PLC0415

    structlog.get_logger("alerts.console").error("page_failed", path=request.url.path, exc_info=error)
    return problem_page(request, 500)


def problem_page(request: Request[Any, Any, Any], status: int) -> Template:
    """A page that says what went wrong and where to go on."""
    language = language_of(request)
    key = f"problem.{status}" if f"problem.{status}" in words.words() else "problem.other"

    def say(name: str, **values: object) -> str:
        return words.say(language, name, **values)

    context = {"say": say, "language": language, "said": say(key), "desk": None, "status": status}
    return Template("problem.html.j2", context=context, status_code=status)
