"""The outbox: claim, send outside any transaction, and let only the answer move the row.

A delivery leaves twice in one case only: the process died between the server's word and our commit.
Such a delivery is `unsure`, goes again under the same Message-ID at most once, and is shown as such.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from alerts.channels import Channel, Unsure
from alerts.process import is_dead, own_name
from index.ledger import Ledger, deliveries
from index.problems import Refused, TryLater, Unusable
from index.records import Delivery, DeliveryState, Message
from index.settings import Settings

GIVE_UP_AFTER = timedelta(days=14)  # a warning is worth little later, and a person was told meanwhile
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)


def send_due(ledger: Ledger, channels: Mapping[str, Channel], settings: Settings) -> Counter[str]:
    """Send what is due until nothing is. Returns how many deliveries ended in each state."""
    ended: Counter[str] = Counter()
    holder, down = own_name(), set[str]()
    reclaim(ledger)
    while claimed := _claim(ledger, holder, settings):
        delivery, message = claimed
        channel = channels.get(delivery.channel)
        if channel is None or delivery.channel in down:
            _wait(ledger, holder, delivery, f"channel {delivery.channel} is not usable now", tried=False)
            ended["due"] += 1
            continue
        state = send_one(ledger, holder, channel, delivery, message)
        ended[state] += 1
        if state == "unusable":
            down.add(delivery.channel)
    return ended


def reclaim(ledger: Ledger) -> int:
    """Make `unsure` what a dead process was sending; how many."""
    now = datetime.now(UTC)
    with ledger.begin() as work:
        dead = [holder for holder in deliveries.holders(work) if is_dead(holder)]
        return deliveries.abandon(work, now, dead)


def send_one(ledger: Ledger, holder: str, channel: Channel, delivery: Delivery, message: Message) -> str:
    """Send one claimed delivery and record the answer; the state it ended in."""
    try:
        receipt = channel.send(message)
    except Refused as error:
        return _settle(ledger, holder, delivery, DeliveryState.REFUSED, problem=str(error))
    except Unsure as error:
        values = {"unsure": delivery.unsure + 1, "problem": str(error), "due_at": _later(delivery)}
        return _settle(ledger, holder, delivery, DeliveryState.UNSURE, **values)
    except TryLater as error:
        return _wait(ledger, holder, delivery, str(error))
    except Unusable as error:
        _wait(ledger, holder, delivery, str(error), tried=False)
        return "unusable"
    return _settle(ledger, holder, delivery, DeliveryState.SENT, receipt=receipt.id, sent_at=receipt.at, problem="")


def _claim(ledger: Ledger, holder: str, settings: Settings) -> tuple[Delivery, Message] | None:
    now = datetime.now(UTC)
    until = now + timedelta(seconds=settings.outbox_lease)
    with ledger.begin() as work:
        deliveries.abandon(work, now)
        taken = deliveries.claim(work, now, holder, until, limit=1)
    return taken[0] if taken else None


def _wait(ledger: Ledger, holder: str, delivery: Delivery, problem: str, *, tried: bool = True) -> str:
    """Due again later. A channel that is down or not set costs a delivery nothing but time."""
    now = datetime.now(UTC)
    if tried and now - (delivery.created_at or now) > GIVE_UP_AFTER:
        return _settle(ledger, holder, delivery, DeliveryState.REFUSED, problem=f"given up: {problem}")
    attempts = delivery.attempts if tried else delivery.attempts - 1
    values = {"problem": problem, "due_at": _later(delivery), "attempts": attempts}
    return _settle(ledger, holder, delivery, DeliveryState.DUE, **values)


def _later(delivery: Delivery, jitter: Callable[[float, float], float] = random.uniform) -> datetime:
    wait: timedelta = min(FIRST_WAIT * 2 ** min(delivery.attempts, 10), LONGEST_WAIT)
    delay: timedelta = wait * jitter(0.8, 1.2)
    return datetime.now(UTC) + delay


def _settle(ledger: Ledger, holder: str, delivery: Delivery, state: DeliveryState, **values: object) -> str:
    with ledger.begin() as work:
        deliveries.settle(work, delivery.key, holder, state, **values)
    return state.value
