"""The panels: each a picture with its table, every figure a link to what it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from litestar import get
from litestar.params import FromQuery
from litestar.response import Template
from markupsafe import Markup

from alerts.console.desk import AtDesk, Desk
from alerts.console.figures import Shown, table
from alerts.naming import names
from index.dashboards.drawing import picture
from index.dashboards.figures import MONTHS, Figures, Span, run
from index.dashboards.panels import PANELS
from index.problems import TryLater, Unusable
from index.search.engines import open_engine
from index.search.query import Query

NAV = (50, "/panels", "panels.nav")
LAST = 12


@get("/panels", sync_to_thread=True)
def panels(desk: AtDesk, since: FromQuery[str] = "", until: FromQuery[str] = "") -> Template:
    """Every panel over a span of months."""
    span, said = asked(desk.today, since, until)
    shown, trouble = list[Shown](), ""
    try:
        engine = open_engine(desk.settings.search)
        for panel in PANELS:
            shown.append(show(desk, run(panel, engine, span, desk.scope, names(desk.language))))
    except (TryLater, Unusable) as error:
        trouble = str(error)
    fields = {"since": span.months()[0], "until": span.months()[-1]}
    quick = [(months, last_months(desk.today, months)) for months in (LAST, 24, MONTHS)]
    return desk.page("panels.html.j2", panels=shown, fields=fields, span=span, said=said, trouble=trouble, quick=quick)


def asked(today: date, since: str, until: str) -> tuple[Span, str]:
    """The span asked for, and the key of what is to be said about it."""
    usual = Span.months_of(Span.last(LAST, today).since, today)
    try:
        first = date.fromisoformat(f"{since}-01") if since else usual.since
        last = date.fromisoformat(f"{until}-01") if until else usual.until
    except ValueError:
        return usual, "panels.unread"
    if first > last:
        return usual, "panels.unread"
    span = Span.months_of(first, last)
    return span, "panels.cut" if span.since > first else ""


def last_months(today: date, months: int) -> str:
    """The address of the panels over the last months."""
    span = Span.last(months, today)
    return "/panels?" + urlencode({"since": span.months()[0], "until": span.months()[-1]})


def show(desk: Desk, figures: Figures) -> Shown:
    """A panel with its picture, or without it where it cannot be drawn."""
    from alerts.charts import svg  # noqa: PLC0415

    shown = table(figures, names(desk.language), desk.say, desk.language, search_link)
    if not shown.rows:
        return shown
    try:
        drawn = svg(picture(figures, names(desk.language), "en" if desk.language == "en" else "zh", search_link))
    except Unusable:
        return shown
    return replace(shown, picture=Markup(drawn))  # noqa: S704  written element by element, see alerts.charts


def search_link(query: Query) -> str:
    """Where the desk shows what a question finds. The centers are left to the one who opens it."""
    kind = "warning" if query.kinds == ("warning",) else "notice"
    found: list[tuple[str, str]] = [("kind", kind)]
    several = {
        "industry": query.industries,
        "forum": query.forums,
        "country": query.countries,
        "dispute": query.disputes,
        "stage": query.stages,
    }
    found += [(name, value) for name, values in several.items() for value in values]
    found += [(name, day.isoformat()) for name, day in (("since", query.since), ("until", query.until)) if day]
    return "/search?" + urlencode(found)


HANDLERS = (panels,)
