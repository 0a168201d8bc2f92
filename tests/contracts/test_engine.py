"""The engine contract: the same questions and the same answers, whatever engine holds the index."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from index.problems import TryLater, Unusable
from index.search.document import Document
from index.search.engine import Engine
from index.search.engines import open_engine, schemes
from index.search.query import Bucket, Counts, Facet, Query
from index.search.rebuild import ensure
from tests import elastic

PLACES: dict[str, Callable[[Path], AbstractContextManager[str]]] = {
    "embedded": lambda folder: nullcontext(f"sqlite:///{folder}/index/search.db"),
    "elasticsearch": lambda _: elastic.place(elastic.server()),
}
"""Where each engine's index lies. An engine that needs a server takes its address from YUJING_TEST_…_URL."""

TIRES = Document(
    key="tires",
    kind="notice",
    title="Certain Pneumatic Tires and Products Containing the Same",
    text="Institution of investigation 337–TA–1414. U.S. Patent No. 9,899,481 is asserted. The device.The rest.",
    day=date(2026, 3, 2),
    language="en",
    forum="usitc",
    country="US",
    source="federal_register",
    case_number="337-TA-1414",
    industries=("tires", "chemicals"),
    centers=("qingdao",),
    enterprises=("e1", "e2"),
    parties=("Shandong Linglong Tyre Co., Ltd.",),
    url="https://example.com/tires",
)
CELLS = Document(
    key="cells",
    kind="notice",
    title="锂电池包专利侵权纠纷",
    text="原告称被告的锂电池包落入其专利的保护范围。Battery cells and batteries are accused in 1:16-cv-02914.",
    day=date(2026, 3, 31),
    language="zh",
    forum="txed",
    country="US",
    source="cmecf_rss",
    case_number="1:16-cv-02914",
    industries=("batteries",),
    centers=("qingdao", "zibo"),
    enterprises=("e2",),
)
MARK = Document(
    key="mark",
    kind="notice",
    title="Opposition to the mark 山東鋰業",
    text="The opponent relies on an earlier mark for electric batteries.",
    day=date(2026, 4, 1),
    forum="euipo",
    country="EU",
    source="euipo",
    industries=("batteries",),
    centers=("zibo",),
)
UNDATED = Document(key="undated", kind="notice", title="No date is printed", text="nothing", forum="txed", country="US")
ALL = (TIRES, CELLS, MARK, UNDATED)


@pytest.fixture(scope="module", params=sorted(PLACES))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def bare(kind: str, tmp_path: Path) -> Iterator[str]:
    """Where no index was ever made."""
    with PLACES[kind](tmp_path) as url:
        yield url


@pytest.fixture(scope="module")
def url(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where one test after the other builds its index, which a rebuild leaves nothing of."""
    with PLACES[kind](tmp_path_factory.mktemp("engine")) as url:
        yield url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """An index of ALL that a test may change."""
    opened = open_engine(url)
    assert opened.rebuild(ALL) == len(ALL)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def library(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An index of ALL that is only asked."""
    with PLACES[kind](tmp_path_factory.mktemp("library")) as url:
        opened = open_engine(url)
        assert opened.rebuild(ALL) == len(ALL)
        yield opened
        opened.close()


def keys(engine: Engine, text: str = "", **asked: object) -> list[str]:
    return [hit.document.key for hit in engine.search(Query(text=text, **asked)).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("电池", ["cells"]),
        ("锂电池", ["cells"]),
        ("电池包", ["cells"]),
        ("池包专", ["cells"]),
        ("包电池", []),
        ("电池 侵权", ["cells"]),
        ("电池 轮胎", []),
        ("鋰電池", ["cells"]),
        ("山东", ["mark"]),
        ("山东锂业", ["mark"]),
        ("锂", ["mark", "cells"]),
        ("业", ["mark"]),
        ("Ｂａｔｔｅｒｙ", ["mark", "cells"]),
        ("battery", ["mark", "cells"]),
        ("batteries", ["mark", "cells"]),
        ('"electric batteries"', ["mark"]),
        ('"electric battery"', []),
        ('"batteries electric"', []),
        ("“electric batteries”", ["mark"]),
        ("batteries -electric", ["cells"]),
        ("-batteries", ["tires", "undated"]),
        ('batteries -"electric batteries"', ["cells"]),
        ("-锂电池", ["mark", "tires", "undated"]),
        ("pneum*", ["tires"]),
        ("pneum", []),
        ("337-TA-1414", ["tires"]),
        ("337-ta-1414", ["tires"]),
        ("337TA1414", ["tires"]),
        ("337-TA-14*", ["tires"]),
        ("1414", ["tires"]),
        ("1414-337", []),
        ("1:16-cv-02914", ["cells"]),
        ("16-cv-2914", ["cells"]),
        ("9,899,481", ["tires"]),
        ("9899481", ["tires"]),
        ("device", ["tires"]),
        ("device.The", ["tires"]),
        ("linglong", ["tires"]),
        ("Linglong Tyre Co., Ltd.", ["tires"]),
        ("nowhere", []),
    ],
)
def test_a_text_finds_what_says_it(library: Engine, text: str, found: list[str]) -> None:
    assert keys(library, text) == found
    assert library.size(Query(text=text)) == len(found)


