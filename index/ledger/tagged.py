"""Tagged notices: what was understood of each notice, by which rules, with its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from index.ledger import queue
from index.ledger.codec import content_key, pack, unpack
from index.ledger.engine import Work, upsert
from index.ledger.tables import notices, tagged_notices, tags
from index.records import TaggedNotice


def write(work: Work, tagged: TaggedNotice, now: datetime) -> bool:
    """Write what was understood. False if the same was known."""
    record = pack(tagged)
    key, content = tagged.notice.key, content_key(record)
    same = select(tagged_notices.c.content, tagged_notices.c.understood_by).where(tagged_notices.c.notice_key == key)
    if work.execute(same).first() == (content, tagged.understood_by):
        return False
    row = {
        "notice_key": key,
        "content": content,
        "understood_by": tagged.understood_by,
        "event": tagged.event,
        "ip_dispute": tagged.ip_dispute,
        "record": record,
        "at": now,
    }
    upsert(work, tagged_notices, [row], update=[name for name in row if name != "notice_key"])
    work.execute(delete(tags).where(tags.c.notice_key == key))
    for tag in tagged.tags:
        values = {"industry": tag.industry, "score": tag.score, "band": tag.band, "record": pack(tag)}
        work.execute(insert(tags), {"notice_key": key, **values})
    queue.put(work, key, now)
    return True


def load(work: Work, key: str) -> TaggedNotice | None:
    """What was understood of a notice, if anything yet."""
    record = work.execute(select(tagged_notices.c.record).where(tagged_notices.c.notice_key == key)).scalar()
    return unpack(TaggedNotice, record) if record else None


def load_many(work: Work, keys: Iterable[str]) -> list[TaggedNotice]:
    """What was understood of several notices, in their order."""
    return [tagged for key in keys if (tagged := load(work, key))]


def disputes(work: Work) -> dict[str, int]:
    """How many IP disputes each source has told of."""
    rows = work.execute(
        select(notices.c.source, func.count())
        .join(tagged_notices, tagged_notices.c.notice_key == notices.c.key)
        .where(tagged_notices.c.ip_dispute == "yes")
        .group_by(notices.c.source)
    )
    return dict(rows.all())
