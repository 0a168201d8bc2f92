"""The desk as one application: its frame, its locks, and the pages it finds."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from anyio import CapacityLimiter
from litestar import Litestar, Router
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import CacheControlHeader, MutableScopeHeaders, State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler, Message
from litestar.types import Scope as HTTPScope

from alerts.console import pages
from alerts.console.access import own_forms, signed_in
from alerts.console.desk import provide_desk
from alerts.console.frame import templates
from alerts.console.instruments import Counted
from alerts.console.logins import AT_ONCE
from alerts.console.refusals import failed, refused, too_busy
from alerts.console.secret import form_secret
from alerts.console.sender import sending
from alerts.console.sessions import LedgerStore, session_config
from index.ledger import Ledger
from index.problems import TryLater, Unusable
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
