"""Read saved pages exactly as crawled ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from crawlers.keeping import Memory
from crawlers.reading import read_raw, split_page
from crawlers.run import project_settings
from index.ledger import Ledger
from index.problems import Problem, Unusable
from index.records import Notice, Page

if TYPE_CHECKING:
    from crawlers.source import SourceSpider


def spider_class(source: str) -> type[SourceSpider]:
    """A source's spider by its id. Raises Unusable that lists the known ones."""
    from scrapy.spiderloader import SpiderLoader  # noqa: PLC0415  scrapy is slow to import

    loader = SpiderLoader.from_settings(project_settings())
    if source not in loader.list():
        raise Unusable(f"source {source!r} is not known; known: {', '.join(sorted(loader.list()))}")
    return cast("type[SourceSpider]", loader.load(source))


def load_page(source: str, file: Path, limit: int) -> Page:
    """A saved page. Its address is the file's name, for want of the real one. Raises Unusable."""
    try:
        if file.stat().st_size > limit:
            raise Unusable(f"{file}: larger than {limit} bytes")
        body = file.read_bytes()
    except OSError as error:
        raise Unusable(f"{file}: {error.strerror}") from error
    return Page(source, f"saved:{file.name}", datetime.now(UTC), body)


def read_page(reader: type[SourceSpider], page: Page) -> Iterator[Notice | Problem]:
    """What the product makes of one page: its notices and its problems."""
    found = split_page(reader, page)
    yield from found.problems
    for raw in found.raws:
        yield read_raw(reader, raw)


def keep_page(ledger: Ledger, reader: type[SourceSpider], page: Page) -> None:
    """Put a saved page into the ledger as if it had been crawled."""
    Memory(ledger, reader.card).hear(reader, page, {})
