"""The panels as Kibana saved objects, at the versions of Kibana 8.9.

Older Kibanas refuse a newer version, newer ones migrate an older one, and without a version every old migration
runs and Lens fails. What the server makes itself (dates, revision) is left out: the same panels, the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from index.dashboards.columns import LABELS, Json
from index.dashboards.lens import Lens, lenses
from index.dashboards.panels import PANELS, Panel
from index.search.elastic.mapping import FIELDS, TIME, notices, warnings

CORE: Final = "8.8.0"
VERSIONS: Final = {"dashboard": "8.9.0", "index-pattern": "8.0.0"}
GRID: Final = 48
NOTICES: Final = "yujing-notices"
WARNINGS: Final = "yujing-warnings"
"""Ids of the data views. In a center's own Kibana space the second has that center's alias as its title."""

Names = Mapping[str, Mapping[str, str]]


def export(names: Names, panels: Sequence[Panel] = PANELS) -> str:
    """The file for Kibana's import: one object a line, the summary last. `names`: facet → value → what it is called."""
    objects = [*_data_views(names), *_dashboards(panels)]
    summary = {
        "excludedObjects": [],
        "excludedObjectsCount": 0,
        "exportedCount": len(objects),
        "missingRefCount": 0,
        "missingReferences": [],
    }
    return "".join(f"{_packed(each)}\n" for each in [*objects, summary])


def _data_views(names: Names) -> list[Json]:
    """One over the public notices, one over warnings; aliases, as a pattern would also find a half-built index."""
    formats = {FIELDS[facet]: _lookup(names[facet]) for facet in FIELDS if facet in names}
    labels = {FIELDS[facet]: {"customLabel": label} for facet, label in LABELS.items() if facet in FIELDS}
    return [
        _object(
            "index-pattern",
            name,
            {
                "title": alias,
                "name": title,
                "timeFieldName": TIME,
                "fields": "[]",
                "fieldAttrs": _packed(labels),
                "fieldFormatMap": _packed(formats),
                "runtimeFieldMap": "{}",
                "sourceFilters": "[]",
                "typeMeta": "{}",
                "allowHidden": False,
            },
            [],
        )
        for name, alias, title in ((NOTICES, notices(), "预警：公开信息"), (WARNINGS, warnings(), "预警：本中心预警"))
    ]


def _lookup(values: Mapping[str, str]) -> Json:
    entries = [{"key": key, "value": value} for key, value in values.items()]
    return {"id": "static_lookup", "params": {"lookupEntries": entries, "unknownKeyValue": ""}}


def _dashboards(panels: Sequence[Panel]) -> list[Json]:
    """What is public and what is a center's own stand apart: the second is shown to fewer people."""
    public = [panel for panel in panels if not panel.confidential]
    own = [panel for panel in panels if panel.confidential]
    return [
        _dashboard(
            "yujing-disputes", "海外知识产权纠纷态势", "公开信息中的纠纷案件，按重点产业、国家和受理机构统计。", public
        ),
        _dashboard("yujing-warnings", "预警办理情况", "预警从生成、放行、发送到签收的办理进度。", own),
    ]


def _dashboard(name: str, title: str, description: str, panels: Iterable[Panel]) -> Json:
    shown, references, down = [], [], 0
    for panel in panels:
        view = WARNINGS if panel.confidential else NOTICES
        for lens in lenses(panel):
            shown.append(_panel(lens, view, down))
            references.append(_reference(f"{lens.id}:{_layer(lens)}", view))
            down += lens.height
    attributes = {
        "title": title,
        "description": description,
        "panelsJSON": _packed(shown),
        "optionsJSON": _packed({"useMargins": True, "syncColors": False, "hidePanelTitles": False}),
        "timeRestore": True,
        "timeFrom": "now-11M/M",
        "timeTo": "now",
        "refreshInterval": {"pause": True, "value": 0},
        "kibanaSavedObjectMeta": {
            "searchSourceJSON": _packed({"query": {"query": "", "language": "kuery"}, "filter": []})
        },
        "version": 1,
    }
    return _object("dashboard", name, attributes, references)


def _panel(lens: Lens, view: str, down: int) -> Json:
    attributes = {
        "title": lens.title,
        "description": lens.description,
        "visualizationType": lens.kind,
        "type": "lens",
        "references": [_reference(_layer(lens), view)],
        "state": lens.state,
    }
    return {
        "version": VERSIONS["dashboard"],
        "type": "lens",
        "gridData": {"x": 0, "y": down, "w": min(lens.width, GRID), "h": lens.height, "i": lens.id},
        "panelIndex": lens.id,
        "embeddableConfig": {"attributes": attributes, "enhancements": {}},
        "title": lens.title,
    }


def _layer(lens: Lens) -> str:
    return f"indexpattern-datasource-layer-{lens.id}"


def _reference(name: str, view: str) -> Json:
    return {"type": "index-pattern", "id": view, "name": name}


def _object(kind: str, name: str, attributes: Json, references: list[Json]) -> Json:
    return {
        "type": kind,
        "id": name,
        "attributes": attributes,
        "references": references,
        "coreMigrationVersion": CORE,
        "typeMigrationVersion": VERSIONS[kind],
        "managed": False,
    }


def _packed(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
