"""A panel's numbers are the ledger's: from either engine, and as Kibana would ask for them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import text

from alerts.naming import names
from index.dashboards.figures import Span, run
from index.dashboards.kibana import export
from index.dashboards.panels import PANELS, Panel, panel
from index.feed import reindex
from index.ledger import Ledger
from index.ledger.scope import PROVINCE, Scope
from index.search.engine import Engine
from index.search.engines import open_engine
from tests.contracts import lens
from tests.seeded import INDUSTRIES, seed

SPAN = Span(date(2025, 2, 1), date(2026, 1, 31))
Numbers = dict[tuple[str, str, str], int]
"""(value or step, month, value of the split) → count, without zeros."""

DAY = "coalesce(n.published_on, json_extract(t.record, '$.filed_on'))"
DISPUTES = f"""FROM notices n JOIN tagged_notices t ON t.notice_key = n.key
  WHERE t.ip_dispute = 'yes' AND {DAY} BETWEEN :since AND :until"""
TRUTH = {
    "industry": f"""SELECT g.industry, substr({DAY}, 1, 7), '', count(DISTINCT n.case_key)
      FROM tags g JOIN notices n ON n.key = g.notice_key JOIN tagged_notices t ON t.notice_key = n.key
      WHERE g.band = 'tag' AND t.ip_dispute = 'yes' AND {DAY} BETWEEN :since AND :until GROUP BY 1, 2""",  # noqa: S608
    "forum": f"""SELECT json_extract(n.record, '$.forum') f, '', json_extract(n.record, '$.country') c,
      count(DISTINCT n.case_key) {DISPUTES} AND f != '' AND c != '' GROUP BY 1, 3""",
    "warnings": """WITH made AS (
        SELECT strftime('%Y-%m', a.created_at, '+8 hours') AS month, date(a.created_at, '+8 hours') AS day, a.state,
          EXISTS (SELECT 1 FROM deliveries d WHERE d.alert_key = a.key AND d.state = 'sent'
                  AND d.audience = 'enterprise') AS reached
        FROM alerts a WHERE :center = '' OR a.center = :center),
      steps(step, month, there) AS (
        SELECT 'made', month, 1 FROM made WHERE day BETWEEN :since AND :until UNION ALL
        SELECT 'released', month, state IN ('released', 'acknowledged', 'closed') FROM made
          WHERE day BETWEEN :since AND :until UNION ALL
        SELECT 'sent', month, state IN ('acknowledged', 'closed') OR (state = 'released' AND reached) FROM made
          WHERE day BETWEEN :since AND :until UNION ALL
        SELECT 'acknowledged', month, state IN ('acknowledged', 'closed') FROM made
          WHERE day BETWEEN :since AND :until UNION ALL
        SELECT 'held', month, state = 'held' FROM made WHERE day BETWEEN :since AND :until UNION ALL
        SELECT 'unsent', month, state = 'released' AND NOT reached FROM made
          WHERE day BETWEEN :since AND :until UNION ALL
        SELECT 'unsigned', month, state = 'released' AND reached FROM made
          WHERE day BETWEEN :since AND :until UNION ALL
        SELECT 'suppressed', month, state = 'suppressed' FROM made WHERE day BETWEEN :since AND :until)
      SELECT step, month, '', sum(there) FROM steps GROUP BY 1, 2""",
}
"""What the ledger itself says of each panel, in SQL that knows nothing of documents, queries or panels."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """The seeded ledger."""
    ledger = Ledger.open(f"sqlite:///{tmp_path_factory.mktemp('seeded')}/ledger.db")
    seed(ledger)
    yield ledger
    ledger.close()


@pytest.fixture(scope="module")
def embedded(filled: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine over it."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('index')}/search.db")
    reindex(filled, engine)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A real Elasticsearch, with names of our own on it that are gone afterwards."""
    address = os.environ.get("YUJING_TEST_ELASTICSEARCH_URL")
    if not address:
        pytest.skip("no Elasticsearch: set YUJING_TEST_ELASTICSEARCH_URL")
    url = f"{address.rstrip('/')}/panels-{os.getpid()}"
    yield url
    lens.forget(url)


@pytest.fixture(scope="module")
def elastic(filled: Ledger, server: str) -> Iterator[Engine]:
    """Elasticsearch over it."""
    engine = open_engine(server)
    reindex(filled, engine)
    yield engine
    engine.close()


