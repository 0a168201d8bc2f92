"""Search over public notices, and over the center's own warnings."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import get
from litestar.response import Template

from alerts.console.desk import Desk
from alerts.letters.glossary import term
from index.problems import TryLater, Unusable
from index.search.engines import open_engine
from index.search.query import Counts, Query
from nlp.industries import load

NAV = (30, "/search", "search.nav")
TEXT_LIMIT = 300
KINDS = ("notice", "warning")


@get("/search", sync_to_thread=True)
def search(  # noqa: PLR0913, PLR0917  each is a field of the form
    desk: Desk,
    q: str = "",
    kind: str = "notice",
    industry: str = "",
    forum: str = "",
    since: str = "",
    until: str = "",
    sort: str = "newest",
    page: int = 1,
    country: str = "",
    stage: str = "",
) -> Template:
    """What a question finds, with the words asked for marked where they stand."""
    asked = Query(
        text=q[:TEXT_LIMIT],
        industries=_one(industry),
        forums=_one(forum),
        countries=_one(country),
        stages=_one(stage),
        since=_day(since),
        until=_day(until),
        sort="relevance" if sort == "relevance" else "newest",
        page=min(max(page, 1), 500),
    )
    query = desk.scope.warnings(asked) if kind == "warning" else desk.scope.notices(asked)
    fields = {"q": q[:TEXT_LIMIT], "kind": kind if kind in KINDS else "notice", "industry": industry, "forum": forum,
              "since": since, "until": until, "sort": asked.sort, "country": country, "stage": stage}  # fmt: skip
    return desk.page("search.html.j2", fields=fields, **found(desk, query))


def found(desk: Desk, query: Query) -> dict[str, Any]:
    """The hits, and what the question may be narrowed to. An index that cannot be used is said, not hidden."""
    industries = {key: one.zh if desk.language == "zh" else one.en for key, one in load().items()}
    told: dict[str, Any] = {"industries": industries, "forums": {}, "found": None, "trouble": "", "page": query.page}
    try:
        engine = open_engine(desk.settings.search)
        told["found"] = engine.search(query)
        counted = engine.count(Query(kinds=query.kinds, centers=query.centers), Counts("forum"))
    except (TryLater, Unusable) as error:
        told["trouble"] = str(error)
    else:
        told["forums"] = {bucket.key: term("forums", bucket.key, desk.language) for bucket in counted}
    return told


def _one(value: str) -> tuple[str, ...]:
    return (value[:64],) if value else ()


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


HANDLERS = (search,)
