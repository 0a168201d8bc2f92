"""The audit trail: who did what to what, when. Rows are only ever added."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select

from index.ledger.engine import Work, add
from index.ledger.tables import audit


def write(work: Work, who: str, what: str, subject: str, now: datetime, **detail: Any) -> None:
    """Record an act."""
    add(work, audit, at=now, who=who, what=what, subject=subject, detail=json.dumps(detail, ensure_ascii=False))


def of(work: Work, subject: str) -> list[tuple[datetime, str, str, dict[str, Any]]]:
    """(when, who, what, detail) of everything done to a subject, in order."""
    rows = work.execute(select(audit).where(audit.c.subject == subject).order_by(audit.c.id))
    return [(row.at, row.who, row.what, json.loads(row.detail)) for row in rows]
