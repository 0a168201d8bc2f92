"""Spreadsheets as people send them: CSV or Excel in, rows of plain text out, every doubtful cell named.

Nothing is ever evaluated. Limits keep a hostile or mistaken file from using up the machine.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeAlias

from alerts.registers.cells import Unfit, cell_text, is_empty, one_line
from index.problems import BadRow, Unusable

MOST_ROWS, MOST_COLUMNS = 200_000, 200
MOST_BYTES, MOST_UNPACKED, MOST_RATIO, MOST_PARTS = 50_000_000, 200_000_000, 200, 2_000
HEADING_ROWS = 10  # a title, a note and two rows of merged headings come before the data at most

Cells: TypeAlias = list[Any]  # one row as the file's own library gives it


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts as the reader of the file sees it. `cells`: heading → text; a bad cell is left out."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's first sheet: its headings and their row, the rows that hold anything, the cells not taken."""

    file: str
    headings: tuple[str, ...]
    heading_row: int
    rows: tuple[Row, ...]
    problems: tuple[BadRow, ...]
    encoding: str = ""


def read_table(path: Path, known: Callable[[str], bool] = bool) -> Table:
    """Rows of a CSV file (UTF-8, UTF-16 or GB18030) or of an Excel workbook's first sheet (.xlsx).

    The heading is the row, among the first ten, with the most headings that `known` recognises; merged cells above it
    fill its gaps. Raises Unusable for a file that is no such table or exceeds a limit.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as opened:
            start = opened.read(8)
    except OSError as error:
        raise Unusable(f"{path.name}：无法打开（{error.strerror}）") from error
    if size > MOST_BYTES:
        raise Unusable(f"{path.name}：文件超过 {MOST_BYTES // 1_000_000} MB")
    if start.startswith(b"PK"):
        return _table(path.name, known, _excel_rows(path))
    if start.startswith(b"\xd0\xcf\x11\xe0") or path.suffix.casefold() in (".xls", ".xlsm", ".et", ".xlsx"):
        raise Unusable(f"{path.name}：不是 .xlsx 工作簿，请在 Excel 或 WPS 中另存为“Excel 工作簿（.xlsx）”")
    text, encoding = _decoded(path.name, path.read_bytes())
    return _table(path.name, known, _csv_rows(path.name, text), encoding)


def _table(file: str, known: Callable[[str], bool], rows: Iterator[Cells], encoding: str = "") -> Table:
    top = list(islice(rows, HEADING_ROWS))
    at = _heading_row(top, known)
    headings = _headings(top, at)
    found: list[Row] = []
    problems: list[BadRow] = []
    for number, cells in enumerate(chain(top[at + 1 :], rows), at + 2):
        if all(map(is_empty, cells)):
            continue
        if len(found) == MOST_ROWS:
            raise Unusable(f"{file}：超过 {MOST_ROWS} 行，请拆成几个文件")
        taken, wrong = _row(headings, cells)
        found.append(Row(number, taken))
        problems += [BadRow(file, number, heading, reason) for heading, reason in wrong]
    return Table(file, tuple(h for h in headings if h), at + 1, tuple(found), tuple(problems), encoding)


def _heading_row(top: list[Cells], known: Callable[[str], bool]) -> int:
    """Index of the heading: the row with the most known headings; the first that holds anything if none is known.

    A row counts with what merged cells above lend it.
    """
    filled = [not all(map(is_empty, row)) for row in top]
    counts = [(sum(map(known, _headings(top, at))) if filled[at] else 0, filled[at]) for at in range(len(top))]
    return max(range(len(top)), key=counts.__getitem__, default=0)


def _headings(top: list[Cells], at: int) -> list[str]:
    """The heading row; a cell it leaves empty takes the nearest text above, as merged cells leave it."""
    rows = [*reversed(top[: at + 1])]
    width = min(max((len(row) for row in rows), default=0), MOST_COLUMNS)
    above = (
        (row[column] for row in rows if column < len(row) and not is_empty(row[column])) for column in range(width)
    )
    return [one_line(next(texts, "")) for texts in above]


def _row(headings: list[str], cells: Cells) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """(heading → text, [(heading, why its cell was not taken)]). Of two columns of one name the first filled counts."""
    taken: dict[str, str] = {}
    wrong: list[tuple[str, str]] = []
    for heading, cell in zip(headings, cells, strict=False):
        if not heading or is_empty(cell):
            continue
        text, reason = cell_text(cell)
        if reason:
            wrong.append((heading, reason))
        elif text:
            taken.setdefault(heading, text)
    return taken, wrong


def _decoded(name: str, body: bytes) -> tuple[str, str]:
    """(text, encoding). GB18030 takes almost any bytes, so what it gives must also look like Chinese in daily use."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode(name, body, "utf-16"), "utf-16"
    try:
        return body.decode("utf-8-sig"), "utf-8-sig"
    except UnicodeDecodeError:
        text = _decode(name, body, "gb18030")
    other = [c for c in text if not c.isascii()]
    if sum(map(_in_daily_use, other)) < 0.8 * len(other):
        raise Unusable(_unknown_encoding(name))
    return text, "gb18030"


