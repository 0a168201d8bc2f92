"""What is answered when a page cannot be shown: plain words in the user's language, never the inside of a fault."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException, NotAuthorizedException
from litestar.response import Redirect, Template

from alerts.console import words
from alerts.console.desk import language_of, path_of
from index import logs
from index.ledger import busy
from index.problems import TryLater

log = logs.logger("alerts.console")


def refused(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What was refused, said plainly; a stranger is shown the door they came to."""
    if isinstance(error, NotAuthorizedException):
        back = path_of(request)
        return Redirect("/login" if back == "/" else "/login?" + urlencode({"next": back}), status_code=303)
    return problem_page(request, 404 if _no_file(request, error) else error.status_code)


def too_busy(request: Request[Any, Any, Any], _error: TryLater) -> Response[Any]:
    """Something we wait for does not answer now."""
    return problem_page(request, 503)


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A fault of ours: logged whole, by its route for a path can hold a one-time login; shown without its inside."""
    if busy(error) or _no_file(request, error):
        return problem_page(request, 503 if busy(error) else 404)
    log.error("page_failed", route=request.scope.get("path_template", ""), exc_info=error)
    return problem_page(request, 500)


def _no_file(request: Request[Any, Any, Any], error: Exception) -> bool:
    """Whether a name was asked for that no file can have: too long, or with a NUL in it."""
    static = (request.scope.get("path_template") or "").startswith("/static")
    return static and isinstance(error, (ValueError, OSError, InternalServerException))


def problem_page(request: Request[Any, Any, Any], status: int) -> Template:
    """A page that says what went wrong and where to go on."""
    language = language_of(request)
    key = f"problem.{status}" if f"problem.{status}" in words.words() else "problem.other"

    def say(name: str, **values: object) -> str:
        return words.say(language, name, **values)

    context = {"say": say, "language": language, "said": say(key), "desk": None, "status": status}
    return Template("problem.html.j2", context=context, status_code=status)
