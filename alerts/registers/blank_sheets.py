"""Blank sheets to fill in: Excel workbooks whose headings the importer knows, with a row of example and how to fill."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alerts.registers.columns import KINDS, Column
from index.problems import Unusable

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TITLES = {"enterprises": "出海企业", "centers": "指导分中心", "contacts": "企业联系人"}
_GENERAL = (
    "第一张表的标题行请保留；列的先后可以调整，不用的列可以删去。",
    "标有“示例”的一行导入时会跳过，可以保留，也可以删去。",
    "请直接填写文字，不要填写公式。",
)


def write_template(kind: str, path: Path) -> None:
    """Write a blank workbook for `enterprises`, `centers` or `contacts`. Raises Unusable for any other kind."""
    from openpyxl import Workbook  # noqa: PLC0415  slow to import

    if kind not in KINDS:
        raise Unusable(f"没有“{kind}”的模板，可选：{'、'.join(KINDS)}")
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = TITLES[kind]
    _fill(sheet, KINDS[kind])
    _explain(book.create_sheet("填写说明"), KINDS[kind])
    if not path.parent.is_dir():
        raise Unusable(f"{path}: there is no folder {path.parent}")
    book.save(path)


def _fill(sheet: Worksheet, columns: tuple[Column, ...]) -> None:
    """Headings, widths, text format where digits must stay digits, and the example row."""
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for number, column in enumerate(columns, 1):
        size = sheet.column_dimensions[get_column_letter(number)]
        size.width = column.width
        heading = sheet.cell(1, number, f"{column.heading}（必填）" if column.must else column.heading)
        heading.font, heading.fill = Font(bold=True), PatternFill("solid", fgColor="FFE8EEF7")
        example = sheet.cell(2, number, column.example)
        example.font = Font(italic=True, color="FF7F7F7F")
        if column.text:
            size.number_format = example.number_format = "@"
    sheet.freeze_panes = "A2"


def _explain(sheet: Worksheet, columns: tuple[Column, ...]) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    sheet.append(["列", "怎样填写"])
    for column in columns:
        sheet.append([column.heading, column.note])
    for note in _GENERAL:
        sheet.append(["", note])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 20, 90
    for row in sheet.iter_rows():
        row[1].alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
