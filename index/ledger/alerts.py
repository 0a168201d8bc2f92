"""Alerts: one per enterprise, case and event, with the one state it is in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, true, update

from index.ledger import queue
from index.ledger.codec import pack, unpack
from index.ledger.engine import Work, upsert
from index.ledger.tables import alert_notices, alerts, judgements
from index.records import Alert, AlertState, Band, Deadline, Level


def insert(work: Work, alert: Alert, told: Iterable[str]) -> bool:
    """Insert an alert and the notices it tells of. False if the event was told before."""
    row = {
        "key": alert.key,
        "enterprise": alert.enterprise,
        "case_key": alert.case,
        "event": alert.event,
        "notice_key": alert.notice,
        "level": alert.level,
        "band": alert.band,
        "severity": alert.severity,
        "state": alert.state,
        "center": alert.center,
        "reason": alert.reason,
        "deadlines": pack(alert.deadlines, tuple[Deadline, ...]),
        "created_at": alert.created_at,
        "released_at": alert.released_at,
        "released_by": alert.released_by,
    }
    new = bool(upsert(work, alerts, [row]))
    tells(work, alert.key, told)
    changed(work, alert.key)
    return new


def changed(work: Work, key: str) -> None:
    """The index must take an alert in again, with the notice that led to it."""
    for notice in work.execute(select(alerts.c.notice_key).where(alerts.c.key == key)).scalars():
        queue.put(work, notice, datetime.now(UTC))


def stage(alert: Alert, *, sent: bool) -> str:
    """How far an alert came: held → released → sent (a channel took it) → acknowledged → closed; or suppressed."""
    return "sent" if sent and alert.state is AlertState.RELEASED else alert.state.value


def tells(work: Work, alert: str, notices: Iterable[str]) -> None:
    """Write down that an alert tells of these notices."""
    upsert(work, alert_notices, [{"alert_key": alert, "notice_key": key} for key in notices])


def of_event(work: Work, enterprise: str, family: Sequence[str], event: str) -> str | None:
    """The key of the alert that told an enterprise of an event of a case, or of one merged into it."""
    ours = (alerts.c.enterprise == enterprise) & alerts.c.case_key.in_(family) & (alerts.c.event == event)
    return work.execute(select(alerts.c.key).where(ours).limit(1)).scalar()


def load(work: Work, key: str) -> Alert | None:
    """An alert by its key."""
    row = work.execute(select(alerts).where(alerts.c.key == key)).first()
    return of_row(row) if row else None


def lock(work: Work, key: str) -> Alert | None:
    """An alert as it is now, which nobody else changes until this transaction ends."""
    row = work.execute(select(alerts).where(alerts.c.key == key).with_for_update()).first()
    return of_row(row) if row else None


def led_by(work: Work, notice: str) -> list[Alert]:
    """The alerts a notice led to, by key."""
    rows = work.execute(select(alerts).where(alerts.c.notice_key == notice).order_by(alerts.c.key))
    return [of_row(row) for row in rows]


def told(work: Work, enterprise: str, family: Sequence[str], slight: str = "") -> tuple[set[str], set[str], set[str]]:
    """What an enterprise has alerts for: (events and notices of a case and those merged into it, notices of others).

    A notice whose only alert was suppressed as `slight` does not count: read better, it may be told.
    """
    ours = (alerts.c.enterprise == enterprise) & alerts.c.case_key.in_(family)
    events = set(work.execute(select(alerts.c.event).where(ours)).scalars())
    joined = alert_notices.join(alerts, alerts.c.key == alert_notices.c.alert_key)
    rows = work.execute(
        select(alert_notices.c.notice_key, alerts.c.case_key.in_(family))
        .select_from(joined)
        .where(alerts.c.enterprise == enterprise, alerts.c.reason != slight if slight else true())
    ).all()
    return events, {key for key, here in rows if here}, {key for key, here in rows if not here}


def ripening(work: Work) -> list[Alert]:
    """Held alerts the clock may look at: not those handed on or judged already, which are a person's to decide."""
    judged = select(judgements.c.alert_key)
    held = (alerts.c.state == AlertState.HELD) & alerts.c.escalated_at.is_(None) & alerts.c.key.not_in(judged)
    return [of_row(row) for row in work.execute(select(alerts).where(held).order_by(alerts.c.created_at))]


