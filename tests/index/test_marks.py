"""Marks and excerpts of the text as written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.marks import SCANNED, excerpt, marks, pieces
from index.search.wanted import read


def marked(text: str, question: str) -> list[str]:
    return [piece for piece, found in pieces(text, marks(text, read(question))) if found]


@pytest.mark.parametrize(
    ("text", "question", "found"),
    [
        ("锂电池包", "电池", ["电池"]),
        ("锂电池包", "锂", ["锂"]),
        ("含锂", "锂", ["锂"]),
        ("鋰電池", "锂电池", ["鋰電池"]),
        ("锂电池", "锂电 电池", ["锂电池"]),
        ("Batteries, battery.", "battery", ["Batteries", "battery"]),
        ("Batteries, battery.", '"battery"', ["battery"]),
        ("The 337–TA–1414 case", "337-TA-1414", ["337–TA–1414"]),
        ("The 337–TA–1414 case", "337-TA-14*", ["337–TA–1414"]),
        ("No. 9,899,481", "9899481", ["9,899,481"]),
        ("Socie\u0301te\u0301 x", "societe", ["Socie\u0301te\u0301"]),
        ("a b a c a b", '"a b"', ["a b", "a b"]),
        ("battery charger", "battery -charger", ["battery"]),
        ("<b>battery</b>", "battery", ["battery"]),
        ("battery", "", []),
        ("", "battery", []),
    ],
)
def test_marks(text: str, question: str, found: list[str]) -> None:
    assert marked(text, question) == found


def test_the_excerpt_is_where_most_of_the_question_is_answered() -> None:
    text = "battery " + "filler " * 100 + "the battery charger of the complainant " + "filler " * 100
    shown = excerpt(text, read("battery charger"), 80)
    assert text[shown.start :].startswith(shown.text)
    assert [piece for piece, found in shown.pieces() if found] == ["battery", "charger"]
    assert 60 <= len(shown.text) <= 80
    assert shown.cut
    assert text[shown.start - 1] == " "


def test_without_a_place_the_excerpt_is_the_beginning() -> None:
    assert excerpt("其中文本", read("轮胎"), 3) == excerpt("其中文本", read(""), 3)
    assert excerpt("其中文本", read("轮胎"), 3).text == "其中文"
    assert not excerpt("短", read("轮胎"), 160).cut


@pytest.mark.parametrize("question", ["Needle", '"sharp needle"', "针头"])
def test_a_place_far_into_a_long_text_is_found(question: str) -> None:
    text = "hay " * SCANNED + "a sharp needle 针头 " + "hay " * 50
    shown = excerpt(text, read(question), 60)
    assert shown.marks
    assert "needle" in shown.text


def test_a_phrase_across_two_steps_of_reading_is_found() -> None:
    for before in range(195, 206):
        assert marked("w " * before + "sharp needle" + " v" * 300, "sharp-needle") == ["sharp needle"]


TEXTS = st.text(alphabet=st.one_of(st.sampled_from('锂電池 ab1,½㍿e\u0301-"'), st.characters()), max_size=60)


@given(TEXTS, TEXTS, st.integers(1, 50))
def test_pieces_are_the_text_again(text: str, question: str, width: int) -> None:
    wanted = read(question)
    assert "".join(piece for piece, _ in pieces(text, marks(text, wanted))) == text
    shown = excerpt(text, wanted, width)
    assert text[shown.start : shown.start + len(shown.text)] == shown.text
    assert "".join(piece for piece, _ in shown.pieces()) == shown.text
    assert all(0 <= mark.start < mark.end <= len(shown.text) for mark in shown.marks)
