"""Reading a file of Kibana saved objects, and what is wrong with it, in one shape."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """`error`: Kibana refuses the file or object. `defect`: it would be imported and show wrong."""

    weight: Literal["error", "defect"]
    object: str
    rule: str
    reason: str

    def __str__(self) -> str:
        return f"{self.weight}  {self.object}  {self.rule}  {self.reason}"


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved object; attributes and references are empty where they are not what they should be."""

    line: int
    raw: Json

    @property
    def type(self) -> str:
        """Its type, empty if it has none."""
        return text(self.raw.get("type"))

    @property
    def id(self) -> str:
        """Its id, empty if it has none."""
        return text(self.raw.get("id"))

    @property
    def name(self) -> str:
        """How it is called in messages."""
        return f"{self.type or '?'}:{self.id or '?'}"

    @property
    def attributes(self) -> Json:
        """Its attributes."""
        return mapping(self.raw.get("attributes"))

    @property
    def references(self) -> list[Json]:
        """What it refers to."""
        return mappings(self.raw.get("references"))

    def error(self, rule: str, reason: str) -> Fault:
        """Kibana refuses it."""
        return Fault("error", self.name, rule, reason)

    def defect(self, rule: str, reason: str) -> Fault:
        """It would show wrong."""
        return Fault("defect", self.name, rule, reason)


@dataclass(frozen=True, slots=True)
class File:
    """What a file holds: objects, the summary Kibana writes last, and lines that are neither."""

    objects: tuple[Saved, ...]
    summary: Json | None
    unread: tuple[Fault, ...]


def read(content: str) -> File:
    """The objects of an NDJSON file."""
    objects, summary, unread = [], None, []
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            unread.append(Fault("error", f"line {number}", "not_json", str(error)[:200]))
            continue
        if not isinstance(value, dict):
            unread.append(Fault("error", f"line {number}", "not_an_object", "a line is one saved object"))
        elif "exportedCount" in value:
            summary = value
        else:
            objects.append(Saved(number, value))
    return File(tuple(objects), summary, tuple(unread))


def text(value: object) -> str:
    """The value if it is text, else nothing."""
    return value if isinstance(value, str) else ""


def words(several: str) -> frozenset[str]:
    """Each word of a line."""
    return frozenset(several.split())


def mapping(value: object) -> Json:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> list[Json]:
    """The objects among the items of a list; none if it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def parsed(value: object) -> Any:
    """What a string of JSON holds. Raises ValueError or RecursionError; a value that is no string is returned."""
    return json.loads(value) if isinstance(value, str) else value


def panels(dashboard: Saved) -> list[Json]:
    """A dashboard's panels; none where they cannot be read."""
    try:
        return mappings(parsed(dashboard.attributes.get("panelsJSON")))
    except (ValueError, RecursionError):
        return []


def lenses(saved: Saved) -> Iterator[tuple[str, Json, list[Json]]]:
    """Each Lens chart of an object: (panel it stands in, attributes, every reference it may use)."""
    if saved.type == "lens":
        yield "", saved.attributes, saved.references
    for panel in panels(saved) if saved.type == "dashboard" else ():
        attributes = mapping(mapping(panel.get("embeddableConfig")).get("attributes"))
        if text(attributes.get("visualizationType")).startswith("lns"):
            index = str(panel.get("panelIndex"))
            above = [
                {**reference, "name": text(reference.get("name")).removeprefix(f"{index}:")}
                for reference in saved.references
                if text(reference.get("name")).startswith(f"{index}:")
            ]
            yield index, attributes, [*mappings(attributes.get("references")), *above]
