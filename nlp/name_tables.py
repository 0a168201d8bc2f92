"""What is known of names: legal forms, trades, places and readings, as the TOML tables beside this file say."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def name_table(name: str) -> dict[str, Any]:
    """One table, read once: `forms`, `trades`, `cn_places` or `pinyin`."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))


def forms() -> dict[str, Any]:
    """Legal forms, English, Chinese and in pinyin, and one spelling for words that have two."""
    return name_table("forms")


def trades() -> dict[str, Any]:
    """Trades, Chinese and English; words of size; common trade names."""
    return name_table("trades")
