"""What people call the values that records are counted and filtered by."""

from __future__ import annotations

from functools import cache

from alerts.letters.glossary import known
from nlp.industries import load

Names = dict[str, dict[str, str]]


@cache
def names(language: str = "zh") -> Names:
    """Facet → value → what it is called; for industries and stages, each there is, in the order it is shown."""
    english = language == "en"
    return {
        "industry": {key: one.en if english else one.zh for key, one in load().items()},
        "forum": known("forums", language),
        "country": known("countries", language),
        "stage": known("stages", language),
        "level": known("levels", language),
    }
