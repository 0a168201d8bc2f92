"""A calendar month, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from alerts.letters.plain import day
from index.records import BEIJING


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month a day lies in."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after.first - timedelta(days=1)

    @property
    def before(self) -> Month:
        """The month before."""
        return Month.of(self.first - timedelta(days=1))

    @property
    def after(self) -> Month:
        """The month after."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def key(self) -> str:
        """`2026-03`."""
        return f"{self.year:04}-{self.month:02}"

    @property
    def zh(self) -> str:
        """`2026年3月`."""
        return f"{self.year}年{self.month}月"

    @property
    def en(self) -> str:
        """`March 2026`."""
        return day(self.first, "en").removeprefix("1 ")

    def span(self) -> tuple[datetime, datetime]:
        """The instants at which the month begins and ends in Beijing, in UTC."""
        begin, end = (datetime(m.year, m.month, 1, tzinfo=BEIJING) for m in (self, self.after))
        return begin.astimezone(UTC), end.astimezone(UTC)
