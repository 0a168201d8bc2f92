"""A small web server that answers for publishers from a folder of saved pages.

A request for `/<host>/<path>?<query>` is answered with the file `<host>/<path>`, or that name with `.json`,
`.xml`, `.html` or `.txt` added. A file may say for which queries it stands: `document@pageNumber=1.xml`
(percent-encoded where needed) answers requests whose query holds at least that; the one that says most wins.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from crawlers.source import SourceCard

ENDINGS = {
    ".json": "application/json",
    ".xml": "application/xml",
    ".html": "text/html; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
MARKS = ((b"<?xml", ".xml"), (b"<rss", ".xml"), (b"<", ".html"), (b"{", ".json"), (b"[", ".json"))
Query = frozenset[tuple[str, str]]


@contextmanager
def replaying(folder: Path) -> Iterator[Callable[[SourceCard], str]]:
    """Serve a folder on 127.0.0.1 and a free port while the block runs.

    Yields what gives a source's base address there; `{court}` in a card's origin stays for the source to fill.
    Raises FileNotFoundError where there is no such folder.
    """
    root = folder.resolve(strict=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"root": root}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield lambda card: f"http://127.0.0.1:{server.server_port}/{urlsplit(card.origin).netloc}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def saved_page(root: Path, path: str, query: str) -> Path | None:
    """The file that answers a request, or None. Never one outside `root`, whatever the path says.

    `path` and `query` are as they stand in the request line, still percent-encoded.
    """
    parts = [unquote(part) for part in path.split("/") if part]
    if not parts or any(part in (".", "..") or "/" in part or "\\" in part or "\0" in part for part in parts):
        return None
    try:
        asked = frozenset(parse_qsl(query, keep_blank_values=True, max_num_fields=100))
        folder = root.joinpath(*parts[:-1]).resolve()
        if not folder.is_relative_to(root) or not folder.is_dir():
            return None
        found = [(_fit(file.name, parts[-1], asked), file) for file in folder.iterdir() if file.is_file()]
    except (OSError, ValueError):
        return None
    fitting = [(fit, file.name, file) for fit, file in found if fit is not None]
    best = max(fitting)[2] if fitting else None
    return best if best and best.resolve().is_relative_to(root) else None


def _fit(name: str, wanted: str, asked: Query) -> tuple[int, bool] | None:
    """How well a file's name answers: (conditions met, whether the name is exact), None where it does not."""
    if name == wanted:
        return 0, True
    ending = next((ending for ending in ENDINGS if name.endswith(ending)), "")
    stem, at, said = name.removesuffix(ending).partition("@")
    if unquote(stem) != wanted:
        return None
    conditions = frozenset(parse_qsl(said, keep_blank_values=True)) if at else frozenset()
    return (len(conditions), False) if conditions <= asked else None


class _Handler(BaseHTTPRequestHandler):
    root: Path
    protocol_version = "HTTP/1.1"
    server_version = "yujing-replay"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with a saved page, 304 where the asker has it already, or 404."""
        path, _, query = self.path.partition("?")
        file = saved_page(self.root, path, query)
        try:
            body = file.read_bytes() if file else b""
            changed = datetime.fromtimestamp(file.stat().st_mtime, UTC).replace(microsecond=0) if file else None
        except OSError:
            file = changed = None
        if file is None or changed is None:
            return self.answer(HTTPStatus.NOT_FOUND, b"no saved page answers this\n", {"Content-Type": "text/plain"})
        known = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "Last-Modified": format_datetime(changed, True)}
        if self.has_it(known["ETag"], changed):
            return self.answer(HTTPStatus.NOT_MODIFIED, b"", known)
        return self.answer(HTTPStatus.OK, body, known | {"Content-Type": media_type(file, body)})

    def do_HEAD(self) -> None:
        """As GET, without the page."""
        self.do_GET()

    def has_it(self, tag: str, changed: datetime) -> bool:
        """Whether the request's conditions say so; a tag outranks a date (RFC 9110 §13.2.2)."""
        if tags := self.headers.get("If-None-Match"):
            return tags.strip() == "*" or tag in (each.strip().removeprefix("W/") for each in tags.split(","))
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except ValueError:
            return False
        return since.tzinfo is not None and changed <= since

    def answer(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: what a crawl asked for is in its own report."""


def media_type(file: Path, body: bytes) -> str:
    """By the file's ending, else by how its content begins."""
    start = body[:500].lstrip(b"\xef\xbb\xbf \t\r\n")
    ending = next((ending for mark, ending in MARKS if start.startswith(mark)), "")
    return ENDINGS.get(file.suffix) or ENDINGS.get(ending) or "application/octet-stream"
