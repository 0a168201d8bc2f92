"""`yujing held`, `yujing judge` and `yujing problems`: what waits for a person, until the desk opens."""

from __future__ import annotations

from alerts.commands.reading import iso
from alerts.commands.showing import console, table
from alerts.judge import judge
from index.ledger import Ledger, Work, alerts, cases, enterprises, matches
from index.ledger import problems as recorded
from index.records import Alert, AlertState
from index.settings import load_settings


def held() -> int:
    """Print the alerts that wait."""
    ledger = Ledger.open(load_settings().ledger)
    headings = (
        "编号 number",
        "企业 enterprise",
        "公告中的名称 name printed",
        "案号 case",
        "期限 due",
        "说明 why it waits",
    )
    shown = table("待研判 · held", *headings, words=6)
    with ledger.read() as work:
        waiting = alerts.in_state(work, AlertState.HELD)
        for alert in waiting:
            shown.add_row(*row_of(work, alert))
    ledger.close()
    console().print(shown if waiting else "没有待研判的预警 · nothing waits")
    return 0


def row_of(work: Work, alert: Alert) -> tuple[str, ...]:
    """What a clerk must see of an alert to judge it."""
    case, enterprise = cases.load(work, alert.case), enterprises.load(work, alert.enterprise)
    match = matches.load(work, case.key, alert.enterprise)
    due = min((d.due for d in alert.deadlines), default=None)
    named = f"{match.party.name} ({match.score:.2f})" if match else ""
    ours = enterprise.name if enterprise else alert.enterprise
    return alert.key[:8], ours, named, case.number or "", iso(due) or "", alert.reason


def judge_one(number: str, verdict: str, by: str, why: str) -> int:
    """Judge an alert and say what became of it."""
    settings = load_settings()
    ledger = Ledger.open(settings.ledger)
    judged = judge(ledger, settings, number, verdict, by, why)
    ledger.close()
    print(f"{judged.key[:8]}: {verdict} → {judged.state.value}")
    return 0


def problems(source: str, limit: int) -> int:
    """Print the newest recorded problems, bounded."""
    ledger = Ledger.open(load_settings().ledger)
    with ledger.read() as work:
        found = recorded.latest(work, limit, source)
    ledger.close()
    shown = table("问题 · problems", "信息源 source", "最近 last", "次数 times", "何处 where", "原因 reason", words=5)
    for problem, last, times in found:
        where = " ".join(filter(None, (problem.url, problem.native_id, problem.field)))
        shown.add_row(problem.source, f"{last:%Y-%m-%d %H:%M}Z", str(times), where, problem.reason)
    console().print(shown if found else "没有问题 · none")
    return 0
