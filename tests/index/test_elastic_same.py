"""Elasticsearch and the embedded engine give the same answers: random documents, random questions, every field."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest

from index.search.document import Document
from index.search.engine import Engine
from index.search.engines import open_engine
from index.search.query import REACH, Counts, Facet, Found, Period, Query
from tests import elastic

WORDS = re.findall(
    r"\S+",
    """
battery batteries Batteries device.The patent patents 337-TA-1414 337TA1414 9,899,481 02914 1:16-cv-02914
Société naïve ﬁne ＢＡＴＴＥＲＹ ½ Ⅷ ①② x_y e-bike don't U.S. a b 1414 14140 bus buses glass
锂电池 鋰電池 电池包 電池包 山东 山東鋰業 业 锂 专利侵权 專利 侵权纠纷 李寧 李宁（中国）有限公司 宁
鿰 𠀀𠀁 𰀀 〇 々 カタカナ ｶﾞ ひらがな 한국어 ไทย русский العربية Ünïcödé 😀 \ud800 \0
""",
)
JOINTS = (" ", " ", " ", "", "，", "\n", "-", ". ", "、", "/", "\u3000", '"')
DAYS = [None, date.min, date.max, *(date(2026, 1, 1) + timedelta(days=at * 9) for at in range(30))]


class Drawn:
    """Random documents and questions from one seed."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311

    def text(self, words: int) -> str:
        return "".join(self.draw.choice(WORDS) + self.draw.choice(JOINTS) for _ in range(self.draw.randrange(words)))

    def some(self, *values: str) -> tuple[str, ...]:
        return tuple(self.draw.sample(values, self.draw.randrange(min(len(values), 3))))

    def document(self, key: str) -> Document:
        pick = self.draw.choice
        return Document(
            key=key,
            kind=pick(("notice", "notice", "warning")),
            title=self.text(8),
            text=self.text(60),
            day=pick(DAYS),
            language=pick(("", "zh", "en")),
            forum=pick(("", "usitc", "txed", "欧盟")),
            country=pick(("", "US", "EU", "\udfff")),
            source=pick(("a", "b")),
            case_number=pick(("", "337-TA-1414", "1:16-cv-02914")),
            industries=self.some("tires", "batteries", "", "电池"),
            centers=self.some("zibo", "sample-yantai", "济南", "济宁"),
            enterprises=self.some("e1", "e2", "E1", "e" * 300),
            parties=self.some("李寧有限公司", "Linglong Tyre Co., Ltd.", "李寧有限公司"),
            ip_dispute=pick(("yes", "no", "unknown", "")),
            stage=pick(("", "held", "sent")),
            severity=pick(("", "high")),
            level=pick(("", "named")),
            case=pick(("", "c1", "c2")),
        )

    def question(self) -> Query:
        pick = self.draw.choice
        return Query(
            text=self.asked() if self.draw.random() < 0.85 else "",
            industries=self.some("tires", "batteries", "电池", ""),
            countries=self.some("US", "EU", "\ud800") if self.draw.random() < 0.2 else (),
            forums=self.some("usitc", "txed", "欧盟") if self.draw.random() < 0.2 else (),
            centers=self.some("zibo", "济南", "nowhere") if self.draw.random() < 0.2 else (),
            enterprises=self.some("e1", "E1", "e" * 300) if self.draw.random() < 0.2 else (),
            kinds=self.some("notice", "warning") if self.draw.random() < 0.3 else (),
            disputes=self.some("yes", "no") if self.draw.random() < 0.2 else (),
            stages=self.some("held", "sent") if self.draw.random() < 0.2 else (),
            since=pick(DAYS) if self.draw.random() < 0.3 else None,
            until=pick(DAYS) if self.draw.random() < 0.3 else None,
            sort=pick(("newest", "newest", "relevance")),
            page=pick((1, 1, 2, 4, 10**6)),
            size=pick((5, 20, 100)),
        )

    def asked(self) -> str:
        """Words, parts of words, phrases, exclusions and beginnings."""
        return " ".join(self.clause() for _ in range(self.draw.randrange(1, 4)))

    def clause(self) -> str:
        word = self.draw.choice(WORDS)
        start = self.draw.randrange(len(word) or 1)
        part = word[start : start + self.draw.randrange(1, 5)] if self.draw.random() < 0.4 else word
        phrase = f'"{word}{self.draw.choice(JOINTS)}{self.draw.choice(WORDS)}"'
        return self.draw.choice((part, part, part + "*", "-" + part, phrase, "-" + phrase))


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Engine]]:
    """The embedded engine and Elasticsearch, over the same documents after the same detours."""
    drawn = Drawn(20_261_103)
    begun = [drawn.document(f"k{at}") for at in range(240)]
    changed = [drawn.document(f"k{at}") for at in range(160, 320)]
    with elastic.place(elastic.server()) as url:
        both = open_engine(f"sqlite:///{tmp_path_factory.mktemp('same')}/search.db"), open_engine(url)
        for engine in both:
            engine.rebuild(begun)
            assert engine.put(changed) == len(changed)
            assert engine.remove(["k0", "k239", "k319", "never"]) == 3
        yield both
        for engine in both:
            engine.close()


