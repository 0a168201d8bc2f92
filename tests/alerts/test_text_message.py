"""The text message: few short variables, honest about dates, and never "you are sued" where nobody is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from string import Template

import pytest

from alerts.letters.glossary import _terms
from alerts.letters.letter import Letter
from alerts.letters.text_message import LONGEST, TEMPLATE, fit, mobile, parts, rendered, text_message, unfit, variables
from index.problems import Refused
from index.records import Alias, Band, Deadline, Level
from tests.alerts.letters import (
    CASE,
    CENTER,
    CONTACT,
    ENTERPRISE,
    RESPONSE,
    TAGGED,
    as_role,
    at_level,
    letter,
    on_event,
)

PHONE = replace(CONTACT, email="", phone="+86 138 0000 0000")
SUED = ("被列为", "被申请人", "被告", "答辩")


def values(one: Letter) -> dict[str, str]:
    return dict(variables(one))


def test_the_whole_message_reads_as_one_sentence_and_costs_two() -> None:
    said = rendered(text_message(letter(contact=PHONE), "k1").variables, "海外知产指导中心")
    assert said == (
        "【海外知产指导中心】海外知识产权提示（海岳重工）：贵公司被列为美国337调查被申请人，案号337-TA-1414。"
        "最早3月2日前须答辩。详情及应对指导请致电0531-88190000，以官方文书为准。"
    )
    assert parts(said) == 2


def test_a_message_is_its_variables_to_a_number_under_the_deliverys_key() -> None:
    message = text_message(letter(contact=PHONE), "k1")
    assert (message.id, message.to, message.subject + message.text + message.html) == ("k1", "13800000000", "")
    assert [name for name, _ in message.variables] == Template(TEMPLATE).get_identifiers()


def test_the_template_keeps_the_providers_rules() -> None:
    names = Template(TEMPLATE).get_identifiers()
    assert len(names) == 5
    assert all(TEMPLATE.count("${" + name + "}") == 1 for name in names)
    assert "}${" not in TEMPLATE
    assert not set("【】[]") & set(TEMPLATE)
    assert len(TEMPLATE) + len(names) * LONGEST <= 500


@pytest.mark.parametrize(
    "contact", [None, CONTACT, replace(PHONE, consent=""), replace(PHONE, phone="0531-88190000")]
)  # fmt: skip
def test_nobody_is_written_to_without_consent_and_a_mobile_number(contact: object) -> None:
    with pytest.raises(Refused):
        text_message(letter(contact=contact), "k1")


@pytest.mark.parametrize("level", [Level.ORDER, Level.CLUSTER, Level.FIELD])
@pytest.mark.parametrize("band", list(Band))
def test_who_is_no_party_never_reads_that_it_is_sued(level: Level, band: Band) -> None:
    said = values(at_level(level, band, contact=PHONE))
    assert not any(word in said["matter"] + said["due"] for word in SUED)
    assert said["due"] == "贵公司并非当事人，没有应诉期限"


def test_each_level_says_what_it_is() -> None:
    said = {level: values(at_level(level, contact=PHONE))["matter"] for level in Level}
    assert said == {
        Level.NAMED: "贵公司被列为美国337调查被申请人",
        Level.AFFILIATED: "贵公司的关联主体被列为美国337调查被申请人",
        Level.ORDER: "贵公司出口产品或受美国337调查可能签发的排除令影响",
        Level.CLUSTER: "同类产品企业涉美国337调查",
        Level.FIELD: "所在领域出现美国337调查新动态",
    }


def test_an_uncertain_match_says_perhaps() -> None:
    assert values(at_level(Level.NAMED, Band.REVIEW, contact=PHONE))["matter"] == "贵公司疑似被列为美国337调查被申请人"


def test_a_date_that_is_past_or_only_a_bound_is_said_to_be() -> None:
    firm = replace(RESPONSE, bound=False)
    said = {
        "bound": values(letter(contact=PHONE))["due"],
        "firm": values(letter(contact=PHONE, deadlines=(firm,)))["due"],
        "past": values(letter(contact=PHONE, deadlines=(firm,), today=date(2026, 3, 3)))["due"],
        "past bound": values(letter(contact=PHONE, deadlines=(RESPONSE,), today=date(2026, 3, 3)))["due"],
        "none": values(letter(contact=PHONE, deadlines=()))["due"],
        "asserting": values(as_role("complainant", contact=PHONE))["due"],
    }
    assert said == {
        "bound": "最早3月2日前须答辩",
        "firm": "3月2日前须答辩",
        "past": "答辩期限（3月2日）已过",
        "past bound": "答辩期限最早为3月2日，如早已送达则可能已过",
        "none": "应诉期限以法院或主管机关的通知为准",
        "asserting": "有关期限请向代理律师核实",
    }


@pytest.mark.parametrize("bound", [False, True])
@pytest.mark.parametrize("today", [date(2025, 1, 1), date(2027, 1, 1)])
def test_every_rules_date_fits_uncut(bound: bool, today: date) -> None:
    for rule in {key.rpartition(".")[2] for key in _terms()["rules"]}:
        one = Deadline(rule, date(2026, 12, 30), "", "", "H", date(2025, 1, 1), "", bound=bound)
        said = values(letter(contact=PHONE, deadlines=(one,), today=today))["due"]
        assert not said.endswith("..."), said


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("band", list(Band))
def test_every_matter_fits_uncut(level: Level, band: Band) -> None:
    events = {key.rpartition(".")[2] for key in _terms()["events"]}
    roles = {key.rpartition(".")[2] for key in _terms()["roles"]}
    for forum in _terms()["proceedings"]:
        case = replace(CASE, forum=forum)
        told = [on_event(event) for event in events] + [as_role(role) for role in roles]
        for one in told:
            match = replace(one.match, level=level, band=band, alias=Alias("x", "subsidiary"))
            said = variables(replace(one, case=case, contact=PHONE, match=match))
            assert not [value for _, value in said if unfit(value)]
            assert not dict(said)["matter"].endswith("..."), dict(said)["matter"]


@pytest.mark.parametrize(
    "hostile",
    [
        "看 https://evil.example/x",
        "www.evil.cn",
        "evil.com",
        "a.b.c.example",
        "一\r\n二",
        "【仿冒】",
        "\u202e",
        "长" * 90,
        "",
        "\ud800",
    ],
)
def test_names_from_outside_are_made_fit(hostile: str) -> None:
    ours = replace(ENTERPRISE, cn_name=hostile, en_name=hostile, aliases=())
    one = letter(
        contact=PHONE,
        enterprise=ours,
        center=replace(CENTER, phone=hostile),
        case=replace(CASE, number=hostile),
        notice=replace(TAGGED, case_number=hostile, event=hostile or "x"),
    )
    assert [unfit(value) for _, value in variables(one)] == [""] * 5


def test_a_number_or_telephone_that_is_missing_leaves_no_hole() -> None:
    bare = letter(
        contact=PHONE,
        center=replace(CENTER, phone=""),
        case=replace(CASE, number=None),
        notice=replace(TAGGED, case_number=None),
    )
    assert (values(bare)["case"], values(bare)["phone"]) == ("原文未载明", "所属分中心")


def test_a_long_name_is_cut_visibly() -> None:
    name = "Shandong Haiyue Heavy Machinery Co., Ltd."
    assert fit(name) == "Shandong Haiyue Heavy Machinery..."
    assert fit("JD.com") == "JD com"
    assert fit("1:26-cv-01234") == "1:26-cv-01234"


def test_an_english_reader_gets_the_chinese_template_in_chinese() -> None:
    english = replace(PHONE, language="en")
    assert variables(letter(contact=PHONE)) == text_message(letter(contact=english), "k").variables


@pytest.mark.parametrize(("characters", "expected"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_messages_are_counted_as_they_are_charged(characters: int, expected: int) -> None:
    assert parts("字" * characters) == expected


def test_a_mobile_number_is_eleven_digits() -> None:
    assert [mobile(n) for n in ("13800000000", "8613800000000", "86 0531 88190000", "")] == ["13800000000"] * 2 + [
        ""
    ] * 2
