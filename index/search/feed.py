"""From the ledger to the search index: take in what changed, or build it anew from the ledger alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.ledger import Ledger, Work, alerts, cases, matches, notices, queue, tagged
from index.problems import TryLater
from index.records import TaggedNotice
from index.search.document import Document
from index.search.engine import Engine

BATCH = 200


def document_of(work: Work, told: TaggedNotice) -> Document:
    """A notice as it is searched: its words, and what it may be narrowed by."""
    heard = told.notice
    case = notices.case_of(work, heard.key)
    found = matches.of_case(work, case) if case else []
    numbers = [i.value for i in (cases.load(work, case).identifiers if case else told.identifiers)]
    return Document(
        key=heard.key,
        kind="notice",
        title=heard.title,
        text="\n".join([heard.text, *(p.name for p in told.parties), *numbers]),
        day=heard.published_on or told.filed_on,
        language=told.language,
        forum=heard.forum,
        country=heard.country,
        source=heard.source,
        case_number=told.case_number or "",
        industries=tuple(tag.industry for tag in told.tags if tag.band == "tag"),
        centers=tuple(alerts.centers_of(work, case)) if case else (),
        enterprises=tuple(match.enterprise for match in found),
        parties=tuple(party.name for party in told.parties),
        url=heard.url,
    )


def documents(work: Work, keys: Iterable[str]) -> Iterator[Document]:
    """The documents of these notices, as the ledger has them now."""
    for told in tagged.load_many(work, keys):
        yield document_of(work, told)


def take_in(ledger: Ledger, engine: Engine) -> int:
    """Index what changed since; how many notices. What fails stays queued: the index may lag, never lie."""
    taken = 0
    while True:
        with ledger.read() as work:
            waiting = queue.waiting(work, BATCH)
            found = list(documents(work, [key for key, _ in waiting]))
        if not waiting:
            return taken
        try:
            engine.put(found)
        except TryLater:  # no index yet, or a broken one: the ledger has all of it
            return reindex(ledger, engine)
        with ledger.begin() as work:
            queue.done(work, waiting)
        taken += len(found)


def reindex(ledger: Ledger, engine: Engine) -> int:
    """Build the whole index anew beside the old one, then swap; how many notices it holds."""
    with ledger.read() as work:
        waiting = queue.waiting(work, queue.size(work))
        engine.rebuild(documents(work, list(notices.keys(work))))
    with ledger.begin() as work:
        queue.done(work, waiting)
    return engine.size()
