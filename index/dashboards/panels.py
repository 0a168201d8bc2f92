"""The panels. One entry of `PANELS` is a panel: it is counted, drawn, listed and exported from here alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from index.search.query import Counts, Facet, Query

Language: TypeAlias = Literal["zh", "en"]
Chart: TypeAlias = Literal["heat", "bars", "steps"]

FILTERS: dict[Facet, str] = {
    "industry": "industries",
    "forum": "forums",
    "country": "countries",
    "center": "centers",
    "enterprise": "enterprises",
    "kind": "kinds",
    "ip_dispute": "disputes",
    "stage": "stages",
}
"""The field of a Query that narrows it to a value of a facet."""


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in both languages."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """The words in one language."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Step:
    """Values counted together: a warning that was signed for was also sent. `drawn`: else in the table only."""

    key: str
    words: Words
    values: tuple[str, ...]
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Panel:
    """A question that is counted, and how it is shown.

    `query` says what is counted, `counts` by what, `split` by what else, `steps` which values together. Each
    figure leads to the documents it counts: `query` narrowed to its value, period and split. `noun` is what
    is counted. Raises ValueError where a figure could not lead to what it counts.
    """

    id: str
    title: Words
    note: Words
    noun: Words
    query: Query
    counts: Counts
    chart: Chart
    split: Facet | None = None
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        for facet in filter(None, (self.counts.by, self.split)):
            if facet not in FILTERS:
                raise ValueError(f"panel {self.id}: no query can be narrowed to a {facet}")
        if self.counts.per != ("" if self.chart == "bars" else "month") or (self.split and self.chart != "bars"):
            raise ValueError(f"panel {self.id}: bars are counted over the whole time and may be split, others by month")
        if bool(self.steps) != (self.chart == "steps"):
            raise ValueError(f"panel {self.id}: steps are what its chart draws, or it has none")

    @property
    def confidential(self) -> bool:
        """Whether it counts warnings, which belong to centers."""
        return self.query.kinds != ("notice",)


def narrowed(query: Query, facet: Facet, values: tuple[str, ...]) -> Query:
    """The question asked of these values of a facet only."""
    changed: dict[str, Any] = {FILTERS[facet]: values}
    return replace(query, **changed)


_DISPUTES = Query(kinds=("notice",), disputes=("yes",))
_CASES = Words("案件（件）", "cases")

PANELS: tuple[Panel, ...] = (
    Panel(
        id="industry",
        title=Words("重点产业海外纠纷走势", "Overseas IP disputes by key industry"),
        note=Words(
            "每月有新公告的纠纷案件数。一案涉及多个产业的，各产业分别计入；跨月有公告的，各月分别计入；"
            "未标注产业或公告无日期的不计入。",
            "Cases with a new notice in the month. A case counts in each industry it touches and in each month it "
            "was heard of; notices without an industry or a date are not counted.",
        ),
        noun=_CASES,
        query=_DISPUTES,
        counts=Counts("industry", "month", "cases"),
        chart="heat",
    ),
    Panel(
        id="forum",
        title=Words("纠纷案件的国家与受理机构", "Disputes by country and forum"),
        note=Words(
            "期间内有公告的纠纷案件数，按国家和受理机构分列。未注明国家或机构、公告无日期的不计入。",
            "Cases with a notice in the period, by country and forum; notices without either or without a date are "
            "not counted.",
        ),
        noun=_CASES,
        query=_DISPUTES,
        counts=Counts("forum", "", "cases"),
        chart="bars",
        split="country",
    ),
    Panel(
        id="warnings",
        title=Words("预警发送与签收", "Warnings sent and signed for"),
        note=Words(
            "按预警生成的月份（北京时间）统计，反映目前进度：已放行含已发送，已发送含已签收，已签收含已办结。",
            "By the month a warning was made (Beijing time), as it stands now: released includes sent, sent includes "
            "signed for, signed for includes closed.",
        ),
        noun=Words("预警（条）", "warnings"),
        query=Query(kinds=("warning",)),
        counts=Counts("stage", "month"),
        chart="steps",
        steps=(
            Step(
                "made",
                Words("已生成", "made"),
                ("held", "released", "sent", "acknowledged", "closed", "suppressed"),
            ),
            Step("released", Words("已放行", "released"), ("released", "sent", "acknowledged", "closed")),
            Step("sent", Words("已发送", "sent"), ("sent", "acknowledged", "closed")),
            Step("acknowledged", Words("已签收", "signed for"), ("acknowledged", "closed")),
            Step("held", Words("待研判", "held"), ("held",), drawn=False),
            Step("unsent", Words("放行未发送", "released, not sent"), ("released",), drawn=False),
            Step("unsigned", Words("发送未签收", "sent, not signed for"), ("sent",), drawn=False),
            Step("suppressed", Words("未单独发出", "suppressed"), ("suppressed",), drawn=False),
        ),
    ),
)


def panel(name: str) -> Panel | None:
    """The panel of that id."""
    return next((each for each in PANELS if each.id == name), None)
