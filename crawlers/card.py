"""What a source is, and one page of it to fetch."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class SourceCard:
    """What a source is, who publishes it, how often to ask and what to expect.

    `origin` is the live base address; `delay` seconds between requests to one host; `cron` when a
    clock should crawl it (UTC); `expected` the items one crawl usually yields (least, most);
    `quiet_after` how long silence is normal; `parts` a notice's documents, poorest first.
    """

    id: str
    title_zh: str
    title_en: str
    publisher: str
    url: str
    origin: str
    country: str
    forum: str
    cron: str
    delay: float
    expected: tuple[int, int]
    quiet_after: timedelta
    parts: tuple[str, ...]
    terms: str
    seen_live: bool = False
    needs: tuple[str, ...] = ()
    date_formats: tuple[str, ...] = ()
    runbook: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """One page to fetch; `part` is handed to `split` through the page's own structure, not by name."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    conditional: bool = True
