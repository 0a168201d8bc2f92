"""The matcher's policy as one table: which evidence there is, and how much each piece weighs.

Weights add up to a score of 0..1. The functions are in `alerts.evidence`; their docstrings are the reasons shown.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from alerts import evidence as e
from alerts.meeting import Meeting
from index.records import Reason


@dataclass(frozen=True, slots=True)
class Feature:
    """A piece of evidence. `decisive` evidence may reach the auto band; all else only supports or weakens."""

    find: Callable[[Meeting], e.Found]
    weight: float
    decisive: bool = False


FEATURES: tuple[Feature, ...] = (
    Feature(e.registered_name, 0.95, decisive=True),
    Feature(e.full_pinyin, 0.93, decisive=True),
    Feature(e.former_name, 0.92, decisive=True),
    Feature(e.subsidiary_name, 0.90, decisive=True),
    Feature(e.pinyin_name, 0.86, decisive=True),
    Feature(e.brand_name, 0.72),
    Feature(e.short_name, 0.70),
    Feature(e.pinyin_short, 0.65),
    Feature(e.brand_word, 0.60),
    Feature(e.trade_key, 0.40),
    Feature(e.place_agrees, 0.15),
    Feature(e.trade_agrees, 0.15),
    Feature(e.china_stated, 0.10),
    Feature(e.chinese_form, 0.05),
    Feature(e.common_name, -0.10),
    Feature(e.other_words, -0.10),
    Feature(e.form_missing, -0.10),
    Feature(e.bare_word, -0.15),
    Feature(e.form_differs, -0.20),
    Feature(e.country_elsewhere, -0.20),
    Feature(e.other_trade, -0.20),
    Feature(e.size_differs, -0.20),
    Feature(e.place_conflicts, -0.30),
    Feature(e.branch_differs, -0.40),
)
SIBLING = frozenset({"size_differs", "branch_differs", "other_trade"})  # same trade name, another company of the group


def reasons(m: Meeting) -> list[tuple[Feature, Reason]]:
    """Every feature that has something to say about a meeting, in the table's order."""
    found = ((feature, feature.find(m)) for feature in FEATURES)
    return [(feature, spoken(feature.find, feature.weight, *pair)) for feature, pair in found if pair]


def spoken(find: Callable[..., object], weight: float, ours: str, theirs: str) -> Reason:
    """A reason in both languages, from the docstring of what found it."""
    chinese, english = _templates(find)
    filled = [t.replace("{ours}", ours).replace("{theirs}", theirs) for t in (chinese, english)]
    return Reason(find.__name__, weight, ours, theirs, *filled)


@cache
def _templates(find: Callable[..., object]) -> tuple[str, str]:
    chinese, _, english = (inspect.getdoc(find) or "").partition("\n\n")
    if not english:
        raise TypeError(f"{find.__name__}: a feature's docstring must give its reason in Chinese and English")
    return chinese, english
