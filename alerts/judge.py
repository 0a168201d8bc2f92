"""What a clerk says of an alert, on record with who and when: it binds every later run, and can be undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from alerts.office import Office
from alerts.plan import release
from alerts.rounds.rematching import UNFOUNDED
from index.ledger import Ledger, Work, alerts, audit, cases, deliveries, desk, judgements, matches
from index.ledger.scope import PROVINCE, Scope
from index.problems import Unusable
from index.records import Alert, AlertState
from index.settings import Settings
from nlp.names import english_key

SHORTEST = 6  # characters of an alert's number that must be given
UNDONE = "研判已撤销，须重新研判"
NO_WINDOW = timedelta()


def judge(
    ledger: Ledger,
    settings: Settings,
    number: str,
    verdict: str,
    by: str,
    why: str,
    scope: Scope = PROVINCE,
    window: timedelta = NO_WINDOW,
) -> Alert:
    """Judge the alert of a number (its first characters do): `confirmed` releases it, `not_ours` suppresses it.

    `window` is how long a released warning waits before it leaves, so that it can be undone. Raises Unusable
    for an unknown or ambiguous number, a verdict that is none, or an alert already sent.
    """
    if verdict not in judgements.VERDICTS:
        raise Unusable(f"verdict {verdict!r} is none of {', '.join(judgements.VERDICTS)}")
    with ledger.begin() as work:
        alert, now = locked(work, number, scope), datetime.now(UTC)
        match = matches.load(work, cases.load(work, alert.case).key, alert.enterprise)
        if match is None or alert.state is not AlertState.HELD:
            raise Unusable(f"alert {number}: it is {alert.state.value}, there is nothing to judge")
        judgements.judge(work, english_key(match.party.name), alert.enterprise, verdict, by, why, now, alert.key)
        audit.write(work, by, verdict, alert.key, now, why=why)
        if verdict == "confirmed":
            return _release(work, settings, alert, by, window, now)
        if verdict == "not_ours":
            alerts.set_state(work, alert.key, AlertState.SUPPRESSED, reason=UNFOUNDED)
        return alert_of(work, alert.key)


def _release(work: Work, settings: Settings, alert: Alert, by: str, window: timedelta, now: datetime) -> Alert:
    try:
        return release(work, Office.of(work, settings, now), alert, by, window)
    except LookupError as error:
        raise Unusable(str(error)) from error


def undo(ledger: Ledger, number: str, by: str, scope: Scope = PROVINCE) -> Alert:
    """Take the newest judgement on an alert back: it waits for a clerk again.

    Raises Unusable where there is none, or where a warning has already left for the enterprise.
    """
    with ledger.begin() as work:
        alert, now = locked(work, number, scope), datetime.now(UTC)
        said = [j for j in judgements.of_alert(work, alert.key) if j.undone_at is None]
        if not said:
            raise Unusable(f"alert {number}: nobody has judged it, there is nothing to undo")
        if not _recalled(work, alert):
            raise Unusable(f"alert {number}: it has left for the enterprise and cannot be called back")
        judgements.undo(work, said[-1].id, by, now)
        waiting = {"reason": UNDONE, "released_at": None, "released_by": ""}
        alerts.set_state(work, alert.key, AlertState.HELD, **waiting)
        audit.write(work, by, "undo", alert.key, now, verdict=said[-1].verdict)
        return alert_of(work, alert.key)


def _recalled(work: Work, alert: Alert) -> bool:
    """Whether nothing of it leaves any more: first what is due is withheld, then nothing may be under way.

    In this order, for a sender may take a delivery between the two.
    """
    deliveries.withhold(work, alert.key, UNDONE)
    if alert.state in (AlertState.HELD, AlertState.SUPPRESSED):
        return True
    return alert.state is AlertState.RELEASED and not deliveries.under_way(work, alert.key)


def acknowledge(ledger: Ledger, number: str, by: str, how: str, scope: Scope = PROVINCE) -> Alert:
    """Record that the enterprise has a released warning in hand, and how that is known.

    Raises Unusable for an alert that was not released, or is acknowledged already.
    """
    with ledger.begin() as work:
        alert, now = locked(work, number, scope), datetime.now(UTC)
        if alert.state is not AlertState.RELEASED:
            raise Unusable(f"alert {number}: it is {alert.state.value}, there is nothing to acknowledge")
        values = {"acknowledged_at": now, "acknowledged_by": by}
        alerts.set_state(work, alert.key, AlertState.ACKNOWLEDGED, **values)
        audit.write(work, by, "acknowledge", alert.key, now, how=how)
        return alert_of(work, alert.key)


def alert_of(work: Work, number: str, scope: Scope = PROVINCE) -> Alert:
    """The alert whose key begins so. Raises Unusable if there is none in scope, or more than one."""
    found = desk.beginning(work, scope, number) if len(number) >= SHORTEST else []
    if len(found) != 1:
        raise Unusable(f"alert {number!r}: {'several begin so' if found else 'no such alert'}; see `yujing held`")
    return found[0]


def locked(work: Work, number: str, scope: Scope = PROVINCE) -> Alert:
    """The same, as it is once nobody else is changing it: whoever comes second sees what the first did.

    Raises Unusable also if it was handed on to a center out of scope meanwhile.
    """
    alert = alerts.lock(work, alert_of(work, number, scope).key)
    if alert is None or not scope.holds(alert.center):
        raise Unusable(f"alert {number!r}: no such alert; see `yujing held`")
    return alert
