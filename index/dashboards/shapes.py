"""The three kinds of chart as Vega-Lite specifications. Labels stand in the data only, never in an expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from index.dashboards import palette
from index.dashboards.data import Drawn
from index.dashboards.panels import Chart

Spec: TypeAlias = dict[str, Any]

FONTS = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', sans-serif"
MANY = 18
"""More months than that are drawn narrower."""
BROKEN = "split(datum.label, '\\n')"


def _heat(drawn: Drawn) -> Spec:
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


def _bars(drawn: Drawn) -> Spec:
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


def _steps(drawn: Drawn) -> Spec:
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
SHAPES: Mapping[Chart, Callable[[Drawn], Spec]] = {"heat": _heat, "bars": _bars, "steps": _steps}
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
