"""Whether Kibana would take a file: real exports pass, each way to break one is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from alerts.cli import app
from tests.savedobjects import Objects, faults, first, own, packed

Change = Callable[[Objects], object]


def panels(change: Change) -> Change:
    """A change of the first dashboard's panels."""

    def changed(objects: Objects) -> None:
        told = first(objects, "dashboard")["attributes"]
        shown = json.loads(told["panelsJSON"])
        change(shown)
        told["panelsJSON"] = json.dumps(shown)

    return changed


def lens(shown: Objects) -> dict[str, Any]:
    attributes: dict[str, Any] = shown[0]["embeddableConfig"]["attributes"]
    return attributes


def layer(shown: Objects) -> dict[str, Any]:
    layers: dict[str, dict[str, Any]] = lens(shown)["state"]["datasourceStates"]["formBased"]["layers"]
    return next(iter(layers.values()))


def dashboard(**values: object) -> Change:
    return lambda objects: first(objects, "dashboard").update(values)


def attributes(**values: object) -> Change:
    return lambda objects: first(objects, "dashboard")["attributes"].update(values)


BROKEN: dict[str, tuple[str, Change]] = {
    "a version from the future": ("newer", dashboard(typeMigrationVersion="99.0.0")),
    "a core from the future": ("newer", dashboard(coreMigrationVersion="99.0.0")),
    "a version that is none": ("version", dashboard(typeMigrationVersion="new")),
    "no version": ("no_version", lambda o: first(o, "dashboard").pop("typeMigrationVersion")),
    "one id twice": ("not_unique", lambda o: o.insert(0, dict(o[0]))),
    "no id": ("unnamed", lambda o: o[0].pop("id")),
    "an unknown type": ("unsupported_type", lambda o: o[0].update(type="toy")),
    "an unknown attribute": ("attributes", attributes(colour="red")),
    "no attributes": ("attributes", dashboard(attributes=None)),
    "panels as a list": ("string", attributes(panelsJSON=[])),
    "panels that are no JSON": ("string", attributes(panelsJSON="[{")),
    "too wide": ("grid", panels(lambda p: p[0]["gridData"].update(x=40, w=20))),
    "no place": ("grid", panels(lambda p: p[0].pop("gridData"))),
    "another index": ("grid", panels(lambda p: p[0]["gridData"].update(i="other"))),
    "on one place": ("grid", panels(lambda p: p[1]["gridData"].update(y=0))),
    "there twice": ("grid", panels(lambda p: p.append({**p[0], "gridData": {**p[0]["gridData"], "y": 500}}))),
    "an unresolved panel": ("panelRefName", panels(lambda p: p[0].update(panelRefName="panel_9"))),
    "a column not ordered": ("columns", panels(lambda p: layer(p)["columnOrder"].pop())),
    "a column not there": ("accessor", panels(lambda p: layer(p)["columns"].pop("count"))),
    "no data view": ("missing_references", lambda o: o.remove(first(o, "index-pattern"))),
    "a layer without a view": (
        "data_view",
        lambda o: (dashboard(references=[])(o), panels(lambda p: lens(p).update(references=[]))(o)),
    ),
    "another count": ("exportedCount", lambda o: o[-1].update(exportedCount=9)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_said(name: str) -> None:
    rule, change = BROKEN[name]
    objects = own()
    change(objects)
    if rule != "exportedCount":
        objects[-1]["exportedCount"] = len(objects) - 1
    assert rule in {fault.rule for fault in faults(packed(objects))}


@pytest.mark.parametrize(
    "text", ["", "\n", "no json", "[1]", "3", '{"type": 3, "id": [], "attributes": "a", "references": {"a": 1}}']
)
def test_what_is_no_export_is_said_plainly(text: str) -> None:
    assert faults(text)


def test_deep_and_odd_values_are_answered_not_raised() -> None:
    deep = "[" * 50_000
    odd = {"panelsJSON": deep, "kibanaSavedObjectMeta": 3, "controlGroupInput": [], "optionsJSON": None}
    chart = {"visualization": {"layers": [3, {"accessors": 4}]}, "datasourceStates": {"formBased": 3}}
    objects: Objects = [
        {"type": "dashboard", "id": "d", "attributes": odd, "references": [3]},
        {"type": "lens", "id": "l", "attributes": {"state": chart, "visualizationType": ["x"]}, "references": None},
        {"type": "lens", "id": "m", "attributes": {"state": chart, "visualizationType": "lnsXY"}, "references": [{}]},
        {"type": ["a"], "id": {"b": 1}, "attributes": {}, "references": [{"type": "search", "id": ["x"]}]},
    ]
    assert {fault.rule for fault in faults(packed(objects) + deep)} >= {"string", "not_json", "no_version"}


def test_a_view_the_kibana_has_already_need_not_be_in_the_file() -> None:
    objects = [each for each in own() if (each.get("type"), each.get("id")) != ("index-pattern", "yujing-notices")]
    objects[-1]["exportedCount"] = 3
    assert {fault.rule for fault in faults(packed(objects))} == {"missing_references"}
    assert faults(packed(objects), ("index-pattern", "yujing-notices")) == []


def test_real_exports_pass_but_for_the_view_that_one_lacks(shared: Path) -> None:
    files = sorted((shared / "kibana" / "real").glob("*.ndjson"))
    assert len(files) > 5
    for file in files:
        rules = {fault.rule for fault in faults(file.read_text("utf-8"))}
        assert rules == ({"missing_references"} if "8.6-dhcp" in file.name else set()), (file.name, rules)


def test_the_commands_write_and_check_a_file(tmp_path: Path) -> None:
    file, cli = tmp_path / "own.ndjson", CliRunner()
    command = ["dashboards", "check", str(file)]
    assert cli.invoke(app, ["dashboards", "export", "--out", str(file)]).exit_code == 0
    passed = cli.invoke(app, command)
    assert passed.exit_code == 0
    assert "4 个对象" in passed.output
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join(lines[1:]), "utf-8")
    failed = cli.invoke(app, command)
    assert failed.exit_code == 1
    assert "error  dashboard:yujing-disputes  missing_references  index-pattern:yujing-notices" in failed.output
    assert "defect  summary  exportedCount" in failed.output
    failed = cli.invoke(app, [*command, "--existing", "index-pattern:yujing-notices"])
    assert "missing_references" not in failed.output
    for broken in ([*command, "--existing", "x"], ["dashboards", "check", str(tmp_path / "none")]):
        assert cli.invoke(app, broken).exception
    assert cli.invoke(app, ["dashboards", "export", "--out", str(tmp_path / "no" / "such")]).exception
