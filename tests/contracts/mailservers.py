"""Small real mail servers, each with one habit."""

from __future__ import annotations

import socket
import ssl
from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Takes:
    """Takes every mail and keeps it as it came."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.senders: list[str | None] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        self.senders.append(envelope.mail_from)
        return "250 2.0.0 queued as 7F3A"


class Answers(Takes):
    """Answers one command as told; `drop` cuts the connection instead of answering."""

    def __init__(self, command: str, answer: str) -> None:
        super().__init__()
        self.command, self.answer = command, answer

    def _said(self, command: str, server: SMTP, usual: str) -> str:
        if command != self.command:
            return usual
        if self.answer == "drop":
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]
            return usual
        return self.answer

    async def handle_MAIL(self, server: SMTP, _s: Session, envelope: Envelope, address: str, _o: list[str]) -> str:  # noqa: N802
        envelope.mail_from = address
        return self._said("MAIL", server, "250 OK")

    async def handle_RCPT(self, server: SMTP, _s: Session, envelope: Envelope, address: str, _o: list[str]) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self._said("RCPT", server, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return self._said("DATA", server, await super().handle_DATA(server, session, envelope))


class AnyPort(Controller):
    """A controller that takes whatever port is free and then knows it."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def serving(handler: object, **options: Any) -> Iterator[int]:
    """The port of a server that runs while the block does."""
    controller = AnyPort(handler, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def knows(user: str, password: str) -> dict[str, Any]:
    """Options of a server that wants this login before anything else."""

    def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=(data.login, data.password) == (user.encode(), password.encode()), handled=False)

    return {"authenticator": check, "auth_required": True, "auth_require_tls": False}


def speaking_tls(certificate: str) -> dict[str, Any]:
    """Options of a server that offers STARTTLS and wants it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return {"tls_context": context, "require_starttls": True}


@contextmanager
def silent() -> Iterator[int]:
    """The port of a server that accepts a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]
