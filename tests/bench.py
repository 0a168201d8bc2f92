"""Times of whole commands, as medians over several runs: `make bench`. Nothing here is a test.

Each figure stands beside a bare `python -c pass` on the same machine, as a ratio: absolute times on
shared machines mean little.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

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


def show(name: str, taken: Sequence[float], bare: float) -> None:
    """One line: median, least and most, and the ratio to a bare interpreter."""
    middle = statistics.median(taken)
    spread = f"{min(taken):.2f}–{max(taken):.2f}, {len(taken)} runs"
    print(f"{name:34} median {middle:6.2f} s  ({spread})  ×{middle / bare:.0f}")


def main() -> None:
    """Print the table."""
    bare = statistics.median(timed(command(sys.executable, "-c", "pass"), 9))
    print(f"bare interpreter {bare:.3f} s")
    show("yujing --help", timed(command(*YUJING, "--help"), 7), bare)
    show("first round over the sample", [first_round()[0] for _ in range(3)], bare)


if __name__ == "__main__":
    main()
