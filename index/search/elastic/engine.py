"""The Elasticsearch engine: the contract over one server or cluster, safe for threads and processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar

from elasticsearch import Elasticsearch
from elasticsearch.dsl import Search

from index.problems import TryLater, Unusable
from index.search.document import Document
from index.search.elastic import query as asked
from index.search.elastic.address import Address
from index.search.elastic.client import Gone, connect, failures
from index.search.elastic.document import restored
from index.search.elastic.shelf import Shelf
from index.search.elastic.writer import Writer
from index.search.engine import MAPPING, Health
from index.search.han import split_version
from index.search.query import TOTAL_LIMIT, Bucket, Counts, Found, Hit, Query
from index.search.wanted import Wanted, read

LAYOUT = "1"
"""Raised whenever entries are laid out otherwise in Elasticsearch alone."""
TRIES = 3
"""Times a question is asked in all, when the index is replaced while it is being answered."""

Answer = TypeVar("Answer")


class ElasticEngine:
    """The engine contract at one address."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._version = f"{MAPPING}.{LAYOUT}-{split_version()}"
        self._connected: Elasticsearch | None = None
        self._guard = Lock()

    def put(self, documents: Iterable[Document]) -> int:
        """See Engine. Batches bounded in number and size; those before a failure stay written."""
        return self._writer().put(documents)

    def remove(self, keys: Iterable[str]) -> int:
        """See Engine."""
        return self._writer().remove(keys)

    def search(self, query: Query) -> Found:
        """See Engine. Documents of one day stand in the same order as in the embedded index."""
        wanted = read(query.text)
        answer = self._ask(lambda search: asked.page(search, query, wanted).execute()).to_dict()["hits"]
        hits = tuple(Hit(self._document(hit["_source"]), wanted) for hit in answer["hits"])
        total = answer["total"]["value"]
        return Found(hits, min(total, TOTAL_LIMIT), total > TOTAL_LIMIT, max(query.page, 1), query.limit)

    def count(self, query: Query, counts: Counts) -> list[Bucket]:
        """See Engine. Cases too are counted exactly, at one moment of the index."""
        wanted = read(query.text)
        found = self._ask(lambda search: _cells(search, query, wanted, counts))
        buckets = [Bucket(value, period, count) for (value, period), count in found.items()]
        return sorted(buckets, key=lambda bucket: (bucket.period, -bucket.count, bucket.key))

    def size(self, query: Query | None = None) -> int:
        """See Engine."""
        query = query or Query()
        wanted = read(query.text)
        answer = self._ask(lambda search: asked.total(search, query, wanted).execute()).to_dict()
        return int(answer["hits"]["total"]["value"])

    def rebuild(self, documents: Iterable[Document]) -> int:
        """See Engine. The new indices are filled unseen, then one change of aliases puts them in place."""
        self._writer().rebuild(documents)
        return self.size()

    def probe(self) -> Health:
        """See Engine. Asks the server for the parts of the index and its version, and counts."""
        try:
            return self._probed()
        except (TryLater, Unusable) as error:
            return Health("unusable", 0, self._version, str(error))

    def close(self) -> None:
        """See Engine."""
        with self._guard:
            if self._connected:
                self._connected.close()
            self._connected = None

    def _probed(self) -> Health:
        try:
            self._shelf().current()
            return Health("ready", self.size(), self._version)
        except Gone as error:
            return Health("outdated" if self._shelf().outdated() else "missing", 0, self._version, str(error))

    def _client(self) -> Elasticsearch:
        with self._guard:
            self._connected = self._connected or connect(self._address)
            return self._connected

    def _shelf(self) -> Shelf:
        return Shelf(self._client(), self._address, self._version)

    def _writer(self) -> Writer:
        return Writer(self._client(), self._address, self._shelf())

    def _ask(self, question: Callable[[Search], Answer]) -> Answer:
        """An answer from one generation of the index, all of it or none."""
        for _ in range(TRIES - 1):
            with suppress(Gone):
                return self._ask_once(question)
        return self._ask_once(question)

    def _ask_once(self, question: Callable[[Search], Answer]) -> Answer:
        search = Search(using=self._client(), index=list(self._shelf().reading))
        with failures(self._address):
            return question(search.params(allow_partial_search_results=False))

    def _document(self, kept: dict[str, Any]) -> Document:
        try:
            return restored(kept)
        except (KeyError, TypeError, ValueError) as error:
            raise TryLater(f"search index {self._address} holds what is no document of ours: {error}") from error


def _cells(search: Search, query: Query, wanted: Wanted, counts: Counts) -> Counter[tuple[str, str]]:
    """(value, period) of each cell with its count, from all pages of the table at one moment."""
    found: Counter[tuple[str, str]] = Counter()
    with search.point_in_time() as fixed:
        after: Any = {}
        while after is not None:
            page = asked.table(fixed, query, wanted, counts, after).execute().aggregations.cells.to_dict()
            for cell in page["buckets"]:
                where = cell["key"]["value"], cell["key"].get("period") or ""
                found[where] += 1 if counts.of == "cases" else cell["doc_count"]
            after = page.get("after_key")
    return found
