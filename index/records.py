"""The nouns that flow: page → RawNotice → Notice → TaggedNotice → Match → Alert → Delivery.

Frozen dataclasses, standard library only. Dates are calendar dates of the forum, instants are
aware UTC datetimes, countries ISO 3166-1 alpha-2 (HK and TW kept apart from CN).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

Fields: TypeAlias = Mapping[str, Any]
BEIJING = ZoneInfo("Asia/Shanghai")
"""Where the readers are: their calendar days are counted in this zone."""


class IpDispute(StrEnum):
    """Whether a notice is about an intellectual-property dispute."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Level(StrEnum):
    """How near a case is to an enterprise; the first two are warnings."""

    NAMED = "named"
    AFFILIATED = "affiliated"
    ORDER = "order"
    CLUSTER = "cluster"
    FIELD = "field"


class Band(StrEnum):
    """How sure a match is: `auto` may be released by the clock, `review` waits for a clerk."""

    AUTO = "auto"
    REVIEW = "review"


class AlertState(StrEnum):
    """Where an alert stands; `suppressed` keeps its reason and is never sent."""

    HELD = "held"
    RELEASED = "released"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    SUPPRESSED = "suppressed"


class DeliveryState(StrEnum):
    """Where a delivery stands; `unsure`: the process died between the call and its answer."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNSURE = "unsure"
    SUPPRESSED = "suppressed"


class ItemState(StrEnum):
    """The one state in which every heard item ends."""

    WAITING = "waiting"
    UNREADABLE = "unreadable"
    NOT_IP = "not_ip"
    NO_MATCH = "no_match"
    MATCHED = "matched"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number by which a case, document or right is known.

    `kind` is one of `us_itc_investigation` (337-TA-1414), `us_itc_docket` (DN 3866),
    `us_itc_trade_remedy` (701-TA-545), `us_district_docket`, `us_bankruptcy_docket`,
    `us_appeal_docket`, `us_ptab_trial`, `fr_document`, `edis_document`. `scope` is the court where
    a number is unique only within one (`nyed`).
    """

    kind: str
    value: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who stands in a notice, in the source's spelling; `quote` is the words that say so."""

    name: str
    role: str
    country: str | None = None
    place: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Right:
    """A right asserted: `number` is office code + digits (`US9899481`, `USD789435`)."""

    kind: str
    number: str
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A labelled stretch of a page's prose, for `nlp` to read.

    Labels: `title`, `abstract`, `docket_header`, `action`, `summary`, `supplementary`, `dates`,
    `entry` (a docket or document description), `on_behalf_of`, `case_title`.
    """

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched document, before anything is read from it."""

    source: str
    url: str
    fetched_at: datetime
    body: bytes
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class RawNotice:
    """One published item with its fields exactly as printed. Kept forever, never edited.

    `part` names which of a source's documents it is from (`list`, `document`, `full_text`…);
    `identity` is what makes the item one item where the publisher's number does not.
    """

    source: str
    native_id: str
    url: str
    part: str
    fields: Fields
    page_key: str
    fetched_at: datetime
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One published item, read. A changed page is a new version of the same notice."""

    key: str
    source: str
    native_id: str
    url: str
    title: str
    forum: str
    country: str
    published_on: date | None = None
    filed_on: date | None = None
    entry_type: str = ""
    case_number: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    parties: tuple[Party, ...] = ()
    rights: tuple[Right, ...] = ()
    sections: tuple[Section, ...] = ()
    codes: tuple[str, ...] = ()
    confidential: bool = False
    corrects: str | None = None

    @property
    def text(self) -> str:
        """All prose, in the page's order; an abstract only where there is no summary, which repeats it."""
        labels = {section.label for section in self.sections}
        told = (s.text for s in self.sections if s.label != "abstract" or "summary" not in labels)
        return "\n\n".join(told)

    def section(self, *labels: str) -> str:
        """The text of the first section that carries one of the labels, in the labels' order."""
        by_label = {part.label: part.text for part in reversed(self.sections)}
        return next((by_label[label] for label in labels if label in by_label), "")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What earned a verdict: the quoted words or code, and where they stand."""

    kind: str
    quote: str
    source: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Tag:
    """An industry said of a notice; `band` is `tag` or `review`, `score` lies in 0..1."""

    industry: str
    score: float
    band: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class TaggedNotice:
    """A notice understood: what it is, who is in it, what it is about, and why we say so.

    `notice` is the notice as heard; the other fields add what prose told. `understood_by` is the
    version of the rules.
    """

    notice: Notice
    language: str
    event: str
    events: tuple[str, ...]
    ip_dispute: IpDispute
    case_number: str | None
    filed_on: date | None
    identifiers: tuple[Identifier, ...]
    parties: tuple[Party, ...]
    rights: tuple[Right, ...]
    relief: tuple[str, ...] = ()
    product: str | None = None
    tags: tuple[Tag, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    understood_by: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """A name by which an enterprise may appear.

    `kind`: legal, former, english, short, brand, subsidiary. `origin`: registered, generated,
    confirmed (by a clerk).
    """

    name: str
    kind: str
    origin: str = "registered"


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A registered going-out enterprise and every name it is known by."""

    id: str
    cn_name: str
    en_name: str = ""
    city: str = ""
    credit_code: str = ""
    industries: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    aliases: tuple[Alias, ...] = ()

    @property
    def name(self) -> str:
        """The name staff know it by."""
        return self.cn_name or self.en_name


