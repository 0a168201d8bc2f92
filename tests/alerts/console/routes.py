"""Every route of the desk, filled with what a test gives: a new route is tried without being named here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from index.ledger import Ledger
from tests.alerts.console.province import YANTAI, first_held

# What a parameter of a path is filled with where the test does not say otherwise.
FILLING: dict[str, str] = {"token": "x" * 32, "language": "en", "form": "html", "file_path": "desk.css"}
# What each form sends; a form that is not here fails the test.
FORMS: dict[str, dict[str, str]] = {
    "/alerts/{key:str}/judge": {"verdict": "confirmed", "why": "试探"},
    "/alerts/{key:str}/undo": {},
    "/alerts/{key:str}/acknowledge": {"how": "试探"},
    "/bulletins": {"industry": "new_materials", "month": "2026-03", "audience": ""},
    "/bulletins/{number:int}/review": {"verdict": "issue", "said": "试探"},
    "/login": {"name": "yantai", "password": "wrong password"},
    "/login/once/{token:str}": {},
    "/logout": {},
    "/password": {"new": "a new password", "again": "another password"},
}
OWN = ("/login", "/login/once/{token:str}", "/logout", "/password")
"""Forms by which a person changes only their own login."""


@dataclass(frozen=True)
class Route:
    """One method of one route; `path` is filled, `pattern` is as declared."""

    method: str
    pattern: str
    path: str
    handler: Any

    @property
    def public(self) -> bool:
        """Whether a stranger may come here."""
        return bool(self.handler.opt.get("public"))

    @property
    def form(self) -> dict[str, str]:
        """What is sent here."""
        if self.pattern not in FORMS:
            pytest.fail(f"{self.method} {self.pattern} is new: add what its form sends to FORMS in {__name__}")
        return FORMS[self.pattern]

    @property
    def of_alert(self) -> bool:
        """Whether the route is about one alert."""
        return "{key:" in self.pattern


def every(app: Litestar, filling: Mapping[str, str]) -> Iterator[Route]:
    """Each route with each of its methods. Fails for a parameter nobody knows how to fill."""
    known = FILLING | dict(filling)
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            pytest.fail(f"{route.path}: not an HTTP route; say in {__name__} how it is to be tried")
        for method, (handler, _) in sorted(route.route_handler_map.items()):
            path = route.path
            for parameter in route.path_parameters.values():
                if parameter.name not in known:
                    pytest.fail(f"{path}: {parameter.name} is new: add what fills it to FILLING in {__name__}")
                path = path.replace(f"{{{parameter.full}}}", known[parameter.name])
            yield Route(method, route.path, path, handler)


def posts(app: Litestar, ledger: Ledger) -> list[tuple[str, dict[str, str]]]:
    """(path, form) of every form of the desk, about an alert of Yantai that waits."""
    found = every(app, {"key": first_held(ledger, YANTAI).key, "number": "1"})
    return [(route.path, route.form) for route in found if route.method == "POST"]