def comparable(found: Found, query: Query) -> object:
    """What must be equal: everything, but by relevance the order is each engine's own."""
    documents = [hit.document for hit in found.hits]
    if query.sort == "relevance":
        documents = sorted(documents, key=lambda document: document.key) if found.total <= query.limit else []
    return documents, found.total, found.more, found.page, found.size


@pytest.mark.parametrize("seed", range(6))
def test_the_same_questions_find_the_same(engines: tuple[Engine, Engine], seed: int) -> None:
    drawn, found = Drawn(seed), 0
    for _ in range(30):
        query = drawn.question()
        ours, theirs = (comparable(engine.search(query), query) for engine in engines)
        assert ours == theirs, query
        sizes = [engine.size(query) for engine in engines]
        assert sizes[0] == sizes[1], query
        found += bool(sizes[0])
    assert found > 8


@pytest.mark.parametrize("by", get_args(Facet))
def test_the_same_tables_are_counted(engines: tuple[Engine, Engine], by: Facet) -> None:
    drawn = Drawn(len(by))
    for per in get_args(Period):
        for counts in (Counts(by, per), Counts(by, per, "cases")):
            for query in (Query(), drawn.question()):
                tables = [engine.count(query, counts) for engine in engines]
                assert tables[0] == tables[1], (query, counts)
    assert engines[1].count(Query(), Counts(by))


def test_more_documents_than_can_be_paged_through(tmp_path: Path) -> None:
    template = Document(key="", kind="notice", title="电池", text="", forum="txed", industries=("tires",))
    days = [date(2020, 1, 1) + timedelta(days=at) for at in range(700)]
    many = [
        replace(template, key=f"m{at}", day=days[at % 700], case_number=f"1:26-cv-{at // 2}")
        for at in range(REACH + 150)
    ]
    with elastic.place(elastic.server()) as url:
        both = open_engine(f"sqlite:///{tmp_path}/search.db"), open_engine(url)
        assert {engine.rebuild(many) for engine in both} == {len(many)}
        for page, size in ((100, 100), (101, 100), (334, 30), (335, 30), (10_000, 1), (10_001, 1)):
            found = [engine.search(Query(text="电池", page=page, size=size)) for engine in both]
            assert found[0] == found[1]
            assert len(found[0].hits) == (size if (page - 1) * size < REACH else 0)
        for counts in (Counts("industry", "day"), Counts("industry", of="cases"), Counts("industry", "year", "cases")):
            assert both[0].count(Query(), counts) == both[1].count(Query(), counts)
        for engine in both:
            engine.close()
