"""The desk's pages. Each module here names its `HANDLERS`, and `NAV` if it stands in the menu.

`HANDLERS` are route handlers; one without `opt={"public": True}` is for signed-in users only, one
that changes anything also needs `guards=[clerks_only]`. `NAV` is (order, address, key of its words).
To add a page, add a module; its words go into `words/<module>.toml`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any


def modules() -> list[Any]:
    """Every page module, by name."""
    return [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]


def handlers() -> list[Any]:
    """Every page's route handlers."""
    return [handler for module in modules() for handler in getattr(module, "HANDLERS", ())]


def menu() -> list[tuple[str, str]]:
    """(address, key of its words) of what stands in the menu, in its order."""
    return [(address, key) for _, address, key in sorted(m.NAV for m in modules() if hasattr(m, "NAV"))]
