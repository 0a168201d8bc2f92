"""The tables of the embedded index, and how documents get in and out of them.

A document's row id is its place in `order`, its day and a hash of its key: newest first is the order of the
tables themselves, and dates are ranges of it. The words are kept without
the text (`content=''`), already split; to take them out again SQLite must be told them once more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from index.problems import Unusable
from index.search.document import Document, bounded, pack, unpack
from index.search.han import terms
from index.search.order import DAY_SHIFT, first_place, hashed, low_bits, storable

SCHEMA = """
CREATE TABLE docs (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE kept (id INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE facets (
    kind TEXT, value TEXT, id INTEGER, dispute INTEGER NOT NULL, PRIMARY KEY (kind, value, id)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(title, names, body, content='', tokenize='ascii');
"""
GATHERED = 16_000_000
"""Bytes of words FTS5 gathers in memory before it writes them out."""

Split: TypeAlias = tuple[str, str, str]


class _Row(NamedTuple):
    id: int
    document: Document
    packed: bytes


class Damaged(ValueError):
    """The tables are not what we wrote."""


def create(db: sqlite3.Connection) -> None:
    """Make the tables in an empty file that nobody else sees: without a log, and gathering much before writing.

    Raises Unusable where SQLite was built without its full text search.
    """
    if not db.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone():
        raise Unusable("search index: this Python's SQLite has no FTS5")
    db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000; {SCHEMA}")
    db.execute("INSERT INTO words (words, rank) VALUES ('hashsize', ?)", (GATHERED,))


def finish(db: sqlite3.Connection) -> None:
    """Make what was filled quick to read, and fit for readers beside a writer."""
    db.execute("INSERT INTO words (words) VALUES ('optimize')")
    db.execute("PRAGMA journal_mode = WAL")


def check(db: sqlite3.Connection) -> None:
    """Raises Damaged if a table is missing, sqlite3.DatabaseError if the file cannot be read."""
    names = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
    if missing := {"docs", "kept", "facets", "words"} - names:
        raise Damaged(f"no table {', '.join(sorted(missing))}")


def write(db: sqlite3.Connection, documents: Sequence[Document]) -> int:
    """Put documents, the last of each key, inside the caller's transaction; returns how many keys there were."""
    latest = {storable(document.key): bounded(document) for document in documents}
    before = dict(_rows(db, latest))
    packed = {key: pack(document) for key, document in latest.items()}
    changed = [key for key in latest if key not in before or before[key].packed != packed[key]]
    _take_out(db, [before[key] for key in changed if key in before])
    _put_in(db, [_Row(_free_id(db, latest[key], key), latest[key], packed[key]) for key in changed])
    return len(latest)


def remove(db: sqlite3.Connection, keys: Iterable[str]) -> int:
    """Take documents out, inside the caller's transaction; returns how many there were."""
    rows = [row for _, row in _rows(db, {storable(key) for key in keys})]
    _take_out(db, rows)
    return len(rows)


def load(db: sqlite3.Connection, ids: Iterable[int]) -> list[Document]:
    """The documents of these rows, in their order."""
    found = (db.execute("SELECT packed FROM kept WHERE id = ?", (at,)).fetchone() for at in ids)
    return [_unpacked(row[0]) for row in found if row]


def _rows(db: sqlite3.Connection, keys: Iterable[str]) -> Iterator[tuple[str, _Row]]:
    for key in keys:
        row = db.execute("SELECT id, packed FROM docs JOIN kept USING (id) WHERE key = ?", (key,)).fetchone()
        if row:
            yield key, _Row(row[0], _unpacked(row[1]), row[1])


def _unpacked(packed: bytes) -> Document:
    try:
        return unpack(packed)
    except (ValueError, TypeError, KeyError) as error:
        raise Damaged(str(error)) from error


def _free_id(db: sqlite3.Connection, document: Document, key: str) -> int:
    """The row id of a new document, and its claim on it in `docs`."""
    first, low = first_place(document.day), low_bits(key)
    claim = "INSERT INTO docs (id, key) VALUES (?, ?) ON CONFLICT (id) DO NOTHING"
    while not db.execute(claim, (first | low, key)).rowcount:
        low = (low + 1) & ((1 << DAY_SHIFT) - 1)  # two keys of one day with one hash: once in many thousand days
    return first | low


def _put_in(db: sqlite3.Connection, rows: list[_Row]) -> None:
    rows.sort()  # FTS5 writes out what it gathered whenever an id is lower than the one before
    db.executemany("INSERT INTO kept (id, packed) VALUES (?, ?)", [(row.id, row.packed) for row in rows])
    db.executemany("INSERT INTO facets (kind, value, id, dispute) VALUES (?, ?, ?, ?)", _facets(rows))
    db.executemany(
        "INSERT INTO words (rowid, title, names, body) VALUES (?, ?, ?, ?)",
        ((row.id, *_split(row.document)) for row in rows),
    )


def _take_out(db: sqlite3.Connection, rows: list[_Row]) -> None:
    rows.sort()
    db.executemany(
        "INSERT INTO words (words, rowid, title, names, body) VALUES ('delete', ?, ?, ?, ?)",
        ((row.id, *_split(row.document)) for row in rows),
    )
    db.executemany("DELETE FROM facets WHERE kind = ? AND value = ? AND id = ?", [row[:3] for row in _facets(rows)])
    db.executemany("DELETE FROM kept WHERE id = ?", [(row.id,) for row in rows])
    db.executemany("DELETE FROM docs WHERE id = ?", [(row.id,) for row in rows])


def _facets(rows: Iterable[_Row]) -> list[tuple[str, str, int, int]]:
    """Facet rows in the order of their table."""
    found: set[tuple[str, str, int, int]] = set()
    for row in rows:
        dispute = hashed(storable(row.document.dispute))
        found.update((kind, storable(value), row.id, dispute) for kind, value in row.document.facets())
    return sorted(found)


def _split(document: Document) -> Split:
    names = "\n".join((document.case_number, *document.parties))
    return " ".join(terms(document.title)), " ".join(terms(names)), " ".join(terms(document.text))
