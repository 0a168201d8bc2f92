"""What an enterprise's legal contact and the center's staff read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from email.utils import parseaddr
from html.parser import HTMLParser

import pytest

from alerts.letters.advice import steps
from alerts.letters.compose import compose
from alerts.letters.glossary import product, term
from alerts.letters.headline import FIRST_SIGHT
from alerts.letters.letter import CLOCK, Letter
from alerts.letters.plain import clean, safe_link
from alerts.letters.wording import sentences
from index.problems import Refused
from index.records import AlertState, Alias, Band, Deadline, Level, Message, Party
from tests.alerts.letters import (
    ALERT,
    CASE,
    CENTER,
    CONTACT,
    ENTERPRISE,
    MATCH,
    NAME,
    NOTICE,
    OURS,
    PARTIES,
    RESPONSE,
    TAGGED,
    as_role,
    at_level,
    letter,
    on_event,
)

KEY = "5c0f" * 8
HOSTILE = "<script>alert(1)</script>{{7*7}}{% raw %}\r\nBcc: all@example.com\u202egnp\x00"


class Seen(HTMLParser):
    """What a reader of the HTML sees, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self._skipped = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self.words += ["\n"] if tag == "br" else []
        self._skipped = tag if tag in ("title", "style") else self._skipped

    def handle_endtag(self, tag: str) -> None:
        self._skipped = "" if tag == self._skipped else self._skipped
        if tag in ("td", "th", "p", "tr", "h1", "h2", "div"):
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def mail(told: Letter) -> Message:
    return compose(told, KEY, "warning.example.com")


def english(told: Letter) -> Letter:
    return replace(told, contact=replace(CONTACT, language="en"))


def staff(**changes: object) -> Letter:
    return letter(audience="staff", **changes)


# The first line.


def test_the_subject_says_who_what_and_by_when() -> None:
    subject = mail(letter()).subject
    assert subject.startswith("【海外知识产权预警】山东海岳重工股份有限公司涉美国337调查，最早3月2日前须答辩")
    assert subject.endswith("（337-TA-1414 被申请人）")


def test_a_short_name_leaves_room_for_the_whole_claim() -> None:
    told = letter(enterprise=replace(ENTERPRISE, cn_name="海岳公司"))
    subject = mail(told).subject
    assert subject == "【海外知识产权预警】海岳公司被列为美国337调查被申请人，最早3月2日前须答辩（337-TA-1414）"
    assert subject.index("（337") <= FIRST_SIGHT


def test_the_year_is_said_where_it_is_not_this_one() -> None:
    told = letter(deadlines=(replace(RESPONSE, due=date(2027, 3, 2)),))
    assert "最早2027年3月2日前须答辩" in mail(told).subject


def test_text_and_preview_begin_with_the_same_sentence() -> None:
    said = mail(letter())
    first = said.text.splitlines()[0]
    who, by_when = "山东海岳重工股份有限公司被列为美国337调查被申请人（337-TA-1414）", "最早2026年3月2日前须答辩"
    assert first == f"【海外知识产权预警】{who}，{by_when}。"
    assert Seen(said.html).text.strip().startswith(f"{who}，{by_when}。")


@pytest.mark.parametrize("level", list(Level))
def test_what_is_not_sure_is_said_to_be_so(level: Level) -> None:
    said = mail(at_level(level, Band.REVIEW))
    warning = level in (Level.NAMED, Level.AFFILIATED)
    assert ("疑似" in said.subject) == warning
    assert "尚待核实" in said.text
    assert "疑似" not in mail(at_level(level)).subject


@pytest.mark.parametrize("level", [Level.ORDER, Level.CLUSTER, Level.FIELD])
def test_the_lower_levels_never_read_as_being_sued(level: Level) -> None:
    said = mail(at_level(level))
    for words in ("被列为", "须答辩", "前须", "海外知识产权预警"):
        assert words not in said.subject
    assert "并非该案当事人" in said.text
    assert "并非贵公司的期限" in said.text
    assert "不答辩" not in said.text


