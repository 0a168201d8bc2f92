"""Saved objects for tests: our own export as objects, and what is wrong with a file."""

from __future__ import annotations

import json
from typing import Any

from alerts.naming import names
from index.dashboards.importing import refusals
from index.dashboards.kibana import export
from index.dashboards.saved import Fault, read
from index.dashboards.showing import defects

Objects = list[dict[str, Any]]


def faults(text: str, *existing: tuple[str, str]) -> list[Fault]:
    """Everything that is wrong with a file."""
    file = read(text)
    return [*refusals(file, existing), *defects(file)]


def own() -> Objects:
    """Our export, its summary last."""
    return [json.loads(line) for line in export(names()).splitlines()]


def packed(objects: Objects) -> str:
    """Objects as a file."""
    return "\n".join(json.dumps(each) for each in objects) + "\n"


def first(objects: Objects, kind: str) -> dict[str, Any]:
    """The first object of a type."""
    return next(each for each in objects if each.get("type") == kind)
