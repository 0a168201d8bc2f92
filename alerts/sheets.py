"""Spreadsheets as people send them: CSV or Excel in, rows of plain text out, every doubtful cell named.

Nothing is ever evaluated. Limits keep a hostile or mistaken file from using up the machine.
"""

from __future__ import annotations

import csv
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from index.problems import BadRow, Unusable

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 200_000, 200, 2_000
MOST_BYTES, MOST_UNPACKED, MOST_RATIO = 50_000_000, 400_000_000, 200
HEADING_ROWS = 10  # a title, a note and two rows of merged headings come before the data at most

_CONTROL = {c: None for c in map(chr, range(0x110000)) if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\t"}
_DROPPED = str.maketrans({**_CONTROL, "\t": " ", "\r": None})
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]{1,17})?[eE]\+?[0-9]{1,2}")
_FORMULA = re.compile(r"[=@]|[+-](?![0-9()（ +-])|[+-].*[(!=]")
_EMPTY = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "N/A", "n/a"})


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts as the reader of the file sees it. `cells`: heading → text; a bad cell is left out."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's first sheet: its headings, its rows that hold anything, and the cells that could not be taken."""

    file: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[BadRow, ...]
    encoding: str = ""


@dataclass(slots=True)
class _Reading:
    """What is being collected while a file is read."""

    file: str
    known: Callable[[str], bool]
    problems: list[BadRow] = field(default_factory=list)


Cells = list[Any]  # one row as the file's own library gives it


def read_table(path: Path, known: Callable[[str], bool] = bool) -> Table:
    """Rows of a CSV file (UTF-8, UTF-16 or GB18030) or of an Excel workbook's first sheet (.xlsx).

    The heading is the row, among the first ten, with the most headings that `known` recognises; merged cells above it
    fill its gaps. Raises Unusable for a file that is no such table or exceeds a limit.
    """
    name = path.name
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Unusable(f"{name}：无法打开（{error.strerror}）") from error
    if size > MOST_BYTES:
        raise Unusable(f"{name}：文件超过 {MOST_BYTES // 1_000_000} MB")
    with path.open("rb") as opened:
        start = opened.read(8)
    if start.startswith(b"PK"):
        return _table(_Reading(name, known), _excel_rows(path), "")
    if start.startswith(b"\xd0\xcf\x11\xe0") or path.suffix.casefold() in (".xls", ".xlsm", ".et", ".xlsx"):
        raise Unusable(f"{name}：不是 .xlsx 工作簿，请在 Excel 或 WPS 中另存为“Excel 工作簿（.xlsx）”")
    text, encoding = _decoded(name, path.read_bytes())
    return _table(_Reading(name, known), _csv_rows(name, text), encoding)


def _table(reading: _Reading, rows: Iterator[Cells], encoding: str) -> Table:
    top: list[Cells] = []
    for row in rows:
        top.append(row)
        if len(top) == HEADING_ROWS:
            break
    at = _heading_row(top, reading.known)
    if at is None:
        raise Unusable(f"{reading.file}：表中没有内容")
    headings = _headings(top, at)
    found = []
    for number, cells in _numbered(top[at + 1 :], rows, at + 2):
        if any(not _is_empty(cell) for cell in cells):
            if len(found) == MOST_ROWS:
                raise Unusable(f"{reading.file}：超过 {MOST_ROWS} 行，请拆成几个文件")
            found.append(Row(number, _row(reading, number, headings, cells)))
    return Table(reading.file, tuple(h for h in headings if h), tuple(found), tuple(reading.problems), encoding)


def _numbered(first: list[Cells], rest: Iterable[Cells], start: int) -> Iterator[tuple[int, Cells]]:
    number = start
    for part in (first, rest):
        for cells in part:
            yield number, cells
            number += 1


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _heading_row(top: list[Cells], known: Callable[[str], bool]) -> int | None:
    """Index of the heading: the row with the most known headings; the first that holds anything if none is known."""
    counts = [sum(known(plain(cell)) for cell in row if not _is_empty(cell)) for row in top]
    return max(range(len(top)), key=counts.__getitem__) if any(counts) else None


def _headings(top: list[Cells], at: int) -> list[str]:
    """The heading row; a cell it leaves empty takes the nearest text above, as merged cells leave it."""
    headings = []
    for column in range(min(max(len(row) for row in top[: at + 1]), MOST_COLUMNS)):
        above = (row[column] for row in reversed(top[: at + 1]) if column < len(row) and not _is_empty(row[column]))
        headings.append(plain(next(above, "")))
    return headings


def plain(value: Any) -> str:
    """A cell as one line of text without control characters."""
    return " ".join(str(value).translate(_DROPPED).split()) if value is not None else ""


def _row(reading: _Reading, number: int, headings: list[str], cells: Cells) -> dict[str, str]:
    found: dict[str, str] = {}
    for heading, cell in zip(headings, cells, strict=False):
        if not heading or _is_empty(cell):
            continue
        text, reason = cell_text(cell)
        if reason:
            reading.problems.append(BadRow(reading.file, number, heading, reason))
        elif text and heading not in found:
            found[heading] = text
    return found


