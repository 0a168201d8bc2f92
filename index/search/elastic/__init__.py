"""The Elasticsearch engine. Elastic's package is imported when an engine is opened, not before."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from index.problems import Unusable
from index.search.elastic.address import read_url

if TYPE_CHECKING:
    from index.search.elastic.engine import ElasticEngine

SCHEMES = ("http", "https")


def open_url(url: str) -> ElasticEngine:
    """The engine at an address (see `address`); nothing is asked of the server yet. Raises Unusable for a wrong URL."""
    address = read_url(url)
    if not find_spec("elasticsearch"):
        raise Unusable(f"search index {address}: needs `pip install 'yujing[elasticsearch]'`")
    from index.search.elastic.engine import ElasticEngine  # noqa: PLC0415  (0.7 s)

    return ElasticEngine(address)
