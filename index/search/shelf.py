"""The files of an embedded index: one per generation, the newest whole one of our version is the index.

For `search.db` they are `search.db.v1-14.0.0-1.4.2-1793923200000` and so on, by the millisecond they were
begun. A new generation is filled under another name; giving it its own name is what puts it in place, for
every process at once. No name is used twice: SQLite, closing a deleted file, deletes its log by name.
Writers hold `search.db.lock`, itself an SQLite file, so that a process that dies lets go of it.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from index.problems import TryLater, Unusable

_AFTER = ("-wal", "-shm", "-journal")


class Shelf:
    """The generations of one index at `path`, of one `version`."""

    def __init__(self, path: Path, version: str) -> None:
        self.path = path
        self.version = version
        self._ours = re.compile(rf"{re.escape(path.name)}\.v{re.escape(version)}-(\d+)")
        self._any = re.compile(rf"{re.escape(path.name)}\.v[\w.-]+-(\d+)")

    def current(self) -> Path | None:
        """The file to read and write now, if there is one."""
        return max((file for file in self._files() if self._ours.fullmatch(file.name)), default=None, key=_number)

    def outdated(self) -> bool:
        """Whether there is an index, but only of another version."""
        return self.current() is None and any(self._any.fullmatch(file.name) for file in self._files())

    def prepare(self) -> None:
        """Make the folder. Raises Unusable where that cannot be."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unusable(f"search index {self.path}: {error.strerror or error}") from error

    def fresh(self) -> Path:
        """Where to fill the next generation; what earlier attempts left half done is cleared away."""
        current = self.current()
        self._sweep(re.compile(r".*\.(filling|broken)(-wal|-shm|-journal)?"))
        number = max(time.time_ns() // 1_000_000, _number(current) + 1 if current else 0)
        return self.path.with_name(f"{self.path.name}.v{self.version}-{number}.filling")

    def publish(self, filled: Path) -> None:
        """Put a filled generation in place, to stay there through a power cut, and clear away all others."""
        _synced(filled, os.O_RDWR)
        place = filled.with_suffix("")
        filled.replace(place)
        with suppress(OSError):  # Windows opens no folders
            _synced(self.path.parent, os.O_RDONLY)
        self._sweep(re.compile(rf"(?!{re.escape(place.name)}(-wal|-shm|-journal)?$).*"))

    def discard(self, broken: Path) -> None:
        """Take a broken generation out of use, for every process; it is rebuilt, not repaired."""
        with suppress(OSError):
            broken.replace(broken.with_name(f"{broken.name}.broken"))

    def clear(self, file: Path) -> None:
        """Delete a file with what SQLite keeps beside it."""
        for name in (file.name, *(file.name + after for after in _AFTER)):
            with suppress(OSError):  # another process may hold it (Windows): the next sweep takes it
                file.with_name(name).unlink(missing_ok=True)

    @contextmanager
    def writing(self, patience: float) -> Iterator[None]:
        """Hold the right to write, waiting up to `patience` seconds for it. Raises TryLater, Unusable."""
        with closing(self._locked(patience)):
            yield

    def _locked(self, patience: float) -> sqlite3.Connection:
        lock = self.path.with_name(f"{self.path.name}.lock")
        try:
            return _exclusive(lock, patience)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise TryLater(f"search index {self.path} is being written by another process") from error
            raise Unusable(f"search index {lock}: {error}") from error
        except sqlite3.DatabaseError as error:  # someone wrote into the lock; it holds nothing of worth
            self.clear(lock)
            raise TryLater(f"search index {lock} was damaged") from error

    def _files(self) -> list[Path]:
        try:
            return [Path(entry.path) for entry in os.scandir(self.path.parent) if entry.name.startswith(self.path.name)]
        except OSError:
            return []

    def _sweep(self, what: re.Pattern[str]) -> None:
        """Delete generations whose file name matches. Open connections read on undisturbed."""
        ours = re.compile(self._any.pattern + r"(\.filling|\.broken)?(-wal|-shm|-journal)?")
        for file in sorted(self._files()):  # an index before its log: a reader that still sees it has both
            if ours.fullmatch(file.name) and what.fullmatch(file.name):
                self.clear(file)


def _synced(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _number(file: Path) -> int:
    return int(file.name.rpartition("-")[2])


def _exclusive(lock: Path, patience: float) -> sqlite3.Connection:
    held = sqlite3.connect(lock, timeout=patience, isolation_level=None, check_same_thread=False)
    try:
        held.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        held.close()
        raise
    return held
