"""Whose name is it? Each rule of the matcher, and what it must never do."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from alerts.features import FEATURES, spoken
from alerts.match import MATCHER, Register, match_case, screen_rows
from alerts.registers.register import read_enterprises
from alerts.verdict import AUTO, REVIEW, Candidate
from index.records import Alias, Band, Enterprise, Level, Match, Party
from nlp.names import english_key

SHARED = Path(__file__).parents[3] / "shared" / "matching"

TYRES = Enterprise(
    "E1",
    "山东玲珑轮胎股份有限公司",
    "Shandong Linglong Tyre Co., Ltd.",
    city="烟台",
    aliases=(
        Alias("招远利奥橡胶制品有限公司", "former"),
        Alias("玲珑轮胎", "short"),
        Alias("ATLAS", "brand"),
        Alias("Green Max", "brand"),
        Alias("Linglong Americas Inc.", "subsidiary"),
        Alias("Linglong (Hong Kong) Ltd.", "subsidiary"),
    ),
)
PHARMA = Enterprise("E2", "齐鲁制药有限公司", "Qilu Pharmaceutical Co., Ltd.", city="济南")
HAINAN = Enterprise("E3", "齐鲁制药(海南)有限公司", "Qilu Pharmaceutical (Hainan) Co., Ltd.")
TRADER = Enterprise("E4", "厦门吉信电子商务有限公司")
REGISTER = Register([TYRES, PHARMA, HAINAN, TRADER])


def found(name: str, country: str | None = None, role: str = "defendant") -> dict[str, Candidate]:
    return {c.enterprise: c for c in REGISTER.match(Party(name, role, country))}


def features(candidate: Candidate | Match) -> set[str]:
    return {reason.feature for reason in candidate.reasons}


@pytest.mark.parametrize(
    ("printed", "who", "why"),
    [
        ("SHANDONG LINGLONG TIRE COMPANY LIMITED", "E1", "registered_name"),
        ("Shan Dong LingLong Tyre Co.,Ltd", "E1", "registered_name"),
        ("Zhao Yuan Li Ao Xiang Jiao Zhi Pin You Xian Gong Si", "E1", "full_pinyin"),
        ("Foo Bar Ltd., f/k/a Shandong Linglong Tyre Co., Ltd.", "E1", "registered_name"),
        ("山東玲瓏輪胎股份有限公司", "E1", "registered_name"),
        ("招远利奥橡胶制品有限公司", "E1", "former_name"),
        ("Xia Men Ji Xin Dian Zi Shang Wu You Xian Gong Si", "E4", "full_pinyin"),
        ("XiamenshiJixin Dianzishangwu Youxiangongsi", "E4", "full_pinyin"),
        ("Xiamen Jixin Dianzi Shangwu Co., Ltd.", "E4", "pinyin_name"),
    ],
)
def test_a_whole_name_is_enough_on_its_own(printed: str, who: str, why: str) -> None:
    candidates = found(printed)
    assert set(candidates) == {who}
    assert (candidates[who].band, candidates[who].level) == (Band.AUTO, Level.NAMED)
    assert why in features(candidates[who])
    assert candidates[who].score >= AUTO


@pytest.mark.parametrize(
    ("printed", "link", "band"),
    [
        ("Linglong Americas, Inc.", "subsidiary", Band.AUTO),
        ("Linglong (Hong Kong) Limited", "affiliate", Band.AUTO),
        ("Green Max", "brand", Band.REVIEW),
        ("ATLAS", "brand", Band.REVIEW),
    ],
)
def test_a_subsidiary_or_brand_is_affiliated_never_named(printed: str, link: str, band: Band) -> None:
    candidate = found(printed)["E1"]
    assert (candidate.level, candidate.link, candidate.band) == (Level.AFFILIATED, link, band)


def test_a_short_name_waits_for_a_clerk() -> None:
    short = Register([Enterprise("E9", "山东潍柴动力股份有限公司", aliases=(Alias("潍柴", "short"),))])
    (candidate,) = short.match(Party("潍柴", "defendant"))
    assert (candidate.band, candidate.level) == (Band.REVIEW, Level.NAMED)


@pytest.mark.parametrize(
    "sibling",
    [
        "Qilu Pharmaceutical Group Co., Ltd.",
        "Qilu Pharmaceutical (Shanghai) Co., Ltd.",
        "Qingdao Qilu Pharmaceutical Co., Ltd.",
        "Shandong Linglong Rubber Co., Ltd.",
        "Shandong Linglong Group Co., Ltd.",
        "Linglong Holdings Limited",
        "齐鲁制药集团有限公司",
        "齐鲁制药(上海)有限公司",
    ],
)
def test_a_sibling_is_never_certain(sibling: str) -> None:
    assert all(c.band is Band.REVIEW for c in found(sibling).values())
    assert all(c.score < AUTO for c in found(sibling, "CN").values())


def test_parent_and_branch_are_told_apart() -> None:
    assert set(found("Qilu Pharmaceutical Co., Ltd.")) == {"E2"}
    assert set(found("Qilu Pharmaceutical (Hainan) Co., Ltd.")) == {"E3"}


def test_a_trade_name_alone_is_no_evidence_and_with_place_and_trade_it_waits() -> None:
    assert not found("Linglong LLC")
    candidate = found("Shandong Linglong Tires Manufacture Co., Ltd.", "CN")["E1"]
    assert candidate.band is Band.REVIEW
    assert {"trade_key", "place_agrees", "trade_agrees"} <= features(candidate)
    assert not found("Guangdong Linglong Furniture Co., Ltd.")


def test_a_trade_name_counts_only_as_whole_words_in_its_place() -> None:
    assert not found("Shandong Foo Linglong Tire Co., Ltd.", "CN")
    assert not found("Shandong Linglongshan Tire Co., Ltd.", "CN")


@pytest.mark.parametrize(
    ("country", "band"), [("CN", Band.AUTO), ("HK", Band.AUTO), (None, Band.AUTO), ("US", Band.REVIEW)]
)
def test_a_country_outside_china_weakens_the_name(country: str | None, band: Band) -> None:
    assert found("Shandong Linglong Tyre Co., Ltd.", country)["E1"].band is band


def test_a_subsidiary_abroad_is_expected_abroad() -> None:
    assert found("Linglong Americas Inc.", "US")["E1"].band is Band.AUTO


def test_another_legal_form_waits_for_a_clerk() -> None:
    candidate = found("Shandong Linglong Tyre Inc.")["E1"]
    assert candidate.band is Band.REVIEW
    assert "form_differs" in features(candidate)


def test_two_enterprises_by_the_same_evidence_both_wait() -> None:
    twins = Register([PHARMA, Enterprise("E8", "济南齐鲁某某有限公司", "Qilu Pharmaceutical Company Limited")])
    candidates = twins.match(Party("Qilu Pharmaceutical Co., Ltd.", "defendant"))
    assert {(c.enterprise, c.band) for c in candidates} == {("E2", Band.REVIEW), ("E8", Band.REVIEW)}
    assert all("shared_name" in features(c) for c in candidates)


@pytest.mark.parametrize("role", ["counsel", "commission_staff", "mediator"])
def test_counsel_and_staff_are_no_parties(role: str) -> None:
    assert not found("Shandong Linglong Tyre Co., Ltd.", role=role)


def test_scores_are_the_sum_of_the_reasons() -> None:
    for name in ("Shandong Linglong Tyre Inc.", "Shandong Linglong Tires Manufacture Co., Ltd.", "Green Max"):
        for candidate in found(name, "CN").values():
            total = sum(reason.weight for reason in candidate.reasons)
            assert candidate.score == pytest.approx(min(total, 0.79 if candidate.band is Band.REVIEW else 1.0))


def test_every_feature_speaks_both_languages() -> None:
    for feature in FEATURES:
        reason = spoken(feature.find, feature.weight, "甲", "Y")
        assert "{" not in reason.text_zh + reason.text_en
        assert any("\u4e00" <= c <= "\u9fff" for c in reason.text_zh)
        assert not any("\u4e00" <= c <= "\u9fff" for c in reason.text_en.replace("甲", ""))
        assert feature.weight


def case(parties: list[Party], judged: Mapping[tuple[str, str], str] | None = None) -> list[Match]:
    return match_case("c1", parties, REGISTER, judged or {})


def test_the_best_party_gives_the_match_and_each_enterprise_has_one() -> None:
    weak, strong = Party("Green Max", "defendant"), Party("Shandong Linglong Tyre Co., Ltd.", "defendant", "CN")
    matches = case([weak, strong, Party("Qilu Pharmaceutical Co., Ltd.", "plaintiff")])
    assert [(m.enterprise, m.party.name, m.case, m.matcher) for m in matches] == [
        ("E1", strong.name, "c1", MATCHER),
        ("E2", "Qilu Pharmaceutical Co., Ltd.", "c1", MATCHER),
    ]


def test_not_ours_binds_for_that_name_and_enterprise_only() -> None:
    party = Party("Shandong Linglong Tyre Co., Ltd.", "defendant")
    judged = {(english_key("SHANDONG LINGLONG TIRE COMPANY LIMITED"), "E1"): "not_ours"}
    assert case([party], judged) == []
    assert case([Party("Linglong Americas Inc.", "defendant"), party], judged)[0].level is Level.AFFILIATED
    assert case([party], {(english_key(party.name), "E2"): "not_ours"})[0].enterprise == "E1"


def test_not_ours_for_a_foreign_form_does_not_silence_the_chinese_company() -> None:
    judged = {(english_key("Shandong Linglong Tyre Inc."), "E1"): "not_ours"}
    assert case([Party("Shandong Linglong Tyre Inc.", "defendant")], judged) == []
    assert case([Party("Shandong Linglong Tyre Co., Ltd.", "defendant")], judged)[0].band is Band.AUTO


def test_a_confirmed_name_is_certain_even_where_no_rule_sees_it() -> None:
    judged = {(english_key("Leo Tire Works"), "E1"): "confirmed", (english_key("Leo Tire Works"), "gone"): "confirmed"}
    (match,) = case([Party("LEO TIRE WORKS", "respondent")], judged)
    assert (match.enterprise, match.band, match.score) == ("E1", Band.AUTO, 1.0)
    assert features(match) == {"judged_ours"}


def test_hostile_names_match_nothing() -> None:
    for name in ("", " ", "()", "." * 10_000, "d/b/a", "Co., Ltd.", "有限公司", "\x00", "Shandong " * 2_000):
        assert found(name) == {}


def test_screen_rows_carry_link_band_and_reasons() -> None:
    names = [{"qid": "1", "query": "Linglong Americas Inc"}, {"qid": "2", "query": "Nobody Ltd"}]
    (row,) = screen_rows(REGISTER, names)
    assert (row["qid"], row["ent_id"], row["link"], row["band"]) == ("1", "E1", "subsidiary", "auto")
    assert float(row["score"]) >= AUTO > REVIEW
    assert "境外关联公司" in row["reasons"]


@pytest.mark.skipif(not SHARED.exists(), reason="labelled names (../shared/matching) are not here")
def test_on_the_labelled_stream_certain_links_are_right() -> None:
    register = Register(read_enterprises(SHARED / "stream_registry.csv").good)
    with (SHARED / "stream_queries.csv").open(encoding="utf-8-sig", newline="") as lines:
        queries = {row["qid"]: row for row in csv.DictReader(lines)}
    right: Counter[str] = Counter()
    wrong, siblings = [], []
    for row in screen_rows(register, queries.values()):
        query = queries[row["qid"]]
        same = row["link"] == "same_entity"
        if query["gold_type"] == "group_sibling" and row["link"] != "affiliate":
            siblings.append(query["query"])
        if row["band"] == "auto" and same and row["ent_id"] not in query["gold"].split("|"):
            wrong.append(query["query"])
        elif row["band"] == "auto" and same:
            right[row["qid"]] += 1
    all_same = sum(q["gold_type"] == "same_entity" for q in queries.values())
    assert not siblings
    assert len(wrong) <= 0.01 * len(right)
    assert len(right) >= 0.88 * all_same
