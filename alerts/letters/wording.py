"""The sentences of a letter, read from `wording.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def sentences(part: str) -> Mapping[str, str]:
    """All sentences of one part: `zh`, `en` (what enterprises read) or `staff`."""
    texts: dict[str, dict[str, str]] = tomllib.loads(
        files("alerts.letters").joinpath("wording.toml").read_text("utf-8")
    )
    return texts[part]


def say(part: str, key: str, **values: object) -> str:
    """One sentence with its gaps filled. A value is only inserted, never read as a pattern itself."""
    return sentences(part)[key].format(**values)
