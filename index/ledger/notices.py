"""Notices: one row each, every version kept, and the one state each heard item is in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, or_, select, update

from index.ledger import queue
from index.ledger.codec import content_key, pack, unpack
from index.ledger.engine import Work, upsert
from index.ledger.tables import notice_versions, notices, tagged_notices
from index.records import ItemState, Notice

NOT_UNDERSTOOD = "not understood by "


def write(work: Work, notice: Notice, now: datetime, state: ItemState = ItemState.WAITING, why: str = "") -> int:
    """Write a notice, as a new version if it changed. The version written; 0 if it was known just so."""
    record = pack(notice)
    content = content_key(record)
    known = work.execute(select(notices.c.content, notices.c.version).where(notices.c.key == notice.key)).first()
    if known and known.content == content:
        return 0
    version = known.version + 1 if known else 1
    row = {
        "key": notice.key,
        "source": notice.source,
        "native_id": notice.native_id,
        "published_on": notice.published_on,
        "version": version,
        "content": content,
        "record": record,
        "heard_at": now,
        "changed_at": now,
        "state": state,
        "why": why,
    }
    changing = ("native_id", "published_on", "version", "content", "record", "changed_at", "state", "why")
    upsert(work, notices, [row], update=changing)
    upsert(work, notice_versions, [{"notice_key": notice.key, "version": version, "record": record, "at": now}])
    queue.put(work, notice.key, now)
    return version


def load(work: Work, key: str) -> Notice:
    """A notice by its key. Raises NoResultFound for an unknown one."""
    return unpack(Notice, work.execute(select(notices.c.record).where(notices.c.key == key)).scalar_one())


def to_understand(work: Work, rules: str, limit: int) -> list[Notice]:
    """Notices that wait, or were understood by other rules than these; oldest first."""
    rows = work.execute(
        select(notices.c.record)
        .join(tagged_notices, tagged_notices.c.notice_key == notices.c.key, isouter=True)
        .where(
            or_(
                notices.c.state == ItemState.WAITING,
                (notices.c.state != ItemState.UNREADABLE)
                & (func.coalesce(tagged_notices.c.understood_by, "") != rules),
                # these rules' predecessors failed at it
                (notices.c.state == ItemState.UNREADABLE)
                & notices.c.why.startswith(NOT_UNDERSTOOD)
                & ~notices.c.why.startswith(NOT_UNDERSTOOD + rules, autoescape=True),
            ),
        )
        .order_by(notices.c.heard_at, notices.c.key)
        .limit(limit)
    )
    return [unpack(Notice, record) for (record,) in rows]


def end(work: Work, key: str, state: ItemState, why: str = "", case: str | None = None) -> None:
    """Say in which state an item ended, and which case it is of."""
    work.execute(update(notices).where(notices.c.key == key).values(state=state, why=why, case_key=case))


def end_of_case(work: Work, case: str, state: ItemState) -> None:
    """Put all of a case's items into one state."""
    work.execute(update(notices).where(notices.c.case_key == case).values(state=state))


def of_case(work: Work, case: str) -> list[str]:
    """The keys of a case's notices, oldest first."""
    rows = work.execute(
        select(notices.c.key).where(notices.c.case_key == case).order_by(notices.c.published_on, notices.c.heard_at)
    )
    return [key for (key,) in rows]


def case_of(work: Work, key: str) -> str | None:
    """The case a notice belongs to."""
    return work.execute(select(notices.c.case_key).where(notices.c.key == key)).scalar()


def versions(work: Work, key: str) -> list[Notice]:
    """Every version of a notice, the first first."""
    rows = work.execute(
        select(notice_versions.c.record).where(notice_versions.c.notice_key == key).order_by(notice_versions.c.version)
    )
    return [unpack(Notice, record) for (record,) in rows]


def keys(work: Work) -> Iterator[str]:
    """Every notice's key."""
    yield from work.execute(select(notices.c.key).order_by(notices.c.key)).scalars()


def counts(work: Work) -> dict[tuple[str, str], int]:
    """How many items each source has in each state."""
    rows = work.execute(
        select(notices.c.source, notices.c.state, func.count()).group_by(notices.c.source, notices.c.state)
    )
    return {(source, state): count for source, state, count in rows}
