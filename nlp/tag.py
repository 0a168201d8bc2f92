"""A Notice understood: the prose read, the industries said, each with its evidence. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from index.keys import digest
from index.records import IpDispute, Notice, Tag, TaggedNotice

ClassesOf = Callable[[str], Sequence[str]]


@cache
def version() -> str:
    """The rules' version: it changes with any file of this room, so no change is forgotten."""
    room = Path(__file__).parent
    files = sorted(p for p in room.rglob("*") if p.suffix in {".py", ".toml"})
    return "rules-" + digest(*(part for p in files for part in (str(p.relative_to(room)), p.read_bytes())))[:12]


def understand(notice: Notice, classes_of: ClassesOf | None = None) -> TaggedNotice:
    """What a notice is about, who is in it and which industries it touches.

    `classes_of` gives the IPC/CPC codes of a patent number (`US9899481`), where they are known: a
    patent asserted in a court thus speaks for an industry as a patent's own page does.
    """
    from nlp.industry import tag_industries  # noqa: PLC0415  spaCy is slow to import
    from nlp.reading import understand_prose  # noqa: PLC0415

    prose = understand_prose(notice)
    codes = [*notice.codes]
    if classes_of:
        codes += [code for right in prose.rights for code in classes_of(right.number)]
    tags: tuple[Tag, ...] = ()
    if prose.ip_dispute is not IpDispute.NO:
        tags = tag_industries(
            title=notice.title,
            text=notice.text,
            product=prose.product,
            codes=codes,
            language=prose.language,
            kind=notice.forum,
        )
    return TaggedNotice(
        notice=notice,
        language=prose.language,
        event=prose.event,
        events=prose.events,
        ip_dispute=prose.ip_dispute,
        case_number=prose.case_number,
        filed_on=prose.filed_on,
        identifiers=prose.identifiers,
        parties=prose.parties,
        rights=prose.rights,
        relief=prose.relief,
        product=prose.product,
        tags=tags,
        evidence=prose.evidence,
        understood_by=version(),
    )
