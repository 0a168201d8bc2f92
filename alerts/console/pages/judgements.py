"""What a clerk does with an alert: judge it, take the judgement back, record that the enterprise has it in hand."""

from __future__ import annotations

from datetime import timedelta

from litestar import post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from alerts import judge as judging
from alerts.console.access import clerks_only
from alerts.console.desk import AtDesk, Desk, Form
from alerts.console.pages.alerts import alert_page
from alerts.letters.plain import clean
from index.ledger import desk as listed
from index.problems import Unusable

WHY_LIMIT = 500


@post("/alerts/{key:str}/judge", guards=[clerks_only], sync_to_thread=True)
def judge(desk: AtDesk, key: FromPath[str], data: Form) -> Template | Redirect:
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
def undo(desk: AtDesk, key: FromPath[str]) -> Template | Redirect:
    """Take the newest judgement back."""
    of_center(desk, key)
    try:
        judging.undo(desk.ledger, key, desk.signature, desk.scope)
    except Unusable:
        return alert_page(desk, key, "gone", status=409)
    return Redirect(f"/alerts/{key}?said=undone", status_code=303)


@post("/alerts/{key:str}/acknowledge", guards=[clerks_only], sync_to_thread=True)
def acknowledge(desk: AtDesk, key: FromPath[str], data: Form) -> Template | Redirect:
    """Record that the enterprise has the warning in hand."""
    of_center(desk, key)
    try:
        judging.acknowledge(desk.ledger, key, desk.signature, clean(data.get("how", ""), WHY_LIMIT), desk.scope)
    except Unusable:
        return alert_page(desk, key, "stale", status=409)
    return Redirect(f"/alerts/{key}?said=acknowledged", status_code=303)


def of_center(desk: Desk, key: str) -> None:
    """Raises NotFound for an alert the user may not see, another center's included."""
    with desk.read() as work:
        if listed.alert(work, desk.scope, key) is None:
            raise NotFoundException


HANDLERS = (judge, undo, acknowledge)
