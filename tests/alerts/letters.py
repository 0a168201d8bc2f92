"""Letters to test with: a named respondent of a 337 investigation, changed as each test needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from alerts.letters.letter import Letter
from index.records import (
    Alert,
    AlertState,
    Alias,
    Band,
    Case,
    Center,
    Contact,
    Deadline,
    Enterprise,
    Identifier,
    IpDispute,
    Level,
    Match,
    Notice,
    Party,
    Reason,
    Right,
    TaggedNotice,
)

NAME = "Shandong Haiyue Heavy Machinery Co., Ltd."
QUOTE = (
    "The respondents are the following entities alleged to be in violation of section 337: "
    f"{NAME}, No. 8 Binhai Road, Weifang, Shandong, China"
)

CENTER = Center("sd", "国家海外知识产权纠纷应对指导中心山东分中心", "0531-88190000", "shandong@example.com")
ENTERPRISE = Enterprise(
    "e1",
    "山东海岳重工股份有限公司",
    "Shandong Haiyue Heavy Machinery Co., Ltd.",
    "潍坊",
    "91370700MA3C000000",
    aliases=(Alias(NAME, "english"), Alias("海岳重工", "short")),
)
CONTACT = Contact("c1", "e1", "王敏", "legal@example.com", consent="2025-11-03 登记表")
OURS = Party(NAME, "respondent", "CN", "Weifang", QUOTE)
PARTIES = (
    Party("Northfield Paving Systems LLC", "complainant", "US"),
    Party("Northfield Paving GmbH", "complainant", "DE"),
    OURS,
    Party("Hebei Luda Roads Equipment Co., Ltd.", "respondent", "CN"),
    Party("Roadline America, Inc.", "respondent", "US"),
)
RIGHTS = (Right("patent", "US9656530"), Right("patent", "US7530641"))
NUMBERS = (Identifier("us_itc_investigation", "337-TA-1414"), Identifier("us_itc_docket", "DN 3866"))
CASE = Case(
    "case1",
    "us_itc",
    "337-TA-1414",
    "Certain Road Milling Machines and Components Thereof",
    "Certain Road Milling Machines and Components Thereof",
    NUMBERS,
    PARTIES,
    RIGHTS,
)
NOTICE = Notice(
    "n1",
    "federal_register",
    "2026-02297",
    "https://www.federalregister.gov/documents/2026/02/10/2026-02297/certain-road-milling-machines",
    "Certain Road Milling Machines and Components Thereof; Notice of Institution of Investigation",
    "us_itc",
    "US",
    date(2026, 2, 10),
)
TAGGED = TaggedNotice(
    NOTICE,
    "en",
    "institution",
    ("institution",),
    IpDispute.YES,
    "337-TA-1414",
    date(2026, 1, 9),
    NUMBERS,
    PARTIES,
    RIGHTS,
    product="Certain Road Milling Machines and Components Thereof",
)
REASONS = (
    Reason("english", 4.2, NAME, NAME, "英文名称与登记英文名逐词一致", "English name equals the registered one"),
    Reason("place", 0.8, "潍坊", "Weifang", "所在城市一致", "Same city"),
    Reason("legal_form", -0.3, "股份有限公司", "Co., Ltd.", "公司形式不完全对应", "Legal forms differ"),
)
MATCH = Match("case1", "e1", Level.NAMED, Band.AUTO, 0.97, OURS, ENTERPRISE.aliases[0], REASONS, "m1")
RESPONSE = Deadline(
    "response",
    date(2026, 3, 2),
    "20 days after service",
    "19 CFR 210.13(a)",
    "H",
    date(2025, 2, 3),
    "https://www.ecfr.gov/current/title-19/section-210.13",
    note_zh="送达不会早于立案。被申请人须在该日前提交经宣誓的书面答辩；逾期不答辩的，可能被认定缺席。",
    trigger_zh="立案公告刊登日（实际送达日待核实）",
    counted_zh="送达后20日，末日遇周末或联邦假日顺延：自2026年2月10日起算，至2026年3月2日届满",
    start=date(2026, 2, 10),
    bound=True,
)
MAILED = Deadline(
    "response",
    date(2026, 3, 12),
    "20 days and 10 more for service by mail abroad",
    "19 CFR 201.16",
    "L",
    date(2025, 2, 3),
    "",
    counted_zh="境外邮寄送达另加10天",
    bound=True,
)
ALERT = Alert(
    "9f3a72c1d4e5b6a7",
    "e1",
    "case1",
    "institution",
    "n1",
    Level.NAMED,
    Band.AUTO,
    "urgent",
    AlertState.HELD,
    "sd",
    datetime(2026, 2, 11, 1, 30, tzinfo=UTC),
)


def letter(**changes: Any) -> Letter:
    """The letter to a consenting contact, with the changes named."""
    whole = Letter(
        CENTER,
        ENTERPRISE,
        CONTACT,
        "enterprise",
        ALERT,
        MATCH,
        CASE,
        TAGGED,
        (RESPONSE, MAILED),
        date(2026, 2, 12),
        "邮寄、电子邮件或由在美子公司代收均可能构成送达，请以最早收到之日为准。",
    )
    return replace(whole, **changes)


def at_level(level: Level, band: Band = Band.AUTO, **changes: Any) -> Letter:
    """The letter with its match and alert at another level or in another band."""
    match = replace(MATCH, level=level, band=band)
    return letter(match=match, alert=replace(ALERT, level=level, band=band), **changes)


def on_event(event: str, **changes: Any) -> Letter:
    """The letter for another event of the same case."""
    return letter(alert=replace(ALERT, event=event), notice=replace(TAGGED, event=event, events=(event,)), **changes)


def as_role(role: str, **changes: Any) -> Letter:
    """The letter with the enterprise in another role."""
    ours = replace(OURS, role=role)
    others = tuple(ours if p is OURS else p for p in PARTIES)
    return letter(match=replace(MATCH, party=ours), case=replace(CASE, parties=others), **changes)
