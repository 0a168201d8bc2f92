"""A bulletin as one page that stands alone: its own style, nothing fetched, nothing that runs, fit to print."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from alerts.bulletins.issue import Edition
from alerts.bulletins.words import say

SUFFIX = ".html"


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("alerts.bulletins", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write(edition: Edition, font: Path | None = None, folders: Sequence[Path] | None = None) -> bytes:  # noqa: ARG001
    """The page. Fonts are the reader's own."""
    style = files("alerts.bulletins").joinpath("templates/bulletin.css").read_text("utf-8")
    picture = b64encode(edition.content.picture.encode()).decode()
    page = {
        "edition": edition,
        "content": edition.content,
        "style": Markup(style),  # noqa: S704  our own file
        "picture": picture,
        "audience": say("audience_line", audience=edition.content.audience),
    }
    return _templates().get_template("bulletin.html.j2").render(page).encode("utf-8")