@pytest.mark.parametrize(
    "text", ['"', '""', "*", "***", "-", '-"', "-*", "(", ")", "^", ":", "+", "|", "\\", "\0", "😀", "。"]
)
def test_signs_without_a_word_find_nothing(library: Engine, text: str) -> None:
    found = library.search(Query(text=text))
    assert (found.hits, found.total, found.more) == ((), 0, False)
    assert library.size(Query(text=text)) == 0
    assert library.count(Query(text=text), Counts("country")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tires NOT products", []),  # "not" is a word like any other
        ("tires OR nowhere", []),
        ("NEAR(tires products)", []),
        ("title:tires", []),
        ("title : tires", []),
        ("{title}:tires", []),
        ('tires" OR "batteries', []),
        ("^tires", ["tires"]),
        ("tires + products", ["tires"]),
        ("tires^2", []),
        ("ti?es", []),
        ("t*", []),
        ("AND", ["cells", "tires"]),
        ("'; DROP TABLE docs; --", []),
    ],
)
def test_no_engine_grammar_gets_through(library: Engine, text: str, found: list[str]) -> None:
    assert keys(library, text) == found


@pytest.mark.parametrize(
    "text",
    [
        "电池" * 10_000,
        "battery " * 2_500,
        '"' * 20_000,
        "-" * 20_000,
        "(" * 20_000,
        "a*" * 10_000,
        "b" * 20_000,
        "，" * 20_000,
    ],
    ids=["han", "words", "quotes", "minus", "brackets", "stars", "one word", "commas"],
)
def test_a_question_of_twenty_thousand_characters_is_bounded(library: Engine, text: str) -> None:
    assert library.search(Query(text=text)).total <= len(ALL)


def test_many_different_words_are_cut_not_refused(library: Engine) -> None:
    assert keys(library, "tires " + " ".join(f"-w{number}" for number in range(4_000))) == ["tires"]


def test_half_a_surrogate_pair_is_stored_asked_and_filtered(engine: Engine) -> None:
    odd = replace(MARK, key="\ud800", title="odd \udfff title", forum="\ud801", enterprises=("\ud802",))
    engine.put([odd])
    assert keys(engine, "odd") == ["\ud800"]
    assert keys(engine, enterprises=("\ud802",)) == ["\ud800"]
    assert engine.search(Query(text="odd")).hits[0].document == odd
    assert keys(engine, "odd\udfff nowhere") == []
    assert engine.remove(["\ud800"]) == 1