def test_an_order_that_was_issued_is_named() -> None:
    said = mail(at_level(Level.ORDER, notice=replace(TAGGED, relief=("GEO",))))
    assert "普遍排除令（GEO）" in said.subject


@pytest.mark.parametrize(("kind", "words"), [("subsidiary", "的子公司"), ("brand", "的品牌"), ("other", "的关联主体")])
def test_a_relative_of_the_enterprise_is_called_one(kind: str, words: str) -> None:
    match = replace(MATCH, level=Level.AFFILIATED, alias=Alias("Haiyue America Corp.", kind))
    assert f"{ENTERPRISE.cn_name}{words}涉美国337调查" in mail(letter(match=match)).subject


@pytest.mark.parametrize("role", ["complainant", "petitioner", "party_1", "intervenor", "unheard_of"])
def test_who_need_not_answer_is_given_no_duty(role: str) -> None:
    said = mail(as_role(role))
    assert "须答辩" not in said.subject
    assert "被列为" not in said.subject
    assert "是否适用于贵公司" in said.text


def test_an_owner_is_not_called_the_accused() -> None:
    told = as_role("patent_owner", alert=replace(ALERT, event="petition"))
    told = replace(told, case=replace(told.case, forum="us_ptab"))
    assert "持有的专利遭遇美国专利无效程序" in mail(told).text


def test_a_later_event_is_told_as_news_of_the_case() -> None:
    assert "：认定违反337条款" in mail(on_event("violation_found", deadlines=())).subject


def test_an_event_that_can_recur_loses_its_day() -> None:
    assert "就是否复审初裁作出决定" in mail(on_event("review:2026-02-05")).text


def test_an_unknown_event_keeps_its_own_words() -> None:
    assert "“markman hearing”" in mail(on_event("markman_hearing")).text


# The dates.


def test_a_bound_says_that_it_is_only_the_earliest() -> None:
    assert "最早可能为2026年3月2日，以实际送达之日起算" in mail(letter()).text


def test_a_bound_that_does_not_run_from_service_does_not_say_so() -> None:
    petition = replace(RESPONSE, counted="2 months after the notice", counted_zh="通知发出后2个月", trigger_zh="提交日")
    text = mail(letter(deadlines=(petition,))).text
    assert "以实际起算日为准" in text
    assert "以实际送达之日起算" not in text


def test_a_date_gone_by_is_said_to_be() -> None:
    known = replace(RESPONSE, bound=False)
    said = mail(letter(deadlines=(known,), today=date(2026, 3, 3)))
    assert "答辩期限（3月2日）已过" in said.subject
    assert "[已过]" in said.text
    assert "今天到期" in mail(letter(deadlines=(known,), today=known.due)).text


def test_a_date_that_was_not_verified_never_leads() -> None:
    doubtful = replace(RESPONSE, confidence="L")
    said = mail(letter(deadlines=(doubtful,)))
    assert "3月2日" not in said.subject
    assert "还有18天 · 核实" in said.text
    assert "#98a2b3" in said.html


def test_a_duty_goes_before_a_chance_and_what_others_may_do_never_leads() -> None:
    chance = replace(RESPONSE, rule="public_interest", due=date(2026, 2, 20))
    others = replace(RESPONSE, rule="opposition", due=date(2026, 2, 15))
    assert "最早3月2日前须答辩" in mail(letter(deadlines=(others, chance, RESPONSE))).subject
    assert "可提交公共利益意见，期限最早于2月20日届满" in mail(letter(deadlines=(others, chance))).subject
    assert "2月15日" not in mail(letter(deadlines=(others,))).subject


def test_every_date_brings_law_and_reckoning_and_a_caution() -> None:
    text = mail(letter()).text
    for words in (RESPONSE.citation, RESPONSE.counted_zh, RESPONSE.url, "起算日：2026年2月10日", "请与代理律师核实"):
        assert words in text


