"""What every plan needs to know: the settings, the centers and the moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr
from functools import cached_property

from alerts.channels import text_channel
from alerts.letters.text_message import mobile
from alerts.route import UNASSIGNED, provincial
from index.ledger import Work, centers
from index.records import BEIJING, Center, Contact
from index.settings import Settings


@dataclass(frozen=True)
class Office:
    """The settings, the centers as registered, and now (an aware UTC instant)."""

    settings: Settings
    centers: tuple[Center, ...]
    now: datetime

    @classmethod
    def of(cls, work: Work, settings: Settings, now: datetime) -> Office:
        """The office as the ledger has it."""
        return cls(settings, tuple(centers.every(work)), now)

    @cached_property
    def today(self) -> date:
        """The day in Beijing, where the readers are."""
        return self.now.astimezone(BEIJING).date()

    @property
    def channel(self) -> str:
        """How mail leaves: by a server where one is set, else into a folder."""
        return "email" if self.settings.smtp_url else "file"

    def ways_to(self, contact: Contact) -> tuple[tuple[str, str], ...]:
        """(channel, address) for each way to reach a contact: by mail, and by SMS where one is set."""
        texting = text_channel(self.settings)
        ways = ((self.channel, contact.email), (texting, mobile(contact.phone)))
        return tuple((channel, address) for channel, address in ways if channel and address)

    @property
    def missing(self) -> str:
        """What is said of a contact whom no way reaches."""
        return "联系人没有电子邮箱，也没有可接收短信的手机号" if text_channel(self.settings) else "联系人没有电子邮箱"

    @property
    def domain(self) -> str:
        """The domain of Message-IDs."""
        return parseaddr(self.settings.mail_from)[1].rpartition("@")[2] or "yujing.invalid"

    def desk_link(self, alert: str) -> str:
        """Where staff open an alert on the desk; empty where the desk has no public address."""
        return f"{self.settings.serve_url.rstrip('/')}/alerts/{alert}" if self.settings.serve_url else ""

    def staff_of(self, key: str) -> Center:
        """Who is written to for a center: itself, or the provincial center where it has no mailbox."""
        own = self.center(key)
        return own if own.email else provincial(self.centers)

    def center(self, key: str) -> Center:
        """A center by its id; the stand-in for one that is not registered."""
        return next((c for c in self.centers if c.id == key), UNASSIGNED)
