"""Whether what a file of saved objects would bring into Kibana is shown as it was meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from index.dashboards.saved import Fault, File, Json, Saved, lenses, mapping, mappings, panels, text

COLUMNS = 48
"""A dashboard's grid is so wide."""
LAYER = "indexpattern-datasource-layer-"


def defects(file: File) -> Iterator[Fault]:
    """What would be imported and show wrong."""
    yield from _summary(file)
    present = {(each.type, each.id) for each in file.objects}
    for saved in file.objects:
        if saved.type == "dashboard":
            yield from _grid(saved)
            yield from _resolved(saved, present)
        for place, attributes, references in lenses(saved):
            yield from _lens(saved, place, attributes, references)


def _summary(file: File) -> Iterator[Fault]:
    if file.summary is None:
        return
    told, there = file.summary.get("exportedCount"), len(file.objects)
    if told != there:
        yield Fault("defect", "summary", "exportedCount", f"says {told}, the file has {there} objects")


def _grid(saved: Saved) -> Iterator[Fault]:
    placed: list[tuple[str, Json]] = []
    for panel in panels(saved):
        index, grid = str(panel.get("panelIndex")), mapping(panel.get("gridData"))
        numbers = [grid.get(side) for side in "xywh"]
        if not all(isinstance(number, int) and number >= 0 for number in numbers) or not (grid["w"] and grid["h"]):
            yield saved.defect("grid", f"panel {index} has no place: {dict(grid)}"[:200])
            continue
        if str(grid.get("i")) != index:
            yield saved.defect("grid", f"panel {index} is {grid.get('i')} in its gridData")
        if grid["x"] + grid["w"] > COLUMNS:
            yield saved.defect("grid", f"panel {index} reaches column {grid['x'] + grid['w']} of {COLUMNS}")
        placed.append((index, grid))
    indexes = [index for index, _ in placed]
    for index in sorted({index for index in indexes if indexes.count(index) > 1}):
        yield saved.defect("grid", f"panel {index} is there twice")
    for (one, here), (other, there) in combinations(placed, 2):
        if here.get("sectionId") == there.get("sectionId") and _overlap(here, there):
            yield saved.defect("grid", f"panels {one} and {other} lie on one place")


def _overlap(one: Json, other: Json) -> bool:
    def beside(start: str, size: str) -> bool:
        return bool(one[start] + one[size] <= other[start] or other[start] + other[size] <= one[start])

    return not (beside("x", "w") or beside("y", "h"))


def _resolved(saved: Saved, present: set[tuple[str, str]]) -> Iterator[Fault]:
    """A panel by reference finds its reference, and the reference what it names."""
    by_name = {text(each.get("name")): each for each in saved.references}
    for panel in panels(saved):
        index, wanted = str(panel.get("panelIndex")), text(panel.get("panelRefName"))
        found = by_name.get(f"{index}:{wanted}") or by_name.get(wanted)
        if wanted and not found:
            yield saved.defect("panelRefName", f"panel {index}: no reference is named {index}:{wanted}"[:200])
        elif wanted and found and (target := (text(found.get("type")), text(found.get("id")))) not in present:
            yield saved.defect("panelRefName", f"panel {index}: {':'.join(target)} is not in the file")


def _lens(saved: Saved, place: str, attributes: Json, references: list[Json]) -> Iterator[Fault]:
    where = f"panel {place}: " if place else ""
    state = mapping(attributes.get("state"))
    sources = mapping(state.get("datasourceStates"))
    layers = {**_layers(sources.get("indexpattern")), **_layers(sources.get("formBased"))}
    names = {text(each.get("name")) for each in [*references, *mappings(state.get("internalReferences"))]}
    for layer, held in layers.items():
        if f"{LAYER}{layer}" not in names:
            yield saved.defect("data_view", f"{where}layer {layer} has no reference to a data view")
        columns, order = mapping(held.get("columns")), held.get("columnOrder")
        if set(order if isinstance(order, list) else ()) != set(columns):
            yield saved.defect("columns", f"{where}columnOrder of layer {layer} does not name its columns")
    known = {column for held in layers.values() for column in mapping(held.get("columns"))}
    for name in sorted(_accessors(state.get("visualization")) - known if layers else ()):
        yield saved.defect("accessor", f"{where}the chart draws column {name}, which no layer has"[:200])


def _layers(source: object) -> dict[str, Json]:
    return {name: mapping(held) for name, held in mapping(mapping(source).get("layers")).items()}


def _accessors(value: Any) -> set[str]:
    """The columns of which a chart says that it draws them."""
    found: set[str] = set()
    for layer in [mapping(value), *mappings(mapping(value).get("layers"))]:
        if layer.get("layerType") not in (None, "data"):
            continue
        single = ("xAccessor", "splitAccessor", "valueAccessor", "yAccessor", "accessor")
        found |= {text(layer[name]) for name in single if text(layer.get(name))}
        several = ("accessors", "metrics", "primaryGroups", "secondaryGroups")
        found |= {text(column) for name in several for column in _list(layer.get(name)) if text(column)}
    return found


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
