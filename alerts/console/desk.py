"""What every page is handed: who asks, what they may see, and how to answer."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Annotated, Any, TypeAlias

from litestar import Request
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Template

from alerts.console import words
from alerts.console.access import Known
from alerts.office import Office
from index.ledger import Ledger, Work
from index.ledger.scope import Scope
from index.ledger.users import CLERK, User
from index.records import BEIJING
from index.settings import Settings

LANGUAGE = "lang"


@dataclass(frozen=True)
class Desk:
    """One request's desk. `path` is its address with its question, to come back to.

    `center_name` is the user's center as it is registered; empty for who serves the whole province.
    """

    user: User
    scope: Scope
    settings: Settings
    ledger: Ledger
    language: str
    path: str
    center_name: str = ""

    def read(self) -> AbstractContextManager[Work]:
        """A consistent look at the ledger."""
        return self.ledger.read()

    def begin(self) -> AbstractContextManager[Work]:
        """One transaction."""
        return self.ledger.begin()

    def say(self, key: str, **values: object) -> str:
        """Words of the desk in the user's language."""
        return words.say(self.language, key, **values)

    def page(self, template: str, *, status: int = 200, **context: Any) -> Template:
        """A page in the desk's frame."""
        told = {"desk": self, "say": self.say, "language": self.language, "center": self.center_name, **context}
        return Template(template, context=told, status_code=status)

    def office(self, work: Work) -> Office:
        """The settings, centers and moment, as letters want them."""
        return Office.of(work, self.settings, self.now)

    @property
    def may_judge(self) -> bool:
        """Whether the user decides, or only reads."""
        return self.user.role == CLERK

    @property
    def signature(self) -> str:
        """How the user stands in records."""
        return f"{self.user.name}（{self.user.id}）"

    @cached_property
    def now(self) -> datetime:
        """The moment of the request."""
        return datetime.now(UTC)

    @property
    def today(self) -> date:
        """The day in Beijing."""
        return self.now.astimezone(BEIJING).date()


Form: TypeAlias = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
"""How a route handler asks for the fields of the form that was sent."""
AtDesk: TypeAlias = NamedDependency[Desk]
"""How a route handler asks for the desk."""


def language_of(request: Request[Any, Any, Any]) -> str:
    """The language chosen by switch, else Chinese."""
    chosen = request.cookies.get(LANGUAGE, "")
    return chosen if chosen in words.LANGUAGES else words.LANGUAGES[0]


def path_of(request: Request[Any, Any, Any]) -> str:
    """The address asked for, to come back to; a form's own address cannot be."""
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "") if request.method == "GET" else "/"


def own_path(path: str) -> str:
    """An address of ours to go to next: anything else becomes the first page (no open redirect)."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and len(path) <= 500
    return path if plain and "\\" not in path else "/"


async def provide_desk(request: Request[Any, Any, Any]) -> Desk:
    """The desk of a signed-in request."""
    state = request.app.state
    known: Known = request.auth
    language, path = language_of(request), path_of(request)
    return Desk(known.user, known.scope, state.settings, state.ledger, language, path, known.center)
