"""The forms a bulletin is written in. Each module here names its `SUFFIX` and has
`write(edition, font=None, folders=None) -> bytes`; to add a form, add a module."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol

from alerts.bulletins.issue import Edition
from index.problems import Unusable


class Writer(Protocol):
    """Writes a bulletin. `font` is the operator's font file, `folders` are looked into instead of the system's."""

    def __call__(self, edition: Edition, font: Path | None = None, folders: Sequence[Path] | None = None) -> bytes: ...


def _found() -> dict[str, Writer]:
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return {module.SUFFIX: module.write for module in modules}


FORMATS: dict[str, Writer] = _found()


def writer(suffix: str) -> Writer:
    """The writer of a suffix (`.pdf`). Raises Unusable naming those there are."""
    if suffix.lower() not in FORMATS:
        known = "、".join(sorted(FORMATS))
        raise Unusable(f"不支持的格式 {suffix or '(无后缀)'}，可用 · unknown form, known: {known}")
    return FORMATS[suffix.lower()]
