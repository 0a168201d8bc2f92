"""Deliveries: the outbox. A claim is one statement, so the same code runs on SQLite and PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, literal, or_, select, update

from index.ledger import alerts as ledger_of_alerts
from index.ledger.codec import pack, unpack
from index.ledger.engine import Work, upsert
from index.ledger.tables import Instant, alerts, deliveries
from index.records import AlertState, Delivery, DeliveryState, Message

REFUSAL = "refusal:"  # a staff note that a delivery was refused; its key follows
DUE, SENDING, UNSURE = DeliveryState.DUE, DeliveryState.SENDING, DeliveryState.UNSURE


def insert(work: Work, delivery: Delivery, message: Message | None, now: datetime) -> bool:
    """Insert a delivery with its frozen message. False if it was planned before."""
    row = {
        "key": delivery.key,
        "alert_key": delivery.alert,
        "channel": delivery.channel,
        "address": delivery.address,
        "audience": delivery.audience,
        "contact": delivery.contact,
        "state": delivery.state,
        "due_at": delivery.due_at,
        "problem": delivery.problem,
        "message": pack(message) if message else "",
        "created_at": now,
    }
    return bool(upsert(work, deliveries, [row]))


def withhold(work: Work, alert: str, problem: str) -> int:
    """Suppress what is due to an enterprise for an alert that nothing founds any more; how many."""
    due = (deliveries.c.alert_key == alert) & (deliveries.c.audience == "enterprise") & (deliveries.c.state == DUE)
    return work.execute(update(deliveries).where(due).values(state=DeliveryState.SUPPRESSED, problem=problem)).rowcount


def under_way(work: Work, alert: str) -> bool:
    """Whether anything for the enterprise has left, or may have: more than due or suppressed."""
    quiet = (DeliveryState.DUE, DeliveryState.SUPPRESSED)
    gone = (deliveries.c.audience == "enterprise") & deliveries.c.state.not_in(quiet)
    found = select(deliveries.c.key).where(deliveries.c.alert_key == alert, gone).limit(1)
    return work.execute(found).scalar() is not None


def unbar(work: Work, key: str, message: Message, due_at: datetime) -> bool:
    """What was suppressed when it was planned may go: it becomes due with its message."""
    barred = (deliveries.c.key == key) & (deliveries.c.state == DeliveryState.SUPPRESSED)
    values = {"state": DUE, "message": pack(message), "due_at": due_at, "problem": ""}
    return bool(work.execute(update(deliveries).where(barred).values(**values)).rowcount)


def unheard(work: Work) -> list[str]:
    """Released alerts that are on their way to nobody at the enterprise."""
    dead = (DeliveryState.SUPPRESSED, DeliveryState.REFUSED)
    live = (deliveries.c.audience == "enterprise") & deliveries.c.state.not_in(dead)
    told = select(deliveries.c.alert_key).where(live)
    released = (alerts.c.state == AlertState.RELEASED) & alerts.c.key.not_in(told)
    return list(work.execute(select(alerts.c.key).where(released).order_by(alerts.c.created_at)).scalars())


def refused_unsaid(work: Work) -> list[Delivery]:
    """Refused deliveries to enterprises of which the center has not been told."""
    said = select(deliveries.c.audience).where(deliveries.c.audience.like(f"{REFUSAL}%"))
    refused = (deliveries.c.state == DeliveryState.REFUSED) & (deliveries.c.audience == "enterprise")
    unsaid = refused & (literal(REFUSAL) + deliveries.c.key).not_in(said)
    return [_delivery(row) for row in work.execute(select(deliveries).where(unsaid).order_by(deliveries.c.key))]


def holders(work: Work) -> list[str]:
    """Who is sending something now, or died doing it."""
    sending = select(deliveries.c.holder).where(deliveries.c.state == SENDING).distinct()
    return list(work.execute(sending).scalars())


def abandon(
    work: Work, now: datetime, dead_holders: Sequence[str] = (), later: Mapping[str, datetime] | None = None
) -> int:
    """Deliveries whose sender died between the call and its answer become `unsure`; how many.

    They are looked at again at once, those of a channel named in `later` at its instant.
    """
    late = (deliveries.c.lease_until < now) | deliveries.c.holder.in_(dead_holders)
    dead = (deliveries.c.state == SENDING) & late
    values = {"state": UNSURE, "unsure": deliveries.c.unsure + 1, "due_at": _by_channel(later or {}, now), "holder": ""}
    return work.execute(update(deliveries).where(dead).values(**values)).rowcount


def _by_channel(instants: Mapping[str, datetime], otherwise: datetime) -> ColumnElement[datetime]:
    usual = literal(otherwise, Instant())
    chosen = [(deliveries.c.channel == channel, literal(at, Instant())) for channel, at in instants.items()]
    return case(*chosen, else_=usual) if chosen else usual


def claim(work: Work, now: datetime, holder: str, until: datetime, limit: int) -> list[tuple[Delivery, Message]]:
    """Take a batch that is due, or once unsure, for one sender until an instant."""
    again = (deliveries.c.state == UNSURE) & (deliveries.c.unsure == 1)
    batch = (
        select(deliveries.c.key)
        .where(or_(deliveries.c.state == DUE, again), deliveries.c.due_at <= now)
        .order_by(deliveries.c.due_at, deliveries.c.key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(deliveries)
        .where(deliveries.c.key.in_(batch.scalar_subquery()))
        .values(state=SENDING, holder=holder, lease_until=until, attempts=deliveries.c.attempts + 1)
        .returning(deliveries)
    )
    rows = sorted(work.execute(taken).all(), key=lambda row: (row.due_at, row.key))
    return [(_delivery(row), unpack(Message, row.message)) for row in rows]


def settle(work: Work, key: str, holder: str, state: DeliveryState, **values: Any) -> bool:
    """Only the answer moves the row, and only for the holder of its lease. False if the lease was lost."""
    mine = (deliveries.c.key == key) & (deliveries.c.holder == holder) & (deliveries.c.state == SENDING)
    settled = update(deliveries).where(mine).values(state=state, holder="", **values).returning(deliveries.c.alert_key)
    alert = work.execute(settled).scalar()
    if alert and state is DeliveryState.SENT:
        ledger_of_alerts.changed(work, alert)
    return alert is not None


def reached(work: Work, alert: str) -> bool:
    """Whether a channel took an alert for somebody at its enterprise."""
    taken = (deliveries.c.state == DeliveryState.SENT) & (deliveries.c.audience == "enterprise")
    found = select(deliveries.c.key).where(deliveries.c.alert_key == alert, taken).limit(1)
    return work.execute(found).scalar() is not None


def next_due(work: Work) -> datetime | None:
    """When the next delivery is due."""
    again = (deliveries.c.state == UNSURE) & (deliveries.c.unsure == 1)
    return work.execute(select(func.min(deliveries.c.due_at)).where(or_(deliveries.c.state == DUE, again))).scalar()


def of_alert(work: Work, alert: str) -> list[Delivery]:
    """An alert's deliveries."""
    rows = work.execute(select(deliveries).where(deliveries.c.alert_key == alert).order_by(deliveries.c.key))
    return [_delivery(row) for row in rows]


def message(work: Work, key: str) -> Message | None:
    """What a delivery carries, frozen when it was planned; None for one that was never to leave."""
    packed = work.execute(select(deliveries.c.message).where(deliveries.c.key == key)).scalar()
    return unpack(Message, packed) if packed else None


def counts(work: Work) -> dict[tuple[str, str], int]:
    """How many deliveries, by audience (enterprise, staff, refusal) and state."""
    rows = work.execute(
        select(deliveries.c.audience, deliveries.c.state, func.count()).group_by(
            deliveries.c.audience, deliveries.c.state
        )
    )
    counted: Counter[tuple[str, str]] = Counter()
    for audience, state, count in rows:
        counted[audience.split(":", 1)[0], state] += count
    return dict(counted)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        key=row.key,
        alert=row.alert_key,
        channel=row.channel,
        address=row.address,
        audience=row.audience,
        state=DeliveryState(row.state),
        due_at=row.due_at,
        contact=row.contact,
        attempts=row.attempts,
        unsure=row.unsure,
        receipt=row.receipt,
        problem=row.problem,
        created_at=row.created_at,
    )
