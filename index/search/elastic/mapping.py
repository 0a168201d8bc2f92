"""What lies where in Elasticsearch: index names and field names, for the engine and for Kibana's dashboards.

Names follow ECS where it has one (`@timestamp`, `event.*`, `organization.id`, `url.full`, `observer.name`,
`message`); our own facts are under `ipr.*`. Nothing here needs the package `elasticsearch`.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

from index.search.query import REACH, SIZE_LIMIT, Facet

PREFIX = "yujing"
"""What the names of all our indices begin with, where the URL names nothing else."""
TIME = "@timestamp"
"""Noon UTC of the document's day: the same calendar day in Beijing. Undated documents have none."""
CASE = "ipr.case.key"
"""One value per case: distinct values are cases."""
FIELDS: dict[Facet, str] = {
    "industry": "ipr.industry",
    "forum": "ipr.forum",
    "country": "ipr.jurisdiction",
    "source": "observer.name",
    "center": "ipr.center",
    "enterprise": "organization.id",
    "kind": "ipr.kind",
    "ip_dispute": "ipr.ip_dispute",
    "stage": "ipr.stage",
    "severity": "ipr.severity",
    "level": "ipr.level",
}
"""The keyword field of each facet: it can be filtered by, counted and drawn."""
VALUE_LIMIT = 8_191
"""Characters of a facet's value; a longer one is kept, but neither filtered nor counted (Lucene's limit)."""

SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "max_result_window": REACH + SIZE_LIMIT,
}

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_UNSAFE = re.compile(r"[^a-z0-9_-]+")


def notices(prefix: str = PREFIX) -> str:
    """The alias of all notices."""
    return f"{prefix}-notices"


def warnings(prefix: str = PREFIX, center: str | None = None) -> str:
    """The alias of one center's warnings, or of every center's.

    No two centers share a name. An id that is not plain (`a-z0-9_-`, at most 40) gets a part of its hash after a dot,
    which no plain id has; `""` is where warnings of no center or of several lie.
    """
    if center is None:
        return f"{prefix}-warnings"
    return f"{prefix}-warnings-{center if _PLAIN.fullmatch(center) else _safe(center)}"


def _safe(center: str) -> str:
    readable = _UNSAFE.sub("_", center.lower()).strip("_")[:24] or "none"
    return f"{readable}.{sha256(center.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
