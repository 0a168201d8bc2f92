"""Reading a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.wanted import CLAUSE_LIMIT, PHRASE_LIMIT, Clause, Wanted, forms, read


def needs(*phrases: tuple[str, ...], prefix: bool = False) -> Clause:
    return Clause(phrases, prefix)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Wanted()),
        (" \u3000", Wanted()),
        ("*** - “”", Wanted(nothing=True)),
        ("锂电池 专利", Wanted((needs(("锂电", "电池")), needs(("专利",))))),
        ("锂电池，专利", Wanted((needs(("锂电", "电池")), needs(("专利",))))),
        ("锂", Wanted((needs(("锂",), prefix=True),))),
        ("“锂”", Wanted((needs(("锂",), prefix=True),))),
        ("锂*", Wanted((needs(("锂",), prefix=True),))),
        ("锂电*", Wanted((needs(("锂电",)),))),
        ("华为5G专", Wanted((needs(("华为", "为", "5", "g", "专"), prefix=True),))),
        ("337-TA-1414", Wanted((needs(("337", "ta", "1414")),))),
        ("337-TA-14*", Wanted((needs(("337", "ta", "14"), prefix=True),))),
        ("a*", Wanted((needs(("a",)),))),
        ("batter*", Wanted((needs(("batter",), prefix=True),))),
        ('"batter*"', Wanted((needs(("batter",)),))),
        ("battery", Wanted((needs(("battery",), ("batteries",)),))),
        ('"battery"', Wanted((needs(("battery",)),))),
        ("e-cigarettes", Wanted((needs(("e", "cigarettes"), ("e", "cigarette")),))),
        ("5 -5", Wanted((needs(("5",)),), (needs(("5",)),))),
        ("-“两个 词”", Wanted((), (needs(("两个", "个", "词"), prefix=True),))),
        ("－5", Wanted((), (needs(("5",)),))),
        ("x-5", Wanted((needs(("x", "5")),))),
        ("5 5 ５", Wanted((needs(("5",)),))),
        ('5 "6 7', Wanted((needs(("5",)), needs(("6", "7"))))),
        ("5,6 5,678", Wanted((needs(("5", "6")), needs(("5678",))))),
        ("5, 6,x", Wanted((needs(("5",)), needs(("6",)), needs(("x",))))),
        ("案号：5", Wanted((needs(("案号",)), needs(("5",))))),
    ],
)
def test_a_question_is_read(text: str, wanted: Wanted) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("battery", "batteries"),
        ("patent", "patents"),
        ("box", "boxes"),
        ("class", "classes"),
        ("lens", "lenses"),
        ("switch", "switches"),
        ("device", "devices"),
        ("cache", "caches"),
        ("display", "displays"),
        ("movie", "movies"),
    ],
)
def test_one_and_many_find_each_other(one: str, many: str) -> None:
    assert many in forms(one)
    assert one in forms(many)


@pytest.mark.parametrize("word", ["5", "us", "1414", "锂电", "société", "x"])
def test_other_words_have_one_form(word: str) -> None:
    assert forms(word) == (word,)


@given(st.text(max_size=3_000))
def test_any_question_is_bounded(text: str) -> None:
    wanted = read(text)
    assert len(wanted.needed) <= CLAUSE_LIMIT
    assert len(wanted.refused) <= CLAUSE_LIMIT
    for clause in (*wanted.needed, *wanted.refused):
        assert 1 <= len(clause.phrases) <= 4
        assert all(1 <= len(phrase) <= PHRASE_LIMIT for phrase in clause.phrases)
