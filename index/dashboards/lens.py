"""A panel as Lens states of Kibana 8.9: the same question, in Kibana's columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from index.dashboards import palette
from index.dashboards.columns import LANGUAGE, Json, count, filters, kql, months, terms
from index.dashboards.panels import Chart, Panel


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


def _heat(panel: Panel) -> Lens:
    columns = {"value": terms(panel.counts.by, panel), "month": months(), "count": count(panel)}
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
    columns = {"split": terms(panel.split, panel)} if panel.split else {}
    columns |= {"value": terms(panel.counts.by, panel), "count": count(panel)}
    return _lens(panel, "lnsXY", _xy(panel, "bar_horizontal_stacked", "value"), columns, 48, 16)


def _steps(panel: Panel) -> Lens:
    drawn = tuple(step for step in panel.steps if step.drawn)
    columns = {"split": filters(panel, drawn), "month": months(), "count": count(panel)}
    return _lens(panel, "lnsXY", _xy(panel, "bar", "month"), columns, 48, 14)


def _table(panel: Panel) -> Lens:
    """A row a month, a column a step."""
    columns = {"month": months(), "split": filters(panel, panel.steps), "count": count(panel)}
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


_CHARTS: Mapping[Chart, Callable[[Panel], Lens]] = {"heat": _heat, "bars": _bars, "steps": _steps}
