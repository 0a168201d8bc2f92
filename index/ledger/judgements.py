"""What staff said of a name and an enterprise; "not ours" binds every later run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from index.keys import digest
from index.ledger.engine import Work, add
from index.ledger.tables import judgements

VERDICTS = ("confirmed", "not_ours", "unsure")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One verdict on a name pair, given on an alert; `undone_at` is set once it was taken back."""

    id: int
    name_key: str
    enterprise: str
    verdict: str
    by: str
    why: str
    at: datetime
    undone_at: datetime | None = None
    undone_by: str = ""
    alert_key: str = ""


def judge(
    work: Work, name_key: str, enterprise: str, verdict: str, by: str, why: str, now: datetime, alert: str = ""
) -> int:
    """Record a judgement; its number. Raises ValueError for a verdict that is none."""
    if verdict not in VERDICTS:
        raise ValueError(f"verdict {verdict!r} is none of {', '.join(VERDICTS)}")
    values = {"name_key": name_key, "enterprise": enterprise, "verdict": verdict, "by": by, "why": why}
    return add(work, judgements, at=now, alert_key=alert, **values)


def undo(work: Work, judgement: int, by: str, now: datetime) -> bool:
    """Take a judgement back; it stays on record with who took it back. False if it was taken back before."""
    still = (judgements.c.id == judgement) & judgements.c.undone_at.is_(None)
    return bool(work.execute(update(judgements).where(still).values(undone_at=now, undone_by=by)).rowcount)


def of_alert(work: Work, alert: str) -> list[Judgement]:
    """What was said on an alert, in order, taken back or not."""
    rows = work.execute(select(judgements).where(judgements.c.alert_key == alert).order_by(judgements.c.id))
    return [Judgement(**row._mapping) for row in rows]


def rejected(work: Work, alert: str) -> bool:
    """Whether a clerk said of an alert that it is not the enterprise's, and that stands."""
    said = [given.verdict for given in of_alert(work, alert) if given.undone_at is None]
    return said[-1:] == ["not_ours"]


def in_force(work: Work) -> dict[tuple[str, str], str]:
    """(name key, enterprise) → the newest verdict that was not taken back."""
    rows = work.execute(select(judgements).where(judgements.c.undone_at.is_(None)).order_by(judgements.c.id))
    return {(row.name_key, row.enterprise): row.verdict for row in rows}


def state(work: Work) -> str:
    """A digest that changes whenever a judgement does."""
    return digest(
        "judgements", *(part for pair, verdict in sorted(in_force(work).items()) for part in (*pair, verdict))
    )
