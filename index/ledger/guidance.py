"""Guidance: what followed a warning, with its outcome and the loss recovered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from index.ledger.engine import Work, add
from index.ledger.tables import guidance


@dataclass(frozen=True, slots=True)
class Guidance:
    """One act of guidance. `form` is the standard form used, `loss_recovered` in `currency` (ISO 4217),
    `counted` says how it was counted."""

    enterprise: str
    case: str
    center: str
    form: str
    action: str
    at: datetime
    outcome: str = ""
    loss_recovered: float | None = None
    currency: str = ""
    counted: str = ""


def write(work: Work, act: Guidance) -> int:
    """Record an act of guidance; its number."""
    values = {"enterprise": act.enterprise, "case_key": act.case, "center": act.center, "form": act.form}
    money = {"loss_recovered": act.loss_recovered, "currency": act.currency, "counted": act.counted}
    return add(work, guidance, action=act.action, outcome=act.outcome, at=act.at, **values, **money)


def close(work: Work, number: int, outcome: str, recovered: float | None, currency: str, counted: str) -> None:
    """Say how an act of guidance ended and what loss was recovered."""
    values = {"outcome": outcome, "loss_recovered": recovered, "currency": currency, "counted": counted}
    work.execute(update(guidance).where(guidance.c.id == number).values(**values))


def of_case(work: Work, case: str) -> list[Guidance]:
    """What was done in a case, in order."""
    rows = work.execute(select(guidance).where(guidance.c.case_key == case).order_by(guidance.c.id))
    return [
        Guidance(r.enterprise, r.case_key, r.center, r.form, r.action, r.at, r.outcome, r.loss_recovered, r.currency,
                 r.counted)
        for r in rows
    ]  # fmt: skip


def recovered(work: Work, since: datetime, until: datetime) -> dict[str, float]:
    """Loss recovered by currency, of acts from one instant up to another."""
    during = (guidance.c.at >= since) & (guidance.c.at < until) & guidance.c.loss_recovered.is_not(None)
    sums = select(guidance.c.currency, func.sum(guidance.c.loss_recovered)).where(during)
    return dict(work.execute(sums.group_by(guidance.c.currency)).all())
