"""Everything one letter is written from: whom it is for, what was heard, why it is theirs, by when to act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.records import Alert, Case, Center, Contact, Deadline, Enterprise, Match, TaggedNotice

Audience = Literal["enterprise", "staff"]
CLOCK = "系统自动发出"  # who released an alert that nobody judged in time


@dataclass(frozen=True, slots=True)
class Letter:
    """One alert as it is told to one reader.

    `clock_note` is the sentence shown where no date runs, or beside those that do. `today` is the
    day of writing in Beijing; a date before it is said as passed. `link` opens the alert in the
    console (staff) or its frozen page (enterprise). `refused` says which address was refused, and why: the
    staff letter is then about that. `reader` is the language it is read in where its audience's does not decide.
    """

    center: Center
    enterprise: Enterprise
    contact: Contact | None
    audience: Audience
    alert: Alert
    match: Match
    case: Case
    notice: TaggedNotice
    deadlines: tuple[Deadline, ...]
    today: date
    clock_note: str = ""
    link: str = ""
    refused: str = ""
    reader: str = ""

    @property
    def event(self) -> str:
        """The kind of event; an alert's own event also holds its day where the kind can recur."""
        return self.alert.event.partition(":")[0]

    @property
    def language(self) -> str:
        """`zh` or `en`. Staff are written to in Chinese."""
        if self.reader:
            return self.reader
        english = self.audience == "enterprise" and self.contact is not None and self.contact.language == "en"
        return "en" if english else "zh"

    @property
    def reachable(self) -> bool:
        """Whether somebody at the enterprise agreed to be told and left an address."""
        return bool(self.contact and self.contact.consent and (self.contact.email or self.contact.phone))
