"""Bulletins: by industry and period, kept whole as composed, numbered once a second person reviewed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, case, distinct, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from index.ledger.engine import Work, add
from index.ledger.tables import bulletins, crawls, notices, sources, tagged_notices, tags

DRAFT, ISSUED, REJECTED = "draft", "issued", "rejected"
CRAWLED = "ok"  # the outcome of a crawl that went well
_TRIES = 100


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One bulletin. `period` is `2026-03`, `record` the composed content as JSON, `review` the secrecy
    review's ground and conclusion. `number` (`2026-001`, by the year of issue) is given when it is issued."""

    id: int
    industry: str
    period: str
    audience: str
    state: str
    record: str
    content_sha256: str
    composed_by: str
    composed_at: datetime
    number: str | None = None
    reviewed_by: str = ""
    review: str = ""
    reviewed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceMonth:
    """What a source told of in a span, and how its crawls went: how many well, how many badly, and the
    first good one after the span, where there was none within."""

    id: str
    notices: int
    disputes: int
    crawled: int
    failed: int
    later: datetime | None = None


# Drafts and their review


def write(work: Work, **values: Any) -> int:
    """Record a draft: every field of Bulletin but `id`, `number` and the review; its id."""
    return add(work, bulletins, state=DRAFT, **values)


def load(work: Work, number: int) -> Bulletin | None:
    """A bulletin by its id."""
    row = work.execute(select(bulletins).where(bulletins.c.id == number)).first()
    return _bulletin(row) if row else None


def same(work: Work, content_sha256: str) -> int | None:
    """The id of a bulletin with just this content that was not sent back."""
    alike = (bulletins.c.content_sha256 == content_sha256) & (bulletins.c.state != REJECTED)
    return work.execute(select(func.min(bulletins.c.id)).where(alike)).scalar()


def issue(work: Work, bulletin: int, by: str, said: str, now: datetime, year: int) -> str | None:
    """Issue a draft under the year's next number, which is returned; None if it is no draft any more.

    Two who issue at once read the same count: the database lets one have the number, the other counts
    anew, so that numbers never double and leave no gap.
    """
    for _ in range(_TRIES):
        number = f"{year}-{issued_in(work, year) + 1:03}"
        try:
            with work.begin_nested():
                done = review(work, bulletin, ISSUED, by, said, now, number)
        except IntegrityError:
            continue
        return number if done else None
    raise RuntimeError(f"bulletin {bulletin}: no free number of {year} in {_TRIES} tries")


def review(work: Work, bulletin: int, state: str, by: str, said: str, now: datetime, number: str | None) -> bool:
    """Record who reviewed a draft and the conclusion. False if it is no draft any more."""
    draft = (bulletins.c.id == bulletin) & (bulletins.c.state == DRAFT)
    values = {"state": state, "reviewed_by": by, "review": said, "reviewed_at": now, "number": number}
    return bool(work.execute(update(bulletins).where(draft).values(**values)).rowcount)


def issued_in(work: Work, year: int) -> int:
    """How many bulletins have a number of a year: `2026-` begins it."""
    mine = bulletins.c.number.like(f"{year}-%")
    return int(work.execute(select(func.count()).select_from(bulletins).where(mine)).scalar_one())


def issued_for(work: Work, industry: str, period: str, audience: str) -> list[str]:
    """The numbers under which an industry's period was issued to an audience, oldest first."""
    b = bulletins.c
    mine = and_(b.industry == industry, b.period == period, b.audience == audience, b.state == ISSUED)
    return list(work.execute(select(b.number).where(mine).order_by(func.length(b.number), b.number)).scalars())


def every(work: Work) -> list[Bulletin]:
    """All bulletins, newest first."""
    return [_bulletin(row) for row in work.execute(select(bulletins).order_by(bulletins.c.id.desc()))]


def _bulletin(row: Row[Any]) -> Bulletin:
    return Bulletin(**row._mapping)


# What a bulletin is composed from


def touched(work: Work, industry: str, since: date, until: date) -> list[str]:
    """The cases that an industry was ever said of, surely or not, and that have a notice of these days.

    A notice without a day of publication may be of any: the caller looks at its day of filing.
    """
    n = notices.c
    said = select(n.case_key).join(tags, tags.c.notice_key == n.key).where(tags.c.industry == industry)
    days = or_(n.published_on.between(since, until), n.published_on.is_(None))
    rows = work.execute(select(n.case_key).where(days, n.case_key.in_(said)).distinct().order_by(n.case_key))
    return list(rows.scalars())


def source_months(work: Work, since: date, until: date, begin: datetime, end: datetime) -> list[SourceMonth]:
    """Every source ever asked, by id: its notices of these days, its crawls between these instants."""
    told = _told(work, since, until)
    found = []
    for source in work.execute(select(sources.c.id).order_by(sources.c.id)).scalars():
        crawled, failed, later = _crawls(work, source, begin, end)
        found.append(SourceMonth(source, *told.get(source, (0, 0)), crawled, failed, None if crawled else later))
    return found


def _told(work: Work, since: date, until: date) -> dict[str, tuple[int, int]]:
    dispute = case((tagged_notices.c.ip_dispute == "yes", notices.c.key))
    rows = work.execute(
        select(notices.c.source, func.count(distinct(notices.c.key)), func.count(distinct(dispute)))
        .join(tagged_notices, tagged_notices.c.notice_key == notices.c.key, isouter=True)
        .where(notices.c.published_on.between(since, until))
        .group_by(notices.c.source)
    )
    return {source: (count, disputes) for source, count, disputes in rows}


def _crawls(work: Work, source: str, begin: datetime, end: datetime) -> tuple[int, int, datetime | None]:
    c = crawls.c
    within = and_(c.source == source, c.started_at >= begin, c.started_at < end, c.finished_at.is_not(None))
    good = func.count(case((c.outcome == CRAWLED, 1)))
    crawled, ended = work.execute(select(good, func.count()).where(within)).one()
    after = and_(c.source == source, c.started_at >= end, c.outcome == CRAWLED)
    return crawled, ended - crawled, work.execute(select(func.min(c.started_at)).where(after)).scalar()
