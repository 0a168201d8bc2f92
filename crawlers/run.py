"""Run one source to its end and report: `python -m crawlers.run SOURCE`, the last line is JSON.

A crawl is a child process: it has a time limit, a crash in it is a recorded outcome, and it ends when
the process that started it does.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from index.settings import Settings

if TYPE_CHECKING:
    from scrapy.settings import Settings as ScrapySettings

    from crawlers.keeping import Memory

ENDED_EARLY = "ended before it was done"


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What one crawl brought. `outcome` is `ok` or why it is not."""

    source: str
    pages: int = 0
    unchanged: int = 0
    items: int = 0
    notices: int = 0
    problems: int = 0
    outcome: str = "ok"


class Crawl:
    """One source's crawl in a child process, begun at once. `end` may be called from another thread."""

    def __init__(self, source: str, settings: Settings, environment: dict[str, str]) -> None:
        self.source, self.limit = source, settings.crawl_timeout
        self._ended = False
        command, pipe = [sys.executable, "-m", "crawlers.run", source], subprocess.PIPE
        told = os.environ | environment
        self._child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=told)

    def report(self) -> CrawlReport:
        """Wait for its end. Never raises for what the crawl met: the outcome says it."""
        try:
            out, errors = self._until_end()
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.communicate()
            return CrawlReport(self.source, outcome=f"stopped after {self.limit:.0f} s")
        try:
            return CrawlReport(**json.loads(out.splitlines()[-1]))
        except (IndexError, ValueError, TypeError):
            if self._ended:
                return CrawlReport(self.source, outcome=ENDED_EARLY)
            status = self._child.returncode
            return CrawlReport(self.source, outcome=f"ended with status {status}: {errors.strip()[-500:]}")

    def end(self) -> None:
        """End it now: what it wrote is whole, what it did not get to is fetched by the next."""
        self._ended = True
        self._child.kill()

    def _until_end(self) -> tuple[str, str]:
        # The open pipe is the child's sign that we live: no input is ever sent, and communicate() must not close it.
        held, self._child.stdin = self._child.stdin, None
        try:
            out, errors = self._child.communicate(timeout=self.limit)
            return out.decode("utf-8", "replace"), errors.decode("utf-8", "replace")
        finally:
            if held:
                held.close()


def crawl(source: str, settings: Settings, environment: dict[str, str]) -> CrawlReport:
    """Crawl one source in a child process. Never raises for what the crawl met: the outcome says it."""
    return Crawl(source, settings, environment).report()


def sources_ready() -> list[str]:
    """Every source's id, found by Scrapy's own loader."""
    from scrapy.spiderloader import SpiderLoader  # noqa: PLC0415  scrapy is slow to import

    return sorted(SpiderLoader.from_settings(project_settings()).list())


def project_settings() -> ScrapySettings:
    """Our Scrapy settings, from whatever folder the command is started in."""
    from scrapy.utils.project import get_project_settings  # noqa: PLC0415

    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawlers.settings")
    return get_project_settings()


def run(source: str, *, alone: bool = True) -> CrawlReport:
    """Run one spider in this process, to its end. `alone`: nobody else answers for the terminal's Ctrl-C."""
    from scrapy.crawler import CrawlerProcess  # noqa: PLC0415

    if source not in sources_ready():
        return CrawlReport(source, outcome=f"source {source!r} is not known; known: {', '.join(sources_ready())}")
    process = CrawlerProcess(project_settings(), install_root_handler=True)
    crawler = process.create_crawler(source)
    process.crawl(crawler)
    process.start(install_signal_handlers=alone)
    memory: Memory | None = getattr(crawler.spider, "memory", None)
    if memory is None:
        return CrawlReport(source, outcome="the spider did not start")
    return CrawlReport(source, outcome=memory.outcome, **memory.counted)


def _end_with_parent() -> None:
    """Stop when the starter is gone: its end of our standard input closes."""
    while os.read(0, 1):  # not sys.stdin: its lock would be held when the interpreter ends
        pass
    os._exit(3)


def main() -> None:
    """Crawl the source the command line names. A process of ours that started it also ends it, or its end does."""
    alone = sys.stdin.isatty()
    if not alone:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=_end_with_parent, daemon=True).start()
    print(json.dumps(asdict(run(sys.argv[1], alone=alone))))


if __name__ == "__main__":
    main()