def test_where_no_date_runs_the_letter_says_why() -> None:
    assert "邮寄、电子邮件" in mail(letter(deadlines=())).text
    assert "没有可以直接计算的法定期限" in mail(letter(deadlines=(), clock_note="")).text


def test_many_dates_are_bounded_and_counted() -> None:
    many = tuple(replace(RESPONSE, due=RESPONSE.due + timedelta(n)) for n in range(30))
    assert "另有22个日期" in mail(letter(deadlines=many)).text


# The case and the grounds.


def test_the_grounds_are_laid_open() -> None:
    text = mail(letter()).text
    for words in (OURS.quote, "英文名称“Shandong Haiyue", "英文名称与登记英文名逐词一致", "原文“Weifang”，登记“潍坊”"):
        assert words is not None
        assert words in text
    assert text.index("支持的理由") < text.index("存疑之处") < text.index("公司形式不完全对应")
    assert "如非贵公司，请回复本邮件告知" in text


def test_the_name_is_marked_where_it_stands_in_the_source() -> None:
    assert re.search(r"<b [^>]*>Shandong Haiyue Heavy Machinery Co\., Ltd\.</b>, No\. 8", mail(letter()).html)


def test_a_product_keeps_its_words_and_gets_a_chinese_name_only_if_known() -> None:
    assert product("Certain Road Milling Machines and Components Thereof") == (
        "铣刨机“Certain Road Milling Machines and Components Thereof”"
    )
    assert product("Certain Left-Handed Widgets") == "“Certain Left-Handed Widgets”"
    assert product("Certain Road Milling Machines", "en") == "“Certain Road Milling Machines”"


def test_a_long_list_of_parties_is_bounded_and_the_enterprise_stays_in_it() -> None:
    others = tuple(Party(f"Company No. {n} Ltd.", "respondent", "CN") for n in range(40))
    text = mail(letter(case=replace(CASE, parties=(*others, *PARTIES)))).text
    row = next(line for line in text.splitlines() if line.startswith("被申请人："))
    assert row.startswith(f"被申请人：{NAME}（中国）")
    assert row.endswith("等共43家")
    assert row.count("Company No.") == 11


def test_an_unknown_country_or_role_is_not_guessed() -> None:
    parties = (Party("Odd Ltd.", "amicus_curiae", "ZZ"),)
    text = mail(letter(case=replace(CASE, parties=parties))).text
    assert "“amicus curiae”：Odd Ltd.\n" in text


def test_the_footer_says_where_from_when_and_which() -> None:
    text = mail(letter()).text
    for words in ("美国《联邦公报》", "2026年2月11日 09:30（北京时间）", "预警编号：9f3a72c1", "不构成法律意见"):
        assert words in text
    assert "@warning.example.com 发出" in text


def test_no_domain_is_vouched_for_where_none_is_real() -> None:
    assert "发出；" not in compose(letter(), KEY, "localhost.localdomain").text


# What to do.


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("role", ["respondent", "complainant", "party_2", "nobody"])
@pytest.mark.parametrize(
    "forum", ["us_itc", "us_district", "us_ptab", "us_ttab", "epo", "euipo", "upc", "udrp", "mars"]
)
def test_there_are_three_to_five_steps_for_every_standing(level: Level, role: str, forum: str) -> None:
    for event in ("institution", "tro", "default", "terminated", "order", "unheard_of"):
        told = on_event(event, case=replace(CASE, forum=forum))
        told = replace(told, match=replace(MATCH, level=level, party=replace(OURS, role=role)))
        assert 3 <= len(steps(told)) <= 5
        assert 3 <= len(steps(english(told))) <= 5


@pytest.mark.parametrize(
    ("event", "forum", "words"),
    [
        ("institution", "us_itc", "认定缺席"),
        ("complaint", "us_district", "缺席判决"),
        ("tro", "us_district", "收款账户"),
        ("default", "us_itc", "撤销缺席认定"),
        ("terminated", "us_itc", "全部终止"),
        ("petition", "us_ptab", "初步答复"),
    ],
)
def test_the_steps_fit_the_event(event: str, forum: str, words: str) -> None:
    assert words in " ".join(steps(on_event(event, case=replace(CASE, forum=forum))))


