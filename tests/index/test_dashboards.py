"""Panels: their model, their months, and the file for Kibana."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from alerts import charts
from alerts.naming import names
from index.dashboards import panels as panels_module
from index.dashboards.drawing import picture
from index.dashboards.figures import MONTHS, Span, run
from index.dashboards.kibana import export
from index.dashboards.panels import PANELS, Panel, Step, Words
from index.ledger.scope import PROVINCE
from index.records import AlertState
from index.search.document import Document
from index.search.engines import open_engine
from index.search.query import Counts, Query
from index.settings import Settings
from tests.savedobjects import faults, own

FOURTH = Panel(
    id="enterprise",
    title=Words("各企业预警", "Warnings by enterprise"),
    note=Words("期间内发送的预警。", "Warnings sent in the period."),
    noun=Words("预警（条）", "warnings"),
    query=Query(kinds=("warning",), stages=("sent",)),
    counts=Counts("enterprise"),
    chart="bars",
)


def test_a_span_is_whole_months_with_its_ends_cut() -> None:
    assert Span.last(12, date(2026, 3, 9)) == Span(date(2025, 4, 1), date(2026, 3, 9))
    assert Span.last(1, date(2026, 1, 31)) == Span(date(2026, 1, 1), date(2026, 1, 31))
    assert Span.last(400, date(2026, 3, 9)).months()[0] == "2023-04"
    assert Span.last(12, date(1, 2, 3)).since == date(1, 1, 1)
    assert Span.months_of(date.min, date.max).months()[-1] == "9999-12"
    span = Span(date(2025, 11, 17), date(2026, 2, 3))
    assert span.months() == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert span.within("2025-11") == Span(date(2025, 11, 17), date(2025, 11, 30))
    assert span.within("2026-02") == Span(date(2026, 2, 1), date(2026, 2, 3))
    assert span.within("") == span
    whole = Span.months_of(date(2020, 5, 9), date(2026, 2, 3))
    assert whole == Span(date(2023, 3, 1), date(2026, 2, 28))
    assert len(whole.months()) == MONTHS


def test_a_panel_that_could_not_lead_to_what_it_counts_is_refused() -> None:
    with pytest.raises(ValueError, match="severity"):
        replace(FOURTH, counts=Counts("severity"))
    with pytest.raises(ValueError, match="month"):
        replace(FOURTH, counts=Counts("enterprise", "month"))
    with pytest.raises(ValueError, match="month"):
        replace(FOURTH, chart="heat")
    with pytest.raises(ValueError, match="steps"):
        replace(FOURTH, steps=(Step("a", Words("甲", "a"), ("sent",)),))


def test_the_stages_of_the_warnings_panel_are_all_there_are() -> None:
    (made,) = (step for panel in PANELS for step in panel.steps if step.key == "made")
    assert set(made.values) == {*(state.value for state in AlertState), "sent"} == set(names()["stage"])


def test_a_new_panel_is_one_entry(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, drawn, exported and found fit for Kibana without another list being edited."""
    monkeypatch.setattr(panels_module, "PANELS", (*PANELS, FOURTH))
    engine = open_engine(settings.search)
    sent = (
        Document(str(n), "warning", "t", "", date(2026, 3, 1), enterprises=(f"E{n % 2}",), stage="sent")
        for n in range(5)
    )
    engine.rebuild(sent)
    figures = run(FOURTH, engine, Span.last(2, date(2026, 3, 9)), PROVINCE, names())
    assert [(row.key, row.count) for row in figures.rows] == [("E0", 3), ("E1", 2)]
    assert "E0" in charts.svg(picture(figures, names(), "zh", lambda _: "/search"))
    text = export(names(), panels_module.PANELS)
    assert faults(text) == []
    dashboards = [json.loads(line) for line in text.splitlines() if '"type":"dashboard"' in line]
    shown = [p["panelIndex"] for each in dashboards for p in json.loads(each["attributes"]["panelsJSON"])]
    assert shown == ["industry", "forum", "warnings", "warnings-table", "enterprise"]


def test_our_export_is_what_kibana_takes_and_shows() -> None:
    assert faults(export(names())) == []
    objects = own()
    assert [(each.get("type"), each.get("id")) for each in objects] == [
        ("index-pattern", "yujing-notices"),
        ("index-pattern", "yujing-warnings"),
        ("dashboard", "yujing-disputes"),
        ("dashboard", "yujing-warnings"),
        (None, None),
    ]
    made_by_us = {"type", "id", "attributes", "references", "coreMigrationVersion", "typeMigrationVersion", "managed"}
    for each in objects[:-1]:
        assert each.keys() == made_by_us, "nothing that a server makes"
        assert each["typeMigrationVersion"] == {"dashboard": "8.9.0", "index-pattern": "8.0.0"}[each["type"]]
        assert each["coreMigrationVersion"] == "8.8.0"
    assert objects[-1]["exportedCount"] == 4
    formats = json.loads(objects[0]["attributes"]["fieldFormatMap"])
    assert {"key": "marine", "value": "海洋"} in formats["ipr.industry"]["params"]["lookupEntries"]
    assert export(names()) == export(json.loads(json.dumps(names()))), "the same bytes every time"


def test_what_is_public_and_what_is_a_centers_stand_apart() -> None:
    for dashboard in (each for each in own() if each.get("type") == "dashboard"):
        private = dashboard["id"] == "yujing-warnings"
        assert {each["id"] for each in dashboard["references"]} == {"yujing-warnings" if private else "yujing-notices"}
        for shown in json.loads(dashboard["attributes"]["panelsJSON"]):
            query = shown["embeddableConfig"]["attributes"]["state"]["query"]["query"]
            assert f'ipr.kind : "{"warning" if private else "notice"}"' in query
