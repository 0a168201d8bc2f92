"""Whether Kibana would import a file of saved objects: its own rules, in its own words, without a Kibana.

Rules: elastic/kibana, `src/core/packages/saved-objects/import-export-server-internal/src/import/lib/` and the
create schemas of the dashboard and data view types; each checked against exports of Kibana 7.16 to 9.4.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from index.dashboards.saved import Fault, File, Saved, mapping, parsed, text, words

OBJECTS = 10_000
"""Kibana's limit of one import."""
MODELS = 20
"""Since 8.8 a type's versions are 10.1.0, 10.2.0…; up to Kibana 9.4 no type has had more than twelve."""
TYPES = words(
    "dashboard lens visualization search index-pattern map tag links query config config-global url canvas-workpad "
    "canvas-element graph-workspace event-annotation-group infrastructure-ui-source metrics-explorer-view "
    "inventory-view infra-custom-dashboards apm-custom-dashboards alert action rules-settings cases "
    "osquery-saved-query osquery-pack osquery-pack-asset csp-rule-template ml-module security-rule "
    "timelion-sheet slo synthetics-monitor uptime-dynamic-settings"
)
"""The types Kibana exports and imports."""
ENFORCED = ("index-pattern", "search")
"""References Kibana insists on."""
ALLOWED = {
    "dashboard": words(
        "title description kibanaSavedObjectMeta timeRestore timeFrom timeTo refreshInterval controlGroupInput "
        "panelsJSON optionsJSON hits version showApplySelections sections projectRouting pinned_panels"
    ),
    "index-pattern": words(
        "title name type timeFieldName intervalName sourceFilters fields typeMeta fieldFormatMap fieldAttrs "
        "runtimeFieldMap allowNoIndex allowHidden fieldFormats"
    ),
    "tag": words("name description color"),
}
"""The attributes their create schemas know; any other is refused."""
PACKED = {
    "dashboard": ("panelsJSON", "optionsJSON"),
    "visualization": ("visState", "uiStateJSON"),
    "index-pattern": ("fields", "fieldFormatMap", "fieldAttrs", "runtimeFieldMap", "typeMeta", "sourceFilters"),
    "map": ("layerListJSON", "mapStateJSON", "uiStateJSON"),
}
"""Attributes that are strings holding JSON."""


def refusals(file: File, existing: Collection[tuple[str, str]] = ()) -> Iterator[Fault]:
    """Why Kibana would refuse the file, or objects of it. `existing`: (type, id) of what the Kibana has already."""
    yield from file.unread
    if not file.objects and not file.unread:
        yield Fault("error", "file", "empty", "there is no saved object in it")
    if len(file.objects) > OBJECTS:
        yield Fault("error", "file", "too_many", f"Can't import more than {OBJECTS} objects")
    yield from _unique(file)
    present = {(each.type, each.id) for each in file.objects} | set(existing)
    for saved in file.objects:
        yield from _named(saved)
        yield from _versions(saved)
        yield from _known_attributes(saved)
        yield from _strings(saved)
        yield from _references(saved, present)


def _unique(file: File) -> Iterator[Fault]:
    seen = Counter(each.name for each in file.objects)
    for name, times in seen.items():
        if times > 1:
            yield Fault("error", name, "not_unique", f"Non-unique import objects detected: [{name}]")


def _named(saved: Saved) -> Iterator[Fault]:
    if not saved.id or not saved.type:
        yield saved.error("unnamed", f"line {saved.line} has no {'type' if saved.id else 'id'}")
    elif saved.type not in TYPES:
        yield saved.error("unsupported_type", f"Kibana imports no [{saved.type}]")
    if not isinstance(saved.raw.get("attributes"), dict):
        yield saved.error("attributes", "expected value of type [object]")


def _versions(saved: Saved) -> Iterator[Fault]:
    migrated = mapping(saved.raw.get("migrationVersion"))
    own = text(saved.raw.get("typeMigrationVersion")) or text(migrated.get(saved.type))
    if not own and saved.type in ("dashboard", "lens", "visualization", "search", "index-pattern", "map"):
        yield saved.defect("no_version", "without a version every old migration runs, and Lens charts fail in them")
    for version, last in ((own, (10, MODELS, 0)), (text(saved.raw.get("coreMigrationVersion")), (9, 99, 99))):
        if version and not re.fullmatch(r"\d+\.\d+\.\d+", version):
            yield saved.error("version", f"[{version[:40]}] is no version")
        elif version and tuple(map(int, version.split("."))) > last:
            yield saved.error(
                "newer", f'Document "{saved.id}" belongs to a more recent version of Kibana [{version[:40]}]'
            )


def _known_attributes(saved: Saved) -> Iterator[Fault]:
    for name in sorted(saved.attributes.keys() - ALLOWED.get(saved.type, saved.attributes.keys())):
        yield saved.error("attributes", f"[attributes.{name}]: definition for this key is missing")


def _strings(saved: Saved) -> Iterator[Fault]:
    held = {name: saved.attributes.get(name) for name in PACKED.get(saved.type, ())}
    held["searchSourceJSON"] = mapping(saved.attributes.get("kibanaSavedObjectMeta")).get("searchSourceJSON")
    if saved.type == "dashboard":
        control = mapping(saved.attributes.get("controlGroupInput"))
        held |= {f"controlGroupInput.{name}": control.get(name) for name in ("panelsJSON", "ignoreParentSettingsJSON")}
    for name, value in held.items():
        if value is not None and not isinstance(value, str):
            yield saved.error("string", f"[{name}]: expected value of type [string] but got [{_kind(value)}]")
        elif value:
            try:
                parsed(value)
            except (ValueError, RecursionError) as error:
                yield saved.defect("string", f"[{name}] holds no JSON: {str(error)[:120]}")


def _references(saved: Saved, present: Collection[tuple[str, str]]) -> Iterator[Fault]:
    named = {(text(each.get("type")), text(each.get("id"))) for each in saved.references}
    for kind, name in sorted(each for each in named if each[0] in ENFORCED and each not in present):
        yield saved.error("missing_references", f"{kind}:{name}")


def _kind(value: object) -> str:
    return {dict: "Object", list: "Array", bool: "boolean"}.get(type(value), "number")
