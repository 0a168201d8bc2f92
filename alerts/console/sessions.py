"""Server-side sessions in the ledger, and the secret that signs the forms' tokens."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from anyio import to_thread
from litestar.connection import ASGIConnection
from litestar.middleware.session.server_side import ServerSideSessionBackend, ServerSideSessionConfig
from litestar.stores.base import Store
from litestar.types import Empty, Message, ScopeSession

from index.ledger import Ledger, sessions
from index.problems import Unusable

RENEW = timedelta(minutes=5)
"""An unchanged session is written again only when its end has moved by this much: reading a page writes nothing."""


class LedgerStore(Store):
    """Litestar's store over the ledger. Only digests of session ids are kept: who reads the ledger cannot use them."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    async def get(self, key: str, renew_for: int | timedelta | None = None) -> bytes | None:  # noqa: ARG002  see RENEW
        """What is kept under a key."""
        return await to_thread.run_sync(self._get, _digest(key))

    async def set(self, key: str, value: str | bytes, expires_in: int | timedelta | None = None) -> None:
        """Keep a value for some seconds."""
        lasting = expires_in if isinstance(expires_in, timedelta) else timedelta(seconds=expires_in or 3600)
        data = value.encode() if isinstance(value, str) else value
        await to_thread.run_sync(self._set, _digest(key), data, datetime.now(UTC) + lasting)

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

    def _get(self, key: str) -> bytes | None:
        found = self._load(key)
        return found[0] if found else None

    def _set(self, key: str, data: bytes, until: datetime) -> None:
        before = self._load(key)
        if before and before[0] == data and until - before[1] < RENEW:
            return
        with self.ledger.begin() as work:
            sessions.write(work, key, data, until)
            sessions.sweep(work, datetime.now(UTC))

    def _drop(self, key: str) -> None:
        if self._load(key):
            with self.ledger.begin() as work:
                sessions.drop(work, key)


class RenewingBackend(ServerSideSessionBackend):
    """Sessions whose id changes at login, so that an id planted in a browser before is worth nothing.

    Who is not signed in has none.
    """

    async def store_in_message(
        self, scope_session: ScopeSession, message: Message, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> None:
        """Keep the session and give its id to the browser; end it where there is none."""
        if scope_session or connection.cookies.get(self.config.key):
            await super().store_in_message(scope_session or Empty, message, connection)

    def get_session_id(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str:
        """The id given at this request's login, else the browser's own."""
        renewed = connection.scope["state"].get("renewed_session")
        return str(renewed) if renewed else super().get_session_id(connection)


class RenewingConfig(ServerSideSessionConfig):
    """Litestar's configuration, for RenewingBackend."""

    _backend_class = RenewingBackend


def session_config(hours: float, *, secure: bool) -> RenewingConfig:
    """Sessions that end after some hours without use; the cookie is for this site and no script."""
    seconds = max(int(hours * 3600), 60)
    return RenewingConfig(
        key="yujing_session", max_age=seconds, renew_on_access=True, secure=secure, httponly=True, samesite="lax"
    )


def form_secret(home: Path) -> str:
    """The secret that signs form tokens: made once, readable by the operator alone. Raises Unusable."""
    file = home / "desk.key"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
            made.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    except OSError as error:
        raise Unusable(f"{file}: {error.strerror or error}") from error
    secret = file.read_text("ascii").strip()
    if len(secret) < 32:
        raise Unusable(f"{file}: too short to sign with; delete it and a new one is made")
    return secret


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
