"""The third step of a round: match each case that changed, or all when the register or a judgement did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from alerts import match as matching
from alerts.guard import guarded
from alerts.office import Office
from alerts.plan import plan_case
from index.keys import digest
from index.ledger import Ledger, Work, alerts, cases, deliveries, enterprises, judgements, matches, notices, queue
from index.records import Alert, AlertState, Case, ItemState
from index.settings import Settings

BATCH = 50
UNFOUNDED = "复核后不再匹配本企业"
FOUNDED_AGAIN = "复核后再次匹配"


def match_all(ledger: Ledger, settings: Settings) -> tuple[int, list[Alert]]:
    """Match each case whose parties changed, or all when the register or a judgement did; plan alerts."""
    with ledger.read() as work:
        against = _against(work)
        waiting = cases.to_match(work, against, limit=1)
        register = matching.Register(enterprises.every(work)) if waiting else None
    done, planned, failed = 0, list[Alert](), set[str]()
    while register:
        with ledger.begin() as work:
            due = [case for case in cases.to_match(work, against, BATCH + len(failed)) if case[0] not in failed]
            if not due:
                break
            office, judged = Office.of(work, settings, datetime.now(UTC)), judgements.in_force(work)
            for case in due:
                with guarded(work, "matching", case[0], failed):
                    planned += _match_case(work, office, case, register, judged)
            done += len(due)
    return done, planned


def _against(work: Work) -> str:
    return digest("against", enterprises.state(work), judgements.state(work), matching.MATCHER)


def _match_case(
    work: Work, office: Office, due: tuple[str, str], register: matching.Register, judged: Mapping[tuple[str, str], str]
) -> Sequence[Alert]:
    key, mark = due
    case = cases.load(work, key)
    found = matching.match_case(key, case.parties, register, judged)
    matches.write(work, key, found, office.now)
    planned = plan_case(work, office, case, found, spellings(case, register))
    _settle_held(work, key, {m.enterprise for m in found})
    notices.end_of_case(work, key, ItemState.MATCHED if found else ItemState.NO_MATCH)
    for notice in notices.of_case(work, key):
        queue.put(work, notice, office.now)
    cases.matched(work, key, mark)
    return planned


def spellings(case: Case, register: matching.Register) -> dict[str, set[str]]:
    """Enterprise → every printed name of the case that meets it."""
    names: dict[str, set[str]] = {}
    for party in case.parties:
        for candidate in register.match(party):
            names.setdefault(candidate.enterprise, set()).add(party.name)
    return names


def _settle_held(work: Work, case: str, still: set[str]) -> None:
    """A held alert that nothing founds any more is suppressed; one that is founded again waits again."""
    family = cases.family(work, case)
    for alert in alerts.held_of(work, family):
        if alert.enterprise not in still:
            alerts.set_state(work, alert.key, AlertState.SUPPRESSED, reason=UNFOUNDED)
    for alert in alerts.released_of(work, family):
        if alert.enterprise not in still:
            deliveries.withhold(work, alert.key, UNFOUNDED)
    for alert in alerts.suppressed_of(work, family, UNFOUNDED):
        if alert.enterprise in still and not judgements.rejected(work, alert.key):
            alerts.set_state(work, alert.key, AlertState.HELD, reason=FOUNDED_AGAIN)
