"""The command `yujing`. Each command imports what it needs when it runs, so that help is there at once."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="yujing",
    help="预警 · early warning of overseas IP disputes for Chinese enterprises. 海外知识产权纠纷预警。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
Files = Annotated[list[Path], typer.Argument(help="saved pages")]
Source = Annotated[str, typer.Option(help="a source's id, as `yujing doctor` lists them")]


@app.command()
def read(
    files: Files,
    source: Source,
    keep: Annotated[bool, typer.Option(help="also put the notices into the ledger, as if crawled")] = False,
) -> None:
    """读取已保存的页面。 What the product makes of saved pages: one JSON object a line and a notice."""
    from alerts.commands import reading  # noqa: PLC0415

    _end(reading.read(source, files, keep=keep))


@app.command()
def tag(file: Annotated[Path, typer.Argument(help="rows {id, text, title?, ipc?, cpc?} as JSON lines")]) -> None:
    """产业标注。 Which key industries texts touch, with the words or codes that say so."""
    from alerts.commands import reading  # noqa: PLC0415

    _end(reading.tag(file))


@app.command()
def screen(
    names: Annotated[Path, typer.Option(help="CSV with qid, query")],
    register: Annotated[Path | None, typer.Option(help="a register; left out: the ledger's own")] = None,
) -> None:
    """名单筛查。 Which names on a list belong to registered enterprises, as CSV."""
    from alerts.commands import registering  # noqa: PLC0415

    _end(registering.screen(names, register))


@app.command(name="import")
def import_(
    kind: Annotated[str, typer.Argument(help="enterprises, centers or contacts")],
    file: Annotated[Path, typer.Argument(help="CSV or Excel, see `yujing template`")],
) -> None:
    """导入企业、分中心或联系人名录。 Import a register; bad rows are named, good rows kept."""
    from alerts.commands import registering  # noqa: PLC0415

    _end(registering.import_file(kind, file))


@app.command()
def template(
    kind: Annotated[str, typer.Argument(help="enterprises, centers or contacts")],
    file: Annotated[Path, typer.Argument(help="the .xlsx file to write")],
) -> None:
    """生成导入模板。 Write an empty register with Chinese headings."""
    from alerts.commands import registering  # noqa: PLC0415

    _end(registering.template(kind, file))


@app.command()
def deadlines(
    forum: Annotated[str, typer.Option(help="us_itc, us_district, epo…")],
    event: Annotated[str, typer.Option(help="the legal trigger, e.g. complaint_served")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the day it happened")],
    place: Annotated[str, typer.Option(help="a court or division")] = "",
) -> None:
    """法定期限计算。 The legal dates an event sets running, with their basis: one JSON object a line."""
    from alerts.commands import looking  # noqa: PLC0415

    _end(looking.deadlines(forum, event, on.date(), place))


@app.command()
def watch(
    once: Annotated[bool, typer.Option("--once", help="one round, then end")] = False,
    crawl: Annotated[bool, typer.Option(help="crawl first, or work on what is in the ledger")] = True,
    replay: Annotated[Path | None, typer.Option(help="crawl documents replayed from a folder")] = None,
    report: Annotated[Path | None, typer.Option(help="write what the round did as JSON")] = None,
) -> None:
    """执行一轮预警。 The main job: crawl, read, match, warn."""
    from alerts.commands import rounds  # noqa: PLC0415

    _end(rounds.watch(once=once, crawling=crawl, replay=replay, report=report))


@app.command()
def crawl(source: Annotated[str, typer.Argument(help="a source's id")]) -> None:
    """抓取一个信息源。 Crawl one source and say what it brought."""
    from alerts.commands import rounds  # noqa: PLC0415

    _end(rounds.crawl_one(source))


@app.command()
def held() -> None:
    """列出待研判预警。 List the alerts that wait for a clerk, oldest first."""
    from alerts.commands import judging  # noqa: PLC0415

    _end(judging.held())


@app.command()
def judge(
    number: Annotated[str, typer.Argument(help="an alert's number, as `yujing held` and the mails show it")],
    verdict: Annotated[str, typer.Argument(help="confirmed, not_ours or unsure")],
    by: Annotated[str, typer.Option(help="who judges")],
    why: Annotated[str, typer.Option(help="why, in a few words")] = "",
) -> None:
    """登记研判结论。 Judge an alert: `confirmed` releases it, `not_ours` binds later runs."""
    from alerts.commands import judging  # noqa: PLC0415

    _end(judging.judge_one(number, verdict, by, why))


@app.command()
def problems(
    source: Annotated[str, typer.Option(help="one source's only")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
) -> None:
    """列出抓取与读取问题。 List what could not be fetched or read, newest first."""
    from alerts.commands import judging  # noqa: PLC0415

    _end(judging.problems(source, limit))


@app.command()
def send() -> None:
    """发送待发预警。 Send what is due in the outbox."""
    from alerts.commands import rounds  # noqa: PLC0415

    _end(rounds.send())


@app.command()
def search(  # noqa: PLR0913, PLR0917  each is an option of the command
    text: Annotated[str, typer.Argument(help='words; "a phrase"; -without; begin*')] = "",
    industry: Annotated[list[str] | None, typer.Option(help="an industry's id; may be given again")] = None,
    forum: Annotated[list[str] | None, typer.Option(help="us_itc, us_district…")] = None,
    country: Annotated[list[str] | None, typer.Option(help="a country code")] = None,
    enterprise: Annotated[list[str] | None, typer.Option(help="an enterprise's id")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="first day of publication")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="last day of publication")] = None,
    relevance: Annotated[bool, typer.Option("--relevance", help="best first, not newest first")] = False,
    page: Annotated[int, typer.Option(min=1)] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """检索公告。 Find notices, in Chinese or English."""
    from alerts.commands import looking  # noqa: PLC0415

    narrowed = looking.Narrowed(
        tuple(industry or ()),
        tuple(forum or ()),
        tuple(country or ()),
        tuple(enterprise or ()),
        _day(since),
        _day(until),
    )
    _end(looking.search(text, narrowed, "relevance" if relevance else "newest", page, as_json=as_json))


@app.command()
def reindex() -> None:
    """重建检索库。 Build the search index anew from the ledger alone."""
    from alerts.commands import looking  # noqa: PLC0415

    _end(looking.reindex())


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """各环节状态统计。 Count every fetched item by the one state it ended in."""
    from alerts.commands import looking  # noqa: PLC0415

    _end(looking.status(as_json=as_json))


@app.command()
def doctor(
    network: Annotated[bool, typer.Option(help="also ask the sources' own servers")] = True,
) -> None:
    """系统自检。 Say for each seam what it is set to, from where, and whether it answers."""
    from alerts.commands import doctor as examining  # noqa: PLC0415

    _end(examining.doctor(network=network))


def _day(instant: datetime | None) -> date | None:
    return instant.date() if instant else None


def _end(status: int) -> None:
    if status:
        raise typer.Exit(status)


def main() -> None:
    """The entry of the command: a failure yujing names is one line, not a trace."""
    from index.problems import YujingError  # noqa: PLC0415

    try:
        app()
    except YujingError as error:
        print(f"yujing: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)


if __name__ == "__main__":
    main()
