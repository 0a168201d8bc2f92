"""Work of every center in one ledger, each with words that nobody else may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from alerts import judge
from alerts.bulletins import issue
from alerts.bulletins.month import Month
from alerts.letters.glossary import chinese_words
from index.feed import take_in
from index.ledger import Ledger, Work, alerts, audit, centers, contacts, deliveries, enterprises, judgements, users
from index.ledger.tables import alerts as table
from index.ledger.tables import metadata
from index.ledger.users import CLERK, VIEWER, User
from index.records import Alert, AlertState, Contact
from index.search.engines import open_engine
from index.settings import Settings

YANTAI, WEIFANG, JINAN, PROVINCE = "sample-yantai", "sample-weifang", "sample-jinan", "sample-province"
CENTERS = (YANTAI, WEIFANG, JINAN, PROVINCE)
PEOPLE = {
    "yantai": User("yantai", "烟台文员", YANTAI, CLERK),
    "weifang": User("weifang", "潍坊文员", WEIFANG, CLERK),
    "jinan": User("jinan", "济南文员", JINAN, CLERK),
    "looker": User("looker", "潍坊查看员", WEIFANG, VIEWER),
    "above": User("above", "省中心文员", PROVINCE, CLERK),
    "all": User("all", "全省文员", "", CLERK),
}
UNISSUED = "省中心编制人"
"""Who composed a bulletin that is not issued yet."""
UNSEEN = "仅供本中心知悉"
"""Stands in every note a clerk of the sample writes, with the center's id."""


def furnish(ledger: Ledger, settings: Settings) -> None:
    """People at the desk, contacts, judgements, acknowledgements, a handed-on alert, a bulletin, an index."""
    now = datetime.now(UTC)
    with ledger.begin() as work:
        for user in PEOPLE.values():
            users.write(work, user, now)
        for one in enterprises.every(work):
            told = Contact(f"T-{one.id}", one.id, f"联系人{one.id}", f"told-{one.id}@example.com", consent="书面同意")
            contacts.write(work, told, now)
    with ledger.begin() as work:  # of what was silent, two more wait in each center
        for center in CENTERS:
            for silent in of_center(ledger, center, AlertState.SUPPRESSED)[:2]:
                alerts.set_state(work, silent.key, AlertState.HELD, reason="")
    for center in CENTERS:
        held, note = of_center(ledger, center, AlertState.HELD), f"{UNSEEN}{center}"
        judge.judge(ledger, settings, held[0].key, "unsure", f"{center}文员", note)
        if len(held) > 1:
            judge.judge(ledger, settings, held[-1].key, "confirmed", f"{center}文员", note)
            judge.acknowledge(ledger, held[-1].key, f"{center}文员", note)
    with ledger.begin() as work:
        spare = of_center(ledger, JINAN, AlertState.HELD)[1]
        alerts.escalated(work, spare.key, PROVINCE, now)
        audit.write(work, "系统", "escalate", spare.key, now, to=PROVINCE, frm=JINAN)
    first = issue.draft(ledger, "next_gen_it", Month.of(datetime(2026, 2, 1, tzinfo=UTC)), "编制人", "", now)
    issue.review(ledger, first, "复核人", "不涉密", now)
    issue.draft(ledger, "biomedicine", Month.of(datetime(2025, 3, 1, tzinfo=UTC)), UNISSUED, "", now)
    take_in(ledger, open_engine(settings.search), chinese_words)


def of_center(ledger: Ledger, center: str, *states: AlertState) -> list[Alert]:
    """A center's alerts in any of the states, or all, by key."""
    with ledger.read() as work:
        found = [alerts.of_row(row) for row in work.execute(select(table).where(table.c.center == center))]
    return sorted((a for a in found if not states or a.state in states), key=lambda a: a.key)


def first_held(ledger: Ledger, center: str) -> Alert:
    """A center's alert that waits and that nobody has judged."""
    with ledger.read() as work:
        judged = {a.key for a in of_center(ledger, center) if judgements.of_alert(work, a.key)}
    return next(a for a in of_center(ledger, center, AlertState.HELD) if a.key not in judged)


@dataclass(frozen=True)
class Unseen:
    """What a center's clerk must not read anywhere: each word with what it is."""

    words: dict[str, str]

    def in_text(self, text: str) -> dict[str, str]:
        """Those of the words that a text holds."""
        return {word: what for word, what in self.words.items() if word and word in text}


def unseen_by(ledger: Ledger, center: str) -> Unseen:
    """Keys, enterprises, addresses and notes of every other center's alerts that are not also this one's."""
    with ledger.read() as work:
        every = [alerts.of_row(row) for row in work.execute(select(table))]
        ours = {word for alert in every if alert.center == center for word in _words(work, alert)}
        theirs = {w: what for a in every if a.center != center for w, what in _words(work, a).items()}
        mails = {c.email: "a center's mailbox" for c in centers.every(work) if c.id != center and not c.provincial}
        mails |= {UNISSUED: "a bulletin not issued"}
    return Unseen({word: what for word, what in (theirs | mails).items() if word not in ours})


def _words(work: Work, alert: Alert) -> dict[str, str]:
    enterprise = enterprises.load(work, alert.enterprise)
    assert enterprise
    found = {alert.key: "alert key", alert.key[:8]: "alert number", enterprise.cn_name: "enterprise"}
    found |= {f"{UNSEEN}{alert.center}": "note"}
    found |= {c.email: "contact" for c in contacts.of_enterprise(work, alert.enterprise)}
    return found | {d.address: "address" for d in deliveries.of_alert(work, alert.key) if d.audience == "enterprise"}


def everything(ledger: Ledger, *but: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, to see whether anything changed."""
    with ledger.read() as work:
        kept = [one for one in metadata.sorted_tables if one.name not in but]
        return {one.name: sorted((tuple(row) for row in work.execute(select(one))), key=repr) for one in kept}
