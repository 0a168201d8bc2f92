"""Class codes: spellings, and what a pattern covers."""

from __future__ import annotations

import pytest

from nlp.codes import Code, CodeTable, parse_code, parse_pattern


@pytest.mark.parametrize(
    "spelling",
    [
        "H01M 10/0525",
        "H01M10/0525",
        "h01m 10 / 0525",
        "H01M0010052500",
        "H01M-010/0525",
        "H01M 010/0525",
        "H01M 10/0525 (2010.01)",
        "H01M10/0525 20130101",
        "Ｈ０１Ｍ１０／０５２５",
        "  H01M\t10/0525\n",
    ],
)
def test_spellings_of_one_code(spelling: str) -> None:
    assert parse_code(spelling) == Code("H01M", 10, "0525")


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("B63B", Code("B63B")),
        ("B63B 35", Code("B63B", 35)),
        ("B60L2240/54", Code("B60L", 2240, "54")),
        ("Y02E 60/10", Code("Y02E", 60, "10")),
        ("A61K0031000000", Code("A61K", 31, "00")),
    ],
)
def test_codes_as_deep_as_given(spelling: str, code: Code) -> None:
    assert parse_code(spelling) == code


@pytest.mark.parametrize(
    "text", ["", "H01", "I01M 10/05", "337-TA-1414", "US9899481", "B63BX", "電池", "H0IM10/05", "/" * 500]
)
def test_no_code(text: str) -> None:
    assert parse_code(text) is None


def test_usual_spelling() -> None:
    assert [str(parse_code(text)) for text in ("H01M0010052500", "B63B", "B63B 35")] == [
        "H01M10/0525",
        "B63B",
        "B63B35/",
    ]


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("F41", ["F41A", "F41H 3/00"], ["F42B", "F04B"]),
        ("B63B", ["B63B", "B63B 35/44"], ["B63C", "A63B"]),
        ("A01K61/", ["A01K61/60", "A01K 61"], ["A01K", "A01K62/00", "A01K 6/10"]),
        ("H01M50/249", ["H01M50/249", "H01M 50/2490"], ["H01M50/24", "H01M50/25", "H01M50/2491", "H01M50"]),
        (
            "F03B13/12-26",
            ["F03B13/12", "F03B13/14", "F03B13/145", "F03B13/26"],
            ["F03B13/10", "F03B13/264", "F03B13/3"],
        ),
        ("E21B41/0007-0014", ["E21B41/0007", "E21B41/0012"], ["E21B41/00", "E21B41/0057", "E21B41/04"]),
        ("A61K9/00", ["A61K9/00"], ["A61K9/20", "A61K9"]),
    ],
)
def test_pattern_reads_decimals(pattern: str, inside: list[str], outside: list[str]) -> None:
    rule = parse_pattern(pattern)
    assert [text for text in inside if not covered(rule, text)] == []
    assert [text for text in outside if covered(rule, text)] == []


def covered(rule: object, text: str) -> bool:
    code = parse_code(text)
    return code is not None and rule.covers(code)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["", "B6", "B63B35", "B63B35/44-", "B63B35/44-12", "63B", "B63B35/x", "b63b"])
def test_unreadable_pattern_names_itself(text: str) -> None:
    with pytest.raises(ValueError, match=r"ends before|is no class"):
        parse_pattern(text)


def test_table_finds_class_and_subclass_patterns() -> None:
    table = CodeTable(
        [(parse_pattern("F41"), "class"), (parse_pattern("F41H"), "subclass"), (parse_pattern("F42"), "no")]
    )
    assert sorted(table.match(Code("F41H", 3, "02"))) == ["class", "subclass"]
