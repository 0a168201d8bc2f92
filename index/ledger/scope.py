"""Whose records may be seen: the one rule by which every question about alerts is narrowed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select

from index.search.query import Query

S = TypeVar("S", bound="Select[*tuple[Any, ...]]")
NOBODY = "\x00"  # no center has this id; an empty filter would mean any


@dataclass(frozen=True, slots=True)
class Scope:
    """The centers a person may see; None is the whole province."""

    centers: tuple[str, ...] | None

    def narrow(self, statement: S, center: ColumnElement[str]) -> S:
        """The statement over rows of these centers only."""
        return statement if self.centers is None else statement.where(center.in_(self.centers))

    @property
    def whole(self) -> bool:
        """Whether all of the province may be seen."""
        return self.centers is None

    def holds(self, center: str) -> bool:
        """Whether a center's records may be seen."""
        return self.centers is None or center in self.centers

    def warnings(self, query: Query) -> Query:
        """The question asked of the warnings of these centers only."""
        asked = query.centers
        if self.centers is not None:
            asked = tuple(c for c in self.centers if not query.centers or c in query.centers) or (NOBODY,)
        return replace(query, kinds=("warning",), centers=asked)

    def notices(self, query: Query) -> Query:
        """The question asked of notices, which are public: they name no enterprise and no center."""
        return replace(query, kinds=("notice",), centers=(), enterprises=(), stages=())


PROVINCE = Scope(None)
