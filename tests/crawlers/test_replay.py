"""The replay server: which file answers, what it says of it, and what it never gives away."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawlers.replay import replaying, saved_page
from crawlers.sources.cmecf_rss import CmecfRss
from crawlers.sources.federal_register import FederalRegister
from crawlers.sources.usitc_edis import UsitcEdis
from index.ledger import Ledger, sources
from tests.conftest import ROOT

HOST = "edis.usitc.gov"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pages below `pages`, and a secret beside them."""
    pages = tmp_path / "pages"
    (pages / HOST / "data").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    (pages / "robots.txt").write_text("User-agent: *\nAllow: /\n")
    data = pages / HOST / "data"
    (data / "document.xml").write_text("<any/>")
    (data / "document@investigationNumber=337-1414.xml").write_text("<case/>")
    (data / "document@investigationNumber=337-1414&pageNumber=2.xml").write_text("<second/>")
    (data / "list.json").write_text("[]")
    (data / "feed.pl").write_text("<?xml version='1.0'?><rss/>")
    (data / "b@q=x%26y.html").write_text("<html/>")
    return pages


@pytest.fixture
def base(folder: Path) -> Iterator[str]:
    """The base address of the folder's only publisher while it is served."""
    with replaying(folder) as address:
        yield address(UsitcEdis.card)


def get(url: str, headers: dict[str, str] | None = None, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """(status, headers, body) of a request."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}, method=method)) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        ("/data/document", b"<any/>"),
        ("/data/document.xml", b"<any/>"),
        ("/data/document?investigationNumber=337-888", b"<any/>"),
        ("/data/document?pageNumber=1&investigationNumber=337-1414", b"<case/>"),
        ("/data/document?pageNumber=2&investigationNumber=337-1414&x=y", b"<second/>"),
        ("/data/list", b"[]"),
        ("/data/b?q=x%26y&p=1", b"<html/>"),
        ("/data/b", None),
    ],
)
def test_the_most_particular_file_answers(base: str, asked: str, body: bytes | None) -> None:
    status, _, got = get(base + asked)
    assert (status, got) == (200, body) if body else status == 404


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("/data/document", "application/xml"),
        ("/data/list", "application/json"),
        ("/data/feed.pl", "application/xml"),
    ],
)
def test_content_types(base: str, asked: str, kind: str) -> None:
    assert get(base + asked)[1]["Content-Type"] == kind


def test_an_unchanged_page_is_not_sent_again(base: str) -> None:
    _, headers, _ = get(f"{base}/data/list")
    by_tag = get(f"{base}/data/list", {"If-None-Match": f'"other", W/{headers["ETag"]}'})
    by_date = get(f"{base}/data/list", {"If-Modified-Since": headers["Last-Modified"]})
    outranked = get(f"{base}/data/list", {"If-None-Match": '"x"', "If-Modified-Since": headers["Last-Modified"]})
    assert [by_tag[0], by_date[0], outranked[0]] == [304, 304, 200]
    assert by_tag[2] == b""


def test_head_tells_the_length_and_sends_nothing(base: str) -> None:
    status, headers, body = get(f"{base}/data/document", method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, "6", b"")


def test_robots_stand_at_the_top(base: str) -> None:
    server = urlsplit(base)
    assert get(f"http://{server.netloc}/robots.txt")[2].startswith(b"User-agent")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        f"/{HOST}/../../secret.txt",
        "/%2e%2e/secret.txt",
        f"/{HOST}/..%2f..%2fsecret.txt",
        f"/{HOST}/..%5c..%5csecret.txt",
        "//secret.txt/../../secret.txt",
        "/secret.txt%00.xml",
        "/",
        "",
    ],
)
def test_no_path_leaves_the_folder(folder: Path, base: str, path: str) -> None:
    assert saved_page(folder.resolve(), path, "") is None
    where = urlsplit(base)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=10) as line:
        line.sendall(f"GET {path or '/'} HTTP/1.0\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(4096), b""))
    assert b" 404 " in answer.splitlines()[0]
    assert b"secret" not in answer.partition(b"\r\n\r\n")[2]


def test_a_link_out_of_the_folder_is_not_followed(folder: Path) -> None:
    (folder / HOST / "out.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "elsewhere").symlink_to(folder.parent)
    assert saved_page(folder.resolve(), f"/{HOST}/out.txt", "") is None
    assert saved_page(folder.resolve(), "/elsewhere/secret.txt", "") is None


def test_an_odd_query_or_name_is_just_not_found(folder: Path) -> None:
    assert saved_page(folder.resolve(), f"/{HOST}/data/nothing", "a=" + "&b=1" * 5_000) is None
    assert saved_page(folder.resolve(), f"/{HOST}/" + "x" * 5_000 + "/y", "") is None


def test_each_source_gets_its_own_address(folder: Path) -> None:
    with replaying(folder) as address:
        assert address(UsitcEdis.card).endswith("/edis.usitc.gov")
        assert address(CmecfRss.card).endswith("/ecf.{court}.uscourts.gov")
        assert address(replace(UsitcEdis.card, origin="https://example.com/x")).endswith("/example.com")


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replaying(tmp_path / "none"):
        pass


def test_scrapy_crawl_works_as_any_scrapy_user_expects(tmp_path: Path) -> None:
    with replaying(ROOT / "docs" / "sample" / "pages") as address_of:
        told = {"YUJING_SOURCE_URLS": json.dumps({"federal_register": address_of(FederalRegister.card)})}
        told |= {"YUJING_HOME": str(tmp_path), "YUJING_CRAWL_DELAY": "0"}
        out = tmp_path / "items.json"
        command = [sys.executable, "-m", "scrapy", "crawl", "federal_register", "-O", str(out)]
        subprocess.run(command, cwd=ROOT, env=os.environ | told, check=True, capture_output=True)
    items = json.loads(out.read_text("utf-8"))
    assert "2013-90894" in {item["native_id"] for item in items}
    ledger = Ledger.open(f"sqlite:///{tmp_path}/ledger.db")
    with ledger.read() as work:
        assert sources.health(work, "federal_register").last_success
    ledger.close()
