"""A panel's numbers: asked of whichever engine there is, with every month of the span, also the empty ones."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from index.dashboards.panels import Panel, narrowed
from index.ledger.scope import Scope
from index.search.engine import Engine
from index.search.query import Facet, Query

MONTHS = 36
"""The longest span; a longer one would be neither drawn nor read."""
Names: TypeAlias = Mapping[str, Mapping[str, str]]
"""Facet → each known value, in the order it is shown → what people call it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Two calendar days, both included."""

    since: date
    until: date

    @classmethod
    def last(cls, months: int, today: date) -> Span:
        """The month of `today` up to it, and whole months before it: `months` in all, 1 to MONTHS."""
        back = max(today.year * 12 + today.month - min(max(months, 1), MONTHS), 12)  # the calendar begins in year 1
        return cls(date(back // 12, back % 12 + 1, 1), today)

    @classmethod
    def months_of(cls, first: date, last: date) -> Span:
        """Whole months, from that of `first` to that of `last`; of a longer span the last MONTHS."""
        until = last.replace(day=monthrange(last.year, last.month)[1])
        return cls(max(first.replace(day=1), cls.last(MONTHS, until).since), until)

    def months(self) -> list[str]:
        """Every month touched, as 2026-03."""
        numbers = range(self.since.year * 12 + self.since.month - 1, self.until.year * 12 + self.until.month)
        return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]

    def within(self, month: str) -> Span:
        """The part of the span in a month; without one, all of it."""
        if not month:
            return self
        year, number = map(int, month.split("-"))
        last = date(year, number, monthrange(year, number)[1])
        return Span(max(self.since, date(year, number, 1)), min(self.until, last))


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: of `key` (a value or a step), in `period` (2026-03, or all of the span), with a value of the
    panel's split. `query` finds exactly the documents that were counted."""

    key: str
    period: str
    split: str
    count: int
    query: Query


@dataclass(frozen=True, slots=True)
class Figures:
    """A panel's numbers over a span: a figure for each key and period, or for each key met in each split."""

    panel: Panel
    span: Span
    rows: tuple[Figure, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Each key once, in the order shown."""
        return tuple(dict.fromkeys(row.key for row in self.rows))

    @property
    def most(self) -> int:
        """The largest number, 0 where there is none."""
        return max((row.count for row in self.rows), default=0)


def run(panel: Panel, engine: Engine, span: Span, scope: Scope, names: Names) -> Figures:
    """Count a panel for what a person may see. `names` says which keys are shown though nothing was met.

    Raises what the engine raises.
    """
    narrow = scope.warnings if panel.confidential else scope.notices
    query = replace(narrow(panel.query), since=span.since, until=span.until)
    asked = _Asked(panel, engine, span, query, names)
    return Figures(
        panel, span, tuple(asked.split() if panel.split else asked.steps() if panel.steps else asked.plain())
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    panel: Panel
    engine: Engine
    span: Span
    query: Query
    names: Names

    def plain(self) -> Iterator[Figure]:
        """Every known or met value, every month."""
        counted = self._counted()
        for key in self._ordered(self.panel.counts.by, (key for key, _ in counted)):
            for period in self._periods():
                yield self._figure(key, period, (key,), counted.get((key, period), 0))

    def steps(self) -> Iterator[Figure]:
        """Every step, every month; a step's values exclude each other, so they add up."""
        counted = self._counted()
        for step in self.panel.steps:
            for period in self._periods():
                count = sum(counted.get((value, period), 0) for value in step.values)
                yield self._figure(step.key, period, step.values, count)

    def split(self) -> Iterator[Figure]:
        """The values met with each value of the split: one more question each, so a case is counted once in each."""
        second = self.panel.split
        assert second, self.panel.id  # noqa: S101  the caller asks panels that have one
        whole = self.engine.count(self.query, replace(self.panel.counts, by=second))
        for value in (cell.key for cell in whole):
            query = narrowed(self.query, second, (value,))
            part = self.engine.count(query, self.panel.counts)
            for cell in part:
                found = narrowed(query, self.panel.counts.by, (cell.key,))
                yield Figure(cell.key, "", value, cell.count, found)

    def _counted(self) -> dict[tuple[str, str], int]:
        cells = self.engine.count(self.query, self.panel.counts)
        return {(cell.key, cell.period): cell.count for cell in cells}

    def _periods(self) -> Sequence[str]:
        return self.span.months() if self.panel.counts.per else [""]

    def _figure(self, key: str, period: str, values: tuple[str, ...], count: int) -> Figure:
        part = self.span.within(period)
        query = narrowed(replace(self.query, since=part.since, until=part.until), self.panel.counts.by, values)
        return Figure(key, period, "", count, query)

    def _ordered(self, facet: Facet, met: Iterable[str]) -> list[str]:
        """The known values in their own order, then others that were met."""
        known = list(self.names.get(facet, {}))
        return known + sorted(set(met) - set(known))
