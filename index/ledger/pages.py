"""Raw pages: kept before they are read, forever, as they came."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, func, select, update

from index.keys import page_key
from index.ledger.engine import Work, upsert
from index.ledger.tables import pages
from index.records import Page

UNREAD, READ, UNREADABLE = "unread", "read", "unreadable"


def keep(work: Work, page: Page, validators: dict[str, str] | None = None) -> tuple[str, str]:
    """Keep a page as it came. Returns its key and its state; an unchanged page is written once."""
    key = page_key(page.source, page.url, page.body)
    row = {
        "key": key,
        "source": page.source,
        "url": page.url,
        "fetched_at": page.fetched_at,
        "media_type": page.media_type[:200],
        "size": len(page.body),
        "body": zlib.compress(page.body),
        "validators": json.dumps(validators or {}),
        "state": UNREAD,
    }
    if upsert(work, pages, [row]):
        return key, UNREAD
    work.execute(update(pages).where(pages.c.key == key).values(validators=row["validators"]))
    return key, str(work.execute(select(pages.c.state).where(pages.c.key == key)).scalar_one())


def mark(work: Work, key: str, state: str) -> None:
    """Say that a page was read, or cannot be."""
    work.execute(update(pages).where(pages.c.key == key).values(state=state))


def load(work: Work, key: str) -> Page:
    """A kept page. Raises sqlalchemy's NoResultFound for an unknown key."""
    return _page(work.execute(select(pages).where(pages.c.key == key)).one())


def latest(work: Work, source: str, url: str) -> Page | None:
    """The newest page that was read at an address."""
    here = (pages.c.source == source) & (pages.c.url == url) & (pages.c.state == READ)
    row = work.execute(select(pages).where(here).order_by(pages.c.fetched_at.desc()).limit(1)).first()
    return _page(row) if row else None


def unread(work: Work, source: str) -> Iterator[Page]:
    """Pages kept by a process that died before it read them, oldest first."""
    rows = work.execute(
        select(pages).where(pages.c.source == source, pages.c.state == UNREAD).order_by(pages.c.fetched_at)
    )
    yield from map(_page, rows)


def validators(work: Work, source: str, url: str) -> dict[str, str]:
    """The conditional-request headers of the newest kept page at an address; empty without any."""
    found = work.execute(
        select(pages.c.validators)
        .where(pages.c.source == source, pages.c.url == url, pages.c.state == READ)
        .order_by(pages.c.fetched_at.desc())
        .limit(1)
    ).scalar()
    return dict(json.loads(found)) if found else {}


def counts(work: Work) -> dict[tuple[str, str], int]:
    """How many pages each source has in each state."""
    rows = work.execute(select(pages.c.source, pages.c.state, func.count()).group_by(pages.c.source, pages.c.state))
    return {(source, state): count for source, state, count in rows}


def _page(row: Row[Any]) -> Page:
    return Page(row.source, row.url, row.fetched_at, zlib.decompress(row.body), row.media_type)
