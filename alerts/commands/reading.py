"""`yujing read` and `yujing tag`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alerts.commands.showing import complain
from alerts.rounds.understanding import understood
from crawlers.saved import keep_page, load_page, read_page, spider_class
from index.ledger import Ledger
from index.problems import BadRow, Problem, Unusable
from index.records import TaggedNotice
from index.settings import load_settings


def read(source: str, files: Sequence[Path], *, keep: bool) -> int:
    """Print each file's notices; a file that cannot be read is named and the others still read."""
    settings = load_settings()
    reader = spider_class(source)
    ledger = Ledger.open(settings.ledger) if keep else None
    failed = 0
    for file in files:
        try:
            page = load_page(source, file, settings.page_limit)
        except Unusable as error:
            failed += complain(str(error))
            continue
        if ledger:
            keep_page(ledger, reader, page)
        for found in read_page(reader, page):
            told = found if isinstance(found, Problem) else understood(found)
            if isinstance(told, Problem):
                where = " ".join(filter(None, (told.native_id, told.field)))
                failed += complain(f"{file}: {where}: {told.reason}" if where else f"{file}: {told.reason}")
            else:
                print(json.dumps(as_row(str(file), told), ensure_ascii=False))
    return 1 if failed else 0


def as_row(file: str, told: TaggedNotice) -> dict[str, Any]:
    """The public contract's fields of a notice, and what else it tells."""
    heard = told.notice
    return {
        "file": file,
        "source": heard.source,
        "native_id": heard.native_id,
        "url": heard.url,
        "event": told.event,
        "events": told.events,
        "title": heard.title,
        "language": told.language,
        "published_on": iso(heard.published_on),
        "filed_on": iso(told.filed_on),
        "forum": heard.forum,
        "case_number": told.case_number,
        "identifiers": [{"kind": i.kind, "value": i.value, "scope": i.scope} for i in told.identifiers],
        "parties": [
            {"name": p.name, "role": p.role, "country": p.country, "place": p.place, "quote": p.quote}
            for p in told.parties
        ],
        "patents": [right.number for right in told.rights if right.kind == "patent"],
        "relief": told.relief,
        "product": told.product,
        "industries": [tag.industry for tag in told.tags if tag.band == "tag"],
        "ip_dispute": told.ip_dispute,
        "confidential": heard.confidential,
        "evidence": [{"kind": e.kind, "quote": e.quote, "source": e.source} for e in told.evidence],
    }


def tag(file: Path) -> int:
    """Print each row's industries; a bad row is named and the others still done."""
    from nlp.tagfile import tag_rows  # noqa: PLC0415  used here only

    failed = 0
    try:
        with file.open(encoding="utf-8") as lines:
            for row in tag_rows(lines, str(file)):
                if isinstance(row, BadRow):
                    failed += complain(str(row))
                else:
                    print(json.dumps(row, ensure_ascii=False))
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"{file}: {error}") from error
    return 1 if failed else 0


def iso(day: Any) -> str | None:
    """A date as ISO 8601, or null."""
    return day.isoformat() if day else None
