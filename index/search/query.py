"""What can be asked of the index and what it answers. No engine's own language crosses this line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from index.search.document import Document
from index.search.marks import Excerpt, Mark, excerpt, marks
from index.search.wanted import Wanted

Sort: TypeAlias = Literal["newest", "relevance"]
Facet: TypeAlias = Literal[
    "industry", "forum", "country", "source", "center", "enterprise", "kind", "ip_dispute", "stage", "severity", "level"
]
Period: TypeAlias = Literal["", "day", "month", "year"]
Counted: TypeAlias = Literal["notices", "cases"]

SIZE_LIMIT = 100
"""Hits on one page."""
REACH = 10_000
"""Hits that can be paged through; beyond, a narrower question is the answer."""
TOTAL_LIMIT = 1_000
"""`Found.total` counts no further; `Engine.size` counts exactly."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question. Filters of different kinds all hold; of one kind, any of the values. Empty means any.

    `text` is read by `index.search.wanted`: all words, "a phrase", -without, begin*. `disputes` are
    values of `ip_dispute`, `stages` of a warning's `stage`. `since` and `until` are inclusive and leave
    out undated documents. `page` counts from 1; values out of range are moved to the nearest that is in range.
    """

    text: str = ""
    industries: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    forums: tuple[str, ...] = ()
    centers: tuple[str, ...] = ()
    enterprises: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sort: Sort = "newest"
    page: int = 1
    size: int = 20

    @property
    def limit(self) -> int:
        """Hits on a page, 1 to SIZE_LIMIT."""
        return min(max(self.size, 1), SIZE_LIMIT)

    @property
    def offset(self) -> int:
        """Hits before this page; never more than REACH, from where on there are none."""
        return min((max(self.page, 1) - 1) * self.limit, REACH)

    def filters(self) -> list[tuple[Facet, tuple[str, ...]]]:
        """The filters that narrow, the kind with the fewest documents per value first."""
        asked: list[tuple[Facet, tuple[str, ...]]] = [
            ("enterprise", self.enterprises),
            ("center", self.centers),
            ("industry", self.industries),
            ("forum", self.forums),
            ("country", self.countries),
            ("stage", self.stages),
            ("ip_dispute", self.disputes),
            ("kind", self.kinds),
        ]
        return [(kind, values) for kind, values in asked if values]


@dataclass(frozen=True, slots=True)
class Counts:
    """A table to count: `of` per value of `by`, and per period if one is named.

    A document with two industries counts in both; one without any in none.
    """

    by: Facet
    per: Period = ""
    of: Counted = "notices"


@dataclass(frozen=True, slots=True)
class Bucket:
    """One cell of a table. `period` is 2026-11-03, 2026-11, 2026, or empty where none was asked or known."""

    key: str
    period: str
    count: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found, and what of the question it was found by."""

    document: Document
    wanted: Wanted

    def title_marks(self) -> tuple[Mark, ...]:
        """Where the words asked for stand in the title."""
        return marks(self.document.title, self.wanted)

    @property
    def snippet(self) -> Excerpt:
        """The stretch of the text to show under the title."""
        return self.excerpt()

    def excerpt(self, width: int = 160) -> Excerpt:
        """The stretch of the text, about `width` characters, that holds most of the words asked for."""
        return excerpt(self.document.text, self.wanted, width)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits. `total` is exact unless `more` says that there are yet others."""

    hits: tuple[Hit, ...]
    total: int
    more: bool
    page: int
    size: int
