"""The outbox: claim, send outside any transaction, and let only the answer move the row.

A delivery leaves twice in one case only: the process died between the server's word and our commit.
Such a delivery is `unsure`, goes again under the same Message-ID at most once, and is shown as such. By a
channel that can ask, it goes again only if the provider surely never had it: until then it is asked about.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.channels import Asks, Channel, Unsure
from alerts.process import is_dead, own_name
from index.ledger import Ledger, deliveries
from index.problems import Refused, TryLater, Unusable
from index.records import BEIJING, Delivery, DeliveryState, Message
from index.settings import Settings

GIVE_UP_AFTER = timedelta(days=14)  # a warning is worth little later, and a person was told meanwhile
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)


def always() -> bool:
    """Nothing says to stop."""
    return True


def send_due(
    ledger: Ledger, channels: Mapping[str, Channel], settings: Settings, going: Callable[[], bool] = always
) -> Counter[str]:
    """Send what is due until nothing is, or `going` says to stop. Returns how many deliveries ended in each state."""
    ended: Counter[str] = Counter()
    holder, down = own_name(), set[str]()
    reclaim(ledger, channels)
    while going() and (claimed := _claim(ledger, holder, settings, channels)):
        delivery, message = claimed
        channel = channels.get(delivery.channel)
        if channel is None or delivery.channel in down:
            _wait(ledger, holder, delivery, f"channel {delivery.channel} is not usable now", tried=False)
            ended["due"] += 1
            continue
        if delivery.unsure and isinstance(channel, Asks):
            ended[ask_first(ledger, holder, channel, delivery, message)] += 1
            continue
        state = send_one(ledger, holder, channel, delivery, message)
        ended[state] += 1
        if state == "unusable":
            down.add(delivery.channel)
    return ended


def reclaim(ledger: Ledger, channels: Mapping[str, Channel]) -> int:
    """Make `unsure` what a dead process was sending; how many."""
    now = datetime.now(UTC)
    with ledger.begin() as work:
        dead = [holder for holder in deliveries.holders(work) if is_dead(holder)]
        return deliveries.abandon(work, now, dead, _askable(channels, now))


def send_one(ledger: Ledger, holder: str, channel: Channel, delivery: Delivery, message: Message) -> str:
    """Send one claimed delivery and record the answer; the state it ended in."""
    try:
        receipt = channel.send(message)
    except Refused as error:
        return _settle(ledger, holder, delivery, DeliveryState.REFUSED, problem=str(error))
    except Unsure as error:
        again = datetime.now(UTC) + channel.settles if isinstance(channel, Asks) else _later(delivery)
        values = {"unsure": delivery.unsure + 1, "problem": str(error), "due_at": again}
        return _settle(ledger, holder, delivery, DeliveryState.UNSURE, **values)
    except TryLater as error:
        return _wait(ledger, holder, delivery, str(error))
    except Unusable as error:
        _wait(ledger, holder, delivery, str(error), tried=False)
        return "unusable"
    return _settle(ledger, holder, delivery, DeliveryState.SENT, receipt=receipt.id, sent_at=receipt.at, problem="")


def ask_first(ledger: Ledger, holder: str, channel: Asks, delivery: Delivery, message: Message) -> str:
    """Ask what became of one unsure delivery and record the answer; the state it ended in.

    Not knowing costs time only: it stays unsure, is seen by staff, and after GIVE_UP_AFTER is asked about no more.
    """
    since = (delivery.created_at or delivery.due_at).astimezone(BEIJING).date()
    try:
        receipt = channel.ask(message.id, message.to, since)
    except Refused as error:
        return _settle(ledger, holder, delivery, DeliveryState.REFUSED, problem=str(error))
    except (TryLater, Unusable, Unsure) as error:
        given_up = {"unsure": delivery.unsure + 1} if _too_old(delivery) else {}
        values = {"problem": f"asked what became of it: {error}", "due_at": _later(delivery), **given_up}
        return _settle(ledger, holder, delivery, DeliveryState.UNSURE, **values)
    if receipt is None:
        return _wait(ledger, holder, replace(delivery, unsure=0), "the provider never had it; it goes again")
    return _settle(ledger, holder, delivery, DeliveryState.SENT, receipt=receipt.id, sent_at=receipt.at, problem="")


def _askable(channels: Mapping[str, Channel], now: datetime) -> dict[str, datetime]:
    """When what was handed over just now can be asked about, for each channel that can."""
    return {name: now + channel.settles for name, channel in channels.items() if isinstance(channel, Asks)}


def _claim(
    ledger: Ledger, holder: str, settings: Settings, channels: Mapping[str, Channel]
) -> tuple[Delivery, Message] | None:
    now = datetime.now(UTC)
    until = now + timedelta(seconds=settings.outbox_lease)
    with ledger.begin() as work:
        deliveries.abandon(work, now, later=_askable(channels, now))
        taken = deliveries.claim(work, now, holder, until, limit=1)
    return taken[0] if taken else None


def _wait(ledger: Ledger, holder: str, delivery: Delivery, problem: str, *, tried: bool = True) -> str:
    """Later again, as due or unsure as it was. A channel that is down or not set costs a delivery nothing but time."""
    if tried and _too_old(delivery):
        return _settle(ledger, holder, delivery, DeliveryState.REFUSED, problem=f"given up: {problem}")
    attempts = delivery.attempts if tried else delivery.attempts - 1
    values = {"problem": problem, "due_at": _later(delivery), "attempts": attempts, "unsure": delivery.unsure}
    state = DeliveryState.UNSURE if delivery.unsure else DeliveryState.DUE
    return _settle(ledger, holder, delivery, state, **values)


def _too_old(delivery: Delivery) -> bool:
    now = datetime.now(UTC)
    return now - (delivery.created_at or now) > GIVE_UP_AFTER


def _later(delivery: Delivery, jitter: Callable[[float, float], float] = random.uniform) -> datetime:
    wait: timedelta = min(FIRST_WAIT * 2 ** min(delivery.attempts, 10), LONGEST_WAIT)
    delay: timedelta = wait * jitter(0.8, 1.2)
    return datetime.now(UTC) + delay


def _settle(ledger: Ledger, holder: str, delivery: Delivery, state: DeliveryState, **values: object) -> str:
    with ledger.begin() as work:
        deliveries.settle(work, delivery.key, holder, state, **values)
    return state.value
