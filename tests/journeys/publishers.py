"""A real web server that answers for all publishers, well or badly, and remembers who asked for what and when."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from crawlers.replay import saved_page

REGISTER = "https://www.federalregister.gov"
FEED = "/edis.usitc.gov/external/rss/render.rss"


@dataclass
class Answer:
    """One answer. `repeat` sends the body so many times; `hold` keeps the asker waiting until it is set."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    repeat: int = 1
    hold: threading.Event | None = None


@dataclass
class Publishers:
    """What is answered by path (without the query), else from `folder`, else 404; and what was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    folder: Path | None = None
    asked: list[tuple[float, str]] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order, without queries."""
        return [path.partition("?")[0] for _, path in self.asked]

    def settings(self, *courts: str, delay: float = 0.0) -> dict[str, str]:
        """The environment that points every source here."""
        urls = {
            "federal_register": f"{self.address}/www.federalregister.gov",
            "usitc_edis": f"{self.address}/edis.usitc.gov",
            "cmecf_rss": self.address,
        }
        return {
            "YUJING_SOURCE_URLS": json.dumps(urls),
            "YUJING_COURTS": json.dumps(courts),
            "YUJING_CRAWL_DELAY": str(delay),
        }

    def answer_to(self, path: str) -> Answer:
        bare, _, query = path.partition("?")
        if bare in self.answers:
            return self.answers[bare]
        file = saved_page(self.folder.resolve(), bare, query) if self.folder else None
        return Answer(file.read_bytes()) if file else Answer(b"nothing here\n", 404)


@contextmanager
def publishing(publishers: Publishers) -> Iterator[Publishers]:
    """Serve on a free port while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            publishers.asked.append((time.monotonic(), self.path))
            answer = publishers.answer_to(self.path)
            if answer.hold:
                answer.hold.wait(60)
            with suppress(ConnectionError):  # an asker may hang up
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for _ in range(answer.repeat):
                    self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    publishers.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield publishers
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def a_document(number: str, title: str, **values: Any) -> dict[str, Any]:
    """A document as the Federal Register's API lists it."""
    at = f"2026/03/10/{number}"
    return {
        "document_number": number,
        "publication_date": "2026-03-10",
        "title": title,
        "type": "Notice",
        "agencies": [{"name": "International Trade Commission"}],
        "docket_ids": [f"Investigation No. 337-TA-{number[-4:]}"],
        "html_url": f"{REGISTER}/documents/{at}/notice",
        "json_url": f"{REGISTER}/api/v1/documents/{number}?publication_date=2026-03-10",
        "full_text_xml_url": f"{REGISTER}/documents/full_text/xml/{at}.xml",
        "raw_text_url": f"{REGISTER}/documents/full_text/text/{at}.txt",
        **values,
    }


def the_register(*documents: dict[str, Any], **listing: Any) -> dict[str, Answer]:
    """The Federal Register's list of these documents and the JSON of each."""
    host = "/www.federalregister.gov/api/v1/documents"
    whole = {"count": len(documents), "results": list(documents), **listing}
    pages = {f"{host}.json": whole} | {f"{host}/{d['document_number']}": d for d in documents}
    return {path: Answer(json.dumps(value).encode()) for path, value in pages.items()}


def text_of(number: str, kind: str = "xml") -> str:
    """Where the text of a document is asked for."""
    ending = {"xml": "xml", "text": "txt"}[kind]
    return f"/www.federalregister.gov/documents/full_text/{kind}/2026/03/10/{number}.{ending}"


def institution(number: str, title: str, *respondents: str) -> bytes:
    """The XML edition of a notice of institution that names these respondents."""
    named = "".join(f'<FP SOURCE="FP-1">{escape(r)}, 1 Example Road, Linyi, China</FP>' for r in respondents)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<NOTICE><PREAMB><AGENCY TYPE="N">INTERNATIONAL TRADE COMMISSION</AGENCY>
<DEPDOC>[Investigation No. 337-TA-{number[-4:]}]</DEPDOC><SUBJECT>{escape(title)}</SUBJECT>
<SUM><HD SOURCE="HED">SUMMARY:</HD><P>Notice is hereby given that a complaint was filed with the U.S. International
Trade Commission on February 6, 2026, under section 337 of the Tariff Act of 1930, as amended, on behalf of Invented
Tools, Inc. of Duluth, Minnesota, alleging infringement of U.S. Patent No. 12,999,901.</P></SUM></PREAMB>
<SUPLINF><HD SOURCE="HED">SUPPLEMENTARY INFORMATION:</HD>
<P>(a) The complainant is:</P><FP SOURCE="FP-1">Invented Tools, Inc., 1 Invented Way, Duluth, MN 55802</FP>
<P>(b) The respondents are the following entities alleged to be in violation of section 337, and are the parties upon
which the complaint is to be served:</P>{named}
<P>(4) For the investigation so instituted, the Chief Administrative Law Judge shall designate a judge.</P></SUPLINF>
<FRDOC>[FR Doc. {number} Filed 3-9-26; 8:45 am]</FRDOC></NOTICE>
""".encode()
