"""A local service that answers as Aliyun's SMS gateway does: it checks the signature, the template and the number.

The signature (ACS3-HMAC-SHA256) is recomputed from the vendor's words (help.aliyun.com/document_detail/2593177.html)
with the standard library alone, so that the SDK is not checked by itself.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, urlsplit
from zoneinfo import ZoneInfo

KEY_ID, SECRET = "LTAI5tExample", "s3cr3t/+Example"
SIGN, TEMPLATE = "海外知产指导中心", "SMS_154950909"
VARIABLES = {"company", "matter", "case", "due", "phone"}
ALWAYS_SIGNED = {"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"}


@dataclass
class Answer:
    """What goes over the wire; no body at all where the connection is to be cut."""

    status: int = 200
    body: bytes | None = b""
    headers: dict[str, str] = field(default_factory=dict)


def said(status: int = 200, **fields: object) -> Answer:
    """An answer in the vendor's JSON."""
    return Answer(status, json.dumps({"RequestId": "R-1", **fields}).encode())


def refused(code: str, status: int = 200) -> Answer:
    """The vendor's no."""
    return said(status, Code=code, Message=f"said of {code}")


CUT = Answer(body=None)


@dataclass
class Provider:
    """The vendor: what it was asked, what it took, and, where set, what it answers after taking or instead."""

    secret: str = SECRET
    asked: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    records: list[dict[str, object]] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    instead: dict[str, Answer] = field(default_factory=dict)
    after: Callable[[], Answer | None] = lambda: None
    ended: threading.Event = field(default_factory=threading.Event)

    def asked_for(self, action: str) -> list[dict[str, str]]:
        """The queries of one action, in order."""
        return [q for q, h in zip(self.asked, self.headers, strict=True) if h["x-acs-action"] == action]

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """The answer to one request, signature first."""
        query = dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
        self.asked.append(query)
        self.headers.append(headers)
        if fault := self._unsigned(method, urlsplit(target).path, query, headers, body):
            return fault
        action = headers["x-acs-action"]
        if action in self.instead:
            return self.instead[action]
        return self._send(query) if action == "SendSms" else self._details(query)

    def hang(self) -> Answer:
        """No answer until the server ends."""
        self.ended.wait(60)
        return CUT

    def _unsigned(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
    ) -> Answer | None:
        form = r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})"
        given = re.fullmatch(form, headers.get("authorization", ""))
        if given is None or given[1] != KEY_ID:
            return refused("InvalidAccessKeyId.NotFound", 404)
        names = given[2].split(";")
        if not set(names) >= ALWAYS_SIGNED or headers["x-acs-content-sha256"] != hashlib.sha256(body).hexdigest():
            return refused("SignatureDoesNotMatch", 400)
        if not hmac.compare_digest(given[3], self._signature(method, path, query, headers, names)):
            return refused("SignatureDoesNotMatch", 400)
        return self._stale(headers)

    def _signature(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], names: list[str]
    ) -> str:
        pairs = "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(query.items()))
        lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
        request = "\n".join((method, path, pairs, lines, ";".join(names), headers["x-acs-content-sha256"]))
        to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
        return hmac.new(self.secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()

    def _stale(self, headers: dict[str, str]) -> Answer | None:
        sent = datetime.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if abs(datetime.now(UTC) - sent) > timedelta(minutes=15):
            return refused("InvalidTimeStamp.Expired", 400)
        nonce = headers["x-acs-signature-nonce"]
        if nonce in self.nonces:
            return refused("SignatureNonceUsed", 400)
        self.nonces.add(nonce)
        return None

    def _send(self, query: dict[str, str]) -> Answer:
        if not re.fullmatch(r"1[3-9][0-9]{9}", query["PhoneNumbers"]):
            return refused("isv.MOBILE_NUMBER_ILLEGAL")
        if query["SignName"] != SIGN:
            return refused("isv.SMS_SIGNATURE_ILLEGAL")
        if query["TemplateCode"] != TEMPLATE:
            return refused("isv.SMS_TEMPLATE_ILLEGAL")
        values = json.loads(query["TemplateParam"])
        if not values.keys() >= VARIABLES:
            return refused("isv.TEMPLATE_MISSING_PARAMETERS")
        if any(not 1 <= len(value) <= 35 for value in values.values()):
            return refused("isv.PARAM_LENGTH_LIMIT")
        taken = f"{len(self.records) + 1:018}^0"
        self.keep(query["PhoneNumbers"], query["OutId"])
        return self.after() or said(Code="OK", Message="OK", BizId=taken)

    def keep(self, number: str, out_id: str, status: int = 3, code: str = "DELIVERED") -> None:
        """Write a record of a message taken now."""
        at = datetime.now(ZoneInfo("Asia/Shanghai"))
        self.records.append(
            {"PhoneNum": number, "OutId": out_id, "SendStatus": status, "ErrCode": code,
             "SendDate": f"{at:%Y-%m-%d %H:%M:%S}", "TemplateCode": TEMPLATE}
        )  # fmt: skip

    def _details(self, query: dict[str, str]) -> Answer:
        size, page = int(query["PageSize"]), int(query["CurrentPage"])
        if not (1 <= size <= 50 and re.fullmatch(r"[0-9]{8}", query["SendDate"])):
            return refused("isv.INVALID_PARAMETERS")
        day = f"{query['SendDate'][:4]}-{query['SendDate'][4:6]}-{query['SendDate'][6:]}"
        found = [r for r in self.records if r["PhoneNum"] == query["PhoneNumber"] and str(r["SendDate"])[:10] == day]
        shown = found[(page - 1) * size : page * size]
        listed = {"SmsSendDetailDTO": shown}
        return said(Code="OK", Message="OK", TotalCount=str(len(found)), SmsSendDetailDTOs=listed)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        answer = self.server.provider.answer(self.command, self.path, headers, body)
        if answer.body is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        usual = {"Content-Type": "application/json;charset=utf-8", "Content-Length": str(len(answer.body))}
        for name, value in {**usual, **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        """Nothing on the console."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    provider: Provider

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is no news."""


@contextmanager
def serving(provider: Provider, certificate: str = "") -> Iterator[int]:
    """The port of a server that runs while the block does; encrypted where a certificate is given."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.provider = provider
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        provider.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def address(port: int, host: str = "127.0.0.1", secret: str = SECRET, tls: str = "&tls=no", **changed: str) -> str:
    """The setting that leads to a server."""
    values = {"sign": SIGN, "template": TEMPLATE, **changed}
    asked = "&".join(f"{name}={quote(value)}" for name, value in values.items())
    return f"aliyun://{KEY_ID}:{quote(secret, safe='')}@{host}:{port}?{asked}{tls}"
