"""A panel as Lens states of Kibana 8.9: the same question, in Kibana's columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from index.dashboards import palette
from index.dashboards.panels import Chart, Panel, Step
from index.search.elastic_mapping import CASE, FIELDS, TIME
from index.search.query import Facet, Query

Json: TypeAlias = dict[str, Any]

LANGUAGE: Final = "zh"  # of titles and labels: who opens Kibana is a center's staff
VALUES = 200
"""The most values of a facet shown; more than any of ours has, so that none is left out."""


@dataclass(frozen=True, slots=True)
class Lens:
    """One chart. `id` is also that of its layer; `width` and `height` are cells of the dashboard's grid of 48."""

    id: str
    title: str
    description: str
    kind: str
    state: Json
    width: int
    height: int


def lenses(panel: Panel) -> list[Lens]:
    """The panel's chart, and where it has steps that are not drawn, its table."""
    found = [_CHARTS[panel.chart](panel)]
    return [*found, _table(panel)] if any(not step.drawn for step in panel.steps) else found


def kql(query: Query) -> str:
    """What a question is narrowed to, as Kibana's query language says it. Words and dates are not part of it."""
    return " and ".join(one_of(facet, values) for facet, values in query.filters())


def one_of(facet: Facet, values: tuple[str, ...]) -> str:
    """`field : ("a" or "b")`."""
    quoted = [json.dumps(value, ensure_ascii=False) for value in values]
    return f"{FIELDS[facet]} : {quoted[0] if len(quoted) == 1 else '(' + ' or '.join(quoted) + ')'}"


def _heat(panel: Panel) -> Lens:
    columns = {"value": _terms(panel.counts.by, panel), "month": _months(), "count": _count(panel)}
    shown = {"isCellLabelVisible": True, "isXAxisLabelVisible": True, "isYAxisLabelVisible": True}
    visualization = {
        "shape": "heatmap",
        "layerId": panel.id,
        "layerType": "data",
        "xAccessor": "month",
        "yAccessor": "value",
        "valueAccessor": "count",
        "legend": {"isVisible": False, "position": "right", "type": "heatmap_legend"},
        "gridConfig": {"type": "heatmap_grid", **shown, "isXAxisTitleVisible": False, "isYAxisTitleVisible": False},
        "palette": _shades(),
    }
    return _lens(panel, "lnsHeatmap", visualization, columns, 48, 14)


def _bars(panel: Panel) -> Lens:
    columns = {"split": _terms(panel.split, panel)} if panel.split else {}
    columns |= {"value": _terms(panel.counts.by, panel), "count": _count(panel)}
    return _lens(panel, "lnsXY", _xy(panel, "bar_horizontal_stacked", "value"), columns, 48, 16)


def _steps(panel: Panel) -> Lens:
    drawn = tuple(step for step in panel.steps if step.drawn)
    columns = {"split": _filters(panel, drawn), "month": _months(), "count": _count(panel)}
    return _lens(panel, "lnsXY", _xy(panel, "bar", "month"), columns, 48, 14)


def _table(panel: Panel) -> Lens:
    """A row a month, a column a step."""
    columns = {"month": _months(), "split": _filters(panel, panel.steps), "count": _count(panel)}
    shown = [{"columnId": "month"}, {"columnId": "split", "isTransposed": True}, {"columnId": "count"}]
    visualization = {"layerId": f"{panel.id}-table", "layerType": "data", "columns": shown}
    return _lens(panel, "lnsDatatable", visualization, columns, 48, 12, "-table")


def _lens(
    panel: Panel, kind: str, visualization: Json, columns: Mapping[str, Json], width: int, height: int, part: str = ""
) -> Lens:
    layer = {"columnOrder": list(columns), "columns": dict(columns), "incompleteColumns": {}}
    state = {
        "visualization": visualization,
        "query": {"query": kql(panel.query), "language": "kuery"},
        "filters": [],
        "datasourceStates": {"formBased": {"layers": {panel.id + part: layer}}},
        "internalReferences": [],
        "adHocDataViews": {},
    }
    return Lens(panel.id + part, panel.title.say(LANGUAGE), panel.note.say(LANGUAGE), kind, state, width, height)


