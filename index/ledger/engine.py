"""One ledger behind one URL: SQLite with a write-ahead log, or PostgreSQL.

Every change happens inside `with ledger.begin() as work:`, one transaction. On SQLite a writer takes
its lock at once (BEGIN IMMEDIATE), so two writers wait for each other instead of failing half-way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from index.problems import Unusable

Work = Connection
BUSY_SECONDS = 60


class Ledger:
    """The system of record. `Ledger.open` makes it ready; `begin` and `read` give work on it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> Ledger:
        """The ledger at a URL, made and migrated if need be. Raises Unusable with a plain reason."""
        from index.ledger.migrate import upgrade  # noqa: PLC0415  alembic is slow to import

        try:
            ledger = cls(make_engine(url))
            upgrade(ledger.engine)
        except (ArgumentError, NoSuchModuleError, DBAPIError, OSError, ImportError) as error:
            raise Unusable(f"ledger {make_safe(url)}: {str(error).splitlines()[0]}") from error
        return ledger

    @contextmanager
    def begin(self) -> Iterator[Work]:
        """One transaction: all of it is kept or none."""
        with self.engine.begin() as work:
            yield work

    @contextmanager
    def read(self) -> Iterator[Work]:
        """A consistent look at the ledger that never blocks a writer."""
        with self.engine.connect().execution_options(yujing_read=True) as work, work.begin():
            yield work

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def make_engine(url: str) -> Engine:
    """An engine with each database's own care taken. Raises ArgumentError for a URL it cannot read."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # our own BEGIN, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("yujing_read")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def busy(error: Exception) -> bool:
    """Whether a change failed only because other writers were in its way too long."""
    signs = ("locked", "deadlock detected", "lock timeout", "could not serialize")
    return isinstance(error, OperationalError) and any(sign in str(error.orig) for sign in signs)


def make_safe(url: str) -> str:
    """The URL without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(unreadable URL)"


def upsert(work: Work, table: Table, rows: Iterable[Mapping[str, Any]], update: Iterable[str] | None = None) -> int:
    """Insert rows by primary key; on conflict update the named columns, or leave the row as it is.

    Returns how many rows were inserted or changed.
    """
    values = list(rows)
    if not values:
        return 0
    keys = [column.name for column in table.primary_key]
    maker: Any = postgresql.insert if work.dialect.name == "postgresql" else sqlite.insert
    statement = maker(table)
    if update is None:
        statement = statement.on_conflict_do_nothing()
    else:
        statement = statement.on_conflict_do_update(
            index_elements=keys, set_={name: statement.excluded[name] for name in update}
        )
    statement = statement.returning(*table.primary_key)
    return sum(len(work.execute(statement, dict(row)).all()) for row in values)


def add(work: Work, table: Table, **values: Any) -> int:
    """Insert one row of a numbered table; its number."""
    number = work.execute(insert(table).values(**values).returning(*table.primary_key)).scalar_one()
    return int(number)


def answers(ledger: Ledger) -> str:
    """The database's own name and version, as proof that it answers."""
    with ledger.read() as work:
        if work.dialect.name == "sqlite":
            return f"SQLite {work.execute(text('select sqlite_version()')).scalar_one()}"
        return str(work.execute(text("select version()")).scalar_one()).split(" on ", maxsplit=1)[0]
