"""The embedded engine: its files, its recovery, its readers and writers in other processes and threads."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.problems import TryLater, Unusable
from index.search import fts
from index.search.document import TEXT_LIMIT, Document
from index.search.fts import FtsEngine, open_url
from index.search.han import words
from index.search.query import Query
from index.search.rebuild import ensure

READER = """
import sys, time
from pathlib import Path
from index.search.engines import open_engine
from index.search.query import Query

url, stop, ready = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
engine, seen = open_engine(url), set()
while not stop.exists():
    found = engine.search(Query(size=100))
    generations = {hit.document.title for hit in found.hits}
    assert (len(found.hits), found.total, len(generations)) == (40, 40, 1), (found.total, generations)
    generation = generations.pop()
    assert engine.size() == 40
    seen.add(generation)
    ready.write_text(generation)
print(",".join(sorted(seen)))
"""
WRITER = """
import sys
from index.search.document import Document
from index.search.engines import open_engine

def documents():
    yield Document("half", "notice", "half", "done")
    print("filling", flush=True)
    sys.stdin.readline()

open_engine(sys.argv[1]).rebuild(documents())
"""


def a_document(key: str, title: str = "title", text: str = "text") -> Document:
    return Document(key=key, kind="notice", title=title, text=text, day=date(2026, 11, 3))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/search.db"


@pytest.fixture
def engine(url: str) -> Iterator[FtsEngine]:
    opened = open_url(url)
    opened.rebuild([a_document("a"), a_document("b")])
    yield opened
    opened.close()


def index_file(folder: Path) -> Path:
    (found,) = [file for file in folder.iterdir() if file.name.rpartition("-")[2].isdigit()]
    return found


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> FtsEngine:
    engine = open_url(f"sqlite:///{tmp_path_factory.mktemp('crowded')}/search.db")
    engine.rebuild([a_document(f"other{at}", "other words 其他", "battery 锂电池") for at in range(5)])
    return engine


TEXTS = st.text(alphabet=st.one_of(st.sampled_from("锂電池包 ab1,½㍿éﬁ-–*\"'()"), st.characters()), max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXTS, text=TEXTS)
def test_any_text_is_found_by_any_of_its_own_words(crowded: FtsEngine, title: str, text: str) -> None:
    crowded.put([a_document("drawn", title, text)])
    for part in (title, text):
        for word in words(part):
            own = part[word.start : word.end]
            assert "drawn" in {hit.document.key for hit in crowded.search(Query(text=own, size=100)).hits}, own
            assert "drawn" in {hit.document.key for hit in crowded.search(Query(text=f'"{own}"', size=100)).hits}, own


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.one_of(TEXTS, st.text(alphabet='"*-:()^+{} ANDORTEab锂', max_size=40)))
def test_no_question_raises_and_hits_are_marked(crowded: FtsEngine, question: str) -> None:
    found = crowded.search(Query(text=question, sort="relevance"))
    assert found.total == crowded.size(Query(text=question)) == len(found.hits)
    for hit in found.hits:
        needed = hit.wanted.needed
        assert bool(hit.title_marks() or hit.snippet.marks) == bool(needed)


def test_a_reader_in_another_process_never_sees_half_an_index(tmp_path: Path, url: str) -> None:
    engine = open_url(url)
    engine.rebuild(a_document(f"k{at}", "generation 0") for at in range(40))
    stop, ready = tmp_path / "stop", tmp_path / "ready"
    command = [sys.executable, "-W", "error", "-c", READER, url, str(stop), str(ready)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
        try:
            for generation in range(1, 6):
                while reader.poll() is None and (not ready.exists() or not ready.read_text()):
                    time.sleep(0.01)
                engine.rebuild(a_document(f"k{at}", f"generation {generation}") for at in range(40))
                while reader.poll() is None and ready.read_text() != f"generation {generation}":
                    time.sleep(0.01)
                engine.put([a_document("k7", f"generation {generation}")])
        finally:
            stop.touch()
        seen, wrong = reader.communicate(timeout=60)
    assert (reader.returncode, wrong) == (0, "")
    assert seen.strip().split(",")[-5:] == [f"generation {number}" for number in range(1, 6)]
    assert index_file(tmp_path)


def test_while_another_process_rebuilds_readers_read_and_writers_are_told_to_wait(
    url: str, engine: FtsEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fts, "PATIENCE", 0.1)
    command = [sys.executable, "-c", WRITER, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "filling\n"
        assert engine.size() == 2
        for write in (engine.put, engine.rebuild):
            with pytest.raises(TryLater, match="another process"):
                write([a_document("c")])
        with pytest.raises(TryLater, match="another process"):
            engine.remove(["a"])
        writer.kill()
    assert engine.put([a_document("c")]) == 1
    assert engine.size() == 3
    assert [file for file in tmp_path.iterdir() if ".filling" in file.name]
    engine.rebuild([a_document("a")])
    assert not [file for file in tmp_path.iterdir() if ".filling" in file.name]


def test_a_long_lived_engine_follows_a_rebuild_by_another(engine: FtsEngine, url: str) -> None:
    assert engine.size() == 2
    open_url(url).rebuild([a_document("new")])
    assert [hit.document.key for hit in engine.search(Query()).hits] == ["new"]
    assert engine.put([a_document("newer")]) == 1
    assert open_url(url).size() == 2


def test_threads_share_an_engine(engine: FtsEngine) -> None:
    def work(number: int) -> int:
        engine.put([a_document(f"t{number}", "threaded")])
        return engine.search(Query(text="threaded", size=100)).total

    with ThreadPoolExecutor(8) as pool:
        totals = list(pool.map(work, range(40)))
    assert engine.size(Query(text="threaded")) == 40
    assert all(1 <= total <= 40 for total in totals)


def broken_by_garbage(file: Path) -> None:
    file.write_bytes(b"no database at all " * 500)


def broken_by_emptiness(file: Path) -> None:
    file.write_bytes(b"")


def broken_in_the_middle(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))


def broken_by_a_lost_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("DROP TABLE words")


def broken_by_a_changed_record(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE kept SET packed = x'7b7d'")


def broken_by_deletion(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize(
    "harm",
    [
        broken_by_garbage,
        broken_by_emptiness,
        broken_in_the_middle,
        broken_by_a_lost_table,
        broken_by_a_changed_record,
        broken_by_deletion,
    ],
)
def test_a_broken_index_is_rebuilt(engine: FtsEngine, url: str, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    engine.close()
    harm(index_file(tmp_path))
    assert engine.probe().state == "missing"
    with pytest.raises(TryLater):
        engine.search(Query())
    with pytest.raises(TryLater):
        engine.put([a_document("c")])
    assert ensure(engine, lambda: [a_document("a")]) == 1
    assert open_url(url).probe().state == "ready"
    assert engine.search(Query()).total == 1
    assert not [file for file in tmp_path.iterdir() if ".broken" in file.name]


def test_a_broken_lock_is_replaced(engine: FtsEngine, tmp_path: Path) -> None:
    (tmp_path / "search.db.lock").write_bytes(b"x" * 5_000)
    with pytest.raises(TryLater):
        engine.put([a_document("c")])
    assert engine.put([a_document("c")]) == 1


def test_an_index_of_another_version_is_outdated_and_replaced(
    engine: FtsEngine, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fts, "MAPPING", "999")
    newer = open_url(url)
    assert newer.probe().state == "outdated"
    with pytest.raises(TryLater):
        newer.size()
    assert engine.size() == 2
    assert ensure(newer, lambda: [a_document("a")]) == 1
    assert ".v999-" in index_file(tmp_path).name
    assert engine.probe().state != "ready"


def test_files_of_others_in_the_folder_are_left_alone(engine: FtsEngine, tmp_path: Path) -> None:
    theirs = [tmp_path / name for name in ("search.db", "search.db.bak", "ledger.db", "search.db2.v1-5", "search.db.v")]
    for file in theirs:
        file.write_text("theirs")
    engine.rebuild([a_document("a")])
    assert [file.read_text() for file in theirs] == ["theirs"] * len(theirs)
    assert engine.size() == 1


def test_where_no_index_can_be_is_unusable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    engine = open_url(f"sqlite:///{tmp_path}/file/search.db")
    with pytest.raises(Unusable, match="search index"):
        engine.rebuild([])
    with pytest.raises(Unusable):
        ensure(engine, lambda: [])


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///?x=1"])
def test_a_file_must_be_named(url: str) -> None:
    with pytest.raises(Unusable, match="FILE"):
        open_url(url)


def test_a_folder_with_signs_of_urls_in_its_name(tmp_path: Path) -> None:
    engine = open_url(f"sqlite:///{tmp_path}/a #1 %41 预警/search.db")
    assert engine.rebuild([a_document("a")]) == 1
    assert (tmp_path / "a #1 %41 预警").is_dir()


def test_a_text_beyond_the_limit_is_cut(engine: FtsEngine) -> None:
    engine.put([a_document("long", "long", "early " + "x " * (TEXT_LIMIT // 2) + "late")])
    assert [hit.document.key for hit in engine.search(Query(text="early")).hits] == ["long"]
    assert engine.search(Query(text="late")).hits == ()


def test_two_documents_whose_row_ids_collide_are_both_kept(engine: FtsEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.search.order.hashed", lambda _: 0xFFFFFFFF)
    engine.put([a_document(f"c{at}", "colliding") for at in range(5)])
    engine.put([a_document("c3", "colliding again")])
    assert engine.size(Query(text="colliding")) == 5
    assert engine.search(Query(text="colliding")).total == 5
    assert engine.remove(f"c{at}" for at in range(5)) == 5
    assert engine.size() == 2


def test_what_was_put_in_and_taken_out_leaves_the_words_whole(engine: FtsEngine, tmp_path: Path) -> None:
    for turn in range(6):
        engine.put(
            [a_document(f"k{at}", f"锂電池 {turn} Société", "½ ﬁne 9,899,481 " * (turn + at)) for at in range(20)]
        )
        engine.remove([f"k{at}" for at in range(turn)])
    engine.close()
    with closing(sqlite3.connect(index_file(tmp_path))) as db:
        db.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        db.execute("CREATE VIRTUAL TABLE temp.instances USING fts5vocab(main, words, instance)")
        assert db.execute("SELECT count(DISTINCT doc) FROM temp.instances").fetchone() == (17,)