def _xy(panel: Panel, series: str, across: str) -> Json:
    split = {"splitAccessor": "split"} if panel.split or panel.steps else {}
    layer = {"layerId": panel.id, "layerType": "data", "seriesType": series, "xAccessor": across, **split}
    return {
        "preferredSeriesType": series,
        "layers": [{**layer, "accessors": ["count"]}],
        "legend": {"isVisible": True, "position": "right"},
        "valueLabels": "show",
        "fittingFunction": "None",
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": False, "yRight": False},
        "tickLabelsVisibilitySettings": {"x": True, "yLeft": True, "yRight": True},
        "gridlinesVisibilitySettings": {"x": False, "yLeft": True, "yRight": True},
        "labelsOrientation": {"x": 0, "yLeft": 0, "yRight": 0},
    }


def _count(panel: Panel) -> Json:
    cases = panel.counts.of == "cases"
    return {
        "label": panel.noun.say(LANGUAGE),
        "customLabel": True,
        "dataType": "number",
        "operationType": "unique_count" if cases else "count",
        "sourceField": CASE if cases else "___records___",
        "isBucketed": False,
        "scale": "ratio",
        "params": {"emptyAsNull": False},
    }


def _months() -> Json:
    return {
        "label": "月份",
        "customLabel": True,
        "dataType": "date",
        "operationType": "date_histogram",
        "sourceField": TIME,
        "isBucketed": True,
        "scale": "interval",
        "params": {"interval": "1M", "includeEmptyRows": True, "dropPartials": False},
    }


def _terms(facet: Facet, panel: Panel) -> Json:
    order = {"type": "column", "columnId": "count"}
    return {
        "label": LABELS.get(facet, panel.title.say(LANGUAGE)),
        "customLabel": True,
        "dataType": "string",
        "operationType": "terms",
        "sourceField": FIELDS[facet],
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": VALUES,
            "orderBy": order,
            "orderDirection": "desc",
            "otherBucket": False,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
        },
    }


def _filters(panel: Panel, steps: tuple[Step, ...]) -> Json:
    asked = [
        {
            "label": step.words.say(LANGUAGE),
            "input": {"language": "kuery", "query": one_of(panel.counts.by, step.values)},
        }
        for step in steps
    ]
    return {
        "label": LABELS.get(panel.counts.by, ""),
        "customLabel": True,
        "dataType": "string",
        "operationType": "filters",
        "isBucketed": True,
        "scale": "ordinal",
        "params": {"filters": asked},
    }


def _shades() -> Json:
    """The desk's own colours, in fifths of the most."""
    stops = [{"color": colour, "stop": 20 * (at + 1)} for at, colour in enumerate(palette.HEAT[1:])]
    starts = [{"color": colour, "stop": 20 * at} for at, colour in enumerate(palette.HEAT[1:])]
    params = {
        "name": "custom",
        "progression": "fixed",
        "continuity": "none",
        "reverse": False,
        "rangeType": "percent",
        "rangeMin": 0,
        "rangeMax": 100,
        "maxSteps": 5,
        "stops": stops,
        "colorStops": starts,
    }
    return {"type": "palette", "name": "custom", "accessor": "count", "params": params}


LABELS: Mapping[str, str] = {
    "industry": "重点产业",
    "forum": "受理机构",
    "country": "国家或地区",
    "stage": "办理进度",
    "kind": "类别",
    "center": "分中心",
    "enterprise": "企业",
    "ip_dispute": "是否知识产权纠纷",
    "level": "涉案关系",
}
"""What a facet is called; also the name of its field."""
_CHARTS: Mapping[Chart, Callable[[Panel], Lens]] = {"heat": _heat, "bars": _bars, "steps": _steps}
