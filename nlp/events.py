"""What a notice tells: its main life-cycle event, the events beside it and the relief granted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.records import Evidence, Notice
from nlp.court_events import court_events
from nlp.edis_events import edis_events
from nlp.itc_events import granted_relief, itc_events
from nlp.parties import COURTS

# In Chinese news of an ITC case; the first that matches is the event.
_CHINESE = (
    ("terminated", r"(?:终止|終止|撤回|撤诉)[^。]{0,20}(?:调查|調查|申请)|(?:调查|調查)[^。]{0,10}(?:终止|終止)"),
    ("no_violation", r"(?:不|未|不存在)(?:侵权|违反|構成|构成侵权)[^。]{0,10}|不存在违反"),
    ("violation_found", r"(?:发布|发出|颁布|签发)[^。]{0,20}(?:普遍|有限|排除令|禁止令)|终裁[^。]{0,30}(?:违反|侵权)"),
    ("review", r"(?:复审|複審)[^。]{0,12}初裁|初裁[^。]{0,30}(?:复审|複審|不予复审|不复审)"),
    ("institution", r"(?:启动|啟動|发起|發起|正式立案|投票决定对)[^。]{0,20}(?:337|调查|調查)"),
    ("complaint_received", r"(?:提出|提起|申请|請求|请求)[^。]{0,30}(?:337|立案)"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """The event of a notice, what else it does, what was granted, and the words for each."""

    events: tuple[str, ...]
    relief: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def main(self) -> str:
        return self.events[0]


def read_events(notice: Notice, language: str) -> Told:
    """The events of a notice by its forum's own rules. `other` where nothing tells."""
    title = notice.section("title") or notice.title
    if notice.forum in COURTS:
        events, words = court_events(notice.section("entry") or notice.entry_type)
        return Told(events, (), _evidence("event", words, "entry"))
    if language == "zh":
        return _chinese(title, notice.section("abstract", "summary", "supplementary"))
    if notice.forum != "us_itc":
        return Told(("other",))
    if notice.source == "usitc_edis" or any(part.label == "on_behalf_of" for part in notice.sections):
        events, relief, words = edis_events(notice.entry_type, title)
        return Told(
            events,
            relief,
            (*_evidence("event", words, "title"), *_evidence("relief", title if relief else "", "title")),
        )
    abstract = notice.section("abstract", "summary")
    corrected = (
        " ; correction" if notice.corrects or re.search(r"\bcorrection\b", notice.section("action"), re.I) else ""
    )
    events, words = itc_events(title + corrected, abstract)
    relief, granted = granted_relief(events, title, abstract)
    return Told(
        events,
        relief,
        (*_evidence("event", words, "abstract"), *_evidence("relief", granted if relief else "", "abstract")),
    )


def _evidence(kind: str, words: str, source: str) -> tuple[Evidence, ...]:
    return (Evidence(kind, words[:300], source),) if words else ()


def _chinese(title: str, text: str) -> Told:
    for part, source in ((title, "title"), (text[:4_000], "abstract")):
        for event, pattern in _CHINESE:
            if found := re.search(pattern, part):
                return Told((event,), (), _evidence("event", found.group(), source))
    return Told(("other",))
