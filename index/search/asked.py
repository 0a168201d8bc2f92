"""A question as SQL over the tables of `rows`. Values are parameters; of user text only split words get in.

FTS5's grammar never sees a character a user typed as grammar: every phrase is letters and digits of our own
splitting, in double quotes.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TypeAlias

from index.search.query import TOTAL_LIMIT, Counts, Query
from index.search.rows import DAY_SHIFT, first_id, storable
from index.search.wanted import Clause, Wanted

Value: TypeAlias = str | int

FEW = 5_000
"""A filter that leaves at most so many documents is looked up first; a wider one is checked per document."""
WEIGHTS = "5.0, 5.0, 1.0"
"""bm25: a word in the title or among names and numbers says more than one in the text."""

_PARTS = {"": 0, "day": 1, "month": 100, "year": 10_000}


@dataclass(frozen=True, slots=True)
class Asked:
    """FROM and WHERE of a question; `id` is the name of the row id in `table`."""

    table: str
    id: str
    where: str
    values: tuple[Value, ...]

    def page(self, query: Query) -> tuple[str, tuple[Value, ...]]:
        """The row ids of one page."""
        order = f"{self.id} DESC"
        if query.sort == "relevance" and self.table == "words":
            order = f"bm25(words, {WEIGHTS}), {order}"
        sql = f"SELECT {self.id} FROM {self.table} WHERE {self.where} ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608
        return sql, (*self.values, query.limit, query.offset)

    def total(self, limit: int = TOTAL_LIMIT + 1) -> tuple[str, tuple[Value, ...]]:
        """How many there are, counted up to `limit` (-1: all)."""
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {self.table} WHERE {self.where} LIMIT ?)"  # noqa: S608
        return sql, (*self.values, limit)

    def table_of(self, counts: Counts) -> tuple[str, tuple[Value, ...]]:
        """(value, period as a number, count) for each cell."""
        part = _PARTS[counts.per]
        period = f"(f.id >> {DAY_SHIFT}) / {part}" if part else "0"
        what = "count(DISTINCT d.dispute)" if counts.of == "cases" else "count(*)"
        join = "JOIN docs d ON d.id = f.id" if counts.of == "cases" else ""
        sql = (
            f"SELECT f.value, {period} AS period, {what} FROM facets f {join} WHERE f.kind = ? AND f.id IN "  # noqa: S608
            f"(SELECT {self.id} FROM {self.table} WHERE {self.where}) GROUP BY f.value, period"
        )
        return sql, (counts.by, *self.values)


def asked(db: sqlite3.Connection, query: Query, wanted: Wanted) -> Asked:
    """The question as SQL; `db` tells how wide its filters are."""
    table, name = ("words", "words.rowid") if wanted.needed else ("docs", "docs.id")
    where: list[str] = ["0"] if wanted.nothing else []
    values: list[Value] = []
    if wanted.needed:
        where.append("words MATCH ?")
        values.append(match(wanted))
    elif wanted.refused:
        where.append("docs.id NOT IN (SELECT rowid FROM words WHERE words MATCH ?)")
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
    values.append(first_id(query.since) if query.since else 1 << DAY_SHIFT)
    if query.until:
        where.append(f"{name} < ?")
        values.append(first_id(query.until) + (1 << DAY_SHIFT))


def _filter(
    db: sqlite3.Connection, choice: tuple[Value, ...], name: str, where: list[str], values: list[Value]
) -> None:
    """A filter, looked up first where it is narrow and there is no text to start from."""
    rows = f"FROM facets WHERE kind = ? AND value IN ({', '.join('?' * (len(choice) - 1))})"
    narrow = name == "docs.id" and (
        db.execute(f"SELECT count(*) FROM (SELECT 1 {rows} LIMIT ?)", (*choice, FEW + 1)).fetchone()[0] <= FEW  # noqa: S608
    )
    where.append(f"{name} IN (SELECT id {rows})" if narrow else f"EXISTS (SELECT 1 {rows} AND id = {name})")
    values.extend(choice)
