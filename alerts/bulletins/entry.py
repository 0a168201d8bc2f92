"""One case as a bulletin prints it: facts with their source, and the dates its parties must watch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from alerts.bulletins.cases_of_month import BEGINNINGS, CHINA, Told
from alerts.bulletins.content import Dispute, Line, Row
from alerts.bulletins.events import dates as dates_set
from alerts.bulletins.events import events
from alerts.bulletins.hidden import betrays, hide
from alerts.bulletins.text import numeral, printed
from alerts.bulletins.words import say
from alerts.deadlines import clock_note
from alerts.letters.glossary import entry, product, side, term
from alerts.letters.plain import day
from alerts.letters.wording import say as letter_words
from crawlers.courts import known_courts
from index.records import Party

_MOST = 15  # numbers, parties of one role or rights that are printed; the rest are counted
_SILENT_ROLES = frozenset({"commission_staff", "mediator"})


def dispute(number: int, told: Told, as_of: date) -> Dispute:
    """Everything printed of one case; what is not known has no row."""
    hidden = hide(told.case.parties)
    dates = dates_set(told.notices, as_of)
    clock = dict.fromkeys(clock_note(told.case.forum, notice.event) for notice in told.notices)
    notes = [printed(note, 400) for note in clock if note]
    return Dispute(
        heading=say("numbered", number=numeral(number), said=_heading(told, hidden)),
        rows=tuple(_rows(told, hidden)),
        dates_heading=say("dates"),
        dates=dates,
        clock=(*notes, say("dates_note")) if dates else tuple(notes) or (say("no_dates"),),
    )


def hides(told: Told) -> bool:
    """Whether a party of the case stays unnamed."""
    return bool(hide(told.case.parties))


def _heading(told: Told, hidden: Mapping[str, str]) -> str:
    forum = told.case.forum
    kind = term("proceedings", forum if entry("proceedings", forum) else "")
    about = printed(told.case.product or "", 120)
    about = "" if not about or betrays(about, hidden) else "：" + product(about)
    number = printed(told.case.number or "", 60)
    return f"{number} {kind}{about}".strip()


def _rows(told: Told, hidden: Mapping[str, str]) -> Iterable[Row]:
    label = letter_words
    rows: list[tuple[str, Iterable[str]]] = [
        (label("zh", "forum"), _courts(told)),
        (label("zh", "numbers"), _bounded(list(_numbers(told)), "more")),
        *_parties(told, hidden),
        (label("zh", "rights"), _rights(told)),
        (label("zh", "relief"), dict.fromkeys(term("relief", r) for n in told.notices for r in n.relief)),
        (label("zh", "filed"), _filed(told)),
    ]
    for name, lines in rows:
        if found := tuple(map(Line, lines)):
            yield Row(name, found)
    yield Row(say("events"), tuple(events(told, hidden)))


def _bounded(lines: list[str], more: str) -> list[str]:
    """At most fifteen lines, then how many there are in all."""
    return lines if len(lines) <= _MOST else [*lines[:_MOST], letter_words("zh", more, count=len(lines))]


def _courts(told: Told) -> list[str]:
    """The courts in which the case has a number, else the forum."""
    known = known_courts()
    named = [known[i.scope].name_zh for i in told.case.identifiers if i.scope in known]
    return list(dict.fromkeys(named)) or [term("forums", told.case.forum)]


def _numbers(told: Told) -> Iterable[str]:
    kinds = {printed(i.value, 60): i.kind for i in told.case.identifiers}
    own = printed(told.case.number or "", 60)
    for value in dict.fromkeys(filter(None, (own, *kinds))):
        known = entry("identifiers", kinds.get(value, ""))
        yield letter_words("zh", "number_of_kind", number=value, kind=known["zh"]) if known else value


def _parties(told: Told, hidden: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """One row a role: who asserts, who must answer, the rest; within a role those of China first."""
    by_role: dict[str, list[Party]] = {}
    for party in told.case.parties[:2000]:
        if party.role not in _SILENT_ROLES:
            by_role.setdefault(party.role, []).append(party)
    order = ("attacking", "defending", "neutral")
    roles = sorted(by_role, key=lambda role: order.index(side(role, told.case.forum)))
    return [(term("roles", r, forum=told.case.forum), _names(by_role[r], hidden)) for r in roles]


def _names(parties: Sequence[Party], hidden: Mapping[str, str]) -> list[str]:
    ordered = sorted(parties, key=lambda party: party.country not in CHINA)
    names = dict.fromkeys(_name(party, hidden) for party in ordered)
    return _bounded([name for name in names if name], "parties_more")


def _name(party: Party, hidden: Mapping[str, str]) -> str:
    name = hidden.get(party.name.casefold()) or printed(party.name, 120)
    known = entry("countries", party.country) if party.country else None
    return letter_words("zh", "number_of_kind", number=name, kind=known["zh"]) if known else name


def _rights(told: Told) -> list[str]:
    """One line a kind of right, its numbers together."""
    by_kind: dict[str, list[str]] = {}
    for right in told.case.rights:
        by_kind.setdefault(term("rights", printed(right.kind, 40)), []).append(printed(right.number, 60))
    return [f"{kind} {'、'.join(_bounded(numbers, 'rights_more'))}".strip() for kind, numbers in by_kind.items()]


def _filed(told: Told) -> list[str]:
    filed = {n.filed_on for n in told.notices if n.event in BEGINNINGS and n.filed_on}
    return [day(min(filed))] if filed else []
