"""One cell of a spreadsheet as text that can be trusted, or the reason why it cannot."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

LONGEST_CELL = 2_000

# Controls, soft hyphen, zero-width and direction marks, byte-order mark: invisible, and never part of a name.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]{1,17})?[eE]\+?[0-9]{1,2}")
_FORMULA = re.compile(r"[=@＝＠]|[+＋-](?![0-9 ()（）+-]{1,40}$)")
_EMPTY = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "N/A", "n/a"})


@dataclass(frozen=True, slots=True)
class Unfit:
    """A cell that holds no plain value: a formula, which is never worked out, or an error a formula left."""

    text: str
    reason: str


def one_line(value: Any) -> str:
    """A heading or single value: invisible characters gone, any white space one space."""
    return " ".join(_INVISIBLE.sub("", str(value)).split()) if value is not None else ""


def is_empty(cell: Any) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def cell_text(cell: Any) -> tuple[str, str]:
    """(text of a cell, '') or ('', why it cannot be taken). Line breaks stay; `-`, `/`, 无 are empty.

    Whole numbers are written out (1.3705320001E+10 is a telephone) unless digits are already lost.
    """
    if isinstance(cell, Unfit):
        return "", cell.reason
    if isinstance(cell, bool):
        return ("是" if cell else "否"), ""
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d"), ""
    return _text(str(cell))


def _text(cell: str) -> tuple[str, str]:
    if len(cell) > LONGEST_CELL:
        return "", f"超过 {LONGEST_CELL} 个字符"
    lines = _INVISIBLE.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    text = "\n".join(line for line in (" ".join(part.split()) for part in lines) if line)
    if text in _EMPTY:
        return "", ""
    if _FORMULA.match(text):
        return "", f"以“{text[0]}”开头，像是公式，未予采用"
    return _written_out(text) if _SCIENTIFIC.fullmatch(text) else (text, "")


def _number(value: float) -> tuple[str, str]:
    """Excel keeps 15 digits: a longer number has lost its end."""
    if not math.isfinite(value):
        return "", "不是有效的数字"
    if abs(value) >= 1e15:
        return "", "按数字存放，第 15 位以后已失真，请把单元格设为文本后重新填写"
    return (str(int(value)) if value == int(value) else repr(value)), ""


def _written_out(text: str) -> tuple[str, str]:
    """A number that a spreadsheet wrote as 1.37E+10: whole only if every digit is there."""
    number = Decimal(text)
    if number.as_tuple().exponent == 0:
        return str(int(number)), ""
    return "", f"“{text}”是科学记数法，末尾数字已丢失，请把单元格设为文本后重新填写"
