"""The one splitting function."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.han import Word, fold, terms, words

MIXED = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("锂電池ガｶﾞé\u0301½㍿ﬁ②㋀①İΣς1,9-–:. a")))


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("锂电池", ["锂电", "电池", "池"]),
        ("鋰電池", ["锂电", "电池", "池"]),
        ("锂", ["锂"]),
        ("锂 电池", ["锂", "电池", "池"]),
        ("“华为”5G专利", ["华为", "为", "5", "g", "专利", "利"]),
        ("電池パック", ["电池", "池ハ", "ハッ", "ック", "ク"]),
        ("배터리", ["배터", "터리", "리"]),
        ("𠮷野家", ["𠮷野", "野家", "家"]),
        ("device.The end", ["device", "the", "end"]),
        ("Ｌｉｔｈｉｕｍ１２３", ["lithium", "123"]),
        ("Société Générale", ["societe", "generale"]),
        ("Socie\u0301te\u0301", ["societe"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("øre", ["øre"]),
        ("ΣΊΣΥΦΟΣ", ["σισυφοσ"]),
        ("snake_case", ["snake", "case"]),
        ("337-TA-1414", ["337", "ta", "1414"]),
        ("337–TA–1414", ["337", "ta", "1414"]),
        ("337TA1414", ["337", "ta", "1414"]),
        ("1:16-cv-02914", ["1", "16", "cv", "2914"]),
        ("9,899,481", ["9899481"]),
        ("US9,899,481B2", ["us", "9899481", "b", "2"]),
        ("９,899,481", ["9899481"]),
        ("1,2345", ["1", "2345"]),
        ("1,234,5678", ["1234", "5678"]),
        ("a,123 12,34", ["a", "123", "12", "34"]),
        ("000 007", ["0", "7"]),
        ("1½", ["1", "1", "2"]),
        ("㍿山田", ["株式", "式会", "会社", "社山", "山田", "田"]),  # it stands for Han and joins Han
        ("ﾊﾟｯｸ パック ハック", ["ハッ", "ック", "ク"] * 3),
        ("…—“”!?\ud800\0", []),
        ("", []),
    ],
)
def test_a_text_is_split(text: str, split: list[str]) -> None:
    assert terms(text) == split


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("含锂 etc", [Word("含锂", 0, 2), Word("锂", 1, 2), Word("etc", 3, 6)]),
        ("No. 9,899,481.", [Word("no", 0, 2), Word("9899481", 4, 13)]),
        ("e\u0301tude x", [Word("etude", 0, 6), Word("x", 7, 8)]),
        ("oﬃce 鋰", [Word("office", 0, 4), Word("锂", 5, 6)]),
        (
            "山㍿",
            [
                Word(term, *place)
                for term, place in zip(
                    ["山株", "株式", "式会", "会社", "社"], [(0, 2), (1, 2), (1, 2), (1, 2), (1, 2)], strict=True
                )
            ],
        ),
    ],
)
def test_a_word_knows_its_place_in_the_text_as_written(text: str, found: list[Word]) -> None:
    assert list(words(text)) == found


def test_a_word_is_cut_at_64_characters() -> None:
    assert terms("x" * 100_000 + " " + "7" * 100) == ["x" * 64, "7" * 64]
    assert list(words("é" + "x" * 100)) == [Word("e" + "x" * 63, 0, 101)]


def test_no_phrase_of_traditional_characters_hides_its_parts() -> None:
    """OpenCC keeps 乾 in 乾隆 and not elsewhere; a character by itself must be found in both."""
    assert terms("乾隆")[0][0] == terms("乾燥")[0][0] == terms("乾")[0]


@given(MIXED)
def test_words_are_terms_with_places_in_order(text: str) -> None:
    found = list(words(text))
    assert [word.term for word in found] == terms(text)
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert [word.start for word in found] == sorted(word.start for word in found)


@given(MIXED)
def test_a_word_looked_at_alone_begins_with_itself(text: str) -> None:
    for word in words(text):
        assert word.term in terms(text[word.start : word.end])


@given(MIXED)
def test_folding_folds_once_and_for_all(text: str) -> None:
    assert terms(fold(text)) == terms(text)


@given(MIXED)
def test_no_word_holds_a_sign_an_engine_could_read_as_grammar(text: str) -> None:
    assert all(term.isalnum() or not term.isascii() for term in terms(text))
    assert not any(set(term) & set("\"'*^:(){}+-\0 \n") for term in terms(text))
