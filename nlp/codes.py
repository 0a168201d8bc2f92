"""Class codes (IPC, CPC) and the patterns that say which industry they speak for.

A pattern is a class `F41`, a subclass `B63B`, a main group with all below it `A01K61/`, one subgroup `H01M50/249`
or a range `F03B13/12-26`. What follows the slash is read as decimals, as the classification orders it: 13/145 lies
between 13/14 and 13/16 (WIPO, Guide to the IPC, paragraphs 23 to 28).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

Owner = TypeVar("Owner")
_SUBCLASS = r"([A-HY]\d\d[A-Z])"
_FIXED = re.compile(_SUBCLASS + r"(\d{4})(\d{6})(?!\d)")
_PLAIN = re.compile(_SUBCLASS + r"(?:[\s\-]{0,6}(\d{1,4})(?:\s{0,2}/\s{0,2}(\d{1,6}))?)?(?![A-Z0-9])")
_PATTERN = re.compile(r"([A-HY]\d\d)(?:([A-Z])(?:(\d{1,4})/(?:(\d{1,6})(?:-(\d{1,6}))?)?)?)?")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Code:
    """A class code as far as it was given: `group` 0 means the subclass only, `subgroup` holds decimals."""

    subclass: str
    group: int = 0
    subgroup: str = ""

    def __str__(self) -> str:
        """The usual spelling: `H01M10/0525`, `H01M10/` where no subgroup was given, `H01M`."""
        return f"{self.subclass}{self.group}/{self.subgroup}" if self.group else self.subclass


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a code must begin with; `low` and `high` bound its decimals where they are set."""

    start: str
    group: int = 0
    low: str | None = None
    high: str = ""

    def covers(self, code: Code) -> bool:
        """Whether the code lies in the pattern. A code less deep than the pattern does not."""
        if not self.group:
            return code.subclass.startswith(self.start)
        if (code.subclass, code.group) != (self.start, self.group):
            return False
        return self.low is None or (code.subgroup != "" and self.low <= code.subgroup.rstrip("0") <= self.high)


@lru_cache(maxsize=20_000)
def parse_code(text: str) -> Code | None:
    """A code in any usual spelling, None where there is none.

    `H01M 10/0525`, `H01M10/0525 (2010.01)`, `H01M-010/0525`, `H01M0010052500` (the fixed form of WIPO ST.8) and
    full-width letters give the same code.
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).upper().strip()
    fixed = _FIXED.match(plain)
    if fixed:
        return Code(fixed[1], int(fixed[2]), fixed[3].rstrip("0") or "00")
    found = _PLAIN.match(plain)
    if not found:
        return None
    group = int(found[2] or 0)
    return Code(found[1], group, (found[3] or "") if group else "")


def parse_pattern(text: str) -> Pattern:
    """A pattern of one of the forms above. Raises ValueError saying which text cannot be read."""
    found = _PATTERN.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no class, subclass, main group or subgroup range")
    low = found[4].rstrip("0") if found[4] else None
    high = (found[5] or found[4] or "").rstrip("0")
    if high < (low or ""):
        raise ValueError(f"{text!r} ends before it begins")
    return Pattern(found[1] + (found[2] or ""), int(found[3] or 0), low, high)


class CodeTable(Generic[Owner]):
    """Patterns with what each stands for, found by the code's first letters."""

    def __init__(self, rules: Iterable[tuple[Pattern, Owner]]) -> None:
        self._by_start: dict[str, list[tuple[Pattern, Owner]]] = defaultdict(list)
        for pattern, owner in rules:
            self._by_start[pattern.start].append((pattern, owner))

    def match(self, code: Code) -> Iterator[Owner]:
        """The owners of every pattern that covers the code."""
        for start in (code.subclass, code.subclass[:3]):
            for pattern, owner in self._by_start.get(start, ()):
                if pattern.covers(code):
                    yield owner
