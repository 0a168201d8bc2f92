"""Rows of a sheet by the columns we know: good records out, and a problem for each cell or row that is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from alerts.registers.columns import KINDS, heading_key, known_headings
from alerts.registers.sheets import Table, read_table, unknown_headings
from index.problems import BadRow, Unusable

LIST = re.compile(r"\s*(?:[|｜;；、，\n]|,(?!\s*(?:Ltd|Inc|LLC|Limited)\b))\s*")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"
)
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}")
YES, NO = (
    frozenset({"是", "有", "y", "yes", "true", "1", "√", "省级"}),
    frozenset({"", "否", "无", "n", "no", "false", "0", "×"}),
)
_EXAMPLE = ("示例", "样例", "example")


class Record(Protocol):
    """What every sheet's records have."""

    @property
    def id(self) -> str:
        """What makes two rows one record."""


T = TypeVar("T", bound=Record)


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """What a file held: the records, and a problem for each cell or row that could not be taken."""

    good: tuple[T, ...]
    problems: tuple[BadRow, ...]


@dataclass(slots=True)
class Line:
    """One row being read: column id → text, and a place to say what is wrong with it."""

    file: str
    number: int
    cells: dict[str, str]
    printed: dict[str, str]
    problems: list[BadRow] = field(default_factory=list)

    def one(self, column: str) -> str:
        """A column's text on one line."""
        return self.cells.get(column, "").replace("\n", " ")

    def many(self, column: str, separator: re.Pattern[str] = LIST) -> list[str]:
        """A column's values."""
        return [part for part in separator.split(self.cells.get(column, "")) if part]

    def wrong(self, column: str, reason: str) -> None:
        """Say that a column is wrong, by the heading the file gives it."""
        self.problems.append(BadRow(self.file, self.number, self.printed.get(column, column), reason))


def read_sheet(
    kind: str, path: Path, needed: tuple[str, ...], make: Callable[[Line], T | None], id_column: str
) -> Sheet[T]:
    columns = known_headings(kind)
    table = read_table(path, lambda heading: heading_key(heading) in columns)
    if not {columns.get(heading_key(h)) for h in table.headings} & set(needed):
        wanted = " 或 ".join(c.heading for c in KINDS[kind] if c.id in needed)
        found = "、".join(table.headings[:20]) or "（空表）"
        raise Unusable(f"{table.file}：缺少必填的列“{wanted}”；表中的列是：{found}")
    problems = [*unknown_headings(table, lambda h: heading_key(h) in columns), *table.problems]
    good: dict[str, T] = {}
    rows: dict[str, int] = {}
    for line in _lines(kind, table, columns):
        record = make(line)
        if record is not None:
            key = record.id
            if key in good:
                line.wrong(id_column, f"与第 {rows[key]} 行重复（{key}），本行未导入")
            good.setdefault(key, record)
            rows.setdefault(key, line.number)
        problems += line.problems
    return Sheet(tuple(good.values()), tuple(sorted(problems, key=lambda p: p.row)))


def _lines(kind: str, table: Table, columns: dict[str, str]) -> Iterator[Line]:
    """Rows by column id; the template's example row and rows without a known cell are left out."""
    for row in table.rows:
        cells: dict[str, str] = {}
        printed: dict[str, str] = {}
        for heading in table.headings:
            column = columns.get(heading_key(heading))
            if column:
                printed.setdefault(column, heading)
                if heading in row.cells:
                    cells.setdefault(column, row.cells[heading])
        if cells and not _is_example(kind, next(iter(row.cells.values())), cells):
            yield Line(table.file, row.number, cells, printed)


def _is_example(kind: str, first: str, cells: dict[str, str]) -> bool:
    """Whether a row is the template's own, marked as such or left as it was."""
    examples = {column.id: column.example for column in KINDS[kind]}
    same = all(text == examples[column] for column, text in cells.items())
    return first.casefold() in _EXAMPLE or first.startswith("示例（") or (same and len(cells) > 2)


def yes_cell(line: Line, column: str) -> bool:
    printed = line.one(column).casefold()
    if printed not in YES | NO:
        line.wrong(column, f"“{printed[:20]}”不是“是”或“否”，已按“否”处理")
    return printed in YES


def email_cell(line: Line) -> str:
    printed = unicodedata.normalize("NFKC", line.one("email")).strip()
    if printed and not (len(printed) <= 254 and _EMAIL.fullmatch(printed)):
        line.wrong("email", f"“{printed[:60]}”不是有效的邮箱地址，该项未采用")
        return ""
    return printed


def phone_cell(line: Line) -> str:
    printed = unicodedata.normalize("NFKC", line.one("phone")).strip().replace("—", "-").replace("–", "-")
    if printed and not _PHONE.fullmatch(printed):
        line.wrong("phone", f"“{printed[:30]}”不是有效的电话号码，该项未采用")
        return ""
    return printed
