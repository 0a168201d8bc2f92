"""What becomes of an alert: looked up for tests of judging."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import update

from alerts.channels import open_channels
from alerts.office import Office
from alerts.outbox import send_due
from alerts.rounds import telling
from index.ledger import Ledger, alerts, audit, deliveries, judgements
from index.ledger.tables import alerts as table
from index.records import Alert, AlertState, DeliveryState
from tests.alerts.console.browser import Browser, Open
from tests.alerts.console.province import WEIFANG, of_center

DUE, SENT, WITHHELD = DeliveryState.DUE, DeliveryState.SENT, DeliveryState.SUPPRESSED


def state_of(ledger: Ledger, alert: Alert) -> AlertState:
    """Where an alert stands now."""
    with ledger.read() as work:
        found = alerts.load(work, alert.key)
    assert found
    return found.state


def to_enterprise(ledger: Ledger, alert: Alert) -> Counter[str]:
    """How many deliveries to the enterprise are in each state."""
    with ledger.read() as work:
        return Counter(d.state for d in deliveries.of_alert(work, alert.key) if d.audience == "enterprise")


def acts(ledger: Ledger, alert: Alert) -> list[tuple[str, str]]:
    """(who, what) of everything done to an alert."""
    with ledger.read() as work:
        return [(who, what) for _, who, what, _ in audit.of(work, alert.key)]


def send(desk: Open) -> Counter[str]:
    """Send what is due now."""
    return send_due(desk.ledger, open_channels(desk.settings), desk.settings)


def does(browser: Browser, alert: Alert, what: str, **fields: str) -> int:
    """Press a button on an alert's page; the status."""
    answer = browser.post(f"/alerts/{alert.key}/{what}", fields)
    assert not answer.headers.get("location", "").startswith("/login"), "the session is over"
    return answer.status_code


def held(desk: Open) -> Alert:
    """An alert of Weifang whose match holds, so that a round leaves it alone."""
    return next(a for a in of_center(desk.ledger, WEIFANG, AlertState.HELD) if not judged(desk.ledger, a))


def judged(ledger: Ledger, alert: Alert) -> list[judgements.Judgement]:
    """What was said on an alert."""
    with ledger.read() as work:
        return judgements.of_alert(work, alert.key)


def of_ripe_center(desk: Open) -> tuple[Alert, Alert]:
    """Two alerts of Weifang that the clock would release."""
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)), desk.ledger.begin() as work:
        office = Office.of(work, desk.settings, datetime.now(UTC))
        work.execute(update(table).where(table.c.state == "suppressed").values(state="held", center=WEIFANG))
        found = [a for a in alerts.ripening(work) if a.center == WEIFANG and telling._ripe(work, office, a)]
    assert len(found) >= 2
    return found[0], found[1]