def in_state(work: Work, *states: AlertState) -> list[Alert]:
    """Alerts in any of the states, oldest first."""
    rows = work.execute(select(alerts).where(alerts.c.state.in_(states)).order_by(alerts.c.created_at, alerts.c.key))
    return [of_row(row) for row in rows]


def held_of(work: Work, family: Sequence[str]) -> list[Alert]:
    """The held alerts of a case and those merged into it."""
    return _of_family(work, family, AlertState.HELD)


def released_of(work: Work, family: Sequence[str]) -> list[Alert]:
    """The released alerts of a case and those merged into it."""
    return _of_family(work, family, AlertState.RELEASED)


def _of_family(work: Work, family: Sequence[str], state: AlertState) -> list[Alert]:
    return _locked(work, alerts.c.case_key.in_(family) & (alerts.c.state == state))


def _locked(work: Work, which: ColumnElement[bool]) -> list[Alert]:
    """Alerts that a round is about to move: no clerk judges them until it has."""
    rows = work.execute(select(alerts).where(which).order_by(alerts.c.key).with_for_update())
    return [of_row(row) for row in rows]


def suppressed_of(work: Work, family: Sequence[str], reason: str) -> list[Alert]:
    """The alerts of a case and those merged into it that were suppressed for one reason."""
    silent = (alerts.c.state == AlertState.SUPPRESSED) & (alerts.c.reason == reason)
    return _locked(work, alerts.c.case_key.in_(family) & silent)


def set_state(work: Work, key: str, state: AlertState, **values: Any) -> None:
    """Move an alert to a state, with what goes with it (released_at, released_by, reason, center…)."""
    work.execute(update(alerts).where(alerts.c.key == key).values(state=state, **values))
    changed(work, key)


def set_band(work: Work, enterprise: str, family: Sequence[str], level: Level, band: Band) -> None:
    """A better matcher changes what a held alert rests on; it never makes a second one."""
    held = (alerts.c.enterprise == enterprise) & alerts.c.case_key.in_(family) & (alerts.c.state == AlertState.HELD)
    moved = update(alerts).where(held).values(level=level, band=band).returning(alerts.c.key)
    for key in work.execute(moved).scalars():
        changed(work, key)


def escalated(work: Work, key: str, center: str, now: datetime) -> None:
    """Hand a long-held alert to another center."""
    work.execute(update(alerts).where(alerts.c.key == key).values(center=center, escalated_at=now))
    changed(work, key)


def waiting_since(work: Work, before: datetime) -> list[Alert]:
    """Held alerts made before an instant and not yet handed on."""
    late = (alerts.c.state == AlertState.HELD) & (alerts.c.created_at < before) & alerts.c.escalated_at.is_(None)
    return [of_row(row) for row in work.execute(select(alerts).where(late).order_by(alerts.c.created_at))]


def counts(work: Work) -> dict[str, int]:
    """How many alerts are in each state."""
    return dict(work.execute(select(alerts.c.state, func.count()).group_by(alerts.c.state)).all())


def of_row(row: Row[Any]) -> Alert:
    """A row of the table as the record it keeps."""
    return Alert(
        key=row.key,
        enterprise=row.enterprise,
        case=row.case_key,
        event=row.event,
        notice=row.notice_key,
        level=Level(row.level),
        band=Band(row.band),
        severity=row.severity,
        state=AlertState(row.state),
        center=row.center,
        created_at=row.created_at,
        deadlines=unpack(tuple[Deadline, ...], row.deadlines),
        reason=row.reason,
        released_at=row.released_at,
        released_by=row.released_by,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
    )
