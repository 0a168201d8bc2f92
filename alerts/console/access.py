"""Who is at the desk: every route is shut to strangers unless it says it is public."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from anyio import to_thread
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler

from alerts.console.logins import stamp
from index.ledger import Ledger, centers
from index.ledger.scope import PROVINCE, Scope
from index.ledger.users import CLERK, User, load

Connection = ASGIConnection[Any, Any, Any, Any]
READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Known:
    """A user, what they may see, and their center's registered name, empty for the whole province."""

    user: User
    scope: Scope
    center: str


async def signed_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard of every route: the session's user, still allowed in, becomes the connection's. Raises NotAuthorized."""
    if handler.opt.get("public"):
        return
    session = connection.scope.get("session")
    held = session if isinstance(session, dict) else {}
    name = held.get("user", "")
    known = await to_thread.run_sync(known_user, connection.app.state.ledger, name) if name else None
    if known is None or not hmac.compare_digest(held.get("stamp", ""), stamp(known.user)):
        raise NotAuthorizedException("nobody is signed in")
    connection.scope["user"], connection.scope["auth"] = known.user, known


async def own_forms(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Guard of every route: a form comes from a page of ours. Raises PermissionDenied.

    Beside the form's token: browsers say where a form was, and cannot be made to say otherwise.
    """
    origin = connection.headers.get("origin")
    if origin is None or connection.scope.get("method") in READING:
        return
    scheme, _, name = origin.lower().partition("://")
    if scheme not in ("http", "https") or name not in connection.app.state.hosts:
        raise PermissionDeniedException("the form is not on a page of this desk")


async def clerks_only(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Guard of routes that change something. Raises PermissionDenied for who may only read."""
    if connection.scope["user"].role != CLERK:
        raise PermissionDeniedException("this user may read, not decide")


def known_user(ledger: Ledger, name: str) -> Known | None:
    """A user who may use the desk now, and what they may see; None for anybody else."""
    with ledger.read() as work:
        user = load(work, name)
        if user is None or user.disabled_at is not None:
            return None
        named = {center.id: center for center in centers.every(work)}
    own = named.get(user.center)
    whole = not user.center or (own is not None and own.provincial)
    return Known(user, PROVINCE if whole else Scope((user.center,)), own.name if own else user.center)
