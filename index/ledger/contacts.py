"""The people who are told for an enterprise."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from index.ledger.codec import pack, unpack
from index.ledger.engine import Work, upsert
from index.ledger.tables import contacts
from index.records import Contact


def write(work: Work, contact: Contact, now: datetime) -> None:
    """Write a contact as registered."""
    row = {"id": contact.id, "enterprise": contact.enterprise, "record": pack(contact), "changed_at": now}
    upsert(work, contacts, [row], update=["enterprise", "record", "changed_at"])


def of_enterprise(work: Work, enterprise: str) -> list[Contact]:
    """An enterprise's contacts, by id."""
    rows = work.execute(select(contacts.c.record).where(contacts.c.enterprise == enterprise).order_by(contacts.c.id))
    return [unpack(Contact, record) for (record,) in rows]


def count(work: Work) -> int:
    """How many contacts there are."""
    return int(work.execute(select(func.count()).select_from(contacts)).scalar_one())