@dataclass(frozen=True, slots=True)
class Center:
    """A guidance sub-center. `grace_hours`: 0 releases at once, None never without a clerk."""

    id: str
    name: str
    phone: str = ""
    email: str = ""
    cities: tuple[str, ...] = ()
    provincial: bool = False
    grace_hours: float | None = 4.0
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is told for an enterprise. Without recorded consent nothing is sent."""

    id: str
    enterprise: str
    name: str
    email: str = ""
    phone: str = ""
    language: str = "zh"
    consent: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One dispute with many identifiers; parties and stage accumulate from its notices."""

    key: str
    forum: str
    number: str | None
    title: str
    product: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    parties: tuple[Party, ...] = ()
    rights: tuple[Right, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One named, signed piece of evidence for or against a match, with the two strings that met."""

    feature: str
    weight: float
    ours: str
    theirs: str
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Match:
    """A case and an enterprise that meet, and why."""

    case: str
    enterprise: str
    level: Level
    band: Band
    score: float
    party: Party
    alias: Alias
    reasons: tuple[Reason, ...]
    matcher: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date by which to act, and the law it rests on.

    `bound`: the trigger date is not known, so `due` is the earliest the date can be.
    """

    rule: str
    due: date
    counted: str
    citation: str
    confidence: str
    as_of: date
    url: str
    note_zh: str = ""
    trigger_zh: str = ""
    counted_zh: str = ""
    start: date | None = None
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """One event of one case told to one enterprise; its text is frozen when it is sent."""

    key: str
    enterprise: str
    case: str
    event: str
    notice: str
    level: Level
    band: Band
    severity: str
    state: AlertState
    center: str
    created_at: datetime
    deadlines: tuple[Deadline, ...] = ()
    reason: str = ""
    released_at: datetime | None = None
    released_by: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An alert on its way to one recipient by one channel."""

    key: str
    alert: str
    channel: str
    address: str
    audience: str
    state: DeliveryState
    due_at: datetime
    contact: str = ""
    attempts: int = 0
    unsure: int = 0
    receipt: str = ""
    problem: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel carries. `id` stays the same when it must be sent again.

    `variables` fill a text message's approved template; such a message has no other words of its own.
    """

    id: str
    to: str
    subject: str
    text: str
    html: str
    sender_name: str
    to_name: str = ""
    reply_to: str = ""
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's own word that it took a message."""

    id: str
    at: datetime
