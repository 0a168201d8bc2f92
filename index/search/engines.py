"""Which engine a URL means. An engine is a module or folder of this folder that names its `SCHEMES`."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module

import index.search
from index.problems import Unusable
from index.search.engine import Engine


def open_engine(url: str) -> Engine:
    """The engine for `scheme://…`; nothing is read or made yet. Raises Unusable for an unknown scheme."""
    known = _openers()
    scheme = url.partition("://")[0].lower()
    if "://" not in url or scheme not in known:
        raise Unusable(f"search index: no engine for scheme {scheme[:40]!r}; known: {', '.join(sorted(known))}")
    return known[scheme](url)


def schemes() -> tuple[str, ...]:
    """Every scheme an engine answers to."""
    return tuple(sorted(_openers()))


def _openers() -> dict[str, Callable[[str], Engine]]:
    names = (module.name for module in pkgutil.iter_modules(index.search.__path__))
    modules = [import_module(f"index.search.{name}") for name in names]
    return {scheme: module.open_url for module in modules for scheme in getattr(module, "SCHEMES", ())}
