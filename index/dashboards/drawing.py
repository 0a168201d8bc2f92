"""A panel's picture as a Vega-Lite specification. Labels stand in its data only, never in an expression."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from index.dashboards import palette
from index.dashboards.figures import Figure, Figures, Names
from index.dashboards.panels import Chart, Language
from index.search.query import Query

Spec: TypeAlias = dict[str, Any]
Link: TypeAlias = Callable[[Query], str]

FONTS = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', sans-serif"
LABEL_LIMIT = 132
"""Columns of a label that are drawn, a Han character being two; beyond, the table has all of it."""
LINE_WIDTH = 44
MANY = 18
"""More months than that are drawn narrower."""
BROKEN = "split(datum.label, '\\n')"


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


MARK = "https://mark.invalid/"
"""The renderer resolves addresses against one of its own; ours are put in afterwards."""


def picture(figures: Figures, names: Names, language: Language, link: Link) -> Picture:
    """The panel drawn. `link` says where the documents of a question are shown."""
    drawn = _Drawn(figures, names, language)
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": palette.PAGE,
        "padding": 10,
        "config": CONFIG,
        **_CHARTS[figures.panel.chart](drawn),
    }
    marks = tuple(Mark(link(row.query) if row.count else "", drawn.said(row)) for row in figures.rows)
    panel = figures.panel
    return Picture(panel.id, spec, marks, panel.title.say(language), panel.note.say(language))


def label(value: str, facet: str, names: Names) -> str:
    """What a value is called, without what no one can see or print; an unknown one is shown as it is."""
    text = names.get(facet, {}).get(value, value)
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text[:500])
    return " ".join(shown.split()) or "—"


def month(period: str, language: Language) -> str:
    """2026-03 → 2026年3月."""
    year, _, number = period.partition("-")
    return f"{year}年{int(number)}月" if language == "zh" else period


def wrapped(text: str) -> str:
    """A label over lines of LINE_WIDTH columns, cut at LABEL_LIMIT."""
    lines, width, total = [""], 0, 0
    for char in text:
        columns = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        total += columns
        if total > LABEL_LIMIT:
            return "\n".join(lines).rstrip() + "…"
        if width + columns > LINE_WIDTH:
            lines.append("")
            width = 0
        lines[-1] += char
        width += columns
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A panel's figures as the data of a chart."""

    figures: Figures
    names: Names
    language: Language

    def label(self, row: Figure) -> str:
        step = next((s for s in self.figures.panel.steps if s.key == row.key), None)
        return step.words.say(self.language) if step else label(row.key, self.figures.panel.counts.by, self.names)

    def group(self, row: Figure) -> str:
        return label(row.split, self.figures.panel.split or "", self.names)

    def said(self, row: Figure) -> str:
        """As a screen reader reads it: 绿色低碳，2026年3月：案件（件）12."""
        where = [self.group(row)] if row.split else []
        when = [month(row.period, self.language)] if row.period else []
        joint, colon = ("，", "：") if self.language == "zh" else (", ", ": ")
        noun = self.figures.panel.noun.say(self.language)
        return f"{joint.join([*where, self.label(row), *when])}{colon}{noun} {row.count}"

    def rows(self) -> list[dict[str, Any]]:
        """A row a figure. Two values of one name stay two: each gets its value beside it."""
        labels = {(row.split, row.key): wrapped(self.label(row)) for row in self.figures.rows}
        twice = Counter((split, text) for (split, _), text in labels.items())
        return [
            {
                "label": labels[row.split, row.key]
                + (f"\n({label(row.key, '', {})[:40]})" if twice[row.split, labels[row.split, row.key]] > 1 else ""),
                "group": wrapped(self.group(row)) if row.split else "",
                "month": row.period,
                "count": row.count,
                "href": f"{MARK}{number}",
            }
            for number, row in enumerate(self.figures.rows)
        ]

    def lines(self) -> int:
        """The most lines of a label."""
        return max((row["label"].count("\n") + 1 for row in self.rows()), default=1)


