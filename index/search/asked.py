"""A question as SQL over the tables of `rows`. Values are parameters; of user text only split words get in.

FTS5's grammar never sees a character a user typed as grammar: every phrase is letters and digits of our own
splitting, in double quotes.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TypeAlias

from index.search.order import DAY_SHIFT, first_place, storable
from index.search.query import Counts, Query
from index.search.wanted import Clause, Wanted

Value: TypeAlias = str | int

FEW = 5_000
"""A filter that leaves at most so many documents is looked up first; a wider one is checked per document."""
MANY = 40
"""Values of one filter above which checking each document against each is too slow."""
WEIGHTS = "5.0, 5.0, 1.0"
"""bm25: a word in the title or among names and numbers says more than one in the text."""

_MATCHING = "(SELECT rowid FROM words WHERE words MATCH ?)"
_PARTS = {"": 0, "day": 1, "month": 100, "year": 10_000}


@dataclass(frozen=True, slots=True)
class Asked:
    """FROM and WHERE of a question; `id` is the name of the row id in `table`."""

    table: str
    id: str
    where: str
    values: tuple[Value, ...]


def first(db: sqlite3.Connection, query: Query, wanted: Wanted, limit: int) -> list[int]:
    """The first `limit` row ids in the order asked for."""
    question = _asked(db, query, wanted, "words" if wanted.needed else "docs")
    order = f"{question.id} DESC"
    if query.sort == "relevance" and wanted.needed:
        order = f"bm25(words, {WEIGHTS}), {order}"
    sql = f"SELECT {question.id} FROM {question.table} WHERE {question.where} ORDER BY {order} LIMIT ?"  # noqa: S608
    return [row[0] for row in db.execute(sql, (*question.values, limit))]


def total(db: sqlite3.Connection, query: Query, wanted: Wanted) -> int:
    """How many rows there are."""
    question = _asked(db, query, wanted, "words" if wanted.needed else "docs")
    sql = f"SELECT count(*) FROM {question.table} WHERE {question.where}"  # noqa: S608
    return int(db.execute(sql, question.values).fetchone()[0])


def cells(db: sqlite3.Connection, query: Query, wanted: Wanted, counts: Counts) -> list[tuple[str, int, int]]:
    """(value, period as a number, count) for each cell of a table."""
    question = _asked(db, query, wanted, "facets")
    part = _PARTS[counts.per]
    period = f"(facets.id >> {DAY_SHIFT}) / {part}" if part else "0"
    what = "count(DISTINCT facets.dispute)" if counts.of == "cases" else "count(*)"
    sql = (
        f"SELECT facets.value, {period} AS period, {what} FROM facets "  # noqa: S608
        f"WHERE facets.kind = ? AND {question.where} GROUP BY facets.value{', period' if part else ''}"
    )
    return db.execute(sql, (counts.by, *question.values)).fetchall()


def _asked(db: sqlite3.Connection, query: Query, wanted: Wanted, table: str) -> Asked:
    """The question over one table; `db` tells how wide its filters are."""
    name = "words.rowid" if table == "words" else f"{table}.id"
    where: list[str] = ["0"] if wanted.nothing else []
    values: list[Value] = []
    if wanted.needed:
        where.append("words MATCH ?" if table == "words" else f"{name} IN {_MATCHING}")
        values.append(match(wanted))
    elif wanted.refused:
        where.append(f"{name} NOT IN {_MATCHING}")
        values.append(_any(wanted.refused))
    _dates(query, name, where, values)
    for kind, choice in query.filters():
        _filter(db, (kind, *sorted({storable(value) for value in choice})), name, where, values)
    return Asked(table, name, " AND ".join(where) or "1", tuple(values))


def match(wanted: Wanted) -> str:
    """FTS5's words for all that is needed and none of what is refused."""
    needed = " AND ".join(f"({_clause(clause)})" for clause in wanted.needed)
    return f"({needed}) NOT ({_any(wanted.refused)})" if wanted.refused else needed


def _any(clauses: tuple[Clause, ...]) -> str:
    return " OR ".join(_clause(clause) for clause in clauses)


def _clause(clause: Clause) -> str:
    star = " *" if clause.prefix else ""
    return " OR ".join(f'"{" ".join(phrase)}"{star}' for phrase in clause.phrases)


def _dates(query: Query, name: str, where: list[str], values: list[Value]) -> None:
    if query.since is None and query.until is None:
        return
    where.append(f"{name} >= ?")
    values.append(first_place(query.since) if query.since else 1 << DAY_SHIFT)
    if query.until:
        where.append(f"{name} < ?")
        values.append(first_place(query.until) + (1 << DAY_SHIFT))


def _filter(
    db: sqlite3.Connection, choice: tuple[Value, ...], name: str, where: list[str], values: list[Value]
) -> None:
    """A filter, looked up first where it is narrow or names many values, else checked per document."""
    rows = f"FROM facets chosen WHERE chosen.kind = ? AND chosen.value IN ({', '.join('?' * (len(choice) - 1))})"
    few = f"SELECT count(*) FROM (SELECT 1 {rows} LIMIT {FEW + 1})"  # noqa: S608
    if len(choice) > MANY or db.execute(few, choice).fetchone()[0] <= FEW:
        # the plus keeps SQLite from asking FTS5 about each of these ids by itself
        where.append(f"{'+' if name == 'words.rowid' else ''}{name} IN (SELECT chosen.id {rows})")
    else:
        where.append(f"EXISTS (SELECT 1 {rows} AND chosen.id = {name})")
    values.extend(choice)
