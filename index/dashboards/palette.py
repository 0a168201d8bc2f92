"""The charts' colours: one blue, from light to dark, so that a grey print says the same.

Every `ink` stands on its `fill` with a contrast of at least 4.5 : 1, every step of a series against the white page
with at least 3 : 1 (WCAG 2.2, 1.4.3 and 1.4.11), and each step of a series is clearly darker than the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

PAGE = "#ffffff"
TEXT = "#1f2933"
QUIET = "#5b6672"
LINE = "#c9d1d9"
BAR = "#2f6ea8"
HEAT = ("#f4f6f8", "#d6e4f1", "#a9c8e3", "#6fa3cf", "#2f6ea8", "#143f6b")
"""None, then five classes up to the most."""
SERIES = ("#8094a8", "#4a7fb5", "#2b5785", "#0f2b46")
"""The steps of a series in their order; at most so many are drawn."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's colour and that of the number in it."""

    fill: str
    ink: str


def heat(count: int, most: int) -> Cell:
    """The colour of a number among numbers up to `most`."""
    level = ceil(count / most * (len(HEAT) - 1)) if most else 0
    return Cell(HEAT[level], QUIET if not level else TEXT if level < 4 else PAGE)


def luminance(colour: str) -> float:
    """WCAG's relative luminance of `#rrggbb`, 0 (black) to 1 (white)."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
