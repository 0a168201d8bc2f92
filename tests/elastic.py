"""A real Elasticsearch for tests: its address from the environment, names of our own on it, gone afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from index.search.elastic.address import read_url
from index.search.elastic.client import connect


def server(variable: str = "YUJING_TEST_ELASTICSEARCH_URL") -> str:
    """The server's address; without one the test skips."""
    address = os.environ.get(variable, "").rstrip("/")
    if not address:
        pytest.skip(f"no Elasticsearch: set {variable}")
    return address


@contextmanager
def place(address: str) -> Iterator[str]:
    """The URL of an index nobody else uses, taken away again on leaving."""
    url = f"{address}/test-{uuid4().hex[:12]}"
    try:
        yield url
    finally:
        clear(url)


def clear(url: str) -> None:
    """Delete every index of this URL's prefix."""
    address = read_url(url)
    with connect(address) as client:
        names = list(client.indices.get(index=f"{address.prefix}-*", expand_wildcards="all", features="aliases"))
        if names:
            client.indices.delete(index=names)
