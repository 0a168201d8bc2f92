"""A bulletin's own sentences, read from `words.toml`; terms come from the letters' glossary."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def _sentences() -> Mapping[str, str]:
    found: dict[str, str] = tomllib.loads(files("alerts.bulletins").joinpath("words.toml").read_text("utf-8"))
    return found


def say(key: str, **values: object) -> str:
    """One sentence with its gaps filled. A value is only inserted, never read as a pattern itself."""
    return _sentences()[key].format(**values)
