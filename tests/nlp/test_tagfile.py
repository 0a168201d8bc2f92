"""`yujing tag FILE.jsonl`: answers in order, wrong rows named, nothing lost."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from index.problems import BadRow
from nlp.tagfile import tag_rows, written

SHARED = Path(__file__).parents[3] / "shared" / "tagging" / "notices_dev.jsonl"


def answers(*rows: object) -> list[dict[str, Any] | BadRow]:
    return list(tag_rows([row if isinstance(row, str | bytes) else json.dumps(row) for row in rows], "rows.jsonl"))


def answer(row: object) -> dict[str, Any]:
    (one,) = answers(row)
    assert isinstance(one, dict)
    return one


def test_an_answer_has_the_printed_shape() -> None:
    said = answer({"id": "a", "text": "Certain Sonar Buoys; Notice of Institution", "lang": "en", "kind": "itc-notice"})
    assert said["id"] == "a"
    assert said["industries"] == ["marine"]
    assert said["review"] == []
    assert 0.9 < said["scores"]["marine"] <= 1
    assert {"kind": "term", "quote": "Sonar", "source": "product"} in said["evidence"]["marine"]


def test_codes_of_both_schemes_count() -> None:
    assert answer({"id": 1, "text": "Fastener", "ipc": ["B63B 35/44"], "cpc": []})["industries"] == ["marine"]
    assert answer({"id": 2, "text": "Fastener", "ipc": None, "cpc": "A47B 1/00; B63H 20/00"})["industries"] == [
        "marine"
    ]


def test_unlabelled_rows_are_tagged_too() -> None:
    assert answer({"id": 3, "text": "特定网箱及其组件337调查"})["industries"] == ["marine"]
    assert answer({"id": 4, "text": "x", "title": "Marine sonar", "lang": None, "more": {"a": 1}})["industries"] == [
        "marine"
    ]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ('{"text": "x"}', "id"),
        ('{"id": "a"}', "text"),
        ('{"id": "a", "text": 5}', "text"),
        ('{"id": ["a"], "text": "x"}', "id"),
        ('{"id": "a", "text": "x", "ipc": [1]}', "ipc.0"),
        ('{"id": "a", "text": "x", "cpc": {"a": 1}}', "cpc"),
        ('{"id": "a", "text": "x", "lang": 3}', "lang"),
        ("[1, 2]", "line"),
        ("null", "line"),
        ('{"id": "a", "text": "x"', "line"),
        (b'{"id": "a", "text": "\xff"}', "line"),
        ("[" * 100_000, "line"),
        ('{"id": ' + "9" * 5_000 + "}", "line"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_wrong_row_is_named_and_the_others_done(line: str | bytes, column: str) -> None:
    good = {"id": "ok", "text": "Certain Boats; Notice"}
    first, wrong, last = answers(good, line, good)
    assert isinstance(wrong, BadRow)
    assert (wrong.file, wrong.row) == ("rows.jsonl", 2)
    assert wrong.column.split(".")[0] == column.split(".", maxsplit=1)[0]
    assert str(wrong).startswith(f"rows.jsonl: row 2, {wrong.column}: ")
    assert first == last


def test_empty_lines_and_a_byte_order_mark_are_passed_over() -> None:
    rows = ["\ufeff" + json.dumps({"id": "a", "text": "x"}), "", "  \n", json.dumps({"id": "b", "text": "y"})]
    assert [one["id"] for one in answers(*rows) if isinstance(one, dict)] == ["a", "b"]


def test_what_is_written_can_be_read_back() -> None:
    for row in ({"id": "一", "text": "光伏\n组件"}, {"id": "half", "text": "光伏\ud800组件"}):
        said = answer(row)
        line = written(said)
        assert line.encode("utf-8").count(b"\n") == 0
        assert json.loads(line) == said
        assert "光伏" in line


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/tagging is not on this machine")
def test_labelled_notices() -> None:
    """A floor, not a target: rules alone on hand-labelled notices."""
    lines = SHARED.read_text("utf-8").splitlines()
    counts: Counter[str] = Counter()
    for row, said in zip(map(json.loads, lines), tag_rows(lines, SHARED.name), strict=True):
        assert isinstance(said, dict)
        gold, spare = set(row["industries"]), set(row["also_acceptable"])
        found = set(said["industries"])
        counts.update(right=len(found & gold), wrong=len(found - gold - spare), missed=len(gold - found))
        counts["false_alarm"] += not gold and bool(found - spare)
    assert 2 * counts["right"] / (2 * counts["right"] + counts["wrong"] + counts["missed"]) > 0.9
    assert counts["false_alarm"] <= 1
