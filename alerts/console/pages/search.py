"""Search over public notices, and over the center's own warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from litestar import get
from litestar.params import FromQuery
from litestar.response import Template

from alerts.console.desk import AtDesk, Desk
from alerts.letters.glossary import term
from alerts.naming import names
from index.ledger import desk as listed
from index.problems import TryLater, Unusable
from index.search.engines import open_engine
from index.search.query import Counts, Found, Query
from nlp.industries import load

NAV = (30, "/search", "search.nav")
TEXT_LIMIT = 300
KINDS = ("notice", "warning")
DISPUTES = ("yes", "no", "unknown")


@get("/search", sync_to_thread=True)
def search(  # noqa: PLR0913, PLR0917  each is a field of the form
    desk: AtDesk,
    q: FromQuery[str] = "",
    kind: FromQuery[str] = "notice",
    industry: FromQuery[str] = "",
    forum: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
    sort: FromQuery[str] = "newest",
    page: FromQuery[int] = 1,
    country: FromQuery[str] = "",
    dispute: FromQuery[str] = "",
    stage: FromQuery[list[str] | None] = None,
) -> Template:
    """What a question finds, with the words asked for marked where they stand."""
    asked = Query(
        text=q[:TEXT_LIMIT],
        industries=_one(industry),
        forums=_one(forum),
        countries=_one(country),
        disputes=_one(dispute),
        stages=tuple(one[:64] for one in (stage or ())[:20]),
        since=_day(since),
        until=_day(until),
        sort="relevance" if sort == "relevance" else "newest",
        page=min(max(page, 1), 500),
    )
    query = desk.scope.warnings(asked) if kind == "warning" else desk.scope.notices(asked)
    fields = {"q": q[:TEXT_LIMIT], "kind": kind if kind in KINDS else "notice", "industry": industry, "forum": forum,
              "since": since, "until": until, "sort": asked.sort, "country": country, "dispute": dispute,
              "stage": asked.stages}  # fmt: skip
    tabs = [(one, address(fields | {"kind": one})) for one in KINDS]
    return desk.page(
        "search.html.j2",
        fields=fields,
        tabs=tabs,
        here=address(fields),
        narrowed=narrowed(desk, asked),
        stages=names(desk.language)["stage"],
        **found(desk, query),
    )


def address(fields: Mapping[str, Any]) -> str:
    """The address of the first page of a question."""
    return "/search?" + urlencode({name: value for name, value in fields.items() if value}, doseq=True)


def narrowed(desk: Desk, asked: Query) -> list[str]:
    """What a figure narrowed the question to and the form does not ask, in words."""
    known = names(desk.language)
    found = [known["country"].get(one, one) for one in asked.countries]
    found += [known["stage"].get(one, one) for one in asked.stages]
    return found + [desk.say(f"search.dispute_{one}") for one in asked.disputes if one in DISPUTES]


def found(desk: Desk, query: Query) -> dict[str, Any]:
    """The hits, and what the question may be narrowed to. An index that cannot be used is said, not hidden."""
    industries = {key: one.zh if desk.language == "zh" else one.en for key, one in load().items()}
    told: dict[str, Any] = {"industries": industries, "forums": {}, "found": None, "trouble": "", "page": query.page}
    try:
        engine = open_engine(desk.settings.search)
        told["found"] = visible(desk, engine.search(query))
        counted = engine.count(Query(kinds=query.kinds, centers=query.centers), Counts("forum"))
    except (TryLater, Unusable) as error:
        told["trouble"] = str(error)
    else:
        told["forums"] = {bucket.key: term("forums", bucket.key, desk.language) for bucket in counted}
    return told


def visible(desk: Desk, found: Found) -> Found:
    """The hits without warnings that went to another center after the index took them in: the ledger decides."""
    keys = {hit: hit.document.key.partition(":")[2] for hit in found.hits if hit.document.kind == "warning"}
    with desk.read() as work:
        ours = listed.by_key(work, desk.scope, list(keys.values()))
    return replace(found, hits=tuple(hit for hit in found.hits if hit not in keys or keys[hit] in ours))


def _one(value: str) -> tuple[str, ...]:
    return (value[:64],) if value else ()


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


HANDLERS = (search,)
