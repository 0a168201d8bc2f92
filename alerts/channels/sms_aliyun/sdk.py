"""The one place that knows the vendor's SDK: one signed call, made once, to the account's host and no other."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from typing import Any

from alibabacloud_dysmsapi20170525 import models
from alibabacloud_dysmsapi20170525.client import Client
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.core import DEFAULT_POOL_MAXSIZE, DaraCore  # type: ignore[import-untyped]
from darabonba.exceptions import ResponseException  # type: ignore[import-untyped]
from darabonba.runtime import RuntimeOptions  # type: ignore[import-untyped]
from requests.exceptions import TooManyRedirects
from Tea.exceptions import TeaException
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError

from alerts.channels import Unsure
from alerts.channels.sms_aliyun.account import Account
from alerts.channels.sms_aliyun.answers import refusal
from alerts.letters.plain import clean
from index.problems import TryLater, Unusable, YujingError

# OpenSSL's words for a partner who does not speak our TLS; nothing was said to it yet.
_STRANGERS = frozenset(
    {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION"}
)

# With DEBUG=sdk in the environment the SDK prints every number and signature.
logging.getLogger("darabonba-core").disabled = True


def call(account: Account, timeout: float, operation: str, **fields: object) -> Any:
    """The body of an answer the vendor says OK in. `timeout` in seconds, to connect and for the answer.

    Raises as the contract of channels says.
    """
    request = getattr(models, f"{operation.title().replace('_', '')}Request")(**fields)
    wait = max(1, round(timeout * 1000))
    once = RuntimeOptions(autoretry=False, max_attempts=1, connect_timeout=wait, read_timeout=wait)
    session = _session(account)
    try:
        body = getattr(_client(account), f"{operation}_with_options")(request, once).body
    except TeaException as error:
        raise _translated(error, account.host) from error
    finally:
        session.close()  # a connection kept may be dead when it is used next, and its loss would look like Unsure
    if body is None or not body.code:
        raise Unsure(f"{account.host}: an answer that is none of the vendor's")
    if body.code != "OK":
        raise refusal(str(body.code), str(body.message))
    return body


def _client(account: Account) -> Any:
    """A client that is given its key and host, so that it looks for none in files, environment or regions."""
    return Client(
        Config(
            access_key_id=account.key_id,
            access_key_secret=account.key_secret,
            endpoint=account.host,
            protocol=account.protocol,
            user_agent="yujing",
        )
    )


def _session(account: Account) -> Any:
    """The SDK's own session for a host, told to follow no redirect. There is no public way to it."""
    key = f"{account.protocol.lower()}://{account.host}:80:pool={DEFAULT_POOL_MAXSIZE}"
    session = DaraCore._get_session(session_key=key, protocol=account.protocol)
    session.max_redirects = 0
    return session


def _translated(error: Any, host: str) -> YujingError:
    """An error of the SDK as one of the contract's. Whatever may have been handed over is Unsure."""
    if isinstance(error, ResponseException):
        return refusal(str(error.code), str(error.message), error.status_code or 0)
    causes = list(_causes(error))
    said = f"{host}: {clean(str(causes[-1]) or type(causes[-1]).__name__, 200)}"
    if any(isinstance(cause, TooManyRedirects) or _stranger(cause) for cause in causes):
        return Unusable(said)
    unconnected = (ConnectTimeoutError, NewConnectionError, ProxyError)
    return TryLater(said) if any(isinstance(cause, unconnected) for cause in causes) else Unsure(said)


def _causes(error: Any) -> Iterator[BaseException]:
    """The error and all it was raised for. The SDK keeps only words of the first cause; Python keeps the rest."""
    known: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and one not in known:
            known.append(one)
            yield one
            waiting += [getattr(one, "inner_exception", None), getattr(one, "reason", None), one.__context__]


def _stranger(cause: BaseException) -> bool:
    untrusted = isinstance(cause, ssl.SSLCertVerificationError)
    return untrusted or (isinstance(cause, ssl.SSLError) and cause.reason in _STRANGERS)
