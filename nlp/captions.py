"""The parties a case's caption names: "A, Inc. et al v. B Ltd. et al", "In re: C"."""

from __future__ import annotations

import re

from index.records import Party
from nlp.spans import quote

CAPTION_LIMIT = 2_000
_VERSUS = re.compile(r"\s(?:v\.?|vs\.?|V\.|VS\.?)\s(?=\S)|\s(?:v|vs)\.?$")  # a caption may be cut off
_ET_AL = re.compile(r"[\s,]*\bet\.?\s?als?\.?\s*,?$", re.I)
_ALONE = re.compile(
    r"^\s*(?:in re:?|in the matter of:?|(?:ex parte )?application of:?|ex parte)\s+"
    r"(?:(?:the\s+)?(?:application|complaint|petition) of\s+)?(?P<name>\S.*)$",
    re.I | re.S,
)
_NO_PARTY = re.compile(
    r"\b(?:litigation|antitrust|marketing|products liability|grand jury|estate|name changes"
    r"|subpoenas?|search of|seizure|sealed|under seal)\b",
    re.I,
)
_COMMISSION = re.compile(r"ITC|(?:U\.?S\.? |United States )?International Trade Commission", re.I)
_ROLES = {"us_district": ("plaintiff", "defendant"), "us_bankruptcy": ("plaintiff", "defendant")}


def read_caption(caption: str, forum: str) -> tuple[Party, ...]:
    """The parties a caption names, "et al" taken off. Without "v." no opponent is invented.

    Roles: plaintiff and defendant in district and bankruptcy courts, party_1 and party_2 on appeal (a caption
    says no more there), appellant for an ex parte "In re" before the Federal Circuit.
    """
    text = re.sub(r"\s+", " ", caption[:CAPTION_LIMIT]).strip()
    text = re.sub(r"\s*\[[^\[\]]{1,40}\]\s*$", "", text)
    sides = _VERSUS.split(text)
    if len(sides) == 2:
        roles = _ROLES.get(forum, ("party_1", "party_2"))
        return tuple(_party(side, role, text) for side, role in zip(sides, roles, strict=True) if _name(side))
    alone = _ALONE.match(text)
    if len(sides) > 2 or not alone or _NO_PARTY.search(alone["name"]) or not _name(alone["name"]):
        return ()
    role = "appellant" if forum == "us_cafc" else "petitioner" if forum == "us_district" else "party_1"
    return (_party(alone["name"], role, text),)


def _party(side: str, role: str, caption: str) -> Party:
    name = _name(side)
    return Party(name, role, "US" if _COMMISSION.fullmatch(name) else None, quote=quote(caption, 0, len(caption)))


def _name(side: str) -> str:
    """A side of a caption as a name, as printed without "et al"."""
    bare = _ET_AL.sub("", side.strip(" ,;")).strip(" ,;")
    return re.sub(r"^(?:In re:?|Matter of)\s+", "", bare)