@pytest.mark.parametrize("text", ["", "  ", "\n\t", "\u3000"])
def test_no_text_lists_the_newest_and_the_undated_last(library: Engine, text: str) -> None:
    assert keys(library, text) == ["mark", "cells", "tires", "undated"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"countries": ("US",)}, ["cells", "tires", "undated"]),
        ({"countries": ("US", "EU")}, ["mark", "cells", "tires", "undated"]),
        ({"countries": ("US",), "industries": ("batteries",)}, ["cells"]),
        ({"industries": ("chemicals", "batteries")}, ["mark", "cells", "tires"]),
        ({"forums": ("usitc", "euipo"), "centers": ("zibo",)}, ["mark"]),
        ({"enterprises": ("e2",)}, ["cells", "tires"]),
        ({"enterprises": ("e2",), "text": "电池"}, ["cells"]),
        ({"enterprises": ("e9",)}, []),
        ({"enterprises": tuple(f"e{number}" for number in range(2, 2_000))}, ["cells", "tires"]),
        ({"enterprises": tuple(f"e{number}" for number in range(2, 2_000)), "text": "device"}, ["tires"]),
        ({"countries": ("us",)}, []),
        ({"countries": ("",)}, []),
        ({"countries": ("US' OR 1=1 --",)}, []),
        ({"since": date(2026, 3, 31)}, ["mark", "cells"]),
        ({"until": date(2026, 3, 31)}, ["cells", "tires"]),
        ({"since": date(2026, 3, 31), "until": date(2026, 3, 31)}, ["cells"]),
        ({"since": date(2026, 4, 1), "until": date(2026, 3, 31)}, []),
        ({"since": date.min, "until": date.max}, ["mark", "cells", "tires"]),
        ({"since": date(2026, 3, 3), "text": "batteries", "countries": ("US",)}, ["cells"]),
        ({"text": "-electric", "industries": ("batteries",)}, ["cells"]),
    ],
)
def test_kinds_of_filter_all_hold_and_values_of_one_are_alternatives(
    library: Engine, asked: dict[str, object], found: list[str]
) -> None:
    assert keys(library, **asked) == found  # type: ignore[arg-type]
    assert library.size(Query(**asked)) == len(found)  # type: ignore[arg-type]


def test_by_relevance_a_title_comes_before_a_text(engine: Engine) -> None:
    text = replace(CELLS, key="text", title="Notice", text="tires " + "and other things " * 20, day=date(2026, 5, 1))
    engine.put([text])
    assert keys(engine, "tires") == ["text", "tires"]
    assert keys(engine, "tires", sort="relevance") == ["tires", "text"]
    assert keys(engine, sort="relevance") == keys(engine)


def test_pages_share_out_the_hits_and_end(engine: Engine) -> None:
    engine.rebuild(replace(MARK, key=f"k{at}", day=date(2026, 1, 1) + timedelta(days=at)) for at in range(25))
    pages = [engine.search(Query(page=page, size=10)) for page in (1, 2, 3, 4, 400, 10**12)]
    assert [len(page.hits) for page in pages] == [10, 10, 5, 0, 0, 0]
    assert {page.total for page in pages} == {25}
    assert [hit.document.key for page in pages for hit in page.hits] == [f"k{at}" for at in reversed(range(25))]
    assert keys(engine, page=0, size=10) == keys(engine, page=-5, size=10) == keys(engine, page=1, size=10)
    assert len(keys(engine, size=0)) == 1
    assert len(keys(engine, size=10**9)) == 25


def test_a_total_says_when_it_stopped_counting(engine: Engine) -> None:
    engine.rebuild(replace(MARK, key=f"k{at}") for at in range(1_001))
    found = engine.search(Query(text="mark"))
    assert (found.total, found.more) == (1_000, True)
    assert engine.size(Query(text="mark")) == 1_001
    engine.remove(["k0"])
    found = engine.search(Query(text="mark"))
    assert (found.total, found.more) == (1_000, False)
    assert len(keys(engine, "mark", page=50, size=20)) == 20


