"""What can go wrong, as two families: this one thing failed, or nothing more can be had here.

YujingError
├── ItemFailed            this page, row or message failed; go on with the next
│   ├── Unreadable        a page or one of its fields cannot be read
│   ├── BadRow            a spreadsheet row or field is wrong
│   └── Refused           the receiver will never take this message
├── TryLater              the same call may succeed later
└── Unusable              a source, channel, file or setting cannot be used at all
"""

from __future__ import annotations

from dataclasses import dataclass


class YujingError(Exception):
    """Any failure yujing itself names."""


class ItemFailed(YujingError):
    """One thing failed; the rest goes on."""


class Unreadable(ItemFailed):
    """A page, or one field of it, cannot be read; `field` names which."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.reason = reason
        self.field = field


class BadRow(ItemFailed):
    """A cell of a spreadsheet is wrong. `row` counts as the reader sees it, the heading is row 1."""

    def __init__(self, file: str, row: int, column: str, reason: str) -> None:
        super().__init__(f"{file}: row {row}, {column}: {reason}")
        self.file, self.row, self.column, self.reason = file, row, column, reason


class Refused(ItemFailed):
    """The receiver refused for good: a bad address, a rejected template."""


class TryLater(YujingError):
    """A passing fault: time-out, busy, connection refused."""


class Unusable(YujingError):
    """A source, channel, file or setting cannot be used at all; say so and stop there."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A recorded failure: where it happened and what was wrong, in words an operator can act on."""

    source: str
    url: str
    field: str
    reason: str
    page_key: str = ""
    native_id: str = ""
