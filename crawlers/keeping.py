"""What a crawl keeps: the page first, then what was read from it, each in one transaction.

A process that dies between the two leaves an unread page; the next crawl reads it before anything else.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from crawlers.card import SourceCard
from crawlers.reading import Reader, Split, combine, read_raw, split_page, unread_notice
from index.ledger import Ledger, Work, notices, pages, problems, raw_notices, sources
from index.problems import Problem
from index.records import ItemState, Notice, Page, RawNotice
from index.settings import Settings


class Memory:
    """One source's view of the ledger while it crawls. `counted` holds this crawl's figures."""

    def __init__(self, ledger: Ledger, card: SourceCard) -> None:
        self.ledger = ledger
        self.card = card
        self.number, self.outcome = 0, "not ended"
        self.counted: Counter[str] = Counter(pages=0, unchanged=0, items=0, notices=0, problems=0)

    @classmethod
    def open(cls, settings: Settings, card: SourceCard) -> Memory:
        """The memory of a source in the ledger the settings name."""
        return cls(Ledger.open(settings.ledger), card)

    def begin(self) -> None:
        """A crawl starts."""
        with self.ledger.begin() as work:
            self.number = sources.begin_crawl(work, self.card.id, datetime.now(UTC))

    def end(self, reason: str, exceptions: int) -> None:
        """A crawl ended, for Scrapy's reason and with so many exceptions in the spider. Nothing heard is no success."""
        self.outcome = "ok" if reason == "finished" and not exceptions else f"{reason}, {exceptions} exceptions"
        if self.outcome == "ok" and not self.counted["pages"] + self.counted["unchanged"]:
            self.outcome = "no page could be had"
        now = datetime.now(UTC)
        with self.ledger.begin() as work:
            sources.end_crawl(work, self.number, now, self.outcome, dict(self.counted))
            if self.outcome == "ok":
                sources.note(work, self.card.id, last_success=now)

    # What a source asks

    def cursor(self) -> str | None:
        """How far the source was read last time."""
        with self.ledger.read() as work:
            return sources.health(work, self.card.id).cursor or None

    def set_cursor(self, value: str) -> None:
        """Remember how far the source was read."""
        with self.ledger.begin() as work:
            sources.note(work, self.card.id, cursor=value)

    def has_part(self, identity: str, part: str) -> bool:
        """Whether this document of an item has been heard."""
        with self.ledger.read() as work:
            return raw_notices.has_part(work, self.card.id, identity, part)

    def validators(self, url: str) -> dict[str, str]:
        """Headers that ask for a page only if it changed."""
        with self.ledger.read() as work:
            return pages.validators(work, self.card.id, url)

    def backing_off(self) -> datetime | None:
        """Until when the source asked not to be asked; None if it may be."""
        with self.ledger.read() as work:
            until = sources.health(work, self.card.id).back_off_until
        return until if until and until > datetime.now(UTC) else None

    def back_off(self, until: datetime, reason: str) -> None:
        """Leave the source alone until an instant."""
        with self.ledger.begin() as work:
            sources.note(work, self.card.id, back_off_until=until, back_off_reason=reason[:500])

    def problem(self, url: str, field: str, reason: str, native_id: str = "") -> None:
        """Record what could not be fetched or read."""
        with self.ledger.begin() as work:
            self._problem(work, Problem(self.card.id, url, field, reason, "", native_id))

    def unchanged(self, reader: Reader, url: str) -> tuple[Page, list[RawNotice]] | None:
        """The page the server says is as it was, and its items: it may still lead on. None if we never had it."""
        with self.ledger.read() as work:
            page = pages.latest(work, self.card.id, url)
        if page is None:
            return None
        self.counted["unchanged"] += 1
        return page, list(split_page(reader, page).raws)

    # What the framework does

    def hear(self, reader: Reader, page: Page, validators: dict[str, str]) -> list[RawNotice]:
        """Keep a page, read it, write its items. Returns them, also for a page read before."""
        with self.ledger.begin() as work:
            key, state = pages.keep(work, page, validators)
        found = split_page(reader, page, key)
        if state == pages.READ:
            self.counted["unchanged"] += 1
        else:
            self.counted["pages"] += 1
            self._write(reader, key, found)
        return list(found.raws)

    def finish_unread(self, reader: Reader) -> None:
        """Read what an earlier process kept and did not live to read."""
        with self.ledger.read() as work:
            waiting = list(pages.unread(work, self.card.id))
        for page in waiting:
            self.hear(reader, page, {})

    def _write(self, reader: Reader, key: str, found: Split) -> None:
        now = datetime.now(UTC)
        with self.ledger.begin() as work:
            for problem in found.problems:
                self._problem(work, problem)
            for raw in found.raws:
                self.counted["items"] += 1
                if raw_notices.keep(work, raw):
                    self._put_together(work, reader, raw, now)
            pages.mark(work, key, pages.READ if found.readable else pages.UNREADABLE)
            if found.raws:
                sources.note(work, self.card.id, last_item=now)

    def _put_together(self, work: Work, reader: Reader, raw: RawNotice, now: datetime) -> None:
        parts = sorted(raw_notices.parts(work, raw_notices.key_of(raw)), key=self._rank)
        read = [read_raw(reader, part) for part in parts]
        for problem in read:
            if isinstance(problem, Problem):
                self._problem(work, problem)
        told = [notice for notice in read if isinstance(notice, Notice)]
        if told:
            self.counted["notices"] += notices.write(work, combine(told), now) == 1
            return
        nothing = unread_notice(raw, self.card.forum, self.card.country)
        notices.write(work, nothing, now, ItemState.UNREADABLE, str(read[0]))

    def _rank(self, raw: RawNotice) -> int:
        return self.card.parts.index(raw.part) if raw.part in self.card.parts else len(self.card.parts)

    def _problem(self, work: Work, problem: Problem) -> None:
        self.counted["problems"] += 1
        problems.record(work, problem, datetime.now(UTC))
