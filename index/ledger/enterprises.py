"""Registered enterprises and every name they are known by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, insert, select

from index.keys import digest
from index.ledger.codec import content_key, pack, unpack
from index.ledger.engine import Work, upsert
from index.ledger.tables import aliases, enterprises
from index.records import Enterprise


def write(work: Work, enterprise: Enterprise, now: datetime) -> bool:
    """Write an enterprise as registered. False if it was known just so."""
    record = pack(enterprise)
    content = content_key(record)
    known = work.execute(select(enterprises.c.content).where(enterprises.c.id == enterprise.id)).scalar()
    if known == content:
        return False
    row = {
        "id": enterprise.id,
        "cn_name": enterprise.cn_name,
        "en_name": enterprise.en_name,
        "city": enterprise.city,
        "credit_code": enterprise.credit_code,
        "content": content,
        "record": record,
        "changed_at": now,
    }
    upsert(work, enterprises, [row], update=[name for name in row if name != "id"])
    work.execute(delete(aliases).where(aliases.c.enterprise == enterprise.id))
    for alias in enterprise.aliases:
        key = digest("alias", enterprise.id, alias.kind, alias.name)
        values = {"name": alias.name, "kind": alias.kind, "origin": alias.origin}
        work.execute(insert(aliases), {"key": key, "enterprise": enterprise.id, **values})
    return True


def load(work: Work, enterprise: str) -> Enterprise | None:
    """An enterprise by its id."""
    record = work.execute(select(enterprises.c.record).where(enterprises.c.id == enterprise)).scalar()
    return unpack(Enterprise, record) if record else None


def find(work: Work, named: str) -> str | None:
    """The id of the enterprise of this id, full name or credit code."""
    same = (enterprises.c.id == named) | (enterprises.c.cn_name == named) | (enterprises.c.credit_code == named)
    return work.execute(select(enterprises.c.id).where(same).order_by(enterprises.c.id).limit(1)).scalar()


def every(work: Work) -> list[Enterprise]:
    """The whole register, by id."""
    rows = work.execute(select(enterprises.c.record).order_by(enterprises.c.id))
    return [unpack(Enterprise, record) for (record,) in rows]


def state(work: Work) -> str:
    """A digest that changes whenever any enterprise does."""
    rows = work.execute(select(enterprises.c.id, enterprises.c.content).order_by(enterprises.c.id))
    return digest("register", *(part for row in rows for part in row))


def count(work: Work) -> int:
    """How many enterprises are registered."""
    return int(work.execute(select(func.count()).select_from(enterprises)).scalar_one())
