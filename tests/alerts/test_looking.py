"""`yujing search`: warnings stand out from notices, and an enterprise's are found."""

from __future__ import annotations

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from alerts.cli import app
from index.search.document import Document
from index.search.engines import open_engine
from index.settings import load_settings

NOTICE = Document("n", "notice", "Certain Widgets", "widgets", date(2026, 3, 1), case_number="337-TA-1999")
WARNING = Document(
    "warning:w",
    "warning",
    "山东小部件：Certain Widgets",
    "widgets",
    date(2026, 3, 2),
    case_number="337-TA-1999",
    enterprises=("E1",),
    centers=("yantai",),
    stage="sent",
)


def search(*asked: str) -> list[str]:
    answer = CliRunner().invoke(app, ["search", *asked])
    assert answer.exit_code == 0, answer.output
    return answer.output.splitlines()


@pytest.fixture(autouse=True)
def _indexed() -> None:
    open_engine(load_settings().search).rebuild([NOTICE, WARNING])


def test_a_warning_says_that_it_is_one_and_how_far_it_came() -> None:
    heads = [line for line in search("widgets") if "Certain Widgets" in line]
    assert heads == [
        "【预警·已发送】2026-03-02 · 337-TA-1999 · 山东小部件：Certain Widgets",
        "2026-03-01 · 337-TA-1999 · Certain Widgets",
    ]


def test_an_enterprises_warnings_are_found_by_its_id() -> None:
    assert search("--enterprise", "E1")[0].startswith("【预警·已发送】")
    assert search("--enterprise", "E1")[-1] == "共 1 条 · 1 found"
    assert search("--enterprise", "E2") == ["共 0 条 · 0 found"]


def test_json_names_the_kind_and_the_stage() -> None:
    told = [json.loads(line) for line in search("--json", "widgets")]
    assert [(each["kind"], each["stage"]) for each in told] == [("warning", "sent"), ("notice", "")]
