"""The embedded engine: SQLite's full text search in files of its own, nothing to install or to run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from threading import Lock
from weakref import finalize

from index.problems import TryLater, Unusable
from index.search import asked, rows
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

_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CONSTRAINT)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_OUR_FAULT = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE)


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
        finalize(self, _close, self._idle)  # callers need not close

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
        end = query.offset + query.limit
        with self._reading() as db:
            ids = asked.first(db, query, wanted, max(end, TOTAL_LIMIT + 1))
            there = ids[query.offset : end] if query.offset < REACH else []
            hits = tuple(Hit(document, wanted) for document in rows.load(db, there))
        return Found(hits, min(len(ids), TOTAL_LIMIT), len(ids) > TOTAL_LIMIT, max(query.page, 1), query.limit)

    def count(self, query: Query, counts: Counts) -> list[Bucket]:
        """See Engine."""
        with self._reading() as db:
            cells = asked.cells(db, query, read(query.text), counts)
        buckets = [Bucket(value, _period(number, counts), count) for value, number, count in cells]
        return sorted(buckets, key=lambda bucket: (bucket.period, -bucket.count, bucket.key))

    def size(self, query: Query | None = None) -> int:
        """See Engine."""
        with self._reading() as db:
            return asked.total(db, query or Query(), read(query.text if query else ""))

    def rebuild(self, documents: Iterable[Document]) -> int:
        """See Engine. The new index is a new file, filled without a log and then given its name."""
        self._shelf.prepare()
        with self._failures(self._shelf.path), self._shelf.writing(PATIENCE):
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
            for query in (Query(size=1), Query(text="the -a", size=1), Query(forums=("-",), size=1)):
                self.search(query)
            return Health("ready", self.size(), version)
        except TryLater as error:
            return Health("outdated" if self._shelf.outdated() else "missing", 0, version, str(error))
        except Unusable as error:
            return Health("unusable", 0, version, str(error))

    def close(self) -> None:
        """See Engine."""
        with self._guard:
            _close(self._idle)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to the newest index, seeing one moment of it."""
        file, db = self._connection()
        try:
            with self._failures(file):
                db.execute("BEGIN")
                yield db
        finally:
            self._give_back(file, db)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction on the newest index, which no rebuild can put out of place meanwhile."""
        self._present()
        with self._shelf.writing(PATIENCE):
            file, db = self._connection()
            try:
                with self._failures(file):
                    db.execute("BEGIN IMMEDIATE")
                    yield db
                    db.execute("COMMIT")
            finally:
                self._give_back(file, db)

    def _present(self) -> Path:
        file = self._shelf.current()
        if file is None:
            raise TryLater(f"search index {self._shelf.path} is missing; `yujing reindex` makes it")
        return file

    def _connection(self) -> tuple[Path, sqlite3.Connection]:
        while True:
            file = self._present()
            with self._guard:
                while self._idle:
                    place, db = self._idle.pop()
                    if place == file:
                        return file, db
                    db.close()
            opened = self._opened(file)
            if opened:
                return file, opened

    def _opened(self, file: Path) -> sqlite3.Connection | None:
        """A new connection; None if a rebuild has put another index in its place meanwhile."""
        try:
            with self._failures(file):
                db = _connect(file)
        except (TryLater, Unusable):
            if file.exists():
                raise
            return None
        if file.exists():
            return db
        db.close()  # replaced before its log was opened: half of it may be missing
        return None

    def _give_back(self, file: Path, db: sqlite3.Connection) -> None:
        with suppress(sqlite3.Error):
            if db.in_transaction:
                db.execute("ROLLBACK")
            with self._guard:
                if len(self._idle) < IDLE:
                    self._idle.append((file, db))
                    return
        db.close()

    @contextmanager
    def _failures(self, file: Path) -> Iterator[None]:
        """SQLite's errors in our terms; a broken index is taken out of use, so that it is rebuilt."""
        try:
            yield
        except rows.Damaged as error:
            self._shelf.discard(file)
            raise TryLater(f"search index {file} is damaged: {error}") from error
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", None)
            if code is None or code & 0xFF in _OUR_FAULT:
                raise
            if code & 0xFF in _BROKEN:
                self._shelf.discard(file)
                raise TryLater(f"search index {file} is damaged: {error}") from error
            if code & 0xFF in _BUSY:
                raise TryLater(f"search index {file}: {error}") from error
            raise Unusable(f"search index {file}: {error}") from error


def _close(idle: list[tuple[Path, sqlite3.Connection]]) -> None:
    while idle:
        idle.pop()[1].close()


def _connect(file: Path) -> sqlite3.Connection:
    """Open an index that is there and whole. Raises rows.Damaged if it is neither a database nor has the tables."""
    db = sqlite3.connect(
        f"{file.as_uri()}?mode=rw", uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    try:
        db.execute("PRAGMA synchronous = FULL")  # what put returns for must outlive a power cut, or the index lies
        rows.check(db)
    except BaseException:
        db.close()
        raise
    return db


def _fill(file: Path, documents: Iterable[Document]) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        rows.create(db)
        rest = iter(documents)
        while batch := list(islice(rest, 4 * BATCH)):
            db.execute("BEGIN")
            rows.write(db, batch)
            db.execute("COMMIT")
        rows.finish(db)


def _period(number: int, counts: Counts) -> str:
    """20261103 → 2026-11-03, 202611 → 2026-11, 2026 → 2026, 0 → empty."""
    if not number or not counts.per:
        return ""
    text = str(number).zfill({"day": 8, "month": 6, "year": 4}[counts.per])
    return "-".join(part for part in (text[:4], text[4:6], text[6:]) if part)
