"""From the ledger to the search index: take in what changed, or build it anew from the ledger alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from index.ledger import Ledger, Work, alerts, cases, enterprises, matches, notices, queue, tagged
from index.records import TaggedNotice
from index.search.document import Document
from index.search.engine import Engine
from index.search.rebuild import ensure

BATCH = 200
Gloss: TypeAlias = Callable[[TaggedNotice], Iterable[str]]


def no_words(_told: TaggedNotice) -> Iterable[str]:
    """No further words."""
    return ()


def document_of(work: Work, told: TaggedNotice, gloss: Gloss = no_words) -> Document:
    """A notice as it is searched: its words, and what it may be narrowed by.

    `gloss` gives further words to find it by: its product and industries in the reader's language.
    """
    heard = told.notice
    case = notices.case_of(work, heard.key)
    found = matches.of_case(work, case) if case else []
    ours = [known.name for match in found if (known := enterprises.load(work, match.enterprise))]
    numbers = [i.value for i in (cases.load(work, case).identifiers if case else told.identifiers)]
    return Document(
        key=heard.key,
        kind="notice",
        title=heard.title,
        text="\n".join([heard.text, *(p.name for p in told.parties), *numbers, *ours, *gloss(told)]),
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


def documents(work: Work, keys: Iterable[str], gloss: Gloss = no_words) -> Iterator[Document]:
    """The documents of these notices, as the ledger has them now."""
    for told in tagged.load_many(work, keys):
        yield document_of(work, told, gloss)


def take_in(ledger: Ledger, engine: Engine, gloss: Gloss = no_words) -> int:
    """Index what changed since; how many notices. What fails stays queued: the index may lag, never lie.

    An index that is missing, outdated or damaged is built anew first. Raises what the engine raises.
    """
    anew, taken = ensure(engine, lambda: everything(ledger, gloss)), 0
    while True:
        with ledger.read() as work:
            waiting = queue.waiting(work, BATCH)
            found = list(documents(work, [key for key, _ in waiting], gloss))
        if not waiting:
            return taken or anew or 0
        taken += engine.put(found)
        with ledger.begin() as work:
            queue.done(work, waiting)


def reindex(ledger: Ledger, engine: Engine, gloss: Gloss = no_words) -> int:
    """Build the whole index anew beside the old one, then swap; how many notices it holds."""
    engine.rebuild(everything(ledger, gloss))
    return engine.size()


def everything(ledger: Ledger, gloss: Gloss = no_words) -> Iterator[Document]:
    """Every notice as the ledger has it at the moment the first is asked for."""
    with ledger.read() as work:
        yield from documents(work, list(notices.keys(work)), gloss)
