"""Records for tests, each with sensible values that a test overrides where they matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from index.keys import notice_key
from index.records import (
    Alias,
    Band,
    Center,
    Contact,
    Enterprise,
    Identifier,
    IpDispute,
    Level,
    Match,
    Notice,
    Page,
    Party,
    RawNotice,
    TaggedNotice,
)

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def a_page(body: bytes = b"<p>page</p>", url: str = "https://source.example/1", source: str = "test") -> Page:
    """A fetched page."""
    return Page(source, url, NOW, body, "text/html")


def a_raw(native_id: str = "2026-00001", part: str = "list", **fields: Any) -> RawNotice:
    """A raw notice with these fields as printed."""
    return RawNotice("test", native_id, f"https://source.example/{native_id}", part, fields, "", NOW)


def a_notice(native_id: str = "2026-00001", **values: Any) -> Notice:
    """A Federal Register notice of an ITC institution."""
    notice = Notice(
        key=notice_key("federal_register", native_id),
        source="federal_register",
        native_id=native_id,
        url=f"https://www.federalregister.gov/d/{native_id}",
        title="Certain Widgets; Institution of Investigation",
        forum="us_itc",
        country="US",
        published_on=date(2026, 3, 2),
    )
    return replace(notice, **values)


def a_tagged(notice: Notice | None = None, number: str = "337-TA-1999", **values: Any) -> TaggedNotice:
    """What was understood of it: one respondent, one number."""
    heard = notice or a_notice()
    tagged = TaggedNotice(
        notice=heard,
        language="en",
        event="institution",
        events=("institution",),
        ip_dispute=IpDispute.YES,
        case_number=number,
        filed_on=None,
        identifiers=(Identifier("us_itc_investigation", number),) if number else (),
        parties=(Party("Shandong Widget Co., Ltd.", "respondent", "CN", quote="Shandong Widget Co., Ltd. of China"),),
        rights=(),
        product="widgets",
        understood_by="test",
    )
    return replace(tagged, **values)


def an_enterprise(key: str = "E1", english: str = "Shandong Widget Co., Ltd.", **values: Any) -> Enterprise:
    """A registered enterprise of Yantai."""
    chinese = values.pop("cn_name", "山东小部件股份有限公司")
    names = (Alias(chinese, "legal"), *((Alias(english, "english"),) if english else ()))
    return replace(Enterprise(key, chinese, english, city="烟台", aliases=names), **values)


def a_match(case: str, enterprise: str = "E1", **values: Any) -> Match:
    """A named match in the auto band."""
    party = Party("Shandong Widget Co., Ltd.", "respondent", "CN")
    alias = Alias("Shandong Widget Co., Ltd.", "english")
    return replace(Match(case, enterprise, Level.NAMED, Band.AUTO, 1.0, party, alias, (), "test"), **values)


def a_center(key: str = "yantai", **values: Any) -> Center:
    """A center that serves Yantai and releases at once."""
    center = Center(key, "烟台分中心（示例）", "0535-0000000", f"{key}@example.com", ("烟台",), grace_hours=0.0)
    return replace(center, **values)


def a_contact(key: str = "C1", enterprise: str = "E1", **values: Any) -> Contact:
    """A contact who agreed to be told."""
    return replace(Contact(key, enterprise, "法务", f"{key.lower()}@example.com", consent="书面同意"), **values)
