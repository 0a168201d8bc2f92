"""What the crawlers' tests share: a spider with a ledger of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crawlers.keeping import Memory
from crawlers.source import SourceSpider
from index.ledger import Ledger
from index.settings import load_settings

SpiderOf = Callable[..., Any]


@pytest.fixture
def spider_of(tmp_path: Path) -> Iterator[SpiderOf]:
    """A function from a spider class and settings to a spider that remembers in a fresh ledger."""
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")

    def make(spider: type[SourceSpider], **settings: Any) -> SourceSpider:
        return spider(memory=Memory(ledger, spider.card), settings_in=load_settings(**settings))

    yield make
    ledger.close()
