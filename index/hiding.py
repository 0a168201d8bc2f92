"""What a log line must not carry: secrets, people's addresses, and characters that forge or hide text.

Secrets are known in three ways: by the name of what holds them, by the form of the text around them
(`user:password@`, `token=…`, a one-time login), and by value: whatever Settings holds is found in any text.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from pydantic import SecretStr

from index.settings import Settings

HIDDEN = "***"
LONGEST = 2_000  # characters of one value
MOST = 100  # members of one collection
DEEPEST = 12  # levels of nesting; a traceback has five
SHORT = 4  # a shorter secret is hidden only where it stands alone, or it would eat half the words

_NAME = r"passw(?:or)?d|passwd|pwd|secret|token|authori[sz]ation|cookie|api[_-]?key|access[_-]?key|signature|credential"
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)
_PHONE_NAME = re.compile(r"phone|mobile|^tel$", re.IGNORECASE)
_MAIL_NAME = re.compile(r"e?mail$", re.IGNORECASE)

_USERINFO = re.compile(r"(?<=://)[^\s'\"<>]{1,300}(?=@[\w\[])")
_PORT = re.compile(r"\d{1,5}(?:/|$)")
_SCHEME = re.compile(r"\b(Bearer|Basic|Digest)\s+[\w.~+/=-]{8,}")
_ASSIGNED = re.compile(
    rf"(?P<name>(?:{_NAME})[\w-]{{0,40}}[\"']?\s{{0,9}}(?:[=:]|(?<=[\"']),)\s{{0,9}})"
    r"(?P<value>b?\"(?:[^\"\\]|\\.)*\"|b?'(?:[^'\\]|\\.)*'|(?:(?:Bearer|Basic|Digest)\s+)?[^\s\"'&,;)}\]]+)",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"(?<=/login/once/)[\w-]+")
_MAIL = re.compile(r"(?<![\w.+-])([\w+])[\w.+-]{0,63}@((?:[\w-]{1,63}\.)+[\w-]{2,63})")
_MOBILE = re.compile(r"(?<!\d)((?:\+?86[ -]?)?1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
_FORGING = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True)
class Hider:
    """Hides what must not be written. `known` matches every secret the settings hold."""

    known: re.Pattern[str] | None

    @classmethod
    def of(cls, settings: Settings) -> Hider:
        """A hider that knows the settings' secrets."""
        found = sorted(set(filter(None, secrets_of(settings))), key=len, reverse=True)
        return cls(re.compile("|".join(map(_anywhere, found))) if found else None)

    def text(self, text: str) -> str:
        """The text without secrets, mail addresses or mobile numbers."""
        if self.known:
            text = self.known.sub(HIDDEN, text)
        text = _USERINFO.sub(lambda m: _hide_password(m[0]), text)
        text = _LOGIN.sub(HIDDEN, text)
        text = _SCHEME.sub(rf"\1 {HIDDEN}", text)
        text = _ASSIGNED.sub(lambda m: m["name"] + HIDDEN, text)
        return _MOBILE.sub(r"\1****\2", _MAIL.sub(r"\1***@\2", text))

    def plain(self, value: Any, name: str = "", depth: int = 0) -> Any:
        """A value made of str, int, float, bool, None, list and dict only, bounded, with nothing to hide in it."""
        if value is None or isinstance(value, bool):
            return value
        if _SECRET_NAME.search(name):
            return HIDDEN
        if isinstance(value, (int, float)) and not _PHONE_NAME.search(name):
            return value if abs(value) < 1e300 and value == value else str(value)  # noqa: PLR0124  NaN is not JSON
        if depth < DEEPEST and isinstance(value, Mapping):
            rows = list(value.items())[:MOST]
            return {self.text(_words(k))[:LONGEST]: self.plain(v, _words(k), depth + 1) for k, v in rows}
        if depth < DEEPEST and isinstance(value, (list, tuple, set, frozenset)):
            return [self.plain(member, name, depth + 1) for member in list(value)[:MOST]]
        return self._masked(_words(value), name)

    def _masked(self, text: str, name: str) -> str:
        if _PHONE_NAME.search(name):
            return masked_phone(text)
        if _MAIL_NAME.search(name) and "@" in text:
            return masked_mail(text)
        return cut(self.text(text))


def secrets_of(settings: Settings) -> Iterator[str]:
    """Every secret value the settings hold, as written, decoded, encoded, and as HTTP would carry it."""
    for field in type(settings).model_fields:
        value = getattr(settings, field)
        if isinstance(value, SecretStr):
            yield from _forms(value.get_secret_value())
        for url in _urls(value):
            yield from _of_url(url)


def masked_mail(address: str) -> str:
    """`liming@example.com` → `l***@example.com`."""
    return f"{address[:1]}***@{address.rpartition('@')[2][:255]}"


def masked_phone(number: str) -> str:
    """`138 0000 0000` → `138****0000`, with China's 86 before it or not; a shorter number is hidden whole."""
    digits = re.sub(r"\D", "", number).removeprefix("86")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else HIDDEN


def visible(text: str, *, keep: str = "") -> str:
    """Control, direction and half characters as escapes, so that no text can end its line or hide in it."""
    return _FORGING.sub(lambda m: m[0] if m[0] in keep else f"\\u{ord(m[0]):04x}", text)


def cut(text: str, longest: int = LONGEST) -> str:
    """A bounded text; what was left out is said."""
    return text if len(text) <= longest else f"{text[:longest]}… (+{len(text) - longest})"


def _words(value: Any) -> str:
    if isinstance(value, str):
        return value[: LONGEST * 10]  # hide first, cut after: half a secret is one too
    try:
        return value.isoformat() if isinstance(value, (date, datetime)) else str(value)[: LONGEST * 10]
    except Exception as error:  # noqa: BLE001  a stranger's object may fail in any way; its log line must not
        return f"({type(value).__name__}: {type(error).__name__})"


def _urls(value: Any) -> Iterable[str]:
    members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else (value,)
    return [member for member in members if isinstance(member, str) and "://" in member]


def _of_url(url: str) -> Iterator[str]:
    for userinfo in re.findall(r"(?<=://)\S*(?=@)", url):
        user, _, password = userinfo.partition(":")
        yield from _forms(password)
        yield base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()
    try:
        asked = parse_qsl(urlsplit(url).query)
    except ValueError:
        return
    for name, value in asked:
        if _SECRET_NAME.search(name):
            yield from _forms(value)


def _forms(secret: str) -> tuple[str, ...]:
    return secret, unquote(secret), quote(secret, safe=""), repr(unquote(secret))[1:-1]


def _hide_password(userinfo: str) -> str:
    user, _, password = userinfo.partition(":")
    if "/" in user or _PORT.match(password):  # an address further on, as in http://host:80/?mail=a@b
        return userinfo
    return f"{user}:{HIDDEN}" if password else HIDDEN


def _anywhere(secret: str) -> str:
    return re.escape(secret) if len(secret) >= SHORT else rf"(?<!\w){re.escape(secret)}(?!\w)"
