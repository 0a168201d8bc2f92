"""A panel's picture: a Vega-Lite specification, and where each of its marks leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from index.dashboards import palette
from index.dashboards.data import MARK, Drawn
from index.dashboards.figures import Figures, Names
from index.dashboards.panels import Language
from index.dashboards.shapes import CONFIG, SHAPES, Spec
from index.search.query import Query

__all__ = ["MARK", "Link", "Mark", "Picture", "Spec", "picture"]

Link: TypeAlias = Callable[[Query], str]


@dataclass(frozen=True, slots=True)
class Mark:
    """What one bar or cell is: where it leads (empty: to nothing) and what it says when read aloud."""

    link: str
    said: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A specification, and the marks its data's `href` points to as `MARK` + their number."""

    id: str
    spec: Spec
    marks: tuple[Mark, ...]
    title: str
    description: str


def picture(figures: Figures, names: Names, language: Language, link: Link) -> Picture:
    """The panel drawn. `link` says where the documents of a question are shown."""
    drawn = Drawn(figures, names, language)
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": palette.PAGE,
        "padding": 10,
        "config": CONFIG,
        **SHAPES[figures.panel.chart](drawn),
    }
    marks = tuple(Mark(link(row.query) if row.count else "", drawn.said(row)) for row in figures.rows)
    panel = figures.panel
    return Picture(panel.id, spec, marks, panel.title.say(language), panel.note.say(language))
