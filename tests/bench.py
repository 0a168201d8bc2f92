"""Times of whole commands, as medians over several runs: `make bench`. Nothing here is a test.

Each figure stands beside a bare `python -c pass` on the same machine, as a ratio: absolute times on
shared machines mean little.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

from index.search.document import Document
from index.search.engines import open_engine
from index.search.query import Counts, Query
from tests import elastic
from tests.conftest import ROOT, SAMPLE
from tests.journeys.world import YUJING, World


def timed(run: Callable[[], object], times: int) -> list[float]:
    """Wall seconds of each of several runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return taken


def command(*words: str) -> Callable[[], object]:
    """A command to run to its end."""
    return lambda: subprocess.run(words, cwd=ROOT, check=True, capture_output=True)


def first_round() -> list[float]:
    """The replay round of the bundled sample on a fresh ledger, import apart."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        world.register()
        return timed(lambda: world.run("watch", "--once", "--replay", SAMPLE / "pages"), 1)


def many() -> list[Document]:
    """Notices of three years, in two languages."""
    texts = ("原告称被告的锂电池包落入其专利的保护范围。" * 20, "The accused battery cells infringe the patent. " * 20)
    return [
        Document(
            key=f"k{at}",
            kind="notice",
            title=f"Notice {at} 锂电池",
            text=texts[at % 2],
            day=date(2024, 1, 1) + timedelta(days=at % 1_000),
            forum=f"f{at % 40}",
            industries=(f"i{at % 9}",),
        )
        for at in range(5_000)
    ]


def engines() -> None:
    """Building, asking and counting, on the embedded engine and, where one is given, on Elasticsearch beside it."""
    with ExitStack() as stack:
        places = {"embedded": f"sqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/search.db"}
        if server := os.environ.get("YUJING_TEST_ELASTICSEARCH_URL"):
            places["elasticsearch"] = stack.enter_context(elastic.place(server))
        embedded: dict[str, float] = {}
        documents = many()
        one = documents[:1]
        for name, url in places.items():
            engine = open_engine(url)
            stack.callback(engine.close)
            for what, run in {
                "build of 5,000": lambda engine=engine: engine.rebuild(documents),
                "newest": lambda engine=engine: engine.search(Query(text="锂电池", industries=("i3",))),
                "by relevance": lambda engine=engine: engine.search(Query(text="battery cells", sort="relevance")),
                "table by month": lambda engine=engine: engine.count(Query(), Counts("industry", "month")),
                "put of one": lambda engine=engine: engine.put(one),
            }.items():
                taken = timed(run, 1 if "build" in what else 9)
                show(f"{name}: {what}", taken, embedded.setdefault(what, statistics.median(taken)))


def show(name: str, taken: Sequence[float], bare: float) -> None:
    """One line: median, least and most, and the ratio to a bare interpreter."""
    middle = statistics.median(taken)
    spread = f"{min(taken):.3f}–{max(taken):.3f}, {len(taken)} runs"
    print(f"{name:34} median {middle:6.3f} s  ({spread})  ×{middle / bare:.1f}")


def main() -> None:
    """Print the table."""
    bare = statistics.median(timed(command(sys.executable, "-c", "pass"), 9))
    print(f"bare interpreter {bare:.3f} s")
    show("yujing --help", timed(command(*YUJING, "--help"), 7), bare)
    show("first round over the sample", [first_round()[0] for _ in range(3)], bare)
    print("search engines, as ratios to the embedded one")
    engines()


if __name__ == "__main__":
    main()