def test_put_twice_is_one_and_the_last_word_counts(engine: Engine) -> None:
    assert engine.put([TIRES, TIRES]) == 1
    assert engine.size() == len(ALL)
    moved = replace(TIRES, title="Wheels", day=date(2027, 1, 1), industries=("wheels",))
    assert engine.put([TIRES, moved]) == 1
    assert keys(engine)[0] == "tires"
    assert (keys(engine, "pneumatic"), keys(engine, "wheels")) == ([], ["tires"])
    assert (keys(engine, industries=("tires",)), keys(engine, industries=("wheels",))) == ([], ["tires"])
    assert engine.search(Query(text="wheels")).hits[0].document == moved


def test_a_put_document_comes_back_as_it_was(library: Engine) -> None:
    for document in ALL:
        assert (
            next(hit.document for hit in library.search(Query()).hits if hit.document.key == document.key) == document
        )


def test_removed_is_gone_everywhere(engine: Engine) -> None:
    assert engine.remove(["tires", "tires", "never was"]) == 1
    assert engine.size() == len(ALL) - 1
    assert keys(engine, "pneumatic") == []
    assert keys(engine, enterprises=("e1",)) == []
    assert [bucket.key for bucket in engine.count(Query(), Counts("source"))] == ["cmecf_rss", "euipo"]
    assert engine.remove([]) == 0
    engine.put([TIRES])
    assert keys(engine, "pneumatic") == ["tires"]


def test_the_order_of_arrival_does_not_matter(url: str) -> None:
    drawn = random.Random(7)  # noqa: S311
    many = [
        replace(TIRES, key=f"k{at}", title=f"tires {'battery ' * (at % 4)}", day=date(2026, 1, 1 + at % 3))
        for at in range(60)
    ]
    questions = [
        Query(size=100),
        Query(text="battery", size=100),
        Query(text="battery tires", sort="relevance", size=100),
    ]
    answers = set()
    for round_ in range(3):
        drawn.shuffle(many)
        with_detours = open_engine(url)
        with_detours.rebuild(many[:20])
        with_detours.put([replace(document, title="other", text="battery") for document in many[10:40]])
        with_detours.remove([many[0].key])
        for document in many if round_ else reversed(many):
            with_detours.put([document])
        answers.add(tuple(tuple(hit.document.key for hit in with_detours.search(asked).hits) for asked in questions))
        with_detours.close()
    assert len(answers) == 1
    assert [len(keys_) for keys_ in answers.pop()] == [60, 45, 45]


def test_counts(library: Engine) -> None:
    assert library.count(Query(), Counts("country")) == [Bucket("US", "", 3), Bucket("EU", "", 1)]
    assert library.count(Query(), Counts("industry", "month")) == [
        Bucket("batteries", "2026-03", 1),
        Bucket("chemicals", "2026-03", 1),
        Bucket("tires", "2026-03", 1),
        Bucket("batteries", "2026-04", 1),
    ]
    assert library.count(Query(), Counts("country", "year")) == [
        Bucket("US", "", 1),
        Bucket("US", "2026", 2),
        Bucket("EU", "2026", 1),
    ]
    assert library.count(Query(text="batteries"), Counts("center", "day")) == [
        Bucket("qingdao", "2026-03-31", 1),
        Bucket("zibo", "2026-03-31", 1),
        Bucket("zibo", "2026-04-01", 1),
    ]
    assert library.count(Query(text="-batteries"), Counts("forum")) == [Bucket("txed", "", 1), Bucket("usitc", "", 1)]
    assert library.count(Query(centers=("zibo",), since=date(2026, 4, 1)), Counts("source")) == [Bucket("euipo", "", 1)]
    assert library.count(Query(text="***"), Counts("source")) == []
    assert library.count(Query(page=9, size=1), Counts("enterprise")) == [Bucket("e2", "", 2), Bucket("e1", "", 1)]


