"""The desk's words in Chinese and English: one TOML a page, `key = { zh = "…", en = "…" }`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("zh", "en")


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """`page.key` → language → words, of every page."""
    found: dict[str, Mapping[str, str]] = {}
    for file in files(__name__).iterdir():
        page, _, suffix = file.name.rpartition(".")
        if suffix == "toml":
            found |= {f"{page}.{key}": entry for key, entry in tomllib.loads(file.read_text("utf-8")).items()}
    return found


def say(language: str, key: str, **values: object) -> str:
    """One of the desk's sentences with its gaps filled. Raises KeyError for a key that no page has."""
    return words()[key][language].format(**values)
