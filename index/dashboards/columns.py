"""What a Lens chart counts, and by what: the columns of its data, and its question in Kibana's query language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from index.dashboards.panels import Panel, Step
from index.search.elastic.mapping import CASE, FIELDS, TIME
from index.search.query import Facet, Query

Json: TypeAlias = dict[str, Any]

LANGUAGE: Final = "zh"  # of titles and labels: who opens Kibana is a center's staff
VALUES = 200
"""The most values of a facet shown; more than any of ours has, so that none is left out."""
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


def kql(query: Query) -> str:
    """What a question is narrowed to, as Kibana's query language says it. Words and dates are not part of it."""
    return " and ".join(one_of(facet, values) for facet, values in query.filters())


def one_of(facet: Facet, values: tuple[str, ...]) -> str:
    """`field : ("a" or "b")`."""
    quoted = [json.dumps(value, ensure_ascii=False) for value in values]
    return f"{FIELDS[facet]} : {quoted[0] if len(quoted) == 1 else '(' + ' or '.join(quoted) + ')'}"


def count(panel: Panel) -> Json:
    """The number: documents, or different cases."""
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


def months() -> Json:
    """By month."""
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


def terms(facet: Facet, panel: Panel) -> Json:
    """By the values of a facet; one without is counted nowhere, as on the desk."""
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


def filters(panel: Panel, steps: tuple[Step, ...]) -> Json:
    """By steps, which may overlap."""
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
