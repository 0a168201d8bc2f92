"""One alert with its evidence, and what a clerk may do with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from litestar import get, post
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body
from litestar.response import Redirect, Template

from alerts import judge as judging
from alerts.console import evidence
from alerts.console.access import clerks_only
from alerts.console.desk import Desk
from alerts.console.seen import Row, letter_of, pressing_first, row, rows
from alerts.letters.facts import case_facts
from alerts.letters.letter import Letter
from alerts.letters.plain import clean
from alerts.letters.staffnote import staff_note
from alerts.letters.timetable import timetable
from index.ledger import Work, cases, deliveries, judgements
from index.ledger import desk as listed
from index.problems import Unusable
from index.records import Alert, AlertState

NAV = (20, "/alerts", "alerts.nav")
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
VIEWS = {
    "held": (AlertState.HELD,),
    "released": (AlertState.RELEASED,),
    "acknowledged": (AlertState.ACKNOWLEDGED, AlertState.CLOSED),
    "suppressed": (AlertState.SUPPRESSED,),
}
PAGE = 50
WHY_LIMIT = 500


@get("/alerts", sync_to_thread=True)
def all_alerts(desk: Desk, view: str = "held", page: int = 1) -> Template:
    """The center's alerts in one state."""
    view = view if view in VIEWS else "held"
    first = (min(max(page, 1), 1000) - 1) * PAGE
    with desk.read() as work:
        counts = listed.counts(work, desk.scope)
        held = view == "held"
        found = listed.in_states(work, desk.scope, VIEWS[view], newest=not held, limit=PAGE + 1, offset=first)
        shown = rows(desk, work, found[:PAGE])
    totals = {name: sum(counts.get(one, 0) for one in states) for name, states in VIEWS.items()}
    shown = pressing_first(shown) if held else shown
    return desk.page(
        "alerts.html.j2", view=view, totals=totals, rows=shown, page=first // PAGE + 1, more=len(found) > PAGE
    )


@get("/alerts/{key:str}", sync_to_thread=True)
def one_alert(desk: Desk, key: str, said: str = "") -> Template:
    """One alert, whole."""
    return alert_page(desk, key, said if f"alert.said_{said}" in SAID else "")


@post("/alerts/{key:str}/judge", guards=[clerks_only], sync_to_thread=True)
def judge(desk: Desk, key: str, data: Form) -> Template | Redirect:
    """Record a judgement and go on to what it led to."""
    verdict, why = data.get("verdict", ""), clean(data.get("why", ""), WHY_LIMIT)
    window = timedelta(seconds=desk.settings.undo_seconds)
    of_center(desk, key)
    try:
        judging.judge(desk.ledger, desk.settings, key, verdict, desk.signature, why, desk.scope, window)
    except Unusable:
        return alert_page(desk, key, "stale", status=409)
    return Redirect(f"/alerts/{key}?said={verdict}", status_code=303)


@post("/alerts/{key:str}/undo", guards=[clerks_only], sync_to_thread=True)
def undo(desk: Desk, key: str) -> Template | Redirect:
    """Take the newest judgement back."""
    of_center(desk, key)
    try:
        judging.undo(desk.ledger, key, desk.signature, desk.scope)
    except Unusable:
        return alert_page(desk, key, "gone", status=409)
    return Redirect(f"/alerts/{key}?said=undone", status_code=303)


@post("/alerts/{key:str}/acknowledge", guards=[clerks_only], sync_to_thread=True)
def acknowledge(desk: Desk, key: str, data: Form) -> Template | Redirect:
    """Record that the enterprise has the warning in hand."""
    of_center(desk, key)
    try:
        judging.acknowledge(desk.ledger, key, desk.signature, clean(data.get("how", ""), WHY_LIMIT), desk.scope)
    except Unusable:
        return alert_page(desk, key, "stale", status=409)
    return Redirect(f"/alerts/{key}?said=acknowledged", status_code=303)


SAID = frozenset(
    f"alert.said_{name}" for name in ("confirmed", "not_ours", "unsure", "undone", "acknowledged", "stale", "gone")
)


def of_center(desk: Desk, key: str) -> Alert:
    """An alert the user may see. Raises NotFound for any other, another center's included."""
    with desk.read() as work:
        alert = listed.alert(work, desk.scope, key)
    if alert is None:
        raise NotFoundException
    return alert


def alert_page(desk: Desk, key: str, said: str, status: int = 200) -> Template:
    """The page of one alert. Raises NotFound for one the user may not see."""
    with desk.read() as work:
        alert = listed.alert(work, desk.scope, key)
        letter = letter_of(work, desk.office(work), alert, desk.language) if alert else None
        if alert is None or letter is None:
            raise NotFoundException
        context = told(desk, work, letter)
    return desk.page(
        "alert.html.j2",
        status=status,
        said=desk.say(f"alert.said_{said}") if said else "",
        went_wrong=status != 200,
        **context,
    )


def told(desk: Desk, work: Work, letter: Letter) -> dict[str, Any]:
    """Everything the page shows of an alert."""
    alert = letter.alert
    given = judgements.of_alert(work, alert.key)
    open_ones = [j for j in given if j.undone_at is None]
    shown = row(desk, letter)
    waiting = [a for a in listed.in_states(work, desk.scope, [AlertState.HELD]) if a.key != alert.key]
    family = cases.family(work, letter.case.key)
    sent = deliveries.of_alert(work, alert.key)
    others = [a for a in listed.of_case(work, desk.scope, family, alert.enterprise) if a.key != alert.key]
    return {
        "alert": alert,
        "row": shown,
        "note": staff_note(letter),
        "facts": case_facts(letter),
        "dates": timetable(letter),
        "letter": letter,
        "judgements": given,
        "undoable": bool(open_ones)
        and not (alert.state is AlertState.RELEASED and deliveries.under_way(work, alert.key)),
        "recall": evidence.recall(desk, sent),
        "clock": evidence.clock(desk, letter),
        "stage_said": evidence.stage(desk, work, alert),
        "compared": evidence.compared(letter),
        "reasons": evidence.weighed(letter),
        "letters": evidence.letters(desk, work, alert, sent),
        "deliveries": sent,
        "history": evidence.history(desk, work, alert),
        "others": rows(desk, work, others),
        "next": following(shown, rows(desk, work, waiting)),
        "waiting": len(waiting),
    }


def following(shown: Row, waiting: list[Row]) -> Row | None:
    """The row after this one in the order of the held list, after its last the first; None where nothing waits."""
    ordered = pressing_first([shown, *waiting])
    after = ordered[ordered.index(shown) + 1 :] or ordered
    return next((one for one in after if one is not shown), None)


HANDLERS = (all_alerts, one_alert, judge, undo, acknowledge)
