"""The embedded engine: SQLite's full text search in files of its own, nothing to install or to run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from threading import Lock

from index.problems import TryLater, Unusable
from index.search import rows
from index.search.asked import asked
from index.search.document import Document
from index.search.engine import MAPPING, Health
from index.search.han import split_version
from index.search.query import REACH, TOTAL_LIMIT, Bucket, Counts, Found, Hit, Query
from index.search.shelf import Shelf
from index.search.wanted import read

SCHEMES = ("sqlite",)
BATCH = 500
"""Documents written in one transaction."""
PATIENCE = 10.0
"""Seconds a writer waits for another one."""
IDLE = 8
"""Connections kept open between calls."""

_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT)


def open_url(url: str) -> FtsEngine:
    """The index at `sqlite:///FILE`. Raises Unusable when no file is named."""
    file = url.partition(":///")[2].partition("?")[0]
    if not file or file == ":memory:":
        raise Unusable("search index: sqlite:///FILE names the file")
    return FtsEngine(Path(file).expanduser().absolute())


class FtsEngine:
    """The engine contract over files beside `path`; safe for threads and processes."""

    def __init__(self, path: Path) -> None:
        self._shelf = Shelf(path, f"{MAPPING}-{split_version()}")
        self._idle: list[tuple[Path, sqlite3.Connection]] = []
        self._guard = Lock()

    def put(self, documents: Iterable[Document]) -> int:
        """See Engine. Batches of BATCH documents; those before a failure stay written."""
        rest, taken = iter(documents), 0
        while batch := list(islice(rest, BATCH)):
            with self._writing() as db:
                taken += rows.write(db, batch)
        return taken

    def remove(self, keys: Iterable[str]) -> int:
        """See Engine."""
        rest, gone = iter(keys), 0
        while batch := list(islice(rest, BATCH)):
            with self._writing() as db:
                gone += rows.remove(db, batch)
        return gone

    def search(self, query: Query) -> Found:
        """See Engine. Both orders are the same whatever order documents were put in."""
        wanted = read(query.text)
        with self._reading() as db:
            question = asked(db, query, wanted)
            total = int(db.execute(*question.total()).fetchone()[0])
            ids = [row[0] for row in db.execute(*question.page(query))] if query.offset < REACH else []
            hits = tuple(Hit(document, wanted) for document in rows.load(db, ids))
        return Found(hits, min(total, TOTAL_LIMIT), total > TOTAL_LIMIT, max(query.page, 1), query.limit)

    def count(self, query: Query, counts: Counts) -> list[Bucket]:
        """See Engine."""
        with self._reading() as db:
            cells = db.execute(*asked(db, query, read(query.text)).table_of(counts)).fetchall()
        buckets = [Bucket(value, _period(number, counts), count) for value, number, count in cells]
        return sorted(buckets, key=lambda bucket: (bucket.period, -bucket.count, bucket.key))

    def size(self, query: Query | None = None) -> int:
        """See Engine."""
        with self._reading() as db:
            question = asked(db, query or Query(), read(query.text if query else ""))
            return int(db.execute(*question.total(-1)).fetchone()[0])

    def rebuild(self, documents: Iterable[Document]) -> int:
        """See Engine. The new index is a new file, filled without a log and then given its name."""
        self._shelf.prepare()
        with _named(self._shelf.path), self._shelf.writing(PATIENCE):
            filling = self._shelf.fresh()
            try:
                _fill(filling, documents)
                self._shelf.publish(filling)
            except BaseException:
                self._shelf.clear(filling)
                raise
        return self.size()

    def probe(self) -> Health:
        """See Engine. Opens the index and looks into each table; does not read all of it."""
        version = self._shelf.version
        try:
            found = self.search(Query(text="a OR b", size=1))
            return Health("ready", self.size(), version, f"{found.total} hits for a test question")
        except TryLater as error:
            state = "outdated" if self._shelf.outdated() else "missing"
            return Health("outdated" if state == "outdated" else "missing", 0, version, str(error))
        except Unusable as error:
            return Health("unusable", 0, version, str(error))

    def close(self) -> None:
        """See Engine."""
        with self._guard:
            idle, self._idle = self._idle, []
        for _, db in idle:
            db.close()
