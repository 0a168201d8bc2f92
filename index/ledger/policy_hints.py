"""Policy hints: dated, sourced support programmes that a warning may point to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from index.ledger.engine import Work, upsert
from index.ledger.tables import policy_hints


@dataclass(frozen=True, slots=True)
class PolicyHint:
    """One programme: what it says in Chinese, for whom, whence, since when and until when."""

    id: str
    text_zh: str
    condition: str
    source_url: str
    dated_on: date
    expires_on: date | None = None


def write(work: Work, hint: PolicyHint) -> None:
    """Record a hint, or what changed of it."""
    row = asdict(hint)
    upsert(work, policy_hints, [row], update=[name for name in row if name != "id"])


def in_force(work: Work, today: date) -> list[PolicyHint]:
    """The hints that hold on a day."""
    begun = policy_hints.c.dated_on <= today
    lasting = policy_hints.c.expires_on.is_(None) | (policy_hints.c.expires_on >= today)
    rows = work.execute(select(policy_hints).where(begun, lasting).order_by(policy_hints.c.id))
    return [PolicyHint(**row._mapping) for row in rows]
