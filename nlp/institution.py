"""The entries of a notice of institution: "(a) The complainants are:" and names with street addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.records import Party
from nlp.itc_parties import COMPLAINANT, RESPONDENT, STAFF, STAFF_NAME
from nlp.legal_forms import is_form_alone
from nlp.party_names import clean_name, is_name
from nlp.pipeline import TEXT_LIMIT, on_one_line, prose_pipeline
from nlp.spans import text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

_COMPLAINANTS = re.compile(r"\(a\)\s{0,3}The complainants? (?:is|are)(?:[^:.—\n]{0,60}[:.—]|[^:.—\n]{0,60})")
_RESPONDENTS = re.compile(r"\(b\)\s{0,3}The respondents? (?:is|are)[^:—\n]{0,300}?(?:[:—]|served[:.]?|(?=\n))[:—]?")
# Until 2010 the staff's attorney was named: "(c) Jane Roe, Esq., Office of Unfair Import Investigations, …".
_ATTORNEY = r"[^;\n]{3,150}?,\s(?:Esq(?:uire)?\b|Office of Unfair)"
_END = re.compile(
    rf"\([cd]\)\s{{0,3}}(?:The|For|{_ATTORNEY})|\(\d\)\s{{0,3}}(?:For|The)\b|For the investigation so instituted"
    r"|Responses to the complaint"
)
_STAFF = re.compile(
    r"\(c\)\s{0,3}(?:The |[^;\n]{3,150}?,\s)Office of Unfair Import Investigations(?P<rest>[^;]{0,200})"
)
_CODE = re.compile(r"\b(CN|HK|TW|KR|JP|VN|SG)$")  # an address may end in the code of a country
_ZIP = re.compile(r"\b[A-Z]{0,3}-?\d[\w-]*(?: \d?[A-Z]{2}\b| \w{3}\b)?")
_ENTRIES, _ENTRY_LIMIT = 500, 600


def read_institution(text: str) -> tuple[Party, ...]:
    """The parties a notice of institution names, with address and country; () where it has no such entries."""
    text = text[:TEXT_LIMIT]
    first, second = _COMPLAINANTS.search(text), _RESPONDENTS.search(text)
    if not first or not second or second.start() < first.end():
        return ()
    end = _END.search(text, second.end())
    parties = [
        *_entries(text[first.end() : second.start()], COMPLAINANT),
        *_entries(text[second.end() : end.start() if end else len(text)], RESPONDENT),
    ]
    staff = _STAFF.search(text, second.end())
    if staff and not re.search(r"\bnot (?:a |participate|be )", staff["rest"]):
        words = re.sub(r"\s+", " ", staff.group())[:300]
        parties.append(Party(STAFF_NAME, STAFF, "US" if "Washington, D" in words else None, None, words))
    return tuple(parties)


def _entries(zone: str, role: str) -> list[Party]:
    """One party an entry; entries stand on lines of their own, or between semicolons."""
    lines = [line for line in re.split(r"\n+|;", zone) if line.strip()][:_ENTRIES]
    pipeline = prose_pipeline()
    found = [_party(doc, role) for doc in pipeline.pipe(on_one_line(line[:_ENTRY_LIMIT]) for line in lines)]
    return list({party.name: party for party in found if party}.values())


def _party(doc: Doc, role: str) -> Party | None:
    """`Name, street, city, STATE ZIP` or `Name, street, city, province 215168, China` as a party."""
    text = text_of(doc)
    ends = name_end(text)
    name, _ = clean_name(re.sub(r"^and ", "", text[:ends]))
    if not is_name(name):
        return None
    place = text[ends:].strip(" ,.") or None
    return Party(name, role, _country(doc, ends), place[:200] if place else None, text[:300])


def name_end(entry: str) -> int:
    """Where the name ends in an entry: the first comma that no legal form or d/b/a name follows."""
    protected = [found.span() for found in re.finditer(r"\([^()]{0,200}\)", entry)]
    commas = [
        at for at, character in enumerate(entry) if character == "," and not any(a < at < b for a, b in protected)
    ]
    for position, comma in enumerate(commas):
        until = commas[position + 1] if position + 1 < len(commas) else len(entry)
        if not is_form_alone(entry[comma + 1 : until].strip()) and not re.match(
            r"\s*(?:d/b/a|f/k/a|a/k/a)\b", entry[comma + 1 :]
        ):
            return comma
    return len(entry)


def _country(doc: Doc, start: int) -> str | None:
    """The country an address ends in: the last stretches that are one, or the words that end the address."""
    stretches = [found.span() for found in re.finditer(r"[^,]+", text_of(doc)) if found.start() > start][-4:]
    stated = [ent for ent in doc.ents if ent.ent_id_ and ent.start_char > start]
    for begin, end in reversed(stretches):
        for ent in stated:
            if begin <= ent.start_char < end and _ends_address(
                text_of(doc)[begin : ent.start_char], re.sub(r"\([^()]*\)?", "", text_of(doc)[ent.end_char : end])
            ):
                return _hong_kong(text_of(doc)[start:], ent.ent_id_)
    coded = _CODE.search(text_of(doc)[start:].rstrip(" .;,"))
    return coded[1] if coded else None


def _ends_address(before: str, after: str) -> bool:
    """Whether a place between these words closes a stretch: "CA 95054", "San Jose CA 95112", "Jiangsu China"."""
    if re.search(r"\w", _ZIP.sub("", after)):
        return False
    return not re.search(r"[a-z]", before.replace("the ", "")) or bool(
        re.fullmatch(r"(?:[\w.'-]+\s+){1,3}", before.lstrip())
    )


def _hong_kong(address: str, country: str) -> str:
    """ "Hong Kong, China" is HK and "Taipei, Taiwan, China" TW; a Hong Kong Road in Qingdao is in China."""
    if country != "CN":
        return country
    own = re.search(
        r",\s*(?:Kowloon,?\s|N\.?T\.?,?\s)?(Hong ?Kong|Taiwan)(?:\s(?:SAR|S\.A\.R\.|R\.O\.C\.))?\s*(?:,|$)", address
    )
    return country if not own else "TW" if own[1] == "Taiwan" else "HK"
