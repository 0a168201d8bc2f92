"""From a page to its items, and from an item's several documents to one notice. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from index.keys import notice_key
from index.problems import Problem, Unreadable
from index.records import Fields, Notice, Page, RawNotice

T = TypeVar("T")
ITEM_LIMIT = 5_000


class Reader(Protocol):
    """What a source can do with a saved page; every SourceSpider class is one."""

    @classmethod
    def split(cls, page: Page) -> Iterable[RawNotice | Problem]:
        """The page's items with their fields as printed."""

    @classmethod
    def read(cls, raw: RawNotice) -> Notice:
        """One item, read."""


@dataclass(frozen=True, slots=True)
class Split:
    """A page cut into items; `readable` is False when the page as a whole could not be read."""

    raws: tuple[RawNotice, ...]
    problems: tuple[Problem, ...]
    readable: bool = True


def split_page(reader: Reader, page: Page, key: str = "") -> Split:
    """Cut a page into items. What was cut before a failure is kept."""
    raws: list[RawNotice] = []
    problems: list[Problem] = []
    readable = True
    try:
        for found in reader.split(page):
            (raws if isinstance(found, RawNotice) else problems).append(found)  # type: ignore[arg-type]
            if len(raws) >= ITEM_LIMIT:
                problems.append(Problem(page.source, page.url, "items", f"more than {ITEM_LIMIT}; the rest was left"))
                break
    except Unreadable as error:
        readable = False
        problems.append(Problem(page.source, page.url, error.field, error.reason))
    except (RecursionError, MemoryError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        # A page is untrusted: whatever shape it has, it must end as a recorded problem, not as a crash.
        readable = False
        problems.append(Problem(page.source, page.url, "page", f"{type(error).__name__}: {str(error)[:300]}"))
    return Split(
        tuple(replace(raw, page_key=key, fields=encodable(raw.fields)) for raw in raws),
        tuple(replace(problem, page_key=key) for problem in problems),
        readable,
    )


def encodable(fields: Fields) -> Fields:
    """Fields without lone surrogates, which JSON can smuggle in and no database takes."""
    text = json.dumps(dict(fields), ensure_ascii=False)
    clean: Fields = json.loads(text.encode("utf-8", "replace"))
    return clean


def read_raw(reader: Reader, raw: RawNotice) -> Notice | Problem:
    """One item as a Notice, or the problem that names the field which could not be read."""
    try:
        return reader.read(raw)
    except Unreadable as error:
        return Problem(raw.source, raw.url, error.field, error.reason, raw.page_key, raw.native_id)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        # As above: one item that surprises must not cost the others.
        reason = f"{type(error).__name__}: {str(error)[:300]}"
        return Problem(raw.source, raw.url, "item", reason, raw.page_key, raw.native_id)


def combine(notices: Sequence[Notice]) -> Notice:
    """One notice from what its documents say, poorest first: the richer document's word stands.

    Identifiers, parties, rights and codes are united; of sections with one label the richest stands.
    """
    base = notices[0]
    for richer in notices[1:]:
        base = replace(
            base,
            url=base.url or richer.url,
            title=richer.title or base.title,
            published_on=richer.published_on or base.published_on,
            filed_on=richer.filed_on or base.filed_on,
            entry_type=richer.entry_type or base.entry_type,
            case_number=richer.case_number or base.case_number,
            identifiers=united(base.identifiers, richer.identifiers),
            parties=united(base.parties, richer.parties),
            rights=united(base.rights, richer.rights),
            codes=united(base.codes, richer.codes),
            sections=tuple({s.label: s for s in (*base.sections, *richer.sections)}.values()),
            confidential=base.confidential or richer.confidential,
            corrects=richer.corrects or base.corrects,
        )
    return base


def united(first: Sequence[T], second: Sequence[T]) -> tuple[T, ...]:
    """Both, in order, each once."""
    return tuple(dict.fromkeys((*first, *second)))


def unread_notice(raw: RawNotice, forum: str, country: str) -> Notice:
    """What stands for an item that could not be read, so that it is counted and can be looked at."""
    key = notice_key(raw.source, raw.identity or raw.native_id, raw.url)
    return Notice(key, raw.source, raw.native_id, raw.url, "", forum, country)
