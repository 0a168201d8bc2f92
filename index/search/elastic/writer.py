"""What changes an index: put, remove, rebuild. One writer at a time, by the lock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeAlias

from elasticsearch import Elasticsearch
from elasticsearch.dsl import Q, Search

from index.search.document import Document
from index.search.elastic.address import Address
from index.search.elastic.client import CHUNK, Gone, failures, send
from index.search.elastic.document import entry_id, source
from index.search.elastic.lock import Held, writing
from index.search.elastic.shelf import Generation, Shelf

BATCH_TEXT = 4_000_000
"""Characters written in one batch."""

Action: TypeAlias = dict[str, Any]


class Writer:
    """Changes to the index at one address."""

    def __init__(self, client: Elasticsearch, address: Address, shelf: Shelf) -> None:
        self._client, self._address, self._shelf = client, address, shelf

    def put(self, documents: Iterable[Document]) -> int:
        """Write or replace documents by key, the last of each; returns how many were taken."""
        return sum(self._put(batch) for batch in batches(documents))

    def remove(self, keys: Iterable[str]) -> int:
        """Forget documents by key; returns how many there were."""
        rest, gone = iter(keys), 0
        while batch := list(islice(rest, CHUNK)):
            gone += self._remove(list({entry_id(key) for key in batch}))
        return gone

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Fill new indices and put them in place; what fails leaves the old ones and nothing else."""
        with writing(self._client, self._address) as held:
            new = self._shelf.begin()
            try:
                self._fill(new, documents, held)
                held.renew()
                self._shelf.publish(new)
            except BaseException:
                self._shelf.discard(new)
                raise

    def _fill(self, new: Generation, documents: Iterable[Document], held: Held) -> None:
        try:
            send(self._client, self._address, self._filling(new, documents, held), require_alias=True)
        except Gone:
            held.renew()  # it went because another process holds the right by now, and that is what to say
            raise

    def _put(self, batch: list[Document]) -> int:
        latest = {entry_id(document.key): document for document in batch}
        self._shelf.current()  # where there is no index nothing is locked
        with writing(self._client, self._address):
            here = self._shelf.current()
            for family in sorted({self._shelf.family(document) for document in latest.values()}):
                if family not in here.indices:
                    self._shelf.add(here, family, seen=True)
            self._send(self._changes(here, latest))
        return len(latest)

    def _remove(self, ids: list[str]) -> int:
        self._shelf.current()
        with writing(self._client, self._address):
            places = self._places(ids)
            self._send(_delete(index, name) for index, name in places)
        return len(places)

    def _changes(self, here: Generation, latest: dict[str, Document]) -> Iterator[Action]:
        """Write each document into its index, and take it out of another one it was in."""
        for name, document in latest.items():
            yield _index(self._shelf.family(document), name, document)
        for index, name in self._places(list(latest)):
            if index != here.indices[self._shelf.family(latest[name])]:
                yield _delete(index, name)

    def _filling(self, new: Generation, documents: Iterable[Document], held: Held) -> Iterator[Action]:
        """Write each document into the new generation, where the last of each key counts."""
        written: dict[bytes, str] = {}
        for document in documents:
            held.keep()
            name, family = entry_id(document.key), self._shelf.family(document)
            if family not in new.indices:
                self._shelf.add(new, family)
            before = written.setdefault(bytes.fromhex(name)[:16], family)
            if before != family:
                yield _delete(new.unseen(before), name)
                written[bytes.fromhex(name)[:16]] = family
            yield _index(new.unseen(family), name, document)

    def _places(self, ids: list[str]) -> list[tuple[str, str]]:
        """(index, id) of those that are there."""
        search = Search(using=self._client, index=list(self._shelf.reading)).query(Q("ids", values=ids))
        search = search.extra(size=2 * len(ids), _source=False).params(allow_partial_search_results=False)
        with failures(self._address):
            return [(hit.meta.index, hit.meta.id) for hit in search.execute()]

    def _send(self, actions: Iterable[Action]) -> None:
        """Change the index in use: found at once, and nothing makes an index that is not there."""
        send(self._client, self._address, actions, refresh=True, require_alias=True)


def batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Documents by up to CHUNK of them, or fewer where they are long."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.title) + len(document.text)
        if len(batch) == CHUNK or size >= BATCH_TEXT:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _index(where: str, name: str, document: Document) -> Action:
    return {"_op_type": "index", "_index": where, "_id": name, "_source": source(document)}


def _delete(index: str, name: str) -> Action:
    return {"_op_type": "delete", "_index": index, "_id": name}
