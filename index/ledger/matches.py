"""Matches: one row per case and enterprise, updated by every later run, never written twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from index.ledger.codec import pack, unpack
from index.ledger.engine import Work, upsert
from index.ledger.tables import matches
from index.records import Match


def write(work: Work, case: str, found: Sequence[Match], now: datetime) -> None:
    """Set a case's matches to those found; a match no longer found stays, inactive."""
    gone = update(matches).where(matches.c.case_key == case, matches.c.active)
    work.execute(gone.where(matches.c.enterprise.not_in([m.enterprise for m in found])).values(active=False))
    for match in found:
        row = {
            "case_key": case,
            "enterprise": match.enterprise,
            "level": match.level,
            "band": match.band,
            "score": match.score,
            "matcher": match.matcher,
            "record": pack(match),
            "active": True,
            "first_at": now,
            "changed_at": now,
        }
        changing = ("level", "band", "score", "matcher", "record", "active", "changed_at")
        upsert(work, matches, [row], update=changing)


def of_case(work: Work, case: str) -> list[Match]:
    """A case's matches that hold now, by enterprise."""
    rows = work.execute(
        select(matches.c.record).where(matches.c.case_key == case, matches.c.active).order_by(matches.c.enterprise)
    )
    return [unpack(Match, record) for (record,) in rows]


def load(work: Work, case: str, enterprise: str) -> Match | None:
    """The match of a case and an enterprise, whether or not it still holds."""
    found = select(matches.c.record).where(matches.c.case_key == case, matches.c.enterprise == enterprise)
    record = work.execute(found).scalar()
    return unpack(Match, record) if record else None


def counts(work: Work) -> dict[str, int]:
    """How many matches hold, by band."""
    rows = work.execute(select(matches.c.band, func.count()).where(matches.c.active).group_by(matches.c.band))
    return dict(rows.all())