def cell_text(cell: Any) -> tuple[str, str]:
    """(text of a cell, '') or ('', why it cannot be taken). Line breaks stay; `-`, `/`, 无 are empty.

    Whole numbers are written out (1.3705320001E+10 is a telephone), unless digits are already lost.
    """
    if isinstance(cell, Formula):
        return "", f"是公式（{cell.text[:40]}），请改为其结果的文字"
    if isinstance(cell, bool):
        return ("是" if cell else "否"), ""
    if isinstance(cell, datetime | date):
        return (cell.date() if isinstance(cell, datetime) else cell).isoformat(), ""
    if isinstance(cell, int | float):
        return _number(cell)
    if len(str(cell)) > LONGEST_CELL:
        return "", f"超过 {LONGEST_CELL} 个字符"
    lines = str(cell).replace("\r\n", "\n").replace("\r", "\n").translate(_DROPPED)
    text = "\n".join(line for line in (" ".join(part.split()) for part in lines.split("\n")) if line)
    if text in _EMPTY:
        return "", ""
    if _FORMULA.match(text):
        return "", f"以“{text[0]}”开头，像是公式，未予采用"
    return _expanded(text) if _SCIENTIFIC.fullmatch(text) else (text, "")


def _number(value: float) -> tuple[str, str]:
    """Excel keeps 15 digits: a longer number has lost its end."""
    if value != value or value in (float("inf"), float("-inf")):
        return "", "不是有效的数字"
    if abs(value) >= 1e15:
        return "", "按数字存放，第 15 位以后已失真，请把单元格设为文本后重新填写"
    return (str(int(value)) if value == int(value) else repr(value)), ""


def _expanded(text: str) -> tuple[str, str]:
    """A number that a spreadsheet wrote as 1.37E+10: whole only if every digit is there."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text, ""
    exponent = int(number.as_tuple().exponent)
    if exponent == 0:
        return str(int(number)), ""
    return "", f"“{text}”是科学记数法，末尾数字已丢失，请把单元格设为文本后重新填写"


def _decoded(name: str, body: bytes) -> tuple[str, str]:
    """(text, encoding). GB18030 takes almost any bytes, so what it gives must also look like Chinese in daily use."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode(name, body, "utf-16"), "utf-16"
    try:
        return body.decode("utf-8-sig"), "utf-8-sig"
    except UnicodeDecodeError:
        text = _decode(name, body, "gb18030")
    other = [c for c in text if ord(c) > 0x7F]
    daily = sum(_in_gb2312(c) for c in other)
    if daily < 0.8 * len(other):
        raise Unusable(f"{name}：编码既不是 UTF-8 也不是 GB18030，请另存为“CSV UTF-8”")
    return text, "gb18030"


def _decode(name: str, body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unusable(f"{name}：编码既不是 UTF-8 也不是 GB18030，请另存为“CSV UTF-8”") from error


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _csv_rows(name: str, text: str) -> Iterator[Cells]:
    first = text.partition("\n")[0]
    separator = "\t" if first.count("\t") > first.count(",") else ","
    try:
        for cells in csv.reader(text.splitlines(keepends=True), delimiter=separator):
            yield list(cells[:MOST_COLUMNS])
    except csv.Error as error:
        raise Unusable(f"{name}：CSV 格式有误（{error}），可能有引号没有成对") from error


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula, which is never worked out."""

    text: str


def _excel_rows(path: Path) -> Iterator[Cells]:
    """Rows of the first sheet. Formulas are asked for, not their stored results, so that they can be told."""
    from openpyxl import load_workbook  # noqa: PLC0415 (slow to import)

    _check_archive(path)
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # noqa: BLE001 (the library raises whatever a broken part makes it trip over)
        raise Unusable(f"{path.name}：不是能读的 Excel 工作簿（{type(error).__name__}）") from error
    try:
        sheets = book.worksheets
        if not sheets:
            raise Unusable(f"{path.name}：工作簿里没有工作表")
        sheets[0].reset_dimensions()
        for row in sheets[0].iter_rows(max_col=MOST_COLUMNS):
            yield [_excel_cell(cell) for cell in row]
    except Unusable:
        raise
    except Exception as error:
        raise Unusable(f"{path.name}：工作表损坏（{type(error).__name__}）") from error
    finally:
        book.close()


def _excel_cell(cell: Any) -> Any:
    return Formula(str(cell.value)) if cell.data_type == "f" else None if cell.data_type == "e" else cell.value


def _check_archive(path: Path) -> None:
    """A workbook is a zip: what it says it unpacks to must be bearable. The reader never reads past that size."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise Unusable(f"{path.name}：不是能读的 Excel 工作簿") from error
    unpacked = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    if unpacked > MOST_UNPACKED or (unpacked > 10_000_000 and unpacked / packed > MOST_RATIO) or len(parts) > 2_000:
        raise Unusable(f"{path.name}：解压后过大（{unpacked // 1_000_000} MB），未予读取")
