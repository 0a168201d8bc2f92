"""One alert with its evidence, and what a clerk may do with it."""

from __future__ import annotations

from typing import Any

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from alerts.console import sheet
from alerts.console.desk import AtDesk, Desk
from alerts.console.order import after, places, rows_at
from alerts.console.seen import Row, letter_of, row, rows
from alerts.console.words import words
from alerts.letters.facts import case_facts
from alerts.letters.letter import Letter
from alerts.letters.staffnote import staff_note
from alerts.letters.timetable import timetable
from index.ledger import Work, cases, deliveries, judgements
from index.ledger import desk as listed
from index.records import AlertState

NAV = (20, "/alerts", "alerts.nav")
VIEWS = {
    "held": (AlertState.HELD,),
    "released": (AlertState.RELEASED,),
    "acknowledged": (AlertState.ACKNOWLEDGED, AlertState.CLOSED),
    "suppressed": (AlertState.SUPPRESSED,),
}
PAGE, OTHERS = 50, 50


@get("/alerts", sync_to_thread=True)
def all_alerts(desk: AtDesk, view: FromQuery[str] = "held", page: FromQuery[int] = 1) -> Template:
    """The center's alerts in one state."""
    view = view if view in VIEWS else "held"
    first = (min(max(page, 1), 1000) - 1) * PAGE
    with desk.read() as work:
        counts = listed.counts(work, desk.scope)
        shown, more = page_of(desk, work, view, first)
    totals = {name: sum(counts.get(one, 0) for one in states) for name, states in VIEWS.items()}
    return desk.page("alerts.html.j2", view=view, totals=totals, rows=shown, page=first // PAGE + 1, more=more)


def page_of(desk: Desk, work: Work, view: str, first: int) -> tuple[list[Row], bool]:
    """The rows from the `first` on, and whether there are more: what waits by its date, all else newest first."""
    if view == "held":
        ordered = places(desk, work, *VIEWS[view])[first : first + PAGE + 1]
        return rows_at(desk, work, ordered[:PAGE]), len(ordered) > PAGE
    found = listed.in_states(work, desk.scope, VIEWS[view], newest=True, limit=PAGE + 1, offset=first)
    return rows(desk, work, found[:PAGE]), len(found) > PAGE


@get("/alerts/{key:str}", sync_to_thread=True)
def one_alert(desk: AtDesk, key: FromPath[str], said: FromQuery[str] = "") -> Template:
    """One alert, whole."""
    return alert_page(desk, key, said if f"alert.said_{said}" in words() else "")


def alert_page(desk: Desk, key: str, said: str, status: int = 200) -> Template:
    """The page of one alert. Raises NotFound for one the user may not see."""
    with desk.read() as work:
        alert = listed.alert(work, desk.scope, key)
        letter = letter_of(work, desk.office(work), alert, desk.language) if alert else None
        if alert is None or letter is None:
            raise NotFoundException
        context = told(desk, work, letter)
    if said == "confirmed" and not letter.reachable:
        said = "confirmed_nobody"
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
    waiting = places(desk, work, AlertState.HELD)
    onward = after(shown, waiting)
    family = cases.family(work, letter.case.key)
    sent = deliveries.of_alert(work, alert.key)
    others = listed.of_case(work, desk.scope, family, alert.enterprise, limit=OTHERS)
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
        "recall": sheet.recall(desk, sent),
        "clock": sheet.clock(desk, letter),
        "stage_said": sheet.stage(desk, work, alert),
        "compared": sheet.compared(letter),
        "reasons": sheet.weighed(letter),
        "letters": sheet.letters(desk, work, alert, sent),
        "deliveries": sent,
        "history": sheet.history(desk, work, alert),
        "others": rows(desk, work, [one for one in others if one.key != alert.key]),
        "next": next(iter(rows_at(desk, work, [onward] if onward else [])), None),
        "waiting": sum(place.key != alert.key for place in waiting),
    }


HANDLERS = (all_alerts, one_alert)
