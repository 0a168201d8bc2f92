"""`yujing bulletin …`: compose a draft, review it, list, and write it out."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from alerts.bulletins import issue
from alerts.bulletins.content import printed_number
from alerts.bulletins.month import Month
from alerts.bulletins.words import say
from alerts.commands.showing import console, table
from index.ledger import Ledger, bulletins
from index.ledger.bulletins import DRAFT, ISSUED, REJECTED
from index.problems import Unusable
from index.settings import load_settings
from nlp.industries import load as industries

STATES = {DRAFT: "草稿 draft", ISSUED: "已印发 issued", REJECTED: "退回 rejected"}


def _ledger() -> closing[Ledger]:
    return closing(Ledger.open(load_settings().ledger))


def compose(industry: str, month: date, by: str, audience: str) -> int:
    """Compose a draft of the industry's month and print its id."""
    with _ledger() as ledger:
        made = issue.draft(ledger, industry, Month.of(month), by, audience, datetime.now(UTC))
        with ledger.read() as work:
            found = issue.load(work, made)
    content = issue.content_of(found)
    print(f"{made}: {content.title} · {STATES[found.state]} · 案件 cases {len(content.disputes)}")
    print(
        f"下一步 next: yujing bulletin write {made} --out bulletin.pdf · yujing bulletin review {made} --by … --said …"
    )
    return 0


def review(bulletin: int, by: str, said: str, *, reject: bool) -> int:
    """Record the second person's review and print the number it was issued under."""
    with _ledger() as ledger:
        done = issue.review(ledger, bulletin, by, said, datetime.now(UTC), reject=reject)
    print(f"{done.id}: {STATES[done.state]} {issue.edition_of(done).number if done.number else ''}".rstrip())
    return 0


def list_all() -> int:
    """Print every bulletin, newest first; one whose content was changed is named, not shown."""
    with _ledger() as ledger, ledger.read() as work:
        found = bulletins.every(work)
    headings = ("编号 id", "期号 number", "月份 month", "产业 industry", "状态 state", "编制 composed", "复核 reviewed")
    shown = table("简报 · bulletins", *headings, words=7)
    known = industries()
    for one in found:
        industry = known[one.industry].zh if one.industry in known else one.industry
        state = STATES[one.state] if issue.intact(one) else "内容已被改动 altered"
        number = printed_number(one.number) if one.number else say("no_number")
        shown.add_row(str(one.id), number, one.period, industry, state, one.composed_by, one.reviewed_by)
    console().print(shown if found else "没有简报 · none")
    return 0


def write(bulletin: int, out: Path) -> int:
    """Write a bulletin in the form the file's suffix names. Raises Unusable for an unknown form or no font."""
    from alerts.bulletins.formats import writer  # noqa: PLC0415

    make = writer(out.suffix)
    with _ledger() as ledger, ledger.read() as work:
        edition = issue.edition_of(issue.load(work, bulletin))
    made = make(edition, load_settings().font)
    try:
        out.write_bytes(made)
    except OSError as error:
        raise Unusable(f"{out}: 无法写入 · cannot be written: {error.strerror}") from error
    print(f"{out}: {edition.content.title} {edition.number}{' ' + edition.mark if edition.mark else ''}")
    return 0
