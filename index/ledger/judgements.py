"""What staff said of a name and an enterprise; "not ours" binds every later run."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from index.keys import digest
from index.ledger.engine import Work, add
from index.ledger.tables import judgements

VERDICTS = ("confirmed", "not_ours", "unsure")


def judge(work: Work, name_key: str, enterprise: str, verdict: str, by: str, why: str, now: datetime) -> int:
    """Record a judgement; its number. Raises ValueError for a verdict that is none."""
    if verdict not in VERDICTS:
        raise ValueError(f"verdict {verdict!r} is none of {', '.join(VERDICTS)}")
    values = {"name_key": name_key, "enterprise": enterprise, "verdict": verdict, "by": by, "why": why}
    return add(work, judgements, at=now, **values)


def undo(work: Work, judgement: int, by: str, now: datetime) -> None:
    """Take a judgement back; it stays on record with who took it back."""
    work.execute(update(judgements).where(judgements.c.id == judgement).values(undone_at=now, undone_by=by))


def in_force(work: Work) -> dict[tuple[str, str], str]:
    """(name key, enterprise) → the newest verdict that was not taken back."""
    rows = work.execute(select(judgements).where(judgements.c.undone_at.is_(None)).order_by(judgements.c.id))
    return {(row.name_key, row.enterprise): row.verdict for row in rows}


def state(work: Work) -> str:
    """A digest that changes whenever a judgement does."""
    return digest(
        "judgements", *(part for pair, verdict in sorted(in_force(work).items()) for part in (*pair, verdict))
    )
