"""From the ledger to the index: it may lag, it never lies, and it can be thrown away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from index.feed import reindex, take_in
from index.keys import alert_key, delivery_key
from index.ledger import Ledger, alerts, cases, deliveries, enterprises, matches, notices, queue, tagged
from index.records import (
    Alert,
    AlertState,
    Band,
    Delivery,
    DeliveryState,
    Identifier,
    ItemState,
    Level,
    Message,
    Section,
    Tag,
)
from index.search.document import Document
from index.search.engines import open_engine
from index.search.query import Counts, Query
from index.settings import Settings
from tests.making import NOW, a_match, a_notice, a_tagged, an_enterprise

LATE = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
"""One in the morning of the next day in Beijing."""


def hear(ledger: Ledger, native_id: str, title: str, text: str) -> str:
    notice = a_notice(native_id, title=title, sections=(Section("summary", text),), published_on=date(2026, 2, 3))
    told = a_tagged(notice, tags=(Tag("green_low_carbon", 0.9, "tag"), Tag("marine", 0.4, "review")))
    with ledger.begin() as work:
        notices.write(work, notice, NOW)
        tagged.write(work, told, NOW)
        case = cases.join(work, told, NOW)
        notices.end(work, notice.key, ItemState.MATCHED, case=case)
        cases.refresh(work, case, NOW)
        matches.write(work, case, [a_match(case)], NOW)
    return case


def warn(ledger: Ledger, case: str, native_id: str, enterprise: str = "E1") -> str:
    """An alert, held, made late in the evening, and the mail it will be told by."""
    key = alert_key(enterprise, case, "institution")
    notice = a_notice(native_id).key
    alert = Alert(
        key, enterprise, case, "institution", notice, Level.NAMED, Band.AUTO, "high", AlertState.HELD, "yantai", LATE
    )
    delivery = Delivery(
        delivery_key(key, "email", "a@example.com"),
        key,
        "email",
        "a@example.com",
        "enterprise",
        DeliveryState.DUE,
        LATE,
    )
    with ledger.begin() as work:
        enterprises.write(work, an_enterprise(enterprise), NOW)
        alerts.insert(work, alert, [notice])
        deliveries.insert(work, delivery, Message(delivery.key, delivery.address, "预警", "", "", "中心"), LATE)
    return key


def deliver(ledger: Ledger) -> None:
    """A channel takes all that is due."""
    with ledger.begin() as work:
        for delivery, _ in deliveries.claim(work, LATE, "tester", LATE + timedelta(minutes=2), 100):
            assert deliveries.settle(work, delivery.key, "tester", DeliveryState.SENT, receipt="250 OK")


def warnings(settings: Settings, **query: object) -> list[Document]:
    asked = Query(**{"kinds": ("warning",), **query})  # type: ignore[arg-type]
    return [hit.document for hit in open_engine(settings.search).search(asked).hits]


def found(settings: Settings, **query: object) -> list[str]:
    return [hit.document.title for hit in open_engine(settings.search).search(Query(**query)).hits]  # type: ignore[arg-type]


def test_what_changed_is_taken_in_and_found_by_word_industry_and_number(ledger: Ledger, settings: Settings) -> None:
    engine = open_engine(settings.search)
    hear(ledger, "a", "Certain Batteries", "锂电池专利 battery cells")
    assert take_in(ledger, engine) == 1
    assert take_in(ledger, engine) == 0
    for query in (
        {"text": "电池"},
        {"text": "batteries", "industries": ("green_low_carbon",), "since": date(2026, 1, 1)},
        {"text": "337-TA-1999", "kinds": ("notice",)},
        {"text": '"Shandong Widget"'},
    ):
        assert found(settings, **query) == ["Certain Batteries"], query
    assert found(settings, industries=("marine",)) == [], "what waits for a person is not a tag"
    hear(ledger, "a", "Certain Battery Packs", "锂电池专利")
    take_in(ledger, engine)
    assert found(settings, text="电池") == ["Certain Battery Packs"]


def test_the_index_is_built_again_from_the_ledger_alone(ledger: Ledger, settings: Settings) -> None:
    for name in "abc":
        hear(ledger, name, f"Certain Widgets {name}", "widgets")
    assert take_in(ledger, open_engine(settings.search)) == 3
    with ledger.read() as work:
        assert queue.size(work) == 0
    for file in Path(settings.home).glob("search.db*"):
        file.unlink()
    assert take_in(ledger, open_engine(settings.search)) == 3
    assert reindex(ledger, open_engine(settings.search)) == 3
    assert len(found(settings, text="widget")) == 3


def test_a_number_of_another_kind_finds_the_case_it_joined(ledger: Ledger, settings: Settings) -> None:
    hear(ledger, "a", "Certain Widgets", "widgets")
    with ledger.begin() as work:
        both = a_tagged(
            a_notice("b"),
            identifiers=(Identifier("us_itc_investigation", "337-TA-1999"), Identifier("us_itc_docket", "DN 3866")),
        )
        cases.refresh(work, cases.join(work, both, NOW), NOW)
        queue.put(work, a_notice("a").key, NOW)
    take_in(ledger, open_engine(settings.search))
    assert found(settings, text='"DN 3866"') == ["Certain Widgets"]


def test_a_warning_follows_its_alert_from_held_to_closed(ledger: Ledger, settings: Settings) -> None:
    case, engine = hear(ledger, "a", "Certain Widgets", "widgets"), open_engine(settings.search)
    key = warn(ledger, case, "a")

    def stage() -> str:
        assert take_in(ledger, engine) == 2, "the notice and its alert"
        (document,) = warnings(settings)
        assert warnings(settings, stages=(document.stage,)) == [document]
        return document.stage

    assert stage() == "held"
    with ledger.begin() as work:
        alerts.set_state(work, key, AlertState.RELEASED, released_at=LATE, released_by="李文")
    assert stage() == "released"
    deliver(ledger)
    assert stage() == "sent"
    for state in (AlertState.ACKNOWLEDGED, AlertState.CLOSED, AlertState.SUPPRESSED):
        with ledger.begin() as work:
            alerts.set_state(work, key, state)
        assert stage() == state.value


def test_a_warning_says_whom_it_is_for_and_the_notice_does_not(ledger: Ledger, settings: Settings) -> None:
    warn(ledger, hear(ledger, "a", "Certain Widgets", "widgets"), "a")
    take_in(ledger, open_engine(settings.search))
    (document,) = warnings(settings, enterprises=("E1",), centers=("yantai",))
    assert document.title == "山东小部件股份有限公司：Certain Widgets"
    assert document.day == date(2026, 3, 3), "the day in Beijing"
    assert (document.level, document.severity, document.case_number) == ("named", "high", "337-TA-1999")
    assert warnings(settings, text="小部件") == warnings(settings, text='"Shandong Widget"') == [document]
    assert warnings(settings, enterprises=("E2",)) == warnings(settings, centers=("weihai",)) == []

    hits = open_engine(settings.search).search(Query(kinds=("notice",))).hits
    assert [(hit.document.enterprises, hit.document.centers) for hit in hits] == [((), ())]
    assert "山东小部件" not in hits[0].document.text + hits[0].document.title
    assert found(settings, kinds=("notice",), enterprises=("E1",)) == []


def test_a_dispute_is_the_ledgers_case_whatever_its_notices_call_it(ledger: Ledger, settings: Settings) -> None:
    """Two numbers of one case are one dispute; one number in two courts is two."""
    engine = open_engine(settings.search)
    joined = (Identifier("us_itc_docket", "DN 3866"), Identifier("us_itc_investigation", "337-TA-1500"))
    _place(ledger, "complaint", "us_itc", joined[:1], "DN 3866")
    _place(ledger, "institution", "us_itc", joined[1:], "337-TA-1500")
    for court in ("nyed", "cand"):
        number = Identifier("us_district_docket", "1:26-cv-00001", court)
        _place(ledger, court, "us_district", (number,), number.value)
    take_in(ledger, engine)
    assert _disputes(settings) == {"us_itc": 2, "us_district": 2}
    _place(ledger, "order", "us_itc", joined, "337-TA-1500")
    take_in(ledger, engine)
    assert _disputes(settings) == {"us_itc": 1, "us_district": 2}


def test_a_warning_silenced_by_a_merge_is_silent_in_the_index_too(ledger: Ledger, settings: Settings) -> None:
    """Two cases that turn out to be one had told one enterprise of the same event."""
    numbers = (Identifier("us_itc_docket", "DN 3866"), Identifier("us_itc_investigation", "337-TA-1500"))
    _place(ledger, "complaint", "us_itc", numbers[:1], "DN 3866")
    _place(ledger, "institution", "us_itc", numbers[1:], "337-TA-1500")
    for native_id, number in zip(("complaint", "institution"), numbers, strict=True):
        with ledger.read() as work:
            case = cases.find(work, number)
        assert case
        warn(ledger, case, native_id)
    take_in(ledger, open_engine(settings.search))
    assert [document.stage for document in warnings(settings)] == ["held", "held"]
    _place(ledger, "order", "us_itc", numbers, "337-TA-1500")
    take_in(ledger, open_engine(settings.search))
    assert sorted(document.stage for document in warnings(settings)) == ["held", "suppressed"]
    assert len({document.case for document in warnings(settings)}) == 1


def _place(ledger: Ledger, native_id: str, forum: str, numbers: tuple[Identifier, ...], printed: str) -> None:
    told = replace(a_tagged(a_notice(native_id, forum=forum)), identifiers=numbers, case_number=printed)
    with ledger.begin() as work:
        notices.write(work, told.notice, NOW)
        tagged.write(work, told, NOW)
        case = cases.join(work, told, NOW)
        notices.end(work, told.notice.key, ItemState.NO_MATCH, case=case)
        cases.refresh(work, case, NOW)


def _disputes(settings: Settings) -> dict[str, int]:
    cells = open_engine(settings.search).count(Query(disputes=("yes",)), Counts("forum", of="cases"))
    return {cell.key: cell.count for cell in cells}
