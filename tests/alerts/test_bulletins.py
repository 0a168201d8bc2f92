"""What a bulletin says: only what the public record says, and no person's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from alerts.bulletins.compose import compose
from alerts.bulletins.content import BulletinContent, sealed
from alerts.bulletins.hidden import betrays, may_be_person
from alerts.bulletins.month import Month
from alerts.bulletins.text import numeral
from index.ledger import Ledger, enterprises
from index.problems import Unusable
from index.records import Alias, Identifier, IpDispute, Party
from tests.alerts.bulletins import INDUSTRY, THEN, a_dispute, a_suit, furnish, tell, texts
from tests.making import an_enterprise

MARCH = Month(2026, 3)
AS_OF = date(2026, 4, 2)


def of_march(ledger: Ledger, month: Month = MARCH, as_of: date = AS_OF) -> BulletinContent:
    with ledger.read() as work:
        return compose(work, INDUSTRY, month, as_of)


def said(content: BulletinContent) -> str:
    return "\n".join(texts(content))


def figure(content: BulletinContent, beginning: str) -> tuple[str, ...]:
    return next(row[1:] for row in content.figures.rows if row[0].startswith(beginning))


def test_a_dispute_is_printed_with_its_facts_dates_and_source(ledger: Ledger) -> None:
    furnish(ledger)
    first = of_march(ledger).disputes[0]
    rows = {row.label: [line.text for line in row.lines] for row in first.rows}
    assert first.heading.startswith("（一）337-TA-1999 美国337调查")
    assert rows["受理机构"] == ["美国国际贸易委员会（ITC）"]
    assert rows["案号"] == ["337-TA-1999（337调查案号）"]
    assert rows["申请人"] == ["Acme Holdings, Inc.（美国）"]
    assert rows["被申请人"] == ["Shandong Widget Co., Ltd.（中国）"]
    assert rows["提起日期"] == ["2026年2月20日"]
    events = next(row for row in first.rows if row.label == "本月进展")
    assert events.lines[0].text == "决定立案调查："
    assert events.lines[1].text.startswith("2026年3月5日，美国《联邦公报》，“Certain Widgets;")
    assert events.lines[1].link.startswith("https://www.federalregister.gov/")
    assert "最早可能为" in first.dates[0].when
    assert "19 CFR 210.13" in first.dates[0].basis
    assert first.dates[0].link.startswith("https://")


def test_figures_stand_beside_the_month_before(ledger: Ledger) -> None:
    furnish(ledger)
    with ledger.begin() as work:
        tell(work, a_dispute("337-TA-1900", date(2026, 2, 10)))
    content = of_march(ledger)
    assert figure(content, "涉案案件") == ("2", "1", "+1")
    assert figure(content, "载明为中国") == ("1", "1", "持平")
    assert figure(content, "未载明国别") == ("2", "0", "+2")
    assert "（上月1件，增加1件）" in content.overview.paragraphs[0]
    assert [row[0] for row in content.forums.rows] == [  # type: ignore[union-attr]
        "美国联邦地区法院",
        "美国国际贸易委员会（ITC）",
        "合计",
    ]


def test_a_year_begins_after_december() -> None:
    assert Month(2026, 1).before == Month(2025, 12)
    assert Month(2025, 12).after == Month(2026, 1)
    assert Month(2025, 12).last == date(2025, 12, 31)
    assert Month(2026, 3).span()[0].isoformat() == "2026-02-28T16:00:00+00:00"


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")])
def test_headings_count_in_chinese(number: int, words: str) -> None:
    assert numeral(number) == words


def test_a_month_without_disputes_says_so_and_which_sources_were_silent(ledger: Ledger) -> None:
    furnish(ledger)
    content = of_march(ledger, Month(2026, 1))
    assert "未从公开信息监测到" in content.overview.paragraphs[0]
    assert (content.disputes, content.forums, content.advice) == ((), None, None)
    assert [part.heading[:2] for part in (content.overview, content.sources, content.notes)] == ["一、", "二、", "三、"]
    states = {row[0]: row[3] for row in content.sources.rows}
    assert states["美国《联邦公报》"] == "当月未抓取，2026年3月5日起补采，未见公告"


def test_sources_say_how_they_were_heard(ledger: Ledger) -> None:
    furnish(ledger)
    states = {row[0]: row[1:] for row in of_march(ledger).sources.rows}
    assert states["美国《联邦公报》"] == ("1", "1", "当月抓取成功1次")
    assert states["美国国际贸易委员会电子文件系统（EDIS）"] == ("0", "0", "当月未抓取，2026年4月2日起补采，未见公告")


def test_a_running_month_is_said_to_be_one_and_a_coming_one_is_refused(ledger: Ledger) -> None:
    furnish(ledger)
    assert any("尚未结束" in p for p in of_march(ledger, as_of=date(2026, 3, 20)).overview.paragraphs)
    assert not any("尚未结束" in p for p in of_march(ledger).overview.paragraphs)
    with pytest.raises(Unusable, match="尚未开始"):
        of_march(ledger, as_of=date(2026, 2, 28))


def test_an_unknown_industry_names_the_known(ledger: Ledger) -> None:
    with ledger.read() as work, pytest.raises(Unusable, match="marine"):
        compose(work, "marin", MARCH, AS_OF)


def test_a_person_is_not_named_nor_a_title_that_does(ledger: Ledger) -> None:
    furnish(ledger)
    content = of_march(ledger)
    assert "Huang" not in said(content)
    assert "Xiaoming" not in said(content)
    suit = next(one for one in content.disputes if "1:26-cv-00123" in one.heading)
    rows = {row.label: [line.text for line in row.lines] for row in suit.rows}
    assert rows["被告"] == ["隐名当事人1"]
    assert rows["原告"] == ["Widget Holdings LLC"]
    assert rows["受理机构"] == ["美国特拉华州联邦地区法院"]
    assert any("隐去姓名" in note for note in content.notes.paragraphs)


@pytest.mark.parametrize(
    "name",
    ["Huang", "Yan Zhang", "John Q. Doe", "Li Wei d/b/a GoodStore", "John Steel, an individual", "张三", "DOE"],
)
def test_may_be_a_person(name: str) -> None:
    assert may_be_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "Pfizer Inc.", "GoerTek Electronics", "RTM Wheel & Tire", "Simple Tire", "山东玲珑轮胎股份有限公司",
        "The Partnerships and Unincorporated Associations Identified on Schedule A", "City of Example",
        "Xia Men Ji Xin Dian Zi Shang Wu You Xian Gong Si", "HAIER US APPLIANCE OPERATION, LLC",
    ],
)  # fmt: skip
def test_is_an_organisation(name: str) -> None:
    assert not may_be_person(name)


def test_a_part_of_a_hidden_name_betrays_it() -> None:
    hidden = {"yan zhang": "隐名当事人1"}
    assert betrays("Widget LLC v. Zhang et al", hidden)
    assert not betrays("Certain Widgets; Institution of Investigation", hidden)


def test_our_enterprises_and_confidential_documents_are_not_told(ledger: Ledger) -> None:
    furnish(ledger)
    secret = a_dispute(
        event="other", title="Confidential Exhibit of Secretive GmbH", confidential=True, native_id="9",
        parties=(Party("Secretive GmbH", "respondent", "DE"),),
    )  # fmt: skip
    ours = replace(an_enterprise(), aliases=(Alias("Shandong Widget Co., Ltd.", "english"),))
    with ledger.begin() as work:
        enterprises.write(work, ours, THEN)
        tell(work, secret)
    content = of_march(ledger)
    assert "Shandong Widget Co., Ltd." in said(content)
    assert ours.cn_name not in said(content)
    assert "Secretive" not in said(content)
    assert any("标明不公开的文书1份" in note for note in content.notes.paragraphs)


def test_what_was_told_later_is_not_in_an_earlier_month(ledger: Ledger) -> None:
    furnish(ledger)
    added = Party("Later Widget Co., Ltd.", "respondent", "CN")
    with ledger.begin() as work:
        tell(work, a_dispute(on=date(2026, 4, 1), event="amended", parties=(added,)))
    assert "Later Widget" not in said(of_march(ledger))
    assert "Later Widget" in said(of_march(ledger, Month(2026, 4)))


def test_doubtful_cases_are_counted_not_printed(ledger: Ledger) -> None:
    furnish(ledger)
    with ledger.begin() as work:
        tell(work, a_dispute("337-TA-1801"), band="review")
        tell(work, a_dispute("337-TA-1802", ip_dispute=IpDispute.UNKNOWN))
        tell(work, a_dispute("337-TA-1803", ip_dispute=IpDispute.NO))
        tell(work, a_dispute("337-TA-1804"), industry="marine")
    content = of_march(ledger)
    assert len(content.disputes) == 2
    assert "337-TA-180" not in said(content)
    assert any(note.startswith("另有2件案件") for note in content.notes.paragraphs)


def test_a_notice_without_a_day_of_publication_counts_by_its_filing(ledger: Ledger) -> None:
    with ledger.begin() as work:
        undated = a_dispute("337-TA-1700", filed_on=date(2026, 3, 9))
        tell(work, replace(undated, notice=replace(undated.notice, published_on=None)))
    assert len(of_march(ledger).disputes) == 1
    assert of_march(ledger, Month(2026, 2)).disputes == ()


def test_the_same_records_give_the_same_bytes(ledger: Ledger) -> None:
    furnish(ledger)
    first, again = sealed(of_march(ledger)), sealed(of_march(ledger))
    assert first == again
    assert sealed(of_march(ledger, as_of=date(2026, 4, 3))) != first


def test_many_parties_are_bounded_and_those_of_china_come_first(ledger: Ledger) -> None:
    others = tuple(Party(f"Other {number} GmbH", "respondent", "DE") for number in range(40))
    with ledger.begin() as work:
        tell(work, a_dispute(parties=(*others, Party("Shandong Widget Co., Ltd.", "respondent", "CN"))))
    lines = next(row.lines for row in of_march(ledger).disputes[0].rows if row.label == "被申请人")
    assert lines[0].text == "Shandong Widget Co., Ltd.（中国）"
    assert lines[-1].text == "等共41家"
    assert len(lines) <= 16


def test_a_case_of_many_numbers_shows_them_all(ledger: Ledger) -> None:
    docket = Identifier("us_itc_docket", "DN 3999")
    with ledger.begin() as work:
        tell(work, a_dispute(identifiers=(docket, Identifier("us_itc_investigation", "337-TA-1999"))))
    rows = {row.label: [line.text for line in row.lines] for row in of_march(ledger).disputes[0].rows}
    assert rows["案号"] == ["337-TA-1999（337调查案号）", "DN 3999（ITC申请号）"]


def test_a_suit_between_companies_quotes_its_caption(ledger: Ledger) -> None:
    sides = (Party("Widget Holdings LLC", "plaintiff"), Party("Qilu Widget Co., Ltd.", "defendant"))
    with ledger.begin() as work:
        tell(work, a_suit("1:26-cv-00124", sides))
    assert "“Widget Holdings LLC v. Qilu Widget Co., Ltd.”" in said(of_march(ledger))
