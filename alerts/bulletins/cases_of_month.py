"""The disputes of one industry in one month, as the public record stood at the month's end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from alerts.bulletins.month import Month
from alerts.letters.glossary import side
from alerts.plan import dispute_of
from index.ledger import Work, bulletins, cases, notices, tagged
from index.records import Case, IpDispute, Party, TaggedNotice

# What begins a proceeding; an amendment or a service is a step in one.
BEGINNINGS = frozenset(
    {"complaint", "complaint_received", "institution", "petition", "opposition", "cancellation", "counterclaim"}
)
CHINA = frozenset({"CN", "HK", "MO", "TW"})


@dataclass(frozen=True, slots=True)
class Told:
    """One case: as its public notices up to the month's end tell it, and the notices of the month itself."""

    case: Case
    notices: tuple[TaggedNotice, ...]

    @property
    def begun(self) -> bool:
        """Whether a proceeding began in the month."""
        return any(notice.event in BEGINNINGS for notice in self.notices)

    @property
    def chinese(self) -> tuple[Party, ...]:
        """Its parties of China, Hong Kong, Macao and Taiwan included, as far as the sources state countries."""
        return tuple({p.name.casefold(): p for p in self.case.parties if p.country in CHINA}.values())

    @property
    def unknown(self) -> int:
        """How many of its parties no source states a country of."""
        stated = {p.name.casefold() for p in self.case.parties if p.country}
        return len({p.name.casefold() for p in self.case.parties} - stated)

    @property
    def defending(self) -> int:
        """How many of those must answer."""
        return sum(side(party.role, self.case.forum) == "defending" for party in self.chinese)


@dataclass(frozen=True, slots=True)
class Disputes:
    """A month's cases; `pending` and `confidential` count cases and documents that were left out."""

    month: Month
    told: tuple[Told, ...]
    pending: int
    confidential: int

    @property
    def forums(self) -> dict[str, list[Told]]:
        """The cases by forum, the forum with most cases first."""
        found: dict[str, list[Told]] = {}
        for told in self.told:
            found.setdefault(told.case.forum, []).append(told)
        return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))

    @property
    def begun(self) -> int:
        """In how many of them a proceeding began."""
        return sum(told.begun for told in self.told)

    @property
    def notices(self) -> int:
        """How many public documents tell of them."""
        return sum(len(told.notices) for told in self.told)

    @property
    def chinese(self) -> int:
        """How many Chinese parties they name; one in two cases counts twice."""
        return sum(len(told.chinese) for told in self.told)

    @property
    def defending(self) -> int:
        """How many of those must answer."""
        return sum(told.defending for told in self.told)

    @property
    def unknown(self) -> int:
        """How many parties no source states a country of."""
        return sum(told.unknown for told in self.told)


def day_of(notice: TaggedNotice) -> date | None:
    """The day that puts a notice into a month: published, else filed."""
    return notice.notice.published_on or notice.filed_on


def disputes_of(work: Work, industry: str, month: Month) -> Disputes:
    """The industry's disputes of a month. What is not known to be one, or of it, is only counted."""
    found: list[Told] = []
    pending = confidential = 0
    for key in bulletins.touched(work, industry, month.first, month.last):
        heard = tagged.load_many(work, notices.of_case(work, key))
        heard = [n for n in heard if (day := day_of(n)) and day <= month.last]
        public = [n for n in heard if not n.notice.confidential]
        of_month = tuple(n for n in public if n.ip_dispute is not IpDispute.NO and _within(n, month))
        confidential += sum(n.notice.confidential and _within(n, month) for n in heard)
        if of_month and dispute_of(public) is IpDispute.YES and _sure(public, industry):
            found.append(Told(_as_told(key, public), of_month))
        elif of_month:
            pending += 1
    return Disputes(month, tuple(sorted(found, key=_order)), pending, confidential)


def _within(notice: TaggedNotice, month: Month) -> bool:
    day = day_of(notice)
    return day is not None and month.first <= day <= month.last


def _sure(told: Iterable[TaggedNotice], industry: str) -> bool:
    """Whether one notice at least says the industry outright."""
    return any(tag.industry == industry and tag.band == "tag" for notice in told for tag in notice.tags)


def _as_told(key: str, told: Sequence[TaggedNotice]) -> Case:
    """The case as these notices alone tell it: no number or party that a later or closed document gave."""
    printed = {i: None for notice in told for i in notice.identifiers if i.kind in cases.JOINING}
    case = cases.gather(key, told, list(printed))
    return replace(case, forum=case.forum or told[0].notice.forum)


def _order(told: Told) -> tuple[bool, int, str, str]:
    """Those just begun first, then by how many Chinese parties must answer."""
    return not told.begun, -told.defending, told.case.forum, told.case.number or told.case.key
