"""What time does to alerts: grace times end, contacts agree late, a clerk's silence is handed on, refusals are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from alerts import gate
from alerts.guard import guarded
from alerts.letters.letter import CLOCK
from alerts.office import Office
from alerts.plan import dispute_of, planner_of, release
from alerts.route import UNASSIGNED, provincial
from index.ledger import Ledger, Work, alerts, audit, deliveries, judgements, notices, tagged
from index.records import Alert, AlertState
from index.settings import Settings

LATECOMERS = timedelta(days=90)


def release_ripe(ledger: Ledger, settings: Settings) -> list[Alert]:
    """Release what nobody judged within its center's grace time."""
    released = []
    with ledger.begin() as work:
        office = Office.of(work, settings, datetime.now(UTC))
        for ripening in alerts.ripening(work):
            with guarded(work, "release", ripening.key):
                alert = _unjudged(work, ripening.key)
                if alert and _ripe(work, office, alert):
                    released.append(release(work, office, alert, CLOCK))
                    audit.write(work, CLOCK, "release", alert.key, office.now)
    return released


def _unjudged(work: Work, key: str) -> Alert | None:
    """An alert as it is once no clerk is judging it; None if one did meanwhile."""
    alert = alerts.lock(work, key)
    return None if judgements.of_alert(work, key) else alert


def _ripe(work: Work, office: Office, alert: Alert) -> bool:
    planner = planner_of(work, office, alert)
    if planner is None:
        return False
    told = tagged.load_many(work, notices.of_case(work, planner.case.key))
    waits = gate.waits_because(planner.match, dispute_of(told))
    return gate.ripe(alert, waits, office.center(alert.center), office.now)


def tell_latecomers(ledger: Ledger, settings: Settings) -> None:
    """A released alert that reached nobody goes out once its enterprise has a contact who agreed."""
    with ledger.begin() as work:
        office = Office.of(work, settings, datetime.now(UTC))
        for key in deliveries.unheard(work):
            alert = alerts.lock(work, key)
            recent = alert and alert.state is AlertState.RELEASED and office.now - alert.created_at < LATECOMERS
            with guarded(work, "latecomers", key):
                if alert and recent and (planner := planner_of(work, office, alert, holding=True)):
                    planner.tell_enterprise(alert)


def escalate(ledger: Ledger, settings: Settings) -> int:
    """Hand what waited too long to the provincial center; how many alerts."""
    handed = 0
    with ledger.begin() as work:
        office = Office.of(work, settings, datetime.now(UTC))
        above = provincial(office.centers)
        if above is UNASSIGNED:  # nobody to hand on to: it stays where it is seen
            return 0
        before = office.now - timedelta(hours=settings.escalate_hours)
        for late in alerts.waiting_since(work, before):
            if late.center == above.id:
                continue
            with guarded(work, "escalate", late.key):
                alert = alerts.lock(work, late.key)
                if alert is None or alert.state is not AlertState.HELD:
                    continue  # a clerk was quicker
                alerts.escalated(work, alert.key, above.id, office.now)
                audit.write(work, "系统", "escalate", alert.key, office.now, to=above.id, frm=alert.center)
                again, planner = alerts.load(work, alert.key), planner_of(work, office, alert)
                if again and planner:
                    planner.tell_staff(again)
                handed += 1
    return handed


def tell_refusals(ledger: Ledger, settings: Settings) -> int:
    """Tell each center what could not be delivered to its enterprises; how many deliveries."""
    with ledger.begin() as work:
        office, refused = Office.of(work, settings, datetime.now(UTC)), deliveries.refused_unsaid(work)
        for delivery in refused:
            alert = alerts.load(work, delivery.alert)
            with guarded(work, "refusals", delivery.key):
                if alert and (planner := planner_of(work, office, alert)):
                    planner.tell_refusal(alert, delivery)
    return len(refused)
