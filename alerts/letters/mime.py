"""A Message as an internet mail (RFC 5322, 2045–2047): what is sent and what is put in a folder are the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from alerts.letters.plain import clean
from index.keys import digest
from index.problems import Refused, Unusable
from index.records import Message

# A plain mailbox: no quoting, comments, routes, lists or line breaks, so one string is one recipient.
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_{|}~.-]{1,64}@[^\s@<>()\[\],;:\\\"]{1,255}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def mailbox(address: str) -> str:
    """The address in ASCII (an international domain in its A-labels). Raises ValueError if it is not exactly one."""
    if not _MAILBOX.fullmatch(address):
        raise ValueError("not a mail address")
    local, _, domain = address.rpartition("@")
    ascii_domain = domain.encode("idna").decode("ascii")
    return Address(username=local, domain=ascii_domain).addr_spec


def recipient(message: Message) -> str:
    """Whom the message is for. Raises Refused where that is not one mail address."""
    try:
        return mailbox(message.to)
    except (ValueError, MessageError) as error:
        raise Refused(f"recipient {message.to[:80]!r}: not a mail address") from error


def sender(mail_from: str) -> str:
    """The sender address of the settings, bare. Raises Unusable where it is not one mail address."""
    try:
        return mailbox(parseaddr(mail_from)[1])
    except (ValueError, MessageError) as error:
        raise Unusable(f"YUJING_MAIL_FROM {mail_from[:80]!r}: not a mail address") from error


def safe_id(key: str) -> str:
    """The message's id where it may stand in a header and a file name as it is, else a digest of it."""
    return key if _ID.fullmatch(key) else digest("message-id", key)


def as_mail(message: Message, from_address: str, now: datetime) -> EmailMessage:
    """The mail, text and HTML in base64, every header on lines of its own making.

    `from_address` is bare; `now` is aware and becomes Date. Raises Refused for a bad recipient.
    """
    mail = EmailMessage(policy=SMTP)
    for name, value in _headers(message, from_address).items():
        mail[name] = value
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{safe_id(message.id)}@{from_address.rpartition('@')[2]}>"
    mail.set_content(_text(message.text), cte="base64")
    mail.add_alternative(_text(message.html), subtype="html", cte="base64")
    mail.set_boundary(f"part-{digest('boundary', message.id)}")
    return mail


def _headers(message: Message, from_address: str) -> Mapping[str, str | Address]:
    headers: dict[str, str | Address] = {
        "From": _named(message.sender_name, from_address),
        "To": _named(message.to_name, recipient(message)),
        "Subject": clean(message.subject, 400),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if answer := _reply_to(message.reply_to):
        headers["Reply-To"] = _named(message.sender_name, answer)
        # The center's own mailbox, where a person reads it. Too long for one line, it would be written encoded.
        if len(leave := f"<mailto:{answer}?subject=unsubscribe>") < 60:
            headers["List-Unsubscribe"] = leave
    return headers


def _reply_to(address: str) -> str:
    """The address, or nothing: a center's mistyped mailbox must not keep a warning back."""
    try:
        return mailbox(address)
    except (ValueError, MessageError):
        return ""


def _named(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(display_name=clean(name, 120), username=local, domain=domain)


def _text(body: str) -> str:
    """The body with what UTF-8 cannot hold replaced."""
    return body.encode("utf-8", "replace").decode("utf-8")