def _heat(drawn: _Drawn) -> Spec:
    """Rows of values, columns of months, the number in each cell."""
    most, many = drawn.figures.most, len(drawn.figures.span.months()) > MANY
    cells = [{**row, **_colours(row["count"], most)} for row in drawn.rows()]
    return {
        "data": {"values": cells},
        "width": {"step": 30 if many else 56},
        "height": {"step": max(30, 15 * drawn.lines() + 6)},
        "encoding": {
            "x": {**_PLAIN, "field": "month", "axis": {"orient": "top", "labelAngle": -90 if many else 0}},
            "y": {**_PLAIN, "field": "label", "axis": {"labelExpr": BROKEN}},
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": palette.PAGE, "strokeWidth": 2},
                "encoding": {"color": _own("fill"), **_LEADS},
            },
            {
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {"text": {"field": "count"}, "color": _own("ink")},
            },
        ],
    }


def _colours(count: int, most: int) -> dict[str, str]:
    cell = palette.heat(count, most)
    return {"fill": cell.fill, "ink": cell.ink}


def _bars(drawn: _Drawn) -> Spec:
    """A bar a value with its number, in groups of the split."""
    height = max(26, 15 * drawn.lines() + 4)
    one = {
        "width": 420,
        "height": {"step": height},
        "encoding": {
            "x": {"field": "count", "type": "quantitative", "axis": None, "scale": {"domainMin": 0}},
            "y": {**_PLAIN, "field": "label", "axis": {"labelExpr": BROKEN}, "scale": {"paddingOuter": 0}},
        },
        "layer": [
            {"mark": {"type": "bar", "color": palette.BAR, "height": {"band": 0.7}}, "encoding": _LEADS},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 12, "color": palette.TEXT},
                "encoding": {"text": {"field": "count"}},
            },
        ],
    }
    if not drawn.figures.panel.split:
        return {"data": {"values": drawn.rows()}, **one}
    rows = drawn.rows()
    groups = list(dict.fromkeys(row["group"] for row in rows))
    header = {"labelOrient": "top", "labelAnchor": "start", "labelAngle": 0, "labelExpr": BROKEN, "labelPadding": 0}
    return {
        "data": {"values": rows},
        "facet": {"row": {**_PLAIN, "field": "group", "sort": groups, "header": header}},
        "spec": one,
        "spacing": 8,
        "resolve": {"scale": {"y": "independent"}},
    }


def _steps(drawn: _Drawn) -> Spec:
    """For each month a bar a step, side by side, from light to dark."""
    steps = [step for step in drawn.figures.panel.steps if step.drawn][: len(palette.SERIES)]
    said = [step.words.say(drawn.language) for step in steps]
    rows = [row for row in drawn.rows() if row["label"] in said]
    many = len(drawn.figures.span.months()) > MANY
    scale = {"domain": said, "range": list(palette.SERIES[: len(said)])}
    return {
        "data": {"values": rows},
        "width": {"step": 6 if many else 12, "for": "offset"},
        "height": 220,
        "mark": {"type": "bar"},
        "encoding": {
            "x": {**_PLAIN, "field": "month", "axis": {"labelAngle": -90 if many else 0}},
            "xOffset": {"field": "label", "sort": said, "scale": {"paddingInner": 0.1}},
            "y": {
                "field": "count",
                "type": "quantitative",
                "scale": {"domainMin": 0, "domainMax": max(drawn.figures.most, 1)},
                "axis": {"tickMinStep": 1, "grid": True, "tickCount": 5, "format": "d"},
                "title": None,
            },
            "color": {"field": "label", "type": "nominal", "scale": scale, "sort": said, "legend": {"title": None}},
            **_LEADS,
        },
    }


def _own(field: str) -> Spec:
    """A colour that the data names itself."""
    return {"field": field, "type": "nominal", "scale": None}


_LEADS: Spec = {"href": {"field": "href"}}
_PLAIN: Spec = {"type": "ordinal", "sort": None, "title": None}
_CHARTS: Mapping[Chart, Callable[[_Drawn], Spec]] = {"heat": _heat, "bars": _bars, "steps": _steps}
_TEXT: Spec = {"labelFontSize": 12, "labelColor": palette.TEXT, "labelLimit": 0}
CONFIG: Spec = {
    "font": FONTS,
    "view": {"stroke": None},
    "axis": {
        **_TEXT,
        "domainColor": palette.LINE,
        "tickColor": palette.LINE,
        "gridColor": palette.LINE,
        "titleFontSize": 12,
    },
    "axisBand": {"ticks": False, "domain": False, "labelPadding": 8},
    "header": {**_TEXT, "labelFontWeight": "bold", "labelFontSize": 13, "title": None},
    "legend": {**_TEXT, "orient": "top", "symbolType": "square", "symbolSize": 140},
}
