"""From the ledger to the search index: take in what changed, or build it anew from the ledger alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from index.ledger import Ledger, Work, alerts, cases, deliveries, enterprises, notices, queue, tagged
from index.records import BEIJING, Alert, TaggedNotice
from index.search.document import Document
from index.search.engine import Engine
from index.search.rebuild import ensure

BATCH = 200
NOTICE, WARNING = "notice", "warning"
Gloss: TypeAlias = Callable[[TaggedNotice], Iterable[str]]


def no_words(_told: TaggedNotice) -> Iterable[str]:
    """No further words."""
    return ()


def notice_document(work: Work, told: TaggedNotice, gloss: Gloss = no_words) -> Document:
    """A notice as it is searched: its words, and what it may be narrowed by. It names no enterprise of ours.

    `gloss` gives further words to find it by: its product and industries in the reader's language.
    """
    heard = told.notice
    case = notices.case_of(work, heard.key)
    numbers = [i.value for i in (cases.load(work, case).identifiers if case else told.identifiers)]
    return Document(
        key=heard.key,
        kind=NOTICE,
        title=heard.title,
        text="\n".join([heard.text, *(p.name for p in told.parties), *numbers, *gloss(told)]),
        day=heard.published_on or told.filed_on,
        language=told.language,
        forum=heard.forum,
        country=heard.country,
        source=heard.source,
        case_number=told.case_number or "",
        industries=_industries(told),
        parties=tuple(party.name for party in told.parties),
        url=heard.url,
        ip_dispute=told.ip_dispute,
        case=case or "",
    )


def warning_document(work: Work, alert: Alert, told: TaggedNotice, gloss: Gloss = no_words) -> Document:
    """An alert as its center searches it: whom it is for, which case, how far it came."""
    enterprise, case = enterprises.load(work, alert.enterprise), cases.load(work, alert.case)
    names = [enterprise.name, enterprise.en_name, *(a.name for a in enterprise.aliases)] if enterprise else []
    numbers = [i.value for i in case.identifiers]
    return Document(
        key=f"{WARNING}:{alert.key}",
        kind=WARNING,
        title=f"{enterprise.name if enterprise else alert.enterprise}：{told.notice.title}",
        text="\n".join([*dict.fromkeys(filter(None, names)), *numbers, *gloss(told)]),
        day=alert.created_at.astimezone(BEIJING).date(),
        language=told.language,
        forum=case.forum,
        country=told.notice.country,
        source=told.notice.source,
        case_number=case.number or told.case_number or "",
        industries=_industries(told),
        centers=(alert.center,),
        enterprises=(alert.enterprise,),
        url=told.notice.url,
        ip_dispute=told.ip_dispute,
        stage=alerts.stage(alert, sent=deliveries.reached(work, alert.key)),
        severity=alert.severity,
        level=alert.level,
        case=case.key,
    )


def _industries(told: TaggedNotice) -> tuple[str, ...]:
    return tuple(tag.industry for tag in told.tags if tag.band == "tag")


def documents(work: Work, keys: Iterable[str], gloss: Gloss = no_words) -> Iterator[Document]:
    """These notices and the alerts they led to, as the ledger has them now."""
    for told in tagged.load_many(work, keys):
        yield notice_document(work, told, gloss)
        for alert in alerts.led_by(work, told.notice.key):
            yield warning_document(work, alert, told, gloss)


def take_in(ledger: Ledger, engine: Engine, gloss: Gloss = no_words) -> int:
    """Index what changed since; how many documents. What fails stays queued: the index may lag, never lie.

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
    """Build the whole index anew beside the old one, then swap; how many documents it holds."""
    engine.rebuild(everything(ledger, gloss))
    return engine.size()


def everything(ledger: Ledger, gloss: Gloss = no_words) -> Iterator[Document]:
    """Every notice and alert as the ledger has them at the moment the first is asked for."""
    with ledger.read() as work:
        yield from documents(work, list(notices.keys(work)), gloss)
