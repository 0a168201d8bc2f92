"""Identity keys, all made from raw values, so that better cleaning later cannot re-alert anyone.

Each key is 32 hexadecimal digits of a SHA-256 over its parts, joined by a byte no text contains.
"""

from __future__ import annotations

from hashlib import sha256


def digest(*parts: str | bytes) -> str:
    """32 hexadecimal digits that stand for the parts in this order."""
    joined = b"\x1f".join(p if isinstance(p, bytes) else p.encode("utf-8", "surrogatepass") for p in parts)
    return sha256(joined).hexdigest()[:32]


def page_key(source: str, url: str, body: bytes) -> str:
    """An unchanged page crawled again has the same key and is written once."""
    return digest("page", source, url, body)


def notice_key(source: str, identity: str, url: str = "") -> str:
    """A notice is its publisher's own number; without one, its address."""
    return digest("notice", source, identity) if identity else digest("notice-url", source, url)


def case_key(kind: str, value: str, scope: str = "") -> str:
    """A case is born under the first identifier it was heard by and keeps that key."""
    return digest("case", kind, scope, value)


def alert_key(enterprise: str, case: str, event: str) -> str:
    """One alert per enterprise, case and event, from however many sources it is heard."""
    return digest("alert", enterprise, case, event)


def delivery_key(alert: str, channel: str, address: str) -> str:
    """One delivery per alert, channel and address: planning twice inserts once."""
    return digest("delivery", alert, channel, address)