def test_cases_are_counted_once_by_number_within_a_forum(engine: Engine) -> None:
    engine.put(
        [
            replace(TIRES, key="order", day=date(2026, 4, 9)),
            replace(TIRES, key="elsewhere", forum="txed", day=date(2026, 4, 9)),
            replace(UNDATED, key="unnumbered", day=date(2026, 4, 9)),
        ]
    )
    assert engine.count(Query(), Counts("country", of="cases")) == [Bucket("US", "", 5), Bucket("EU", "", 1)]
    assert engine.count(Query(), Counts("forum", of="cases"))[:2] == [Bucket("txed", "", 4), Bucket("euipo", "", 1)]
    assert engine.count(Query(forums=("usitc",)), Counts("industry", "month", "cases")) == [
        Bucket("chemicals", "2026-03", 1),
        Bucket("tires", "2026-03", 1),
        Bucket("chemicals", "2026-04", 1),
        Bucket("tires", "2026-04", 1),
    ]


@pytest.mark.parametrize("by", ["industry", "forum", "country", "source", "center", "enterprise"])
def test_counts_agree_with_a_walk_over_the_hits(library: Engine, by: Facet) -> None:
    shown = [hit.document for hit in library.search(Query(text="batteries")).hits]
    walked: dict[str, int] = {}
    for document in shown:
        for kind, value in document.facets():
            if kind == by:
                walked[value] = walked.get(value, 0) + 1
    assert {bucket.key: bucket.count for bucket in library.count(Query(text="batteries"), Counts(by))} == walked


def test_a_hit_marks_the_original_text(library: Engine) -> None:
    hit = library.search(Query(text="鋰電池 battery 16-cv-02914")).hits[0]
    assert [hit.document.title[mark.start : mark.end] for mark in hit.title_marks()] == ["锂电池"]
    snippet = hit.snippet
    assert hit.document.text[snippet.start :].startswith(snippet.text)
    assert [piece for piece, marked in snippet.pieces() if marked] == ["锂电池", "Battery", "batteries", "16-cv-02914"]
    assert "".join(piece for piece, _ in snippet.pieces()) == snippet.text


def test_a_rebuild_replaces_everything(engine: Engine) -> None:
    assert engine.rebuild(document for document in (TIRES, TIRES, MARK)) == 2
    assert keys(engine) == ["mark", "tires"]
    assert keys(engine, "电池") == []


def test_a_failed_rebuild_leaves_the_old_index(engine: Engine, url: str) -> None:
    def failing() -> Iterator[Document]:
        yield MARK
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.rebuild(failing())
    assert len(keys(engine)) == len(ALL)
    assert len(keys(open_engine(url))) == len(ALL)
    assert engine.rebuild([MARK]) == 1


def test_during_a_rebuild_readers_see_the_old_index_and_writers_wait(engine: Engine, url: str) -> None:
    other = open_engine(url)
    seen: list[list[str]] = []

    def documents() -> Iterator[Document]:
        for document in (MARK, TIRES):
            seen.append(keys(other))
            yield document

    engine.rebuild(documents())
    assert seen == [["mark", "cells", "tires", "undated"]] * 2
    assert keys(other) == keys(engine) == ["mark", "tires"]
    other.close()


def test_before_the_first_build_there_is_nothing_to_ask(bare: str) -> None:
    engine = open_engine(bare)
    assert engine.probe().state == "missing"
    for call in (
        lambda: engine.search(Query()),
        engine.size,
        lambda: engine.put([TIRES]),
        lambda: engine.remove(["a"]),
    ):
        with pytest.raises(TryLater):
            call()
    assert ensure(engine, lambda: ALL) == len(ALL)
    assert engine.probe().state == "ready"
    assert engine.probe().documents == len(ALL)
    assert ensure(engine, lambda: ()) is None
    assert engine.size() == len(ALL)


def test_an_index_is_still_there_when_opened_again(engine: Engine, url: str) -> None:
    engine.put([replace(MARK, key="late")])
    engine.close()
    assert engine.size() == len(ALL) + 1
    assert keys(open_engine(url), "late") == []
    assert open_engine(url).size() == len(ALL) + 1


def test_an_unknown_scheme_is_unusable_and_says_what_is_known() -> None:
    assert "sqlite" in schemes()
    for url in ("mysql://localhost/x", "search.db", "", "://", "SQLITE"):
        with pytest.raises(Unusable, match="sqlite"):
            open_engine(url)
    with pytest.raises(Unusable):
        open_engine("sqlite://")
