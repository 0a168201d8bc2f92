"""Raw notices: each item's fields exactly as printed, never edited."""

from __future__ import annotations

from sqlalchemy import func, select, update

from index.keys import digest, notice_key
from index.ledger.codec import pack, unpack
from index.ledger.engine import Work, upsert
from index.ledger.tables import raw_notices
from index.records import RawNotice


def key_of(raw: RawNotice) -> str:
    """The key of the notice a raw notice tells of."""
    return notice_key(raw.source, raw.identity or raw.native_id, raw.url)


def keep(work: Work, raw: RawNotice) -> bool:
    """Keep one raw notice. False if the same fields were already the newest of their part."""
    notice = key_of(raw)
    own = digest("raw", notice, raw.part, pack(dict(raw.fields)), raw.url)
    if own == _newest(work, notice, raw.part):
        return False
    row = {
        "key": own,
        "notice_key": notice,
        "source": raw.source,
        "identity": raw.identity or raw.native_id,
        "part": raw.part,
        "page_key": raw.page_key,
        "fetched_at": raw.fetched_at,
        "record": pack(raw),
    }
    if not upsert(work, raw_notices, [row]):  # fields that came back after a change
        work.execute(update(raw_notices).where(raw_notices.c.key == own).values(fetched_at=raw.fetched_at))
    return True


def parts(work: Work, notice: str) -> list[RawNotice]:
    """The newest raw notice of each part of a notice."""
    rows = work.execute(
        select(raw_notices.c.part, raw_notices.c.record)
        .where(raw_notices.c.notice_key == notice)
        .order_by(raw_notices.c.fetched_at)
    )
    newest = dict(rows.all())
    return [unpack(RawNotice, record) for record in newest.values()]


def has_part(work: Work, source: str, identity: str, part: str) -> bool:
    """Whether a source's item has been heard by one of its parts."""
    notice = notice_key(source, identity)
    return _newest(work, notice, part) is not None


def heard(work: Work) -> dict[str, int]:
    """How many different items each source has brought, counted from what was kept as printed."""
    items = func.count(raw_notices.c.notice_key.distinct())
    return dict(work.execute(select(raw_notices.c.source, items).group_by(raw_notices.c.source)).all())


def _newest(work: Work, notice: str, part: str) -> str | None:
    return work.execute(
        select(raw_notices.c.key)
        .where(raw_notices.c.notice_key == notice, raw_notices.c.part == part)
        .order_by(raw_notices.c.fetched_at.desc())
        .limit(1)
    ).scalar()
