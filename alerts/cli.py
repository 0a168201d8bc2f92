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
    """持续预警；加 --once 只执行一轮。 The main job: crawl, read, match, warn, by each source's schedule."""
    from alerts.commands import rounds  # noqa: PLC0415

    _end(rounds.watch(once=once, crawling=crawl, replay=replay, report=report))


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0: any free; else YUJING_SERVE_PORT")] = None,
    login: Annotated[str, typer.Option(help="print a one-time login for this user")] = "",
) -> None:
    """打开工作台。 Serve the desk on a local address."""
    from alerts.commands import desk  # noqa: PLC0415

    _end(desk.serve(port, login))


users = typer.Typer(help="工作台用户。 Who may use the desk.", no_args_is_help=True)
app.add_typer(users, name="users")


@users.command("add")
def users_add(
    user: Annotated[str, typer.Argument(help="login name")],
    name: Annotated[str, typer.Option(help="the person's name, as records show it")],
    center: Annotated[
        str | None, typer.Option(help="a center's id, '' for the whole province; left out: unchanged, at first ''")
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="clerk (judges) or viewer (reads); left out: unchanged, at first clerk")
    ] = None,
) -> None:
    """新增或更改用户，并给出一次性登录链接。 Add a user, or change what is given, and print a one-time login."""
    from alerts.commands import desk  # noqa: PLC0415

    _end(desk.add_user(user, name, center, role))


@users.command("list")
def users_list() -> None:
    """列出用户。 List the users."""
    from alerts.commands import desk  # noqa: PLC0415

    _end(desk.list_users())


@users.command("login")
def users_login(user: Annotated[str, typer.Argument(help="login name")]) -> None:
    """给出一次性登录链接。 Print a one-time login, good for an hour."""
    from alerts.commands import desk  # noqa: PLC0415

    _end(desk.one_time_login(user))


@users.command("disable")
def users_disable(user: Annotated[str, typer.Argument(help="login name")]) -> None:
    """停用用户。 Shut a user out at once; what they did stays on record."""
    from alerts.commands import desk  # noqa: PLC0415

    _end(desk.disable_user(user))


@users.command("enable")
def users_enable(user: Annotated[str, typer.Argument(help="login name")]) -> None:
    """恢复停用的用户。 Let a user in again."""
    from alerts.commands import desk  # noqa: PLC0415

    _end(desk.enable_user(user))


dashboards = typer.Typer(help="仪表盘。 Dashboards for Kibana.", no_args_is_help=True)
app.add_typer(dashboards, name="dashboards")


@dashboards.command("export")
def dashboards_export(out: Annotated[Path, typer.Option(help="the .ndjson file to write")]) -> None:
    """导出 Kibana 仪表盘。 Write the dashboards as Kibana saved objects."""
    from alerts.commands import dashboards as exporting  # noqa: PLC0415

    _end(exporting.export(out))


@dashboards.command("check")
def dashboards_check(
    file: Annotated[Path, typer.Argument(help="saved objects, an .ndjson file")],
    existing: Annotated[
        list[str] | None, typer.Option(help="index-pattern:ID the Kibana has already; may be given again")
    ] = None,
) -> None:
    """检查文件能否导入 Kibana。 Say what Kibana would refuse of a file, or show wrong: a line each."""
    from alerts.commands import dashboards as exporting  # noqa: PLC0415

    _end(exporting.check(file, existing or []))


bulletin = typer.Typer(help="产业简报。 Industry bulletins.", no_args_is_help=True)
app.add_typer(bulletin, name="bulletin")


@bulletin.command("compose")
def bulletin_compose(
    industry: Annotated[str, typer.Option(help="an industry's id")],
    month: Annotated[datetime, typer.Option(formats=["%Y-%m"], help="e.g. 2026-03")],
    by: Annotated[str, typer.Option(help="who composes it")],
    audience: Annotated[str, typer.Option(help="whom it is for, as printed")] = "",
) -> None:
    """编制简报草稿。 Compose a draft from the records of one month."""
    from alerts.commands import bulletins  # noqa: PLC0415

    _end(bulletins.compose(industry, month.date(), by, audience))


@bulletin.command("review")
def bulletin_review(
    draft: Annotated[int, typer.Argument(help="the draft's id, as `yujing bulletin list` shows it")],
    by: Annotated[str, typer.Option(help="who reviews it; not who composed it")],
    said: Annotated[str, typer.Option(help="the secrecy review's conclusion")],
    reject: Annotated[bool, typer.Option("--reject", help="send it back instead of issuing it")] = False,
) -> None:
    """复核简报并编号印发。 Review a draft: a second person's yes gives it its number."""
    from alerts.commands import bulletins  # noqa: PLC0415

    _end(bulletins.review(draft, by, said, reject=reject))


@bulletin.command("list")
def bulletin_list() -> None:
    """列出简报。 List bulletins, newest first."""
    from alerts.commands import bulletins  # noqa: PLC0415

    _end(bulletins.list_all())


@bulletin.command("write")
def bulletin_write(
    bulletin_id: Annotated[int, typer.Argument(help="a bulletin's id")],
    out: Annotated[Path, typer.Option(help="the .pdf or .html file to write")],
) -> None:
    """输出简报文件（PDF 或网页）。 Write a bulletin as a PDF or a web page."""
    from alerts.commands import bulletins  # noqa: PLC0415

    _end(bulletins.write(bulletin_id, out))


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


LOGGED = ("watch", "crawl", "serve", "send")
"""Commands that run for long, or by the clock: an operator reads their logs."""


def _log() -> None:
    from index.logs import configure  # noqa: PLC0415
    from index.settings import load_settings  # noqa: PLC0415

    configure(load_settings())


def main() -> None:
    """The entry of the command: a failure yujing names is one line, not a trace."""
    from index.problems import YujingError  # noqa: PLC0415

    try:
        if sys.argv[1:2] and sys.argv[1] in LOGGED and "--help" not in sys.argv:
            _log()
        app()
    except YujingError as error:
        print(f"yujing: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except Exception as error:
        from index.logs import crashed  # noqa: PLC0415

        if not crashed(error):  # a bare trace would show what a log hides
            raise
        sys.exit(1)


if __name__ == "__main__":
    main()
