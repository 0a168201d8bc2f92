"""The industries' files: their own examples hold, and a wrong file says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.problems import Unusable
from nlp.industries import FOLDER, Example, Industry, coverage, fingerprint, load, load_folder, read_industry
from nlp.industry import VERSION, tag_industries

CORE = (
    "biomedicine",
    "functional_food",
    "green_low_carbon",
    "high_end_equipment",
    "marine",
    "new_energy_vehicles",
    "new_materials",
    "next_gen_it",
)
EXAMPLES = [(one, example) for one in load().values() for example in one.examples]
COUNTER_EXAMPLES = [(one, example) for one in load().values() for example in one.counter_examples]


def tagged(example: Example) -> set[str]:
    tags = tag_industries(
        title=example.title, text=example.text, product=None, codes=example.codes, language="", kind=example.kind
    )
    return {tag.industry for tag in tags if tag.band == "tag"}


@pytest.mark.parametrize(("industry", "example"), EXAMPLES, ids=lambda value: getattr(value, "id", None))
def test_example(industry: Industry, example: Example) -> None:
    assert industry.id in tagged(example)


@pytest.mark.parametrize(("industry", "example"), COUNTER_EXAMPLES, ids=lambda value: getattr(value, "id", None))
def test_counter_example(industry: Industry, example: Example) -> None:
    assert industry.id not in tagged(example)


def test_core_industries_are_there_in_both_languages() -> None:
    industries = load()
    assert set(CORE) <= set(industries)
    for one in industries.values():
        assert {group.lang for group in one.terms} == {"en", "zh"}
        assert {rule.strength for rule in one.rules()} >= {"strong", "weak"}


def test_coverage_counts_and_names_collisions() -> None:
    table = coverage()
    assert all(name in table for name in load())
    assert "充电桩: green_low_carbon, new_energy_vehicles" in table


def marine(folder: Path, old: str, new: str, name: str = "marine.toml") -> Path:
    text = (FOLDER / "marine.toml").read_text("utf-8")
    assert old in text
    file = folder / name
    file.write_text(text.replace(old, new, 1), "utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('zh = "海洋"', "", "zh: Field required"),
        ('lang = "en"', 'lang = "fr"', "terms.0.lang"),
        ("weight = 1.0", "weight = 1.5", "terms.0.weight"),
        ("weight = 1.0", 'wieght = "1"', "terms.0.wieght"),
        ('"subsea"', '"offshore"', "'offshore' stands twice"),
        ('"subsea"', '"*sub*sea*"', "one star at most"),
        ('"B63B"', '"B63B99/2-1"', "'B63B99/2-1' ends before it begins"),
        ('"B63B"', '"ships"', "'ships' is no class"),
        ('id = "marine"', 'id = "ocean"', "the file is called 'marine'"),
        ('strength = "strong"', 'strength = "sure"', "codes.0.strength"),
        ("[[terms]]", "[[terms", "marine.toml: "),
    ],
)
def test_wrong_file_is_named_with_its_field(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = marine(tmp_path, old, new)
    with pytest.raises(Unusable) as caught:
        read_industry(file)
    assert str(caught.value).startswith("marine.toml: ")
    assert said in str(caught.value)


def test_too_few_examples_are_refused(tmp_path: Path) -> None:
    text = (FOLDER / "marine.toml").read_text("utf-8")
    file = tmp_path / "marine.toml"
    file.write_text(
        text[: text.rindex("[[counter_examples]]")].replace("[[examples]]", "[[counter_examples]]"), "utf-8"
    )
    with pytest.raises(Unusable, match="examples: Field required"):
        read_industry(file)


def test_a_file_in_the_folder_is_an_industry(tmp_path: Path) -> None:
    marine(tmp_path, 'id = "marine"', 'id = "shipping"', "shipping.toml")
    assert list(load_folder(tmp_path)) == ["shipping"]


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="no industry file"):
        load_folder(tmp_path)


def test_version_follows_the_files(tmp_path: Path) -> None:
    marine(tmp_path, '"subsea"', '"sub-sea"')
    assert fingerprint(tmp_path) != fingerprint(FOLDER)
    assert fingerprint(FOLDER) == fingerprint()
    assert VERSION.startswith("industry-")
