"""For machines: whether the product does its job, and its figures."""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, get
from prometheus_client.exposition import generate_latest

from alerts.console.instruments import instruments
from alerts.console.vital import DOWN
from index.settings import Settings

# No login, no session and no cookie; `any_host` because a scraper knows us by another name than staff do.
MACHINES = {"public": True, "skip_session": True, "exclude_from_csrf": True, "any_host": True}
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
UNKEPT = {"Cache-Control": "no-store"}
Asked = Request[Any, Any, Any]


@get("/healthz", opt=MACHINES, sync_to_thread=True)
def healthz(request: Asked) -> Response[dict[str, Any]]:
    """One word a seam: 200 while the desk can serve, 503 without its ledger."""
    found = instruments(request.app).examine()
    told = {"status": found.status, "seams": asdict(found)}
    return Response(told, status_code=503 if found.status == DOWN else 200, headers=UNKEPT)


@get("/metrics", opt=MACHINES, sync_to_thread=True)
def metrics(request: Asked) -> Response[bytes]:
    """The figures as Prometheus reads them, for its bearer or this machine alone."""
    settings: Settings = request.app.state.settings
    token = settings.metrics_token.get_secret_value()
    if token and not bears(request, token):
        headers = UNKEPT | {"WWW-Authenticate": 'Bearer realm="metrics"'}
        return Response(b"", status_code=401, headers=headers, media_type="text/plain")
    if not token and not from_here(request):
        return Response(b"", status_code=403, headers=UNKEPT, media_type="text/plain")
    told = generate_latest(instruments(request.app).meters.registry)
    return Response(told, headers=UNKEPT, media_type="text/plain; version=0.0.4")


def bears(request: Asked, token: str) -> bool:
    """Whether a request carries the token, compared in constant time."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode("latin-1"), token.encode())


def from_here(request: Asked) -> bool:
    """Whether a request was made on this machine to this machine: not one a proxy here passed on, nor a web page's."""
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    return loopback(request.client.host) and own_name(request.headers.get("host", ""))


def own_name(host: str) -> bool:
    """Whether a Host header names this machine."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or loopback(name)


def loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


HANDLERS = (healthz, metrics)
