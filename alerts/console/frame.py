"""The frame of every page: the templates, and what they may call."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from alerts.console import pages
from alerts.letters.plain import moment, safe_link
from index.records import BEIJING
from index.search.marks import pieces

HAN = re.compile("[\u3400-\u9fff]")


def templates() -> Environment:
    """The desk's templates: every value is escaped, a missing one is an error."""
    made = Environment(
        loader=PackageLoader("alerts.console", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "menu": pages.menu,
        "csrf_field": csrf_field,
        "moment": moment,
        "lang": lang,
        "clock_of": clock_of,
        "pieces": pieces,
        "safe_link": safe_link,
    }
    return made


def lang(text: str) -> Markup:
    """The attribute that says in which language words from outside are."""
    return Markup(' lang="{}"').format("zh-CN" if HAN.search(text) else "en")


def clock_of(at: datetime) -> str:
    """The time of day in Beijing, to the second."""
    return f"{at.astimezone(BEIJING):%H:%M:%S}"


@pass_context
def csrf_field(context: Context) -> Markup:
    """The hidden field every form must carry."""
    token: Any = context["csrf_input"]
    return Markup(token)  # noqa: S704  made by the framework, from a token of letters and digits
