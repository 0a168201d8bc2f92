"""`yujing watch` without `--once`: the clock, until it is told to end."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue

from alerts.clock.clock import Clock
from alerts.watch import sources_wanted
from crawlers.saved import spider_class
from index import logs
from index.ledger import Ledger
from index.records import BEIJING
from index.settings import Settings

SOON = timedelta(seconds=1)


def keep_watch(settings: Settings, *, crawling: bool, environment: dict[str, str]) -> int:
    """Be the clock, or stand by for it, until SIGTERM or SIGINT. Status 0."""
    logs.configure(settings)
    ends = SimpleQueue[str]()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ends.put("end"))  # the one queue a signal handler may use
    wanted = sources_wanted(settings) if crawling else []
    ledger = Ledger.open(settings.ledger)
    schedules = {source: spider_class(source).card.cron for source in wanted}
    ended = Clock(ledger, settings, schedules, environment).run(ends, say_began, say_waits)
    say("预警时钟已停止。 The clock has stopped.")
    if not ended:  # a thread in the midst of a mail or a slow answer would keep the process: the next one finishes it
        sys.stderr.flush()
        os._exit(0)
    ledger.close()
    return 0


def say_began(plan: Mapping[str, datetime]) -> None:
    """One line: that it runs, what is crawled when, how to stop it."""
    now = datetime.now(UTC)
    crawls = [f"{source} {_when(at, now)}" for source, at in sorted(plan.items(), key=lambda row: row[1])]
    what = "，".join(crawls) if crawls else "不抓取 no crawls"
    say(f"预警时钟已启动 the clock is running：{what}（北京时间 Beijing time）。按 Ctrl-C 停止 to stop")


def say_waits(holder: str) -> None:
    """One line: that another process is the clock."""
    other = f"已有预警时钟在运行 another clock is running：{holder}"
    say(f"{other}。本进程待命，随时接替 standing by。按 Ctrl-C 停止 to stop")


def say(line: str) -> None:
    """A line at once, also into a pipe."""
    print(line, flush=True)


def _when(at: datetime, now: datetime) -> str:
    return "即刻 now" if at <= now + SOON else f"{at.astimezone(BEIJING):%m-%d %H:%M}"