@pytest.fixture(params=["embedded", "elastic"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine."""
    found: Engine = request.getfixturevalue(request.param)
    return found


def truth(ledger: Ledger, name: str, span: Span = SPAN, center: str = "") -> Numbers:
    asked = {"since": span.since.isoformat(), "until": span.until.isoformat(), "center": center}
    bound = {key: value for key, value in asked.items() if f":{key}" in TRUTH[name]}
    with ledger.read() as work:
        rows = work.execute(text(TRUTH[name]), bound).all()
    return {(key, month, split): count for key, month, split, count in rows if count}


def counted(panel: Panel, engine: Engine, span: Span = SPAN, scope: Scope = PROVINCE) -> Numbers:
    rows = run(panel, engine, span, scope, names()).rows
    return {(row.key, row.period, row.split): row.count for row in rows if row.count}


def test_every_panel_has_its_truth() -> None:
    assert {each.id for each in PANELS} == set(TRUTH)


@pytest.mark.parametrize("name", TRUTH)
def test_a_panel_says_what_the_ledger_says(filled: Ledger, engine: Engine, name: str) -> None:
    found = panel(name)
    assert found
    numbers = counted(found, engine)
    assert numbers == truth(filled, name)
    assert sum(numbers.values()) > 20, "not empty"
    part = Span(date(2025, 3, 14), date(2025, 6, 2))
    assert counted(found, engine, part) == truth(filled, name, part) != {}, "months at the ends are counted in part"


def test_the_seed_holds_what_makes_counting_hard(filled: Ledger) -> None:
    with filled.read() as work:

        def count(sql: str) -> int:
            return int(work.execute(text(sql)).scalar_one())

        assert count("SELECT count(*) FROM notices") > 300
        assert count("SELECT count(*) FROM cases WHERE merged_into IS NOT NULL") > 5
        assert count("SELECT count(*) FROM alerts WHERE state = 'suppressed' AND reason = '同一事件已预警'") > 2
        assert count("SELECT count(*) FROM alerts WHERE escalated_at IS NOT NULL") > 2
        undated = f"SELECT count(*) FROM notices n JOIN tagged_notices t ON t.notice_key = n.key WHERE {DAY} IS NULL"  # noqa: S608
        assert count(undated)
        assert count(
            "SELECT count(*) FROM (SELECT notice_key FROM tags WHERE band = 'tag' GROUP BY 1 HAVING count(*) > 1)"
        )
        assert count(
            "SELECT count(*) FROM (SELECT number FROM cases WHERE forum = 'us_district' AND merged_into IS NULL "
            "GROUP BY 1 HAVING count(*) > 1)"
        ), "one number in two courts"
        assert count(
            "SELECT count(*) FROM alerts WHERE strftime('%m', created_at) != strftime('%m', created_at, '+8 hours')"
        ), "made in another month in Beijing"


def test_a_center_counts_its_own_warnings_and_everyones_notices(filled: Ledger, engine: Engine) -> None:
    own = Scope(("yantai",))
    industry, warnings = panel("industry"), panel("warnings")
    assert industry and warnings
    assert counted(industry, engine, scope=own) == truth(filled, "industry")
    numbers = counted(warnings, engine, scope=own)
    assert numbers == truth(filled, "warnings", center="yantai") != truth(filled, "warnings")
    assert counted(warnings, engine, scope=Scope(())) == {}, "of no center, nothing"


def test_each_figure_leads_to_exactly_what_it_counts(engine: Engine) -> None:
    for each in PANELS:
        for row in run(each, engine, SPAN, PROVINCE, names()).rows:
            found = engine.size(row.query)
            if each.counts.of == "notices":
                assert found == row.count, (each.id, row)
            else:
                assert bool(found) == bool(row.count), (each.id, row)
                assert found >= row.count, "a case has at least one notice"


def test_every_month_and_every_known_industry_is_there(embedded: Engine) -> None:
    industry = panel("industry")
    assert industry
    figures = run(industry, embedded, SPAN, PROVINCE, names())
    assert {row.period for row in figures.rows} == set(SPAN.months())
    assert set(figures.keys) == set(names()["industry"]) | {INDUSTRIES[-1]}
    assert len(figures.rows) == len(figures.keys) * len(SPAN.months())


@pytest.mark.usefixtures("elastic")
def test_kibanas_own_questions_give_the_same_numbers(filled: Ledger, server: str) -> None:
    charts = list(lens.charts(export(names())))
    assert {chart.panel for chart in charts} == set(TRUTH)
    for chart in charts:
        found = lens.execute(chart, server, SPAN)
        expected = truth(filled, chart.panel)
        drawn = {step.words.zh: step.key for step in (panel(chart.panel) or PANELS[0]).steps}
        shown = {drawn[label] for label in chart.labels} if chart.labels else None
        numbers = {(drawn.get(key, key), month, split): n for (key, month, split), n in found.items() if n}
        assert numbers == {key: n for key, n in expected.items() if shown is None or key[0] in shown}, chart.id
        assert numbers, f"{chart.id} is empty"


@pytest.mark.usefixtures("elastic")
def test_every_field_of_the_export_is_there_to_be_counted(server: str) -> None:
    asked: dict[str, set[str]] = {}
    for chart in lens.charts(export(names())):
        asked.setdefault(chart.index, set()).update(chart.fields)
    for index, view in lens.views(export(names())).items():
        asked.setdefault(index, set()).update(view)
    assert len(asked) == 2
    for index, fields in asked.items():
        answer = lens.ask(server, f"{index}/_field_caps?fields={','.join(sorted(fields))}")["fields"]
        for field in fields:
            (caps,) = answer[field].values()
            assert caps["searchable"], field
            assert caps["aggregatable"], field
