"""Understanding a notice's prose: what it is, who is in it, which case and rights, what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from index.records import Evidence, Identifier, IpDispute, Notice, Party, Right
from nlp import itc_parties, rights
from nlp.disputes import ip_dispute
from nlp.events import read_events
from nlp.identifiers import case_number_of, own_identifiers
from nlp.language import detect_language
from nlp.parties import COURTS, read_parties
from nlp.pipeline import paragraphs, prose_pipeline
from nlp.products import find_product

if TYPE_CHECKING:
    from spacy.tokens import Doc

_PROSE = ("abstract", "summary", "action", "title", "supplementary")
_PARAGRAPHS = 2_000  # of one notice


@dataclass(frozen=True, slots=True)
class Prose:
    """What the prose of a notice tells, merged with what its source structured.

    `language` is ISO 639-1; `events` starts with `event`, the main one, by the forum's own list; `relief`
    is what was granted (GEO, LEO, CDO); `evidence` quotes the words for event, relief, ip_dispute, product.
    """

    language: str
    event: str
    events: tuple[str, ...]
    relief: tuple[str, ...]
    ip_dispute: IpDispute
    case_number: str | None
    filed_on: date | None
    identifiers: tuple[Identifier, ...]
    parties: tuple[Party, ...]
    rights: tuple[Right, ...]
    product: str | None
    evidence: tuple[Evidence, ...]


def understand_prose(notice: Notice) -> Prose:
    """Read a notice's labelled sections. Pure and bounded: at most half a million characters of a section."""
    language = detect_language(notice.section("abstract", "summary", "supplementary") or notice.title or notice.text)
    identifiers = own_identifiers(notice)
    dispute, why = ip_dispute(notice, identifiers)
    told = read_events(notice, language)
    docs = _docs(notice, dispute)
    product = find_product(notice, language)
    return Prose(
        language=language,
        event=told.main,
        events=told.events,
        relief=told.relief,
        ip_dispute=dispute,
        case_number=case_number_of(notice, identifiers),
        filed_on=notice.filed_on or itc_parties.complaint_filed_on(docs),
        identifiers=identifiers,
        parties=read_parties(notice, docs, dispute),
        rights=_rights(notice, docs),
        product=product.quote if product else None,
        evidence=(*told.evidence, *why, *((product,) if product else ())),
    )


def _docs(notice: Notice, dispute: IpDispute) -> list[Doc]:
    """The paragraphs that speak of parties or rights, through the pipeline; none for a caption or another matter."""
    if notice.forum in COURTS or dispute is IpDispute.NO:
        return []
    needles = (*itc_parties.NEEDLES, *rights.NEEDLES)
    chosen = [
        paragraph
        for label in _PROSE
        for part in notice.sections
        if part.label == label
        for paragraph in paragraphs(part.text, *needles)
    ]
    return list(prose_pipeline().pipe(dict.fromkeys(chosen[:_PARAGRAPHS])))


def _rights(notice: Notice, docs: list[Doc]) -> tuple[Right, ...]:
    """The structured rights, then those prose asserts."""
    known = {(one.kind, one.number): one for one in notice.rights}
    for one in rights.asserted_rights(docs):
        known.setdefault((one.kind, one.number), one)
    return tuple(known.values())
