"""`yujing status`: every fetched page, heard item, alert and delivery, each counted in its one state."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass

from alerts.commands.showing import complain, console, table
from index.ledger import (
    Ledger,
    Work,
    alerts,
    cases,
    deliveries,
    enterprises,
    matches,
    notices,
    pages,
    problems,
    queue,
    raw_notices,
    tagged,
)
from index.records import AlertState, DeliveryState, ItemState
from index.settings import load_settings

ITEM_STATES = {
    ItemState.WAITING: "待读 waiting",
    ItemState.UNREADABLE: "不可读 unreadable",
    ItemState.NOT_IP: "非知产 not IP",
    ItemState.NO_MATCH: "未匹配 no match",
    ItemState.MATCHED: "已匹配 matched",
}


@dataclass(frozen=True)
class Totals:
    """The ledger in figures, at one moment."""

    pages: dict[tuple[str, str], int]
    heard: dict[str, int]
    items: dict[tuple[str, str], int]
    disputes: dict[str, int]
    problems: dict[str, int]
    cases: int
    enterprises: int
    matches: dict[str, int]
    alerts: dict[str, int]
    deliveries: dict[tuple[str, str], int]
    unindexed: int

    @classmethod
    def of(cls, work: Work) -> Totals:
        """Count everything inside one look at the ledger."""
        return cls(
            pages.counts(work),
            raw_notices.heard(work),
            notices.counts(work),
            tagged.disputes(work),
            problems.counts(work),
            cases.count(work),
            enterprises.count(work),
            matches.counts(work),
            alerts.counts(work),
            deliveries.counts(work),
            queue.size(work),
        )

    @property
    def lost(self) -> dict[str, int]:
        """Items heard that are in no state, by source: empty unless yujing is at fault."""
        placed: Counter[str] = Counter()
        for (source, _), count in self.items.items():
            placed[source] += count
        return {source: count - placed[source] for source, count in self.heard.items() if count != placed[source]}

    @property
    def alerts_told(self) -> int:
        """Alerts that are not suppressed."""
        return sum(count for state, count in self.alerts.items() if state != AlertState.SUPPRESSED)

    @property
    def sent(self) -> int:
        """Deliveries a channel took."""
        return sum(count for (_, state), count in self.deliveries.items() if state == DeliveryState.SENT)


def status(*, as_json: bool) -> int:
    """Print the totals. Status 1 if they do not add up, which would be a fault of ours."""
    ledger = Ledger.open(load_settings().ledger)
    with ledger.read() as work:
        totals = Totals.of(work)
    ledger.close()
    if as_json:
        print(json.dumps(as_row(totals), ensure_ascii=False))
    else:
        show(totals)
    for source, count in totals.lost.items():
        complain(f"{source}: {count} items heard are in no state")
    return 1 if totals.lost else 0


def as_row(totals: Totals) -> dict[str, object]:
    """The totals as JSON: nested by source or audience, then by state."""
    return {
        "pages": nested(totals.pages),
        "heard": totals.heard,
        "items": nested(totals.items),
        "ip_disputes": totals.disputes,
        "problems": totals.problems,
        "cases": totals.cases,
        "enterprises": totals.enterprises,
        "matches": totals.matches,
        "alerts": totals.alerts,
        "deliveries": nested(totals.deliveries),
        "unindexed": totals.unindexed,
    }


def nested(counts: dict[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """(a, b) → count as a → b → count, with the sum of each a as `total`."""
    out: dict[str, dict[str, int]] = defaultdict(lambda: {"total": 0})
    for (first, second), count in sorted(counts.items()):
        out[first][second] = count
        out[first]["total"] += count
    return dict(out)


def show(totals: Totals) -> None:
    """The totals as tables: items by source and state, then alerts and deliveries."""
    out = console()
    shown = table("公告 · items", "信息源 source", "页面 pages", "公告 items", *ITEM_STATES.values(), "问题 problems")
    for source in sorted({source for source, _ in (*totals.items, *totals.pages)} | set(totals.problems)):
        states = [totals.items.get((source, state), 0) for state in ITEM_STATES]
        heard = sum(count for (whose, _), count in totals.pages.items() if whose == source)
        numbers = (heard, sum(states), *states, totals.problems.get(source, 0))
        shown.add_row(source, *map(str, numbers))
    sums = Counter[str]()
    for (_, state), count in totals.items.items():
        sums[state] += count
    total = (sum(totals.pages.values()), sum(sums.values()), *(sums[state] for state in ITEM_STATES))
    shown.add_section()
    shown.add_row("合计 total", *map(str, total), str(sum(totals.problems.values())))
    out.print(shown)
    out.print(
        f"企业 enterprises {totals.enterprises} · 案件 cases {totals.cases} · " + words("匹配 matches", totals.matches)
    )
    out.print(words("预警 alerts", totals.alerts))
    if totals.alerts.get(AlertState.SUPPRESSED):
        out.print("    suppressed：并入首次预警或属程序性事项，不单独发送，均有记录 · told with another, or routine")
    for audience, ended in nested(totals.deliveries).items():
        out.print(words(f"投递 deliveries · {audience}", {k: v for k, v in ended.items() if k != "total"}))
    out.print(f"待入检索库 not yet indexed {totals.unindexed}")


def words(title: str, counts: dict[str, int]) -> str:
    """`title 5 = held 3 + released 2`: the sum and what it is made of."""
    parts = " + ".join(f"{state} {count}" for state, count in sorted(counts.items()))
    return f"{title} {sum(counts.values())}" + (f" = {parts}" if parts else "")