def test_evidence_is_reviewed_before_it_leaves_the_country() -> None:
    assert "国务院令第801号" in mail(letter()).text


def test_the_center_can_be_called() -> None:
    said = mail(letter())
    for words in (CENTER.name, CENTER.phone, CENTER.email):
        assert words in said.text
    assert "电话：" not in mail(letter(center=replace(CENTER, phone="", email=""))).text.replace("咨询电话", "")


# Two forms, one set of facts.

VARIANTS = [
    letter(link="https://desk.example.com/a/1"),
    english(letter()),
    at_level(Level.AFFILIATED, Band.REVIEW),
    at_level(Level.FIELD),
    on_event("default", deadlines=()),
    letter(today=date(2027, 1, 1), notice=replace(TAGGED, relief=("GEO", "CDO"))),
    staff(link="https://desk.example.com/a/1"),
    staff(contact=None),
]


def facts(text: str) -> set[str]:
    """Dates, numbers, names and words in Latin letters, addresses."""
    found = re.findall(r"\d+年\d+月\d+日|[A-Za-z0-9][A-Za-z0-9&.:/@_-]*", text)
    return {word.rstrip(".:") for word in found}


@pytest.mark.parametrize("told", VARIANTS)
def test_both_forms_hold_the_same_facts(told: Letter) -> None:
    said = mail(told)
    seen = Seen(said.html)
    in_html = facts(seen.text) | {fact for link in seen.links for fact in facts(link)}
    in_text = facts(re.sub(r"(?m)^\d\. (?=最早|\d)", "", said.text))  # the text numbers the dates, the HTML rules lines
    headings = facts(sentences(told.language)["due"] + " " + sentences(told.language)["what"])
    assert in_text - in_html == set()
    assert in_html - in_text - headings == set()


@pytest.mark.parametrize("told", VARIANTS)
def test_every_sentence_of_the_text_is_in_the_html(told: Letter) -> None:
    said = mail(told)
    seen = re.sub(r"\s", "", Seen(said.html).text)
    chinese = re.findall(r"[\u4e00-\u9fff]{4,}", said.text)
    assert [words for words in chinese if words not in seen] == []


# Hostile input.


def hostile() -> Letter:
    """Every field that comes from outside, attacked at once."""
    party = Party(HOSTILE, "respondent", HOSTILE, HOSTILE, f"the respondent {HOSTILE} of")
    notice = replace(NOTICE, title=HOSTILE * 500, url="javascript:alert(1)", source=HOSTILE)
    tagged = replace(TAGGED, notice=notice, event=HOSTILE, product=HOSTILE, relief=(HOSTILE,), case_number=HOSTILE)
    match = replace(MATCH, party=party, alias=Alias(HOSTILE, HOSTILE), matcher=HOSTILE)
    date_row = replace(RESPONSE, rule=HOSTILE, citation=HOSTILE, url="javascript:alert(2)", note_zh=HOSTILE)
    return letter(
        center=replace(CENTER, name=HOSTILE, phone=HOSTILE),
        enterprise=replace(ENTERPRISE, cn_name=HOSTILE, en_name=HOSTILE, city=HOSTILE),
        contact=replace(CONTACT, name=HOSTILE),
        alert=replace(ALERT, event=HOSTILE, key=HOSTILE, reason=HOSTILE, state=AlertState.SUPPRESSED),
        match=match,
        case=replace(CASE, product=HOSTILE, number=HOSTILE, parties=(party,) * 50, identifiers=(), forum=HOSTILE),
        notice=tagged,
        deadlines=(date_row,),
        clock_note=HOSTILE,
        link="javascript:alert(3)",
    )


