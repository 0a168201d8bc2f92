"""The second step of a round: understand what was heard and put it into its case."""

from __future__ import annotations

from datetime import UTC, datetime

from index.ledger import Ledger, Work, cases, matches, notices, problems, tagged
from index.problems import Problem
from index.records import IpDispute, ItemState, Notice, TaggedNotice
from nlp.tag import understand, version

BATCH = 50


def understand_all(ledger: Ledger) -> int:
    """Understand what waits or was understood by older rules; how many notices."""
    done = 0
    while True:
        with ledger.read() as work:
            waiting = notices.to_understand(work, version(), BATCH)
        if not waiting:
            return done
        told = [(notice, understood(notice)) for notice in waiting]
        with ledger.begin() as work:
            for notice, result in told:
                _write(work, notice, result)
        done += len(told)


def understood(notice: Notice) -> TaggedNotice | Problem:
    """A notice understood, or the problem that it cannot be."""
    try:
        return understand(notice)
    except Exception as error:  # noqa: BLE001  a crawled text that trips the reader must not stop all later rounds
        reason = f"{type(error).__name__}: {str(error)[:300]}"
        return Problem(notice.source, notice.url, "understanding", reason, "", notice.native_id)


def _write(work: Work, notice: Notice, result: TaggedNotice | Problem) -> None:
    if isinstance(result, Problem):
        problems.record(work, result, datetime.now(UTC))
        why = f"{notices.NOT_UNDERSTOOD}{version()}: {result.reason}"
        notices.end(work, notice.key, ItemState.UNREADABLE, why, notices.case_of(work, notice.key))
        return
    tagged.write(work, result, datetime.now(UTC))
    _place(work, notice, result.ip_dispute)


def _place(work: Work, notice: Notice, dispute: IpDispute) -> None:
    now = datetime.now(UTC)
    before = notices.case_of(work, notice.key)
    told = tagged.load(work, notice.key)
    if dispute is IpDispute.NO or told is None:
        notices.end(work, notice.key, ItemState.NOT_IP, "不是知识产权纠纷")
    else:
        case = cases.join(work, told, now)
        state = ItemState.MATCHED if matches.of_case(work, case) else ItemState.NO_MATCH
        notices.end(work, notice.key, state, case=case)
        cases.refresh(work, case, now)
    if before and before != notices.case_of(work, notice.key):
        cases.refresh(work, before, now)
