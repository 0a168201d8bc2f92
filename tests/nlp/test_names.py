"""Names cut apart and compared: what must be equal, and what must stay apart."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.chinese_names import chinese_key, english_trades, flat_pinyin, trade_keys, trade_name
from nlp.chinese_places import agree, bare, chain, english_places
from nlp.names import PartyName, english_key, english_words, flat_key, read_english, split_names


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        (
            "Shandong Linglong Tire Company, Ltd., f/k/a Zhaoyuan Leo Rubber Products Company, Ltd.",
            [("Shandong Linglong Tire Company, Ltd.", ""), ("Zhaoyuan Leo Rubber Products Company, Ltd.", "fka")],
        ),
        (
            "Haier US Appliance Solutions, Inc. d/b/a GE Appliances",
            [("Haier US Appliance Solutions, Inc.", ""), ("GE Appliances", "dba")],
        ),
        ("Foo Trading Co., Ltd. (d/b/a FOOLY), et al.", [("Foo Trading Co., Ltd.", ""), ("FOOLY", "dba")]),
        (
            "Foo Ltd., doing business as Bar, also known as Baz Ltd.",
            [("Foo Ltd.", ""), ("Bar", "dba"), ("Baz Ltd.", "aka")],
        ),
        ("Foo Inc., formerly known as Bar Inc.", [("Foo Inc.", ""), ("Bar Inc.", "fka")]),
        ("Foo Co., Ltd. (Foo Tire)", [("Foo Co., Ltd.", ""), ("Foo Tire", "bracket")]),
        ("Foo Co., Ltd. (a corporation of China)", [("Foo Co., Ltd.", "")]),
        ("Foo Co., Ltd. of Weifang, China", [("Foo Co., Ltd.", "")]),
        ("北京福乐有限公司（曾用名：北京禄乐有限公司）", [("北京福乐有限公司", ""), ("北京禄乐有限公司", "fka")]),
        ("北京福乐有限公司 Beijing Fule Co., Ltd.", [("北京福乐有限公司", ""), ("Beijing Fule Co., Ltd.", "bracket")]),
        (
            "Beijing Fule Co., Ltd. (北京福乐有限公司)",
            [("Beijing Fule Co., Ltd.", ""), ("北京福乐有限公司", "bracket")],
        ),
    ],
)
def test_a_printed_party_yields_each_of_its_names(printed: str, names: list[tuple[str, str]]) -> None:
    assert split_names(printed) == [PartyName(*name) for name in names]


@pytest.mark.parametrize(
    "whole",
    [
        "AKA Brands Inc.",
        "Qilu Pharmaceutical (Hainan) Co., Ltd.",
        "Qilu Pharmaceutical Co., Ltd. (Hainan)",
        "Himile Mechanical Science and Technology (Shandong) Co.,Ltd",
        "Zhenye (Group) Co., Ltd.",
        "Bank of China Limited",
        "Aluminum Corporation of China Limited",
    ],
)
def test_a_name_is_not_cut_where_cutting_would_make_another_company(whole: str) -> None:
    assert [n.name.rstrip(".") for n in split_names(whole)] == [whole.rstrip(".")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("X Foods Co., Ltd.", "X FOODS COMPANY LIMITED"),
        ("X Foods Co.,Ltd", "X Foods Co,. Ltd."),
        ("X Road&Bridge Co., Ltd.", "X Road and Bridge Co Ltd"),
        ("Tai'an X Co., Ltd.", "Taian X Co. Ltd."),
        ("X Tyre Co., Ltd.", "X Tire Company, Ltd."),
        ("Ｘ Ｔｅｃｈ Ｃｏ．， Ｌｔｄ．", "X Tech Co., Ltd."),
        ("Société X S.A.", "Societe X SA S.A."),
        ("Haier Group Corp.", "Haier Group Corporation"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    if one.startswith("Soci"):
        assert english_key(one) == "societe x sa"
        assert read_english(other).words == ("societe", "x", "sa")  # SA without dots is a word of the name
    else:
        assert english_key(one) == english_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("X Group Co., Ltd.", "X Co., Ltd."),
        ("X Holdings Co., Ltd.", "X Co., Ltd."),
        ("X International Co., Ltd.", "X Co., Ltd."),
        ("Qilu Pharmaceutical (Hainan) Co., Ltd.", "Qilu Pharmaceutical Co., Ltd."),
        ("X Inc.", "X Co., Ltd."),
        ("X LLC", "X Inc."),
    ],
)
def test_companies_that_differ_by_one_word_keep_different_keys(one: str, other: str) -> None:
    assert english_key(one) != english_key(other)


@pytest.mark.parametrize("syllable", ["ao", "yu", "sa", "zao", "se", "nv", "ou", "pao", "na", "ei", "as"])
def test_a_pinyin_syllable_is_never_a_legal_form(syllable: str) -> None:
    assert syllable in read_english(f"Yantai Chang {syllable.title()}").words
    assert syllable in read_english(f"Yantai Chang {syllable.upper()} Co., Ltd.").words


def test_a_name_that_is_only_a_form_stays_a_name() -> None:
    assert english_key("Limited") == "limited"
    assert english_key("") == ""
    assert english_key("山东某某有限公司") == "山东某某有限公司"


@given(st.text(max_size=300))
def test_any_text_is_cut_and_keyed_without_harm(text: str) -> None:
    names = split_names(text)
    assert all(n.name == n.name.strip() and n.name for n in names)
    assert set(flat_key(text)) <= set("abcdefghijklmnopqrstuvwxyz")
    assert english_key(text) == english_key(unicodedata.normalize("NFC", text))


def test_hostile_brackets_and_marks_are_read_in_bounded_time() -> None:
    assert split_names("(" * 5_000) == []
    assert split_names(", " * 5_000 + "et al") == []
    assert len(split_names("a d/b/a b " * 5_000)) <= 100


@pytest.mark.parametrize(
    ("legal", "key"),
    [
        ("青岛海尔智家股份有限公司", "青岛海尔智家"),
        ("青島海爾智家股份有限公司", "青岛海尔智家"),
        ("海尔集团公司", "海尔|集团"),
        ("荣丰控股集团股份有限公司", "荣丰|控股集团"),
        ("深圳市振业（集团）股份有限公司", "深圳振业|集团"),
        ("齐鲁制药（海南）有限公司", "齐鲁制药海南"),
        ("齐鲁制药有限公司", "齐鲁制药"),
        ("山东省章丘鼓风机股份有限公司", "山东章丘鼓风机"),
        ("青岛乾程科技股份有限公司", "青岛干程科技"),
        ("青島乾程科技股份有限公司", "青岛干程科技"),
    ],
)
def test_a_chinese_key_keeps_group_and_branch_and_no_form(legal: str, key: str) -> None:
    assert chinese_key(legal) == key


@pytest.mark.parametrize(
    ("legal", "places", "key", "trade", "branch"),
    [
        ("山东玲珑轮胎股份有限公司", ("山东",), "玲珑", "轮胎", ""),
        ("单县朝阳重机有限公司", ("单县",), "朝阳", "重机", ""),
        ("广州市策动商贸有限公司", ("广州",), "策动", "商贸", ""),
        ("齐鲁制药(海南)有限公司", (), "齐鲁", "制药", "海南"),
        ("日照港股份有限公司", (), "日照港", "", ""),
        ("山东铝业有限公司", ("山东",), "", "铝业", ""),
        ("歌尔股份有限公司", (), "歌尔", "", ""),
    ],
)
def test_the_parts_of_a_legal_name(legal: str, places: tuple[str, ...], key: str, trade: str, branch: str) -> None:
    parts = trade_name(legal)
    assert (parts.places, parts.key, parts.industry, parts.branch) == (places, key, trade, branch)


def test_a_long_trade_name_may_also_be_its_first_two_characters() -> None:
    assert trade_keys(trade_name("烟台双塔食品股份有限公司")) == ("双塔",)
    assert trade_keys(trade_name("青岛海尔智家股份有限公司")) == ("海尔智家", "海尔")
    assert trade_keys(trade_name("山东铝业有限公司")) == ()


@pytest.mark.parametrize(
    ("legal", "printed"),
    [
        ("厦门吉信电子商务有限公司", "Xia Men Ji Xin Dian Zi Shang Wu You Xian Gong Si"),
        ("广州市策动商贸有限公司", "Guangzhoushi Cedong Shangmao Youxiangongsi"),
        ("广州策动商贸有限公司", "Guangzhoushi Cedong Shangmao Youxiangongsi"),
        ("广州市策动商贸有限公司", "GuangzhouCe dongShang mao Youxian Gongsi"),
        ("单县朝阳重机有限公司", "Shanxian Chaoyang Zhongji Youxian Gongsi"),
        ("重庆长城科技有限公司", "Chongqing Changcheng Keji Youxian Gongsi"),
        ("山东绿叶制药有限公司", "Shandong Lvye Zhiyao Youxian Gongsi"),
        ("山东绿叶制药有限公司", "Shandong Luye Zhiyao Youxian Gongsi"),
        ("山东绿叶制药有限公司", "Shandong Lüye Zhiyao Youxian Gongsi"),
        ("乐陵某某有限公司", "Laoling Moumou Youxian Gongsi"),
        ("莘县某某有限公司", "Shenxian Moumou Youxian Gongsi"),
        ("青岛乾程科技股份有限公司", "Qingdao Qiancheng Keji Gufen Youxian Gongsi"),
        ("济南乐行科技有限公司", "Jinan Lehang Keji Youxian Gongsi"),
        ("济南乐行科技有限公司", "Jinan Yuexing Keji Youxian Gongsi"),
    ],
)
def test_flat_pinyin_meets_the_printed_name_in_any_spacing(legal: str, printed: str) -> None:
    assert flat_key(printed) in flat_pinyin(legal)


def test_readings_are_bounded_however_many_characters_have_two() -> None:
    assert 1 < len(flat_pinyin("长重乐行朝单盛晟曾厦有限公司")) <= 16


def test_unrelated_names_do_not_meet_in_pinyin() -> None:
    assert not flat_pinyin("潍坊顺福昌橡塑有限公司") & flat_pinyin("潍坊顺福长橡胶有限公司")


def test_places_lie_within_places() -> None:
    assert chain("寿光") == {"寿光", "潍坊", "山东"}
    assert agree(frozenset({"潍坊"}), frozenset({"寿光"})) is True
    assert agree(frozenset({"潍坊"}), frozenset({"上饶"})) is False
    assert agree(frozenset({"潍坊"}), frozenset({"中国"})) is None
    assert [bare(p) for p in ("山东省潍坊市", "寿光市", "潍坊市寿光市", "山东", "青岛")] == [
        "潍坊", "寿光", "潍坊", "山东", "青岛",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "places"),
    [
        ("TaiAn Foo", {"泰安"}),
        ("Tai'an Foo", {"泰安"}),
        ("Qing Dao Foo", {"青岛"}),
        ("Tsingtao Foo", {"青岛"}),
        ("Guangzhoushi Foo", {"广州"}),
        ("Linyi Foo", {"临沂", "临邑"}),
        ("Shaanxi Foo", {"陕西"}),
        ("Shanxi Foo", {"山西"}),
        ("Weifang City Foo", {"潍坊"}),
    ],
)
def test_places_in_english_names(printed: str, places: set[str]) -> None:
    found = english_places(english_words(printed))
    assert [set(place.places) for place in found] == [places]


def test_trades_are_met_in_english_but_general_words_tell_nothing() -> None:
    assert "tire" in english_trades("轮胎")
    assert {"rubber", "plastic"} <= english_trades("橡塑")
    assert not english_trades("科技") & {"technology"}
