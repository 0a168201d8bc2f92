"""What a clerk says of an alert, on record with who and when: it binds every later run, and can be undone."""

from __future__ import annotations

from datetime import UTC, datetime

from alerts.office import Office
from alerts.plan import release
from alerts.rematching import UNFOUNDED
from index.ledger import Ledger, Work, alerts, audit, cases, judgements, matches
from index.problems import Unusable
from index.records import Alert, AlertState
from index.settings import Settings
from nlp.names import english_key

SHORTEST = 6  # characters of an alert's number that must be given


def judge(ledger: Ledger, settings: Settings, number: str, verdict: str, by: str, why: str) -> Alert:
    """Judge the alert of a number (its first characters do): `confirmed` releases it, `not_ours` suppresses it.

    Raises Unusable for an unknown or ambiguous number, a verdict that is none, or an alert already sent.
    """
    if verdict not in judgements.VERDICTS:
        raise Unusable(f"verdict {verdict!r} is none of {', '.join(judgements.VERDICTS)}")
    with ledger.begin() as work:
        alert, now = alert_of(work, number), datetime.now(UTC)
        match = matches.load(work, cases.load(work, alert.case).key, alert.enterprise)
        if match is None or alert.state is not AlertState.HELD:
            raise Unusable(f"alert {number}: it is {alert.state.value}, there is nothing to judge")
        judgements.judge(work, english_key(match.party.name), alert.enterprise, verdict, by, why, now)
        audit.write(work, by, verdict, alert.key, now, why=why)
        if verdict == "confirmed":
            return release(work, Office.of(work, settings, now), alert, by)
        if verdict == "not_ours":
            alerts.set_state(work, alert.key, AlertState.SUPPRESSED, reason=UNFOUNDED)
        return alert_of(work, alert.key)


def alert_of(work: Work, number: str) -> Alert:
    """The alert whose key begins so. Raises Unusable if there is none, or more than one."""
    found = alerts.beginning(work, number) if len(number) >= SHORTEST else []
    if len(found) != 1:
        raise Unusable(f"alert {number!r}: {'several begin so' if found else 'no such alert'}; see `yujing held`")
    return found[0]