def _decode(name: str, body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unusable(_unknown_encoding(name)) from error


def _unknown_encoding(name: str) -> str:
    return f"{name}：编码既不是 UTF-8 也不是 GB18030，请另存为“CSV UTF-8”"


def _in_daily_use(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _csv_rows(name: str, text: str) -> Iterator[Cells]:
    first = text.partition("\n")[0]
    separator = "\t" if first.count("\t") > first.count(",") else ","
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            yield list(cells[:MOST_COLUMNS])
    except csv.Error as error:
        raise Unusable(f"{name}：CSV 格式有误（{error}），可能有引号没有成对") from error


def _excel_rows(path: Path) -> Iterator[Cells]:
    """Rows of the first sheet. Formulas are asked for, not their stored results, so that they can be told."""
    from openpyxl import load_workbook  # noqa: PLC0415  slow to import

    _check_archive(path)
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        try:
            for sheet in book.worksheets[:1]:
                sheet.reset_dimensions()  # what a sheet says of its own size may be wrong
                for row in sheet.iter_rows(max_col=MOST_COLUMNS):
                    yield [_excel_cell(cell) for cell in row]
        finally:
            book.close()
    except Exception as error:  # the library trips over a broken part in many ways
        raise Unusable(f"{path.name}：不是能读的 Excel 工作簿（{type(error).__name__}）") from error


def _excel_cell(cell: Any) -> Any:
    if cell.data_type == "f":
        return Unfit(str(cell.value), f"是公式（{str(cell.value)[:40]}），请改填其结果")
    if cell.data_type == "e":
        return Unfit(str(cell.value), f"是公式留下的错误（{str(cell.value)[:40]}）")
    return cell.value


def _check_archive(path: Path) -> None:
    """A workbook is a zip: what it says it unpacks to must be bearable; no reader goes past that size."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise Unusable(f"{path.name}：不是能读的 Excel 工作簿") from error
    unpacked, packed = (sum(sizes) for sizes in zip(*((p.file_size, p.compress_size) for p in parts), strict=True))
    dense = unpacked > 10_000_000 and unpacked > MOST_RATIO * packed
    if unpacked > MOST_UNPACKED or dense or len(parts) > MOST_PARTS:
        raise Unusable(f"{path.name}：解压后过大（{unpacked // 1_000_000} MB），未予读取")


def unknown_headings(table: Table, known: Callable[[str], bool]) -> Iterable[BadRow]:
    """A problem for each column nobody asked for, said once, at the heading."""
    for heading in dict.fromkeys(table.headings):
        if not known(heading):
            yield BadRow(table.file, table.heading_row, heading, "不认识的列，未导入")
