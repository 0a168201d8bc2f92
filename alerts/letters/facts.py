"""What a letter says of the case, and why it is thought to be this enterprise's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from alerts.letters.glossary import entry, product, side, term
from alerts.letters.letter import Letter
from alerts.letters.plain import clean, day, first_up, quoted, safe_link
from alerts.letters.wording import say
from index.records import Identifier, Level, Party, Reason, Right

_MOST = 12
_SILENT_ROLES = frozenset({"commission_staff", "mediator"})


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled fact of one or more lines; `link` where the line is an address."""

    label: str
    lines: tuple[str, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """The source's words, cut around the matched name; which names met; reasons for and against."""

    heading: str
    before: str
    hit: str
    after: str
    met: str
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


def case_facts(letter: Letter) -> tuple[Fact, ...]:
    """Forum, numbers, parties, product, rights, event, dates and source: those that are known."""
    notice, language, forum = letter.notice.notice, letter.language, letter.case.forum
    named = letter.case.product or letter.notice.product or ""
    relief = tuple(term("relief", r, language) for r in letter.notice.relief[:4])
    link = safe_link(notice.url)
    rows = [
        ("forum", (term("forums", forum, language),) if forum else ()),
        ("numbers", _numbers(letter)),
        *_party_rows(letter),
        ("accused", (product(named, language),) if named else ()),
        ("rights", _begun(_rights(letter.case.rights or letter.notice.rights, language))),
        ("event", _begun((term("events", letter.event, language, forum),))),
        ("relief", _begun(relief)),
        ("filed", (day(letter.notice.filed_on, language),) if letter.notice.filed_on else ()),
        ("published", (day(notice.published_on, language),) if notice.published_on else ()),
        ("title", (quoted(clean(notice.title, 300), language),) if notice.title else ()),
    ]
    facts = [Fact(_label(key, letter), lines) for key, lines in rows if lines]
    return (*facts, Fact(say(language, "origin"), (link,), link)) if link else tuple(facts)


def _begun(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(first_up, lines))


def _label(key: str, letter: Letter) -> str:
    """A fact's own heading; a party's role is its heading."""
    role = key.removeprefix("role:")
    return term("roles", role, letter.language, letter.case.forum) if role != key else say(letter.language, key)


_OF_DOCUMENTS = frozenset({"fr_document", "edis_document"})


def case_numbers(letter: Letter) -> tuple[str, ...]:
    """Every number the case is known by, the case's own first, each once; a document's number is none."""
    own = (letter.case.number, letter.notice.case_number)
    known = (*letter.case.identifiers, *letter.notice.identifiers)
    values = [clean(v, 60) for v in own if v] + [clean(i.value, 60) for i in known if i.kind not in _OF_DOCUMENTS]
    return tuple(dict.fromkeys(v for v in values if v))


def _numbers(letter: Letter) -> tuple[str, ...]:
    known: dict[str, Identifier] = {}
    for identifier in (*letter.case.identifiers, *letter.notice.identifiers):
        known.setdefault(clean(identifier.value, 60), identifier)
    said = [_numbered(value, known.get(value), letter.language) for value in case_numbers(letter)]
    return _bounded(said, letter.language, "more")


def _numbered(value: str, identifier: Identifier | None, language: str) -> str:
    if identifier is None or not entry("identifiers", identifier.kind):
        return value
    return say(language, "number_of_kind", number=value, kind=term("identifiers", identifier.kind, language))


def _party_rows(letter: Letter) -> list[tuple[str, tuple[str, ...]]]:
    """One row a role: who asserts, who must answer, the rest; the enterprise's own party leads its row."""
    by_role: dict[str, list[Party]] = {}
    ours = letter.match.level in (Level.NAMED, Level.AFFILIATED)
    listed = letter.case.parties or letter.notice.parties
    for party in ((letter.match.party, *listed) if ours else listed)[:2000]:
        if party.role not in _SILENT_ROLES:
            by_role.setdefault(clean(party.role, 40), []).append(party)
    order = ("attacking", "defending", "neutral")
    roles = sorted(by_role, key=lambda role: order.index(side(role, letter.case.forum)))
    return [(f"role:{role}", _names(by_role[role], letter.language)) for role in roles[:6]]


def _names(parties: Iterable[Party], language: str) -> tuple[str, ...]:
    said: dict[str, str] = {}
    for party in parties:
        name = clean(party.name, 120)
        where = _country(party, language)
        shown = say(language, "number_of_kind", number=name, kind=where) if where else name
        said[name.casefold()] = max(said.get(name.casefold(), ""), shown, key=len)
    return _bounded([name for name in said.values() if name], language, "parties_more")


def _country(party: Party, language: str) -> str:
    """The country's name where the source states one and the glossary knows it, else nothing."""
    return term("countries", party.country, language) if party.country and entry("countries", party.country) else ""


def _bounded(said: list[str], language: str, more: str) -> tuple[str, ...]:
    """At most twelve lines, then how many there are in all."""
    return tuple(said) if len(said) <= _MOST else (*said[:_MOST], say(language, more, count=len(said)))


def _rights(rights: Iterable[Right], language: str) -> tuple[str, ...]:
    said = dict.fromkeys(f"{term('rights', clean(r.kind, 40), language)} {clean(r.number, 60)}".strip() for r in rights)
    separator, shown = say(language, "separator"), list(said)[:_MOST]
    more = say(language, "rights_more", count=len(said)) if len(said) > _MOST else ""
    return (separator.join(shown) + more,) if shown else ()


def why(letter: Letter) -> Why:
    """Why the case is laid before this enterprise, in its language."""
    match, language = letter.match, letter.language
    ours = match.level in (Level.NAMED, Level.AFFILIATED)
    heading, sentence = ("why", "why_met") if ours else ("why_other", "why_met_other")
    if letter.audience == "staff":
        heading, sentence = "why_staff", "why_met_staff"
    name, alias = clean(match.party.name, 120), match.alias
    before, hit, after = _around(clean(match.party.quote or "", 500), name)
    kind = term("aliases", alias.kind, language)
    met = {"theirs": quoted(name, language), "ours": quoted(clean(alias.name, 120), language), "kind": kind}
    return Why(
        heading=say(language, heading),
        before=before,
        hit=hit,
        after=after,
        met=say(language, sentence, **met),
        reasons_for=_reasons((r for r in match.reasons if r.weight >= 0), language),
        reasons_against=_reasons((r for r in match.reasons if r.weight < 0), language),
    )


def _around(quote: str, name: str) -> tuple[str, str, str]:
    """The quote before, at and after the name; all of it before where the name is not in it."""
    found = re.search(re.escape(name), quote, re.IGNORECASE) if name else None
    return (quote[: found.start()], found[0], quote[found.end() :]) if found else (quote, "", "")


def _reasons(reasons: Iterable[Reason], language: str) -> tuple[str, ...]:
    ordered = sorted(reasons, key=lambda r: -abs(r.weight))[:8]
    return tuple(reason_line(r, language) for r in ordered)


def reason_line(reason: Reason, language: str) -> str:
    """A reason in words, with the two strings that met where the words do not already show them."""
    text = clean(reason.text_zh if language == "zh" else reason.text_en or reason.text_zh, 200)
    ours, theirs = clean(reason.ours, 80), clean(reason.theirs, 80)
    if not (ours and theirs) or ours == theirs or (ours in text and theirs in text):
        return text
    return say(language, "reason", text=text, theirs=quoted(theirs, language), ours=quoted(ours, language))
