"""The example-file law: every saved page in `tests/pages/<source>/` is read as its `.expected.json` says.

A page without an expectation gets one written and fails once, so that a person looks at it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from crawlers.reading import read_raw, split_page
from crawlers.source import SourceSpider
from index.problems import Problem
from index.records import Page

HERE = Path(__file__).parent
EXPECTED = ".expected.json"
HEARD = datetime(2026, 1, 15, 12, tzinfo=UTC)


@cache
def sources() -> dict[str, type[SourceSpider]]:
    """Every source by id, as Scrapy finds them."""
    loader = SpiderLoader.from_settings(get_project_settings())
    found = {name: loader.load(name) for name in loader.list()}
    return {name: spider for name, spider in found.items() if issubclass(spider, SourceSpider)}


def pages() -> list[Path]:
    """Every saved page of every source."""
    kept = (path for name in sources() for path in sorted((HERE / name).glob("*")))
    return [path for path in kept if path.is_file() and not path.name.endswith(EXPECTED)]


def result(page: Path) -> dict[str, Any]:
    """What splitting and reading a page gives, as JSON would show it."""
    source = page.parent.name
    reader = sources()[source]
    found = split_page(reader, Page(source, page.name, HEARD, page.read_bytes()))
    read = [read_raw(reader, raw) for raw in found.raws]
    problems = [*found.problems, *(each for each in read if isinstance(each, Problem))]
    notices = [
        {"part": raw.part, "identity": raw.identity} | {name: said for name, said in asdict(notice).items() if said}
        for raw, notice in zip(found.raws, read, strict=True)
        if not isinstance(notice, Problem)
    ]
    told = {
        "readable": found.readable,
        "problems": [{"field": p.field, "reason": p.reason, "native_id": p.native_id} for p in problems],
        "notices": notices,
    }
    shown: dict[str, Any] = json.loads(json.dumps(told, default=str))
    return shown


@pytest.mark.parametrize("page", pages(), ids=lambda page: f"{page.parent.name}/{page.name}")
def test_a_page_is_read_as_expected(page: Path) -> None:
    expected = page.with_name(page.name + EXPECTED)
    if not expected.exists():
        expected.write_text(json.dumps(result(page), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected.name} was missing and has been written: read it, then run again")
    assert result(page) == json.loads(expected.read_text("utf-8"))


@pytest.mark.parametrize("source", sorted(sources()))
def test_every_source_has_an_example_page(source: str) -> None:
    assert [page for page in pages() if page.parent.name == source], f"tests/pages/{source}/ holds no page"


def test_no_expectation_without_its_page() -> None:
    lonely = [e for e in HERE.rglob("*" + EXPECTED) if not e.with_name(e.name.removesuffix(EXPECTED)).exists()]
    assert not lonely


def test_no_folder_without_its_source() -> None:
    folders = {folder.name for folder in HERE.iterdir() if folder.is_dir() and not folder.name.startswith("__")}
    assert folders <= sources().keys()
