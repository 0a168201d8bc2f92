"""Keep an index usable: what is missing, outdated or broken is made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from index.problems import Unusable
from index.search.document import Document
from index.search.engine import Engine


def ensure(engine: Engine, documents: Callable[[], Iterable[Document]]) -> int | None:
    """Rebuild the index if it cannot be used as it is; returns how many documents it then holds.

    None: it was ready and nothing was done. Raises Unusable where no index can be made, TryLater
    while someone else is making one.
    """
    health = engine.probe()
    if health.state == "ready":
        return None
    if health.state == "unusable":
        raise Unusable(health.detail)
    return engine.rebuild(documents())