@pytest.mark.parametrize("told", [hostile(), english(hostile()), replace(hostile(), audience="staff")])
def test_hostile_words_come_out_harmless(told: Letter) -> None:
    said = mail(told)
    seen = Seen(said.html)
    assert "script" not in seen.tags
    assert "49" not in facts(said.text)
    assert "{{7*7}}" in said.text
    assert seen.links == []
    assert not re.search(r"(?m)^Bcc:", said.text)
    for strange in ("\u202e", "\x00", "\r"):
        assert strange not in said.text + said.html + said.subject
    for header in (said.subject, said.sender_name, said.to_name):
        assert "\n" not in header
    assert len(said.text) < 20_000


@pytest.mark.parametrize("told", VARIANTS)
def test_nothing_in_a_mail_is_fetched_or_runs(told: Letter) -> None:
    seen = Seen(mail(told).html)
    assert not {"script", "img", "link", "iframe", "object", "style", "form", "svg"} & set(seen.tags)
    assert "src" not in seen.attributes
    assert not [name for name in seen.attributes if name.startswith("on")]
    assert all(link.startswith("https://") for link in seen.links)


@pytest.mark.parametrize(
    "link",
    [
        *(
            "javascript:alert(1)",
            "data:text/html,x",
            "//example.com",
            "http://a b/",
            'https://x/"onclick=',
            "https://[",
        ),
        *("ftp://x", "https://usitc.gov@evil.example.com/", "https://x/\u202egnp", "https:///path", ""),
        "https://x/" + "a" * 3000,
    ],
)
def test_only_a_plain_web_address_is_a_link(link: str) -> None:
    assert safe_link(link) == ""
    assert safe_link("https://www.usitc.gov/a?b=1&c=2#d") == "https://www.usitc.gov/a?b=1&c=2#d"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\n b\tc", "a b c"),
        ("a\u202eb\u200bc\ufeff", "abc"),
        ("\ud800x", "x"),
        ("字" * 5, "字" * 5),
        ("字" * 11, "字" * 9 + "…"),
    ],
)
def test_words_are_cleaned(text: str, shown: str) -> None:
    assert clean(text, 10) == shown


def test_a_long_title_is_cut() -> None:
    text = mail(letter(notice=replace(TAGGED, notice=replace(NOTICE, title="长" * 20_000)))).text
    title = next(line for line in text.splitlines() if line.startswith("原文标题"))
    assert title.endswith("…”")
    assert len(title) < 320


# The envelope.


def test_the_envelope_is_the_centers_and_stays_the_same() -> None:
    said = mail(letter())
    assert (said.id, said.to, said.to_name) == (KEY, "legal@example.com", "王敏")
    assert (said.sender_name, said.reply_to) == (CENTER.name, CENTER.email)
    assert mail(letter()) == said


@pytest.mark.parametrize("contact", [None, replace(CONTACT, consent=""), replace(CONTACT, email="")])
def test_nobody_is_written_to_who_may_not_be(contact: object) -> None:
    with pytest.raises(Refused):
        mail(letter(contact=contact))


def test_an_english_contact_reads_english() -> None:
    said = mail(english(letter()))
    assert said.subject.startswith("[Overseas IP warning] Shandong Haiyue Heavy Machinery Co., Ltd.: ")
    chinese = re.findall(r"[\u4e00-\u9fff]+", said.text.replace(CENTER.name, "").replace(CONTACT.name, ""))
    assert set(chinese) <= set(re.findall(r"[\u4e00-\u9fff]+", letter().clock_note + "潍坊 股份有限公司"))


def test_both_languages_have_every_sentence_with_the_same_gaps() -> None:
    zh, en = sentences("zh"), sentences("en")
    gaps = {
        key: (set(re.findall(r"{\w+}", zh[key])), set(re.findall(r"{\w+}", en[key]))) for key in zh.keys() & en.keys()
    }
    assert zh.keys() ^ en.keys() == set()
    assert {key: pair for key, pair in gaps.items() if pair[0] != pair[1]} == {}


