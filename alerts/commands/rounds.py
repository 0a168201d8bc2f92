"""`yujing watch`, `yujing crawl` and `yujing send`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alerts.channels import open_channels
from alerts.commands.reading import iso
from alerts.commands.showing import complain, console, table
from alerts.commands.status import Totals
from alerts.outbox import send_due
from alerts.rounds.crawling import Crawls
from alerts.rounds.steps import RoundReport
from alerts.watch import run_round
from crawlers.run import sources_ready
from index.ledger import Ledger, Work, cases, deliveries, notices, tagged
from index.problems import Unusable
from index.records import Alert, AlertState
from index.settings import Settings, load_settings


def watch(*, once: bool, crawling: bool, replay: Path | None, report: Path | None) -> int:
    """The main job until it is told to end; `once`: one round, its table, and its report if asked for.

    Status 1 if a source or a channel failed in that round.
    """
    settings = load_settings()
    if not once:
        return keep(settings, crawling=crawling, replay=replay, report=report)
    if report and not report.absolute().parent.is_dir():
        raise Unusable(f"{report}: there is no folder {report.parent}")
    with replayed(replay) as environment:
        done = run_round(settings, crawling=crawling, environment=environment)
    ledger = Ledger.open(settings.ledger)
    with ledger.read() as work:
        if report:
            rows = {
                "alerts": [row_of(work, alert) for alert in done.alerts if alert.state is not AlertState.SUPPRESSED]
            }
            report.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
        show(done, Totals.of(work), settings)
    ledger.close()
    failed = [f"{c.source}: {c.outcome}" for c in done.crawls if c.outcome != "ok"] + done.problems
    return 1 if sum(map(complain, failed)) else 0


def keep(settings: Settings, *, crawling: bool, replay: Path | None, report: Path | None) -> int:
    """The clock, on live sources or on a folder replayed for as long as it runs."""
    from alerts.commands.keeping import keep_watch  # noqa: PLC0415  a single round needs no scheduler

    if report:
        raise Unusable("--report tells of one round: say `yujing watch --once --report FILE`")
    with replayed(replay) as environment:
        return keep_watch(settings, crawling=crawling, environment=environment)


@contextmanager
def replayed(folder: Path | None) -> Iterator[dict[str, str]]:
    """Serve a folder of documents as the publishers would; the settings that point the spiders there."""
    if folder is None:
        yield {}
        return
    from crawlers.replay import replaying  # noqa: PLC0415  not needed on live sources
    from crawlers.saved import spider_class  # noqa: PLC0415

    if not folder.is_dir():
        raise Unusable(f"{folder}: no such folder to replay")
    courts = sorted(place.name.split(".")[1] for place in folder.glob("ecf.*.uscourts.gov"))
    with replaying(folder) as address_of:
        bases = {source: address_of(spider_class(source).card) for source in sources_ready()}
        yield {
            "YUJING_SOURCE_URLS": json.dumps(bases),
            "YUJING_COURTS": json.dumps(courts),
            "YUJING_CRAWL_DELAY": "0",
        }


def row_of(work: Work, alert: Alert) -> dict[str, Any]:
    """An alert as the round's report tells it."""
    case, told = cases.load(work, alert.case), tagged.load(work, alert.notice)
    return {
        "enterprise": alert.enterprise,
        "case_number": (told and told.case_number) or case.number,
        "case_numbers": numbers_of(work, alert, case.number),
        "level": alert.level,
        "band": alert.band,
        "state": alert.state,
        "severity": alert.severity,
        "event": alert.event,
        "center": alert.center,
        "reason": alert.reason,
        "source": told.notice.source if told else None,
        "notice": told.notice.native_id if told else None,
        "url": told.notice.url if told else None,
        "due": [{"rule": d.rule, "due": iso(d.due), "bound": d.bound, "citation": d.citation} for d in alert.deadlines],
    }


def numbers_of(work: Work, alert: Alert, first: str | None) -> list[str]:
    """Every number the case is printed under, its preferred one first."""
    printed = [n.case_number for n in tagged.load_many(work, notices.of_case(work, cases.load(work, alert.case).key))]
    known = [i.value for i in cases.load(work, alert.case).identifiers]
    return list(dict.fromkeys(number for number in (first, *known, *printed) if number))


def show(done: RoundReport, totals: Totals, settings: Settings) -> None:
    """The table a round ends with, where the mails lie and how to go on."""
    out = console()
    headings = ("信息源 source", "页面 pages", "公告 notices", "知产纠纷 IP disputes", "问题 problems", "结果 outcome")
    shown = table("本轮结果 · this round", *headings)
    for crawled in done.crawls:
        disputes = totals.disputes.get(crawled.source, 0)
        numbers = (crawled.pages, crawled.notices, disputes, crawled.problems)
        shown.add_row(crawled.source, *map(str, numbers), crawled.outcome)
    if done.crawls:
        out.print(shown)
    out.print(line_of(done, totals))
    where = (settings.smtp_url and "mail server") or str(settings.outgoing_mail)
    out.print(f"邮件位置 mails: {where}", soft_wrap=True)
    out.print("下一步 next: yujing status · yujing search 轮胎 · yujing doctor")


def line_of(done: RoundReport, totals: Totals) -> str:
    """Matches, alerts, held and sent: of this round, and in all."""
    made = [alert for alert in done.alerts if alert.state is not AlertState.SUPPRESSED]
    held = [alert for alert in made if alert.state is AlertState.HELD]
    return (
        f"匹配 matches {sum(totals.matches.values())} · 本轮预警 alerts {len(made)}（共 {totals.alerts_told} in all）"
        f" · 待研判 held {len(held)}（共 {totals.alerts.get('held', 0)}）"
        f" · 本轮发出 sent {done.sent.get('sent', 0)}（共 {totals.sent}）"
    )


def crawl_one(source: str) -> int:
    """Crawl one source by itself and say what it brought."""
    settings = load_settings()
    ledger = Ledger.open(settings.ledger)
    done = Crawls(ledger, settings, {}).run(source)
    ledger.close()
    print(json.dumps({"source": done.source, "pages": done.pages, "unchanged": done.unchanged, "items": done.items,
                      "notices": done.notices, "problems": done.problems, "outcome": done.outcome}))  # fmt: skip
    return 0 if done.outcome == "ok" else 1


def send() -> int:
    """Send what is due, and say when the next is."""
    settings = load_settings()
    ledger = Ledger.open(settings.ledger)
    ended: Mapping[str, int] = send_due(ledger, open_channels(settings), settings)
    with ledger.read() as work:
        upcoming = deliveries.next_due(work)
    ledger.close()
    print(", ".join(f"{state} {count}" for state, count in sorted(ended.items())) or "nothing was due")
    if upcoming:
        print(f"next due {upcoming.isoformat(timespec='seconds')}")
    return 1 if ended.get("unusable") else 0
