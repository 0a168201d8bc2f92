"""A panel's figures as the data of a chart: a row a figure, with its label and its mark's number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from index.dashboards.figures import Figure, Figures, Names
from index.dashboards.labels import label, month, wrapped
from index.dashboards.panels import Language

MARK = "https://mark.invalid/"
"""The renderer resolves addresses against one of its own; ours are put in afterwards, by the number that follows."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A panel's figures as the data of a chart."""

    figures: Figures
    names: Names
    language: Language

    def label(self, row: Figure) -> str:
        """What a figure's value or step is called."""
        step = next((s for s in self.figures.panel.steps if s.key == row.key), None)
        return step.words.say(self.language) if step else label(row.key, self.figures.panel.counts.by, self.names)

    def group(self, row: Figure) -> str:
        """What its value of the split is called."""
        return label(row.split, self.figures.panel.split or "", self.names)

    def said(self, row: Figure) -> str:
        """As a screen reader reads it: 绿色低碳，2026年3月：案件（件）12."""
        where = [self.group(row)] if row.split else []
        when = [month(row.period, self.language)] if row.period else []
        joint, colon = ("，", "：") if self.language == "zh" else (", ", ": ")
        noun = self.figures.panel.noun.say(self.language)
        return f"{joint.join([*where, self.label(row), *when])}{colon}{noun} {row.count}"

    def rows(self) -> list[dict[str, Any]]:
        """A row a figure. Two values of one name stay two: each gets its value beside it."""
        labels = {(row.split, row.key): wrapped(self.label(row)) for row in self.figures.rows}
        twice = Counter((split, text) for (split, _), text in labels.items())
        return [
            {
                "label": labels[row.split, row.key]
                + (f"\n({label(row.key, '', {})[:40]})" if twice[row.split, labels[row.split, row.key]] > 1 else ""),
                "group": wrapped(self.group(row)) if row.split else "",
                "month": row.period,
                "count": row.count,
                "href": f"{MARK}{number}",
            }
            for number, row in enumerate(self.figures.rows)
        ]

    def lines(self) -> int:
        """The most lines of a label."""
        return max((row["label"].count("\n") + 1 for row in self.rows()), default=1)
