"""What Kibana asks Elasticsearch for a Lens chart: a small translator. What it does not know it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen

from index.dashboards.figures import Span
from index.search.elastic.mapping import PREFIX, TIME

Json = dict[str, Any]
ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Chart:
    """One Lens chart of an export: the panel it is of, where it looks, what it asks."""

    id: str
    panel: str
    index: str
    query: str
    order: list[str]
    columns: Mapping[str, Json]
    labels: list[str] = field(default_factory=list)

    @property
    def fields(self) -> set[str]:
        """Every field it needs."""
        named = {column.get("sourceField", "") for column in self.columns.values()} - {"", "___records___"}
        asked = [
            self.query,
            *(f["input"]["query"] for c in self.columns.values() for f in c["params"].get("filters", ())),
        ]
        return named | {name for query in asked for name in re.findall(r"([\w.@]+) : ", query)} | {TIME}


def charts(content: str) -> Iterator[Chart]:
    """Every chart of an export."""
    objects = [json.loads(line) for line in content.splitlines()]
    titles = {o["id"]: o["attributes"]["title"] for o in objects if o.get("type") == "index-pattern"}
    for dashboard in (o for o in objects if o.get("type") == "dashboard"):
        for shown in json.loads(dashboard["attributes"]["panelsJSON"]):
            attributes = shown["embeddableConfig"]["attributes"]
            ((layer, held),) = attributes["state"]["datasourceStates"]["formBased"]["layers"].items()
            (view,) = (
                r["id"] for r in attributes["references"] if r["name"] == f"indexpattern-datasource-layer-{layer}"
            )
            labels = [f["label"] for c in held["columns"].values() for f in c["params"].get("filters", ())]
            yield Chart(
                shown["panelIndex"],
                shown["panelIndex"].removesuffix("-table"),
                titles[view],
                attributes["state"]["query"]["query"],
                held["columnOrder"],
                held["columns"],
                labels,
            )


def views(content: str) -> dict[str, set[str]]:
    """The fields each data view names itself, by its index."""
    found = {}
    for each in map(json.loads, content.splitlines()):
        if each.get("type") == "index-pattern":
            told = each["attributes"]
            named = {*json.loads(told["fieldAttrs"]), *json.loads(told["fieldFormatMap"]), told["timeFieldName"]}
            found[told["title"]] = named
    return found


def execute(chart: Chart, server: str, span: Span) -> dict[tuple[str, str, str], int]:
    """Ask as Kibana would and read the answer: (value, month, split) → number."""
    buckets = [name for name in chart.order if chart.columns[name]["isBucketed"]]
    (metric,) = (name for name in chart.order if not chart.columns[name]["isBucketed"])
    body = {
        "size": 0,
        "track_total_hits": True,
        "query": _whole(chart.query, span),
        "aggs": _aggs(chart, buckets, metric),
    }
    answer = ask(server, f"{chart.index}/_search", body)
    assert answer["hits"]["total"]["value"] > 0, chart.id
    found: dict[tuple[str, str, str], int] = {}
    for path, number in _read(answer["aggregations"], chart, buckets, metric):
        month = next((v for n, v in path.items() if chart.columns[n]["operationType"] == "date_histogram"), "")
        filtered = next((v for n, v in path.items() if chart.columns[n]["operationType"] == "filters"), None)
        value = filtered if filtered is not None else path["value"]
        split = path.get("split", "") if filtered is None else ""
        found[value, month, split] = number
    return found


def _whole(query: str, span: Span) -> Json:
    when = {"gte": span.since.isoformat(), "lte": f"{span.until.isoformat()}||/d", "time_zone": ZONE}
    return {"bool": {"filter": [kql(query), {"range": {TIME: when}}]}}


def kql(query: str) -> Json:
    """`field : "value"`, `field : ("a" or "b")`, joined by `and`."""
    parts = []
    for part in query.split(" and "):
        met = re.fullmatch(r'([\w.@]+) : (?:("(?:[^"\\]|\\.)*")|\(("[^()]*")\))', part)
        assert met, f"KQL we do not write: {part}"
        values = [json.loads(value) for value in (met[2] or met[3]).split(" or ")]
        parts.append({"terms": {met[1]: values}})
    return {"bool": {"filter": parts}}


def _aggs(chart: Chart, buckets: list[str], metric: str) -> Json:
    if not buckets:
        column = chart.columns[metric]
        if column["operationType"] == "count":
            assert column["sourceField"] == "___records___"
            return {}
        assert column["operationType"] == "unique_count", column
        return {metric: {"cardinality": {"field": column["sourceField"]}}}
    name, *rest = buckets
    inner = _aggs(chart, rest, metric)
    order = _aggs(chart, [], metric)
    return {name: {**_bucket(chart.columns[name], metric, order), "aggs": {**inner, **order}}}


def _bucket(column: Json, metric: str, order: Json) -> Json:
    params = column["params"]
    if column["operationType"] == "terms":
        assert (params["otherBucket"], params["missingBucket"], params["orderBy"]["type"]) == (False, False, "column")
        by = {metric if order else "_count": params["orderDirection"]}
        return {"terms": {"field": column["sourceField"], "size": params["size"], "order": by}}
    if column["operationType"] == "filters":
        return {"filters": {"filters": {f["label"]: kql(f["input"]["query"]) for f in params["filters"]}}}
    assert (column["operationType"], params["interval"]) == ("date_histogram", "1M"), column
    when = {"field": column["sourceField"], "calendar_interval": "1M", "time_zone": ZONE, "min_doc_count": 1}
    return {"date_histogram": {**when, "format": "yyyy-MM"}}


def _read(answer: Json, chart: Chart, buckets: list[str], metric: str) -> Iterator[tuple[dict[str, str], int]]:
    if not buckets:
        counts = chart.columns[metric]["operationType"] == "count"
        yield {}, answer["doc_count"] if counts else answer[metric]["value"]
        return
    name, *rest = buckets
    held = answer[name]["buckets"]
    named = held.items() if isinstance(held, dict) else ((b.get("key_as_string", b["key"]), b) for b in held)
    for key, bucket in named:
        for path, number in _read(bucket, chart, rest, metric):
            yield {name: key, **path}, number


def ask(server: str, path: str, body: Json | None = None, method: str = "") -> Json:
    """One request; index names that begin with ours get the test's own beginning."""
    address, _, prefix = server.rpartition("/")
    data = json.dumps(body).encode() if body is not None else None
    url = f"{address}/{path.replace(PREFIX, prefix, 1)}"
    request = Request(url, data, {"Content-Type": "application/json"}, method=method or None)
    with urlopen(request, timeout=30) as answer:
        told: Json = json.load(answer)
    return told


def forget(server: str) -> None:
    """Delete every index of the test's own beginning."""
    for index in ask(server, f"{PREFIX}-*?expand_wildcards=all&allow_no_indices=true"):
        ask(server, index, method="DELETE")
