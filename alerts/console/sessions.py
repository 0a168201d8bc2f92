"""Server-side sessions in the ledger. Who is not signed in has none.

A session is written once, at login, and after that only made to last: nothing that was on its way when it
ended brings it back. Reading a page writes at most every RENEW, and never waits for another writer to do so.
"""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from anyio import to_thread
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.middleware.session.server_side import ServerSideSessionBackend, ServerSideSessionConfig
from litestar.stores.base import Store
from litestar.types import Message, ScopeSession

from alerts.console.logins import stamp
from index.ledger import Ledger, sessions
from index.ledger.users import User

RENEW = timedelta(minutes=5)
OPENED = "opened_session"
ONCE = "once"
"""Set in a session that a one-time login opened: its user may choose a password without knowing the present one."""


class LedgerStore(Store):
    """Litestar's store over the ledger. Only digests of session ids are kept: who reads the ledger cannot use them."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    async def get(self, key: str, renew_for: int | timedelta | None = None) -> bytes | None:
        """What is kept under a key, which then lasts that much longer."""
        return await to_thread.run_sync(self._get, _digest(key), _span(renew_for) if renew_for else None)

    async def set(self, key: str, value: str | bytes, expires_in: int | timedelta | None = None) -> None:
        """Keep a value for some seconds."""
        data = value.encode() if isinstance(value, str) else value
        await to_thread.run_sync(self._set, _digest(key), data, _span(expires_in or 3600))

    async def delete(self, key: str) -> None:
        """Forget a key."""
        await to_thread.run_sync(self._drop, _digest(key))

    async def delete_all(self) -> None:
        """Nobody may forget everybody's session at once."""
        raise NotImplementedError

    async def exists(self, key: str) -> bool:
        """Whether a key is kept."""
        return await self.get(key) is not None

    async def expires_in(self, key: str) -> int | None:
        """Seconds a key is still kept."""
        found = await to_thread.run_sync(self._load, _digest(key))
        return int((found[1] - datetime.now(UTC)).total_seconds()) if found else None

    def _load(self, key: str) -> tuple[bytes, datetime] | None:
        with self.ledger.read() as work:
            return sessions.load(work, key, datetime.now(UTC))

    def _get(self, key: str, lasting: timedelta | None) -> bytes | None:
        found, now = self._load(key), datetime.now(UTC)
        if found and lasting and now + lasting - found[1] >= RENEW:
            sessions.renew(self.ledger, key, now + lasting, now)
        return found[0] if found else None

    def _set(self, key: str, data: bytes, lasting: timedelta) -> None:
        now = datetime.now(UTC)
        with self.ledger.begin() as work:
            sessions.write(work, key, data, now + lasting)
            sessions.sweep(work, now)

    def _drop(self, key: str) -> None:
        if self._load(key):
            with self.ledger.begin() as work:
                sessions.drop(work, key)


class Backend(ServerSideSessionBackend):
    """Sessions that only `open_session` makes and `close_session` ends; answers carry their cookie."""

    async def store_in_message(
        self, scope_session: ScopeSession, message: Message, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> None:
        """Give the browser its session's id again, which then lasts longer there too; a dead one is taken away."""
        held, is_open = connection.cookies.get(self.config.key), isinstance(scope_session, dict) and bool(scope_session)
        if not (is_open or held):
            return
        here = connection.scope["state"].get(OPENED) or held if is_open else None
        lasting = int(self.config.max_age) if here else 0
        cookie = Cookie(
            key=self.config.key,
            value=here or "",
            max_age=lasting,
            secure=self.config.secure,
            httponly=True,
            samesite=self.config.samesite,
        )
        MutableScopeHeaders.from_message(message).add("Set-Cookie", cookie.to_header(header=""))


class Config(ServerSideSessionConfig):
    """Litestar's configuration, for Backend."""

    _backend_class = Backend


def session_config(hours: float, *, secure: bool) -> Config:
    """Sessions that end after some hours without use; the cookie is for this site and no script.

    Over https its name says that no other host may have set it.
    """
    seconds = max(int(hours * 3600), 60)
    name = "__Host-yujing_session" if secure else "yujing_session"
    return Config(key=name, max_age=seconds, renew_on_access=True, secure=secure, httponly=True, samesite="lax")


async def open_session(request: Request[Any, Any, Any], user: User, *, once: bool = False) -> None:
    """Open a user's session under a new id, so that one planted in the browser is worth nothing; end the one before."""
    config: Config = request.app.state.sessions
    held = {"user": user.id, "stamp": stamp(user)} | ({ONCE: True} if once else {})
    store, key = request.app.stores.get("sessions"), secrets.token_hex(32)
    if before := request.cookies.get(config.key):
        await store.delete(before)
    await store.set(key, json.dumps(held), config.max_age)
    request.scope["state"][OPENED] = key
    request.set_session(held)


async def close_session(request: Request[Any, Any, Any]) -> None:
    """End the session, here and in the ledger."""
    config: Config = request.app.state.sessions
    if before := request.cookies.get(config.key):
        await request.app.stores.get("sessions").delete(before)
    request.clear_session()


def _span(lasting: int | timedelta) -> timedelta:
    return lasting if isinstance(lasting, timedelta) else timedelta(seconds=lasting)


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
