"""A panel's figures as the rows of a table, the same numbers as its picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from markupsafe import Markup

from index.dashboards.figures import Figure, Figures, Names
from index.dashboards.labels import label
from index.dashboards.panels import Language
from index.search.query import Query

Say = Callable[..., str]
Link = Callable[[Query], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and where what it counts is shown; 0 leads nowhere."""

    count: int
    link: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel on the desk: `heads` over the row's own words first, then over its numbers."""

    id: str
    title: str
    note: str
    confidential: bool
    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[Cell, ...]], ...]
    picture: Markup | None = None

    @property
    def words(self) -> int:
        """How many of the heads stand over a row's own words."""
        return len(self.rows[0][0]) if self.rows else 0


def table(figures: Figures, names: Names, say: Say, language: str, link: Link) -> Shown:
    """The table of a panel: values by month, steps by month with their total, or the values of each split."""
    panel, spoken = figures.panel, _language(language)
    shown = Shown(panel.id, panel.title.say(spoken), panel.note.say(spoken), panel.confidential, (), ())
    if panel.steps:
        return _by_step(shown, figures, say, spoken, link)
    if panel.chart == "heat":
        return _by_month(shown, figures, names, say, link)
    return _by_split(shown, figures, names, say, spoken, link)


def _by_month(shown: Shown, figures: Figures, names: Names, say: Say, link: Link) -> Shown:
    """A row a value, a column a month. Cases are not added up: one may be in several months."""
    facet, periods = figures.panel.counts.by, figures.span.months()
    found = {(row.key, row.period): _cell(row, link) for row in figures.rows}
    rows = tuple(((label(key, facet, names),), tuple(found[key, period] for period in periods)) for key in figures.keys)
    return replace(shown, heads=(say(f"panels.{facet}"), *periods), rows=rows)


def _by_step(shown: Shown, figures: Figures, say: Say, language: Language, link: Link) -> Shown:
    """A row a month, a column a step, and their sums: a warning was made in one month."""
    steps, periods = figures.panel.steps, figures.span.months()
    found = {(row.key, row.period): row for row in figures.rows}
    rows = [((p,), tuple(_cell(found[s.key, p], link) for s in steps)) for p in periods]
    heads = (say("panels.month"), *(step.words.say(language) for step in steps))
    total = tuple(_cell(_sum(figures, [found[step.key, p] for p in periods]), link) for step in steps)
    return replace(shown, heads=heads, rows=(*rows, ((say("panels.total"),), total)))


def _sum(figures: Figures, rows: list[Figure]) -> Figure:
    whole = replace(rows[0].query, since=figures.span.since, until=figures.span.until)
    return replace(rows[0], period="", count=sum(row.count for row in rows), query=whole)


def _by_split(shown: Shown, figures: Figures, names: Names, say: Say, language: Language, link: Link) -> Shown:
    """A row a figure: the value of the split, if there is one, and the value."""
    panel = figures.panel
    facets = [facet for facet in (panel.split, panel.counts.by) if facet]
    values = [(row, (row.split, row.key) if panel.split else (row.key,)) for row in figures.rows]
    rows = tuple(
        (tuple(label(value, facet, names) for value, facet in zip(each, facets, strict=True)), (_cell(row, link),))
        for row, each in values
    )
    return replace(shown, heads=(*(say(f"panels.{facet}") for facet in facets), panel.noun.say(language)), rows=rows)


def _cell(row: Figure, link: Link) -> Cell:
    return Cell(row.count, link(row.query) if row.count else "")


def _language(language: str) -> Language:
    return "en" if language == "en" else "zh"