# The staff's own note.


def test_staff_read_first_what_to_decide() -> None:
    said = mail(staff())
    assert said.subject == (
        "【待研判】山东海岳重工股份有限公司被列为美国337调查被申请人（337-TA-1414），最早3月2日前须答辩"
    )
    assert said.to == CENTER.email
    assert said.reply_to == ""
    assert said.text.index("请研判：") < said.text.index("企业：")
    assert "2026年2月11日 13:30（北京时间）仍无人研判，系统将自动发出" in said.text
    assert "高置信（得分0.97，比对规则版本 m1）" in said.text
    assert "王敏 legal@example.com" in said.text
    assert len(said.text) < 1500


def test_staff_are_told_in_the_gates_words_why_an_alert_waits() -> None:
    told = staff(alert=replace(ALERT, reason="须工作人员研判后发出：企业名称待核对"))
    assert "须工作人员研判后发出：企业名称待核对" in mail(told).text


@pytest.mark.parametrize(
    ("level", "band", "grace", "words"),
    [
        (Level.NAMED, Band.REVIEW, 4.0, "不会自动发出"),
        (Level.FIELD, Band.AUTO, 4.0, "不会自动发出"),
        (Level.NAMED, Band.AUTO, None, "不会自动发出"),
        (Level.NAMED, Band.AUTO, 0.0, "立即发出"),
    ],
)
def test_staff_know_whether_the_clock_will_act(level: Level, band: Band, grace: float | None, words: str) -> None:
    told = at_level(level, band, audience="staff", center=replace(CENTER, grace_hours=grace))
    assert words in mail(told).text


@pytest.mark.parametrize(
    ("state", "by", "tag"),
    [
        (AlertState.RELEASED, CLOCK, "【已自动发出】"),
        (AlertState.RELEASED, "李娜", "【已放行】"),
        (AlertState.SUPPRESSED, "", "【未单独发出】"),
        (AlertState.CLOSED, "", "【已办结】"),
    ],
)
def test_the_subject_of_a_note_is_its_state(state: AlertState, by: str, tag: str) -> None:
    said = mail(staff(alert=replace(ALERT, state=state, released_by=by)))
    assert said.subject.startswith(tag)
    assert "系统将自动发出" not in said.text


@pytest.mark.parametrize("contact", [None, replace(CONTACT, consent=""), replace(CONTACT, email="")])
def test_staff_are_told_that_nobody_can_be_reached(contact: object) -> None:
    assert "没有可用联系人" in mail(staff(contact=contact)).text
    assert "没有可用联系人" not in mail(staff()).text


def test_a_center_without_an_address_gets_no_note() -> None:
    with pytest.raises(Refused):
        mail(staff(center=replace(CENTER, email="")))


def test_a_letter_without_anything_optional_can_be_written() -> None:
    bare = letter(
        center=replace(CENTER, phone=""),
        contact=replace(CONTACT, name=""),
        match=replace(MATCH, reasons=(), party=replace(OURS, quote=None, country=None)),
        case=replace(CASE, number=None, product=None, identifiers=(), parties=(), rights=()),
        notice=replace(
            TAGGED,
            case_number=None,
            filed_on=None,
            identifiers=(),
            parties=(),
            rights=(),
            product=None,
            notice=replace(NOTICE, title="", url="", published_on=None),
        ),
        deadlines=(Deadline("unheard_of", date(2026, 3, 2), "", "", "H", date(2020, 1, 1), ""),),
    )
    said = mail(bare)
    assert "山东海岳重工股份有限公司知识产权（法务）负责人：" in said.text
    assert "“unheard of”" in said.text
    assert "原文写明" not in said.text
    assert parseaddr(said.to)[1] == CONTACT.email


def test_terms_prefer_the_forums_own_word() -> None:
    assert term("roles", "respondent", forum="udrp") == "被投诉人"
    assert term("roles", "respondent", forum="us_itc") == "被申请人"
