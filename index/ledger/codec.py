"""Records to JSON text and back, by the records' own type annotations."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from index.keys import digest

R = TypeVar("R")


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, kind))


def pack(record: Any, kind: Any = None) -> str:
    """The record as JSON text; the same record always gives the same text."""
    return _adapter(cast(Hashable, kind or type(record))).dump_json(record).decode("utf-8")


def unpack(kind: type[R], text: str) -> R:
    """The record a JSON text stands for."""
    record: R = _adapter(cast(Hashable, kind)).validate_json(text)
    return record


def content_key(text: str) -> str:
    """What tells a changed record from an unchanged one."""
    return digest("content", text)
