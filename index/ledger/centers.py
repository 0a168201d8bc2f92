"""Guidance sub-centers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from index.ledger.codec import pack, unpack
from index.ledger.engine import Work, upsert
from index.ledger.tables import centers
from index.records import Center


def write(work: Work, center: Center, now: datetime) -> None:
    """Write a center as registered."""
    row = {"id": center.id, "record": pack(center), "changed_at": now}
    upsert(work, centers, [row], update=["record", "changed_at"])


def every(work: Work) -> list[Center]:
    """All centers, by id."""
    return [unpack(Center, record) for (record,) in work.execute(select(centers.c.record).order_by(centers.c.id))]
