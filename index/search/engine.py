"""What a search engine must do. Everything it holds can be made again from the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from index.search.document import Document
from index.search.query import Bucket, Counts, Found, Query

State: TypeAlias = Literal["ready", "missing", "outdated", "unusable"]

MAPPING = "4"
"""Raised whenever documents are laid out otherwise; an index of another number is outdated."""


@dataclass(frozen=True, slots=True)
class Health:
    """What a probe met. Anything but `ready` and `unusable` is cured by a rebuild."""

    state: State
    documents: int
    version: str
    detail: str = ""


class Engine(Protocol):
    """An index of documents. Every method raises TryLater where there is no index yet, it is being
    rebuilt or it broke, and Unusable where no index can be (no such folder, disk full, refused)."""

    def put(self, documents: Iterable[Document]) -> int:
        """Write or replace documents by key; returns how many were taken. Found as soon as it returns."""

    def remove(self, keys: Iterable[str]) -> int:
        """Forget documents by key; returns how many there were."""

    def search(self, query: Query) -> Found:
        """One page of what a question finds."""

    def count(self, query: Query, counts: Counts) -> list[Bucket]:
        """A table over all that a question finds, ordered by period, then most frequent, then key."""

    def size(self, query: Query | None = None) -> int:
        """Exactly how many documents a question finds; without one, how many there are."""

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make a new index of exactly these documents, then put it in the old one's place at once.

        Readers see the old index until then. Writers are shut out from before the first document is
        asked for: pass a generator that reads the ledger, not a list read earlier. A failure leaves the old index.
        """

    def probe(self) -> Health:
        """Whether the index can be used now; never raises."""

    def close(self) -> None:
        """Let go of files and connections; the engine may be used again."""
