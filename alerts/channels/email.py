"""Mail by SMTP (RFC 5321): one connection a message, encrypted wherever the server offers it."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from alerts.channels import Unsure
from alerts.letters.mime import as_mail, recipient, sender
from alerts.letters.plain import clean
from index.problems import Refused, TryLater, Unusable, YujingError
from index.records import Message, Receipt
from index.settings import Settings

NAME = "email"
_PORTS = {"smtp": 25, "smtps": 465}
# RFC 4954: the server wants a password, another password, or encryption first.
_LOGIN_REPLIES = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over; the password is never shown."""

    host: str
    port: int
    encrypted: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def near(self) -> bool:
        """Whether the server is on this machine, so that nothing crosses a wire."""
        with suppress(ValueError):
            return ip_address(self.host).is_loopback
        return self.host == "localhost"


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server, as the contract of channels wants it. `timeout` in seconds, for each answer."""

    server: Server
    sender: str
    timeout: float

    def send(self, message: Message) -> Receipt:
        """Hand one mail over; the receipt is the server's own last word. Raises as the contract says."""
        to, now = recipient(message), datetime.now(UTC)
        mail = as_mail(message, self.sender, now).as_bytes()
        with self._session() as session:
            _expect(session.mail(self.sender), "sender", Unusable)
            _expect_recipient(session.rcpt(to), to)
            _expect(session.docmd("DATA"), "message", Refused)
            return Receipt(_deliver(session, mail), datetime.now(UTC))

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        """A connection that is greeted, encrypted and logged in; faults become the contract's errors."""
        session: smtplib.SMTP | None = None
        try:
            session = self._connect()
            self._encrypt_and_login(session)
            yield session
            _take_leave(session)
        except YujingError as error:
            if session and not isinstance(error, Unsure):
                _take_leave(session)
            raise
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise _translated(error, self.server) from error
        finally:
            if session is not None:
                session.close()

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        if server.encrypted:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, timeout=self.timeout, context=context)
        return smtplib.SMTP(server.host, server.port, timeout=self.timeout)

    def _encrypt_and_login(self, session: smtplib.SMTP) -> None:
        session.ehlo_or_helo_if_needed()
        encrypted = self.server.encrypted
        if not encrypted and session.has_extn("starttls"):
            session.starttls(context=ssl.create_default_context())
            session.ehlo()
            encrypted = True
        if not self.server.user:
            return
        if not (encrypted or self.server.near):
            raise Unusable(f"{self.server.host}: offers no encryption, so the password is not sent; use smtps://")
        session.login(self.server.user, self.server.password)


def _take_leave(session: smtplib.SMTP) -> None:
    """The answer is known already; how the server says good-bye changes nothing."""
    with suppress(smtplib.SMTPException, OSError):
        session.quit()


def _deliver(session: smtplib.SMTP, mail: bytes) -> str:
    """The body after DATA was allowed. From its last byte on, a lost connection is `Unsure`."""
    body = re.sub(rb"(?m)^\.", b"..", mail)  # RFC 5321 4.5.2
    session.send(body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n")
    try:
        answer = session.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise Unsure(f"the connection was lost before the server answered: {clean(str(error), 200)}") from error
    _expect(answer, "message", Refused)
    return f"{answer[0]} {_words(answer[1])}"


def _expect(answer: tuple[int, bytes], what: str, refusal: type[YujingError]) -> None:
    """Go on at 2xx and 3xx; else raise `refusal` for a lasting no, TryLater for a passing one."""
    code, text = answer
    if 200 <= code < 400:
        return
    said = f"{what}: {code} {_words(text)}"
    if code in _LOGIN_REPLIES:
        raise Unusable(said)
    raise refusal(said) if code >= 500 else TryLater(said)


def _expect_recipient(answer: tuple[int, bytes], to: str) -> None:
    """A lasting no to a recipient is about the address, unless it speaks of policy or relaying (RFC 3463 x.7.x)."""
    policy = answer[0] == 554 or re.match(rb"5\.7\.", answer[1]) is not None
    _expect(answer, f"recipient {to}", Unusable if policy else Refused)


def _words(text: bytes) -> str:
    return clean(text.decode("utf-8", "replace"), 300)


def _translated(error: Exception, server: Server) -> YujingError:
    """A library's error as one of the contract's: passing faults may be tried again, wrong settings may not."""
    said = f"{server.host}:{server.port}: {clean(str(error) or type(error).__name__, 300)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return TryLater(said) if 400 <= error.smtp_code < 500 or error.smtp_code == -1 else Unusable(said)
    wrong = (smtplib.SMTPNotSupportedError, smtplib.SMTPException, ssl.SSLCertVerificationError, ValueError)
    if isinstance(error, smtplib.SMTPServerDisconnected | ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return TryLater(said)
    return Unusable(said) if isinstance(error, (*wrong, ssl.SSLError)) else TryLater(said)


def server_of(url: str) -> Server:
    """Read `smtp://[USER:PASSWORD@]HOST[:PORT]` or `smtps://…`. Raises Unusable; the message holds no password."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError) as error:
        raise Unusable("YUJING_SMTP_URL: not smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://…") from error
    if not host or parts.path.strip("/") or parts.query:
        raise Unusable("YUJING_SMTP_URL: not smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://…")
    return Server(host, port, parts.scheme == "smtps", unquote(parts.username or ""), unquote(parts.password or ""))


def open(settings: Settings) -> Smtp | None:  # noqa: A001  the contract's name
    """The mail server channel; None where no server is set."""
    if not settings.smtp_url:
        return None
    return Smtp(server_of(settings.smtp_url), sender(settings.mail_from), settings.mail_timeout)
