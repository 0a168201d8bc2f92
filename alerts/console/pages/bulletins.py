"""Industry bulletins: compose a draft, read it whole, review another's, take it away as a file."""

from __future__ import annotations

from datetime import datetime

from litestar import get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from alerts.bulletins import issue
from alerts.bulletins.content import printed_number
from alerts.bulletins.month import Month
from alerts.bulletins.people import same_person
from alerts.console.access import clerks_only
from alerts.console.desk import AtDesk, Desk, Form
from alerts.letters.plain import moment
from index.ledger import bulletins
from index.ledger.bulletins import DRAFT, ISSUED, Bulletin
from index.problems import Unusable
from nlp.industries import load as load_industries

NAV = (55, "/bulletins", "bulletins.nav")
MEDIA = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}


@get("/bulletins", sync_to_thread=True)
def all_bulletins(desk: AtDesk) -> Template:
    """Every bulletin, newest first, and the form to compose one."""
    return list_page(desk)


@post("/bulletins", guards=[clerks_only], sync_to_thread=True)
def compose(desk: AtDesk, data: Form) -> Template | Redirect:
    """Compose a draft and show it."""
    industry, audience = data.get("industry", ""), data.get("audience", "").strip()
    try:
        month = Month.of(datetime.strptime(data.get("month", ""), "%Y-%m"))  # noqa: DTZ007  a month has no zone
    except ValueError:
        return list_page(desk, desk.say("bulletins.bad_month"), 400)
    try:
        made = issue.draft(desk.ledger, industry, month, desk.signature, audience, desk.now)
    except Unusable as error:
        return list_page(desk, str(error), 400)
    return Redirect(f"/bulletins/{made}", status_code=303)


@get("/bulletins/{number:int}", sync_to_thread=True)
def one_bulletin(desk: AtDesk, number: FromPath[int]) -> Template:
    """One bulletin as it would be printed."""
    return bulletin_page(desk, number)


@post("/bulletins/{number:int}/review", guards=[clerks_only], sync_to_thread=True)
def review(desk: AtDesk, number: FromPath[int], data: Form) -> Template | Redirect:
    """Record the review of somebody else's draft."""
    known(desk, number)
    if not desk.scope.whole:  # the bulletin goes out under the provincial center's name
        raise PermissionDeniedException
    reject = data.get("verdict") != "issue"
    try:
        issue.review(desk.ledger, number, desk.signature, data.get("said", ""), desk.now, reject=reject)
    except Unusable as error:
        return bulletin_page(desk, number, str(error), 409)
    return Redirect(f"/bulletins/{number}", status_code=303)


@get("/bulletins/{number:int}/{form:str}", sync_to_thread=True)
def download(desk: AtDesk, number: FromPath[int], form: FromPath[str]) -> Response[bytes] | Template:
    """The bulletin as a file. Without a font for it the page says so."""
    from alerts.bulletins.formats import writer  # noqa: PLC0415  other forms are written in the background only

    if form not in MEDIA:
        raise NotFoundException
    found = known(desk, number)
    try:
        made = writer(f".{form}")(issue.edition_of(found), desk.settings.font)
    except Unusable as error:
        return bulletin_page(desk, number, str(error), 409)
    name = f"bulletin-{found.number or f'draft-{number}'}.{form}"
    return Response(made, media_type=MEDIA[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def known(desk: Desk, number: int) -> Bulletin:
    """A bulletin by its id. Raises NotFound, also for one the user may not see."""
    with desk.read() as work:
        found = bulletins.load(work, number) if number < 2**31 else None
    if found is None or not may_see(desk, found):
        raise NotFoundException
    return found


def may_see(desk: Desk, bulletin: Bulletin) -> bool:
    """Issued bulletins are every center's; what is not issued is its composer's and the province's, which issues."""
    return bulletin.state == ISSUED or desk.scope.whole or same_person(desk.signature, bulletin.composed_by)


def list_page(desk: Desk, problem: str = "", status: int = 200) -> Template:
    """The list and the form; `problem` says why a draft could not be composed."""
    with desk.read() as work:
        found = [one for one in bulletins.every(work) if may_see(desk, one)]
    names = {key: one.zh if desk.language == "zh" else one.en for key, one in load_industries().items()}
    rows = [(one, names.get(one.industry, one.industry), issue.intact(one)) for one in found]
    return desk.page(
        "bulletins.html.j2",
        status=status,
        rows=rows,
        industries=names,
        problem=problem,
        last_month=Month.of(desk.today).before.key,
        printed_number=printed_number,
    )


def bulletin_page(desk: Desk, number: int, problem: str = "", status: int = 200) -> Template:
    """One bulletin; one whose content was changed is said to be so, and not shown."""
    found, edition = known(desk, number), None
    try:
        edition = issue.edition_of(found)
    except Unusable as error:
        problem, status = str(error), 409
    mine = same_person(desk.signature, found.composed_by)
    return desk.page(
        "bulletin.html.j2",
        status=status,
        bulletin=found,
        edition=edition,
        problem=problem,
        may_review=bool(edition) and found.state == DRAFT and desk.may_judge and desk.scope.whole and not mine,
        own=found.state == DRAFT and mine,
        moment=lambda at: moment(at, desk.language),
    )


HANDLERS = (all_bulletins, compose, one_bulletin, review, download)
