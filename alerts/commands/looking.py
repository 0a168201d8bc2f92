"""`yujing search`, `yujing reindex`, `yujing deadlines` and `yujing status`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

from alerts.commands.status import status
from alerts.letters.glossary import chinese_words, term
from index.feed import WARNING
from index.feed import reindex as build_anew
from index.ledger import Ledger
from index.problems import TryLater, Unusable
from index.search.engines import open_engine
from index.search.query import Hit, Query, Sort
from index.settings import load_settings

__all__ = ["Narrowed", "deadlines", "reindex", "search", "status"]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a search is narrowed to."""

    industries: tuple[str, ...] = ()
    forums: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    enterprises: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


def search(text: str, narrowed: Narrowed, sort: Sort, page: int, *, as_json: bool) -> int:
    """Print what a search finds."""
    if unknown := set(narrowed.industries) - set(industries()):
        raise Unusable(f"industry {', '.join(sorted(unknown))} is not known; known: {', '.join(industries())}")
    try:
        found = open_engine(load_settings().search).search(Query(text=text, sort=sort, page=page, **asdict(narrowed)))
    except TryLater as error:
        raise Unusable(f"{error}; the next `yujing watch --once` makes it too") from error
    for hit in found.hits:
        print(json.dumps(asdict(hit.document), ensure_ascii=False, default=str) if as_json else shown(hit))
    if not as_json:
        print(f"共 {found.total} 条 · {found.total} found" + ("，还有更多 and more" if found.more else ""))
    return 0


def industries() -> dict[str, str]:
    """Each known industry's id and Chinese name."""
    from nlp.industries import load  # noqa: PLC0415  used here only

    return {key: industry.zh for key, industry in load().items()}


def shown(hit: Hit) -> str:
    """A hit in two or three lines: day, number and title, where its words stand, its address.

    A warning says that it is one and how far it came; everything else found is a public notice.
    """
    told = hit.document
    kind = f"【预警·{term('stages', told.stage)}】" if told.kind == WARNING else ""
    head = kind + " · ".join(filter(None, (str(told.day or "—"), told.case_number, told.title)))
    tags = ("  [" + ", ".join(told.industries) + "]") if told.industries else ""
    return f"{head}{tags}\n    {' '.join(hit.excerpt().text.split())}\n    {told.url}"


def reindex() -> int:
    """Build the index anew and say how much it holds."""
    settings = load_settings()
    ledger = Ledger.open(settings.ledger)
    engine = open_engine(settings.search)
    print(f"{build_anew(ledger, engine, chinese_words)} notices and warnings indexed")
    ledger.close()
    return 0


def deadlines(forum: str, event: str, on: date, place: str) -> int:
    """Print the legal dates an event sets running."""
    from alerts.deadlines import run  # noqa: PLC0415  used here only

    for line in run(forum, event, on, place):
        print(line)
    return 0
