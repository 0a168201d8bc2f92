"""From the ledger to the index: it may lag, it never lies, and it can be thrown away."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from index.feed import reindex, take_in
from index.ledger import Ledger, cases, matches, notices, queue, tagged
from index.records import Identifier, ItemState, Section, Tag
from index.search.engines import open_engine
from index.search.query import Query
from index.settings import Settings
from tests.making import NOW, a_match, a_notice, a_tagged


def hear(ledger: Ledger, native_id: str, title: str, text: str) -> None:
    notice = a_notice(native_id, title=title, sections=(Section("summary", text),), published_on=date(2026, 2, 3))
    told = a_tagged(notice, tags=(Tag("green_low_carbon", 0.9, "tag"), Tag("marine", 0.4, "review")))
    with ledger.begin() as work:
        notices.write(work, notice, NOW)
        tagged.write(work, told, NOW)
        case = cases.join(work, told, NOW)
        notices.end(work, notice.key, ItemState.MATCHED, case=case)
        cases.refresh(work, case, NOW)
        matches.write(work, case, [a_match(case)], NOW)


def found(settings: Settings, **query: object) -> list[str]:
    return [hit.document.title for hit in open_engine(settings.search).search(Query(**query)).hits]  # type: ignore[arg-type]


def test_what_changed_is_taken_in_and_found_by_word_industry_enterprise_and_number(
    ledger: Ledger, settings: Settings
) -> None:
    engine = open_engine(settings.search)
    hear(ledger, "a", "Certain Batteries", "锂电池专利 battery cells")
    assert take_in(ledger, engine) == 1
    assert take_in(ledger, engine) == 0
    for query in (
        {"text": "电池"},
        {"text": "batteries", "industries": ("green_low_carbon",), "since": date(2026, 1, 1)},
        {"enterprises": ("E1",)},
        {"text": "337-TA-1999"},
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
