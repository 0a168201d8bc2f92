"""Everyone a notice names: its structured parties, and those its prose tells, once each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.records import IpDispute, Notice, Party
from nlp.captions import read_caption
from nlp.edis_parties import read_edis_parties
from nlp.institution import read_institution
from nlp.itc_parties import read_itc_parties
from nlp.legal_forms import name_key

if TYPE_CHECKING:
    from spacy.tokens import Doc

COURTS = frozenset({"us_district", "us_bankruptcy", "us_appeal", "us_cafc"})


def read_parties(notice: Notice, docs: list[Doc], dispute: IpDispute) -> tuple[Party, ...]:
    """The parties of a notice. `docs`: its paragraphs that speak of parties, through the prose pipeline.

    A caption is read only where the source structured no party. An ITC notice about another matter than an
    IP dispute (dumping, a study, a rule) has no parties in our sense. The entries of a notice of institution are
    all its parties; its prose only says more of them.
    """
    if notice.forum in COURTS:
        return notice.parties or read_caption(notice.section("title") or notice.title, notice.forum)
    if notice.forum != "us_itc" or dispute is IpDispute.NO:
        return notice.parties
    if notice.source == "usitc_edis" or any(part.label == "on_behalf_of" for part in notice.sections):
        return merged(notice.parties, read_edis_parties(notice))
    entries = read_institution(notice.section("supplementary"))
    known = {name_key(one.name) for one in entries}
    told = (one for one in read_itc_parties(docs) if not entries or name_key(one.name) in known)
    return merged(notice.parties, entries, tuple(told))


def merged(*groups: tuple[Party, ...]) -> tuple[Party, ...]:
    """Parties of several readings, the earlier reading's spelling first; a later one fills country and place."""
    known: dict[str, Party] = {}
    for party in (party for group in groups for party in group):
        key = name_key(party.name)
        first = known.get(key)
        if first is None:
            known[key] = party
        else:
            known[key] = replace(
                first,
                country=first.country or party.country,
                place=first.place or party.place,
                quote=first.quote or party.quote,
            )
    return tuple(known.values())
