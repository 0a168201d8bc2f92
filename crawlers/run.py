"""Run one source to its end and report: `python -m crawlers.run SOURCE`, the last line is JSON.

A crawl is a child process: it has a time limit, a crash in it is a recorded outcome, and it ends when
the process that started it does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from index.settings import Settings

if TYPE_CHECKING:
    from scrapy.settings import Settings as ScrapySettings

    from crawlers.keeping import Memory


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


def crawl(source: str, settings: Settings, environment: dict[str, str]) -> CrawlReport:
    """Crawl one source in a child process. Never raises for what the crawl met: the outcome says it."""
    command = [sys.executable, "-m", "crawlers.run", source]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | environment
    )
    try:
        # The open pipe is the child's sign that we live: no input is ever sent.
        out, errors = _until_end(child, settings.crawl_timeout)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return CrawlReport(source, outcome=f"stopped after {settings.crawl_timeout:.0f} s")
    try:
        return CrawlReport(**json.loads(out.splitlines()[-1]))
    except (IndexError, ValueError, TypeError):
        return CrawlReport(source, outcome=f"ended with status {child.returncode}: {errors.strip()[-500:]}")


def _until_end(child: subprocess.Popen[bytes], seconds: float) -> tuple[str, str]:
    held, child.stdin = child.stdin, None  # communicate() must not close it
    try:
        out, errors = child.communicate(timeout=seconds)
        return out.decode("utf-8", "replace"), errors.decode("utf-8", "replace")
    finally:
        if held:
            held.close()


def sources_ready() -> list[str]:
    """Every source's id, found by Scrapy's own loader."""
    from scrapy.spiderloader import SpiderLoader  # noqa: PLC0415  scrapy is slow to import

    return sorted(SpiderLoader.from_settings(project_settings()).list())


def project_settings() -> ScrapySettings:
    """Our Scrapy settings, from whatever folder the command is started in."""
    from scrapy.utils.project import get_project_settings  # noqa: PLC0415

    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawlers.settings")
    return get_project_settings()


def run(source: str) -> CrawlReport:
    """Run one spider in this process, to its end."""
    from scrapy.crawler import CrawlerProcess  # noqa: PLC0415

    if source not in sources_ready():
        return CrawlReport(source, outcome=f"source {source!r} is not known; known: {', '.join(sources_ready())}")
    process = CrawlerProcess(project_settings(), install_root_handler=True)
    crawler = process.create_crawler(source)
    process.crawl(crawler)
    process.start()
    memory: Memory | None = getattr(crawler.spider, "memory", None)
    if memory is None:
        return CrawlReport(source, outcome="the spider did not start")
    return CrawlReport(source, outcome=memory.outcome, **memory.counted)


def _end_with_parent() -> None:
    """Stop when the starter is gone: its end of our standard input closes."""
    while os.read(0, 1):  # not sys.stdin: its lock would be held when the interpreter ends
        pass
    os._exit(3)


if __name__ == "__main__":
    if not sys.stdin.isatty():
        threading.Thread(target=_end_with_parent, daemon=True).start()
    print(json.dumps(asdict(run(sys.argv[1]))))
