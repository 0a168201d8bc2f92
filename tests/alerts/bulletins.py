"""A ledger with cases of an industry, for the tests of bulletins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from index.ledger import Ledger, Work, cases, centers, notices, sources, tagged
from index.records import Center, Identifier, ItemState, Notice, Party, Tag, TaggedNotice
from tests.making import a_notice, a_tagged

INDUSTRY = "next_gen_it"
THEN = datetime(2026, 4, 2, 3, tzinfo=UTC)  # when bulletins of March are composed
RESPONDENT = Party("Shandong Widget Co., Ltd.", "respondent", "CN")
COMPLAINANT = Party("Acme Holdings, Inc.", "complainant", "US")


def tell(work: Work, told: TaggedNotice, *, band: str = "tag", industry: str = INDUSTRY) -> str:
    """Put a notice understood into the ledger with its case, as a round does; the case's key."""
    tags = (Tag(industry, 0.9, band),) if band else ()
    told = TaggedNotice(**{f.name: getattr(told, f.name) for f in fields(told)} | {"tags": tags})
    notices.write(work, told.notice, THEN)
    tagged.write(work, told, THEN)
    case = cases.join(work, told, THEN)
    notices.end(work, told.notice.key, ItemState.NO_MATCH, case=case)
    cases.refresh(work, case, THEN)
    return case


def a_dispute(number: str = "337-TA-1999", on: date = date(2026, 3, 5), **values: Any) -> TaggedNotice:
    """An institution of the month told by the Federal Register, complainant and respondent named."""
    native = values.pop("native_id", f"{number}-{on.isoformat()}")
    heard: dict[str, Any] = {name: values.pop(name) for name in list(values) if name in _HEARD}
    known: dict[str, Any] = {"parties": (COMPLAINANT, RESPONDENT), "filed_on": date(2026, 2, 20)}
    return a_tagged(a_notice(native, published_on=on, **heard), number, **(known | values))


_HEARD = {f.name for f in fields(Notice)} - {f.name for f in fields(TaggedNotice)}


def a_suit(docket: str, parties: tuple[Party, ...], on: date = date(2026, 3, 6), **values: Any) -> TaggedNotice:
    """A complaint in the District of Delaware, its caption as title."""
    known: dict[str, Any] = {
        "source": "cmecf_rss",
        "forum": "us_district",
        "event": "complaint",
        "identifiers": (Identifier("us_district_docket", docket, "ded"),),
        "case_number": docket,
        "product": None,
        "parties": parties,
        "title": " v. ".join(party.name for party in parties),
        "url": f"https://ecf.ded.uscourts.gov/cgi-bin/DktRpt.pl?{docket[-5:]}",
    }
    return a_dispute(docket, on, **(known | values))


def furnish(ledger: Ledger) -> None:
    """A provincial center, two sources (one crawled in March, one only later) and two disputes of March."""
    center = Center("province", "山东分中心（示例）", "0531-0000000", "province@example.com", provincial=True)
    with ledger.begin() as work:
        centers.write(work, center, THEN)
        for source, day in (("federal_register", datetime(2026, 3, 5, tzinfo=UTC)), ("usitc_edis", THEN)):
            crawl = sources.begin_crawl(work, source, day)
            sources.end_crawl(work, crawl, day, "ok", {})
        tell(work, a_dispute())
        huang = (Party("Widget Holdings LLC", "plaintiff"), Party("Huang Xiaoming", "defendant"))
        tell(work, a_suit("1:26-cv-00123", huang))


def texts(value: Any) -> Iterator[str]:
    """Every string in a content that is printed: ids, the day of reading and pictures are not."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from (text for one in value for text in texts(one))
    elif is_dataclass(value):
        names = [f.name for f in fields(value) if f.name not in ("industry", "period", "as_of", "picture")]
        yield from (text for name in names for text in texts(getattr(value, name)))
