"""Who is at the desk: every route is shut to strangers unless it says it is public."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler

from index.ledger import Ledger, centers
from index.ledger.scope import PROVINCE, Scope
from index.ledger.users import CLERK, User, load

Connection = ASGIConnection[Any, Any, Any, Any]


async def signed_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard of every route: the session's user, still allowed in, becomes the connection's. Raises NotAuthorized."""
    if handler.opt.get("public"):
        return
    session = connection.scope.get("session")
    name = session.get("user", "") if isinstance(session, dict) else ""
    known = await to_thread.run_sync(known_user, connection.app.state.ledger, name) if name else None
    if known is None:
        raise NotAuthorizedException("nobody is signed in")
    user, scope = known
    connection.scope["user"], connection.scope["auth"] = user, scope


async def clerks_only(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Guard of routes that change something. Raises PermissionDenied for who may only read."""
    if connection.scope["user"].role != CLERK:
        raise PermissionDeniedException("this user may read, not decide")


def known_user(ledger: Ledger, name: str) -> tuple[User, Scope] | None:
    """A user who may use the desk now, and what they may see; None for anybody else."""
    with ledger.read() as work:
        user = load(work, name)
        if user is None or user.disabled_at is not None:
            return None
        above = {center.id for center in centers.every(work) if center.provincial}
    return user, PROVINCE if not user.center or user.center in above else Scope((user.center,))
