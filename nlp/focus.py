"""Where a text says what it is about: the accused product, and the passages that say nothing of it.

Every function works on places (start, end) in the text it is given; nothing is rewritten, so a quote stays a quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from nlp.folding import Span

_HEAD = 3_000
_LONGEST = 400
LEAD = 1_500
IN_A_NAME, IN_A_MODIFIER = 0.5, 0.5

_END = (
    r"(?=[;:\[\]\n]|\.(?:\s|$)|(?i:\(?\s?(?:inv\.|investigation no|337-ta)|,?\s(?:inv\. no|dn \d)"
    r"|\s(?:notice of|commission (?:determination|decision|final)|institution of|request for|by reason of"
    r"|that infringe)\s)|$)"
)
_HAN_BEFORE = r"(?:^|[对對就张張:：]|指控|指称|指稱|关于|關於|口的|售的|涉[华華案])\s?(?:涉华|涉華)?"
_HAN_AFTER = r"(?=侵犯|侵害|启动|啟動|啓動|提起|提出|发起|發起|实施|實施|作出|进行|進行|337|[,。;，；()（）]|$)"
_PRODUCTS = (
    re.compile(rf"\b(?:Certain|CERTAIN)\s+([A-Z0-9][^\n]{{2,{_LONGEST}}}?){_END}"),
    re.compile(r"\b(?:importation|sale) of certain\s([^;\n]{3,300}?),?\s(?:by reason of|that infring|through)"),
    re.compile(rf"{_HAN_BEFORE}(?:特定|某些)(.{{2,60}}?){_HAN_AFTER}", re.M),
    re.compile(r"(?:涉案|被控侵权|被控侵權|被诉侵权|被訴侵權)[产產]品(?:为|為|是|包括|:|：)(.{2,80}?)(?=[。;；]|$)"),
)
_PATENT_TITLES = (
    re.compile(r"\b(?:titled|entitled),?\s*[\"“'‘]([^\"”\n]{4,200}?)[,.]?[\"”'’](?=[\s,.;)]|$)", re.I),
    re.compile(r"(?:名为|名為|名称为|名稱為|题为|題為)[“\"‘《「](.{2,80}?)[”\"’》」]"),
)
_BOILERPLATE = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"general information concerning the commission[^\n]{0,900}?(?:\d{3}-\d{4}\.|usitc\.gov/?\)?\.)",
        r"copies of non-?confidential documents[^\n]{0,900}?(?:usitc\.gov[^\n.]{0,40}\.|\d{3}-\d{4}\.)",
        r"hearing-?impaired (?:persons|individuals)[^\n]{0,300}?\d{3}-\d{4}",
        r"for further information contact:?[^\n]{0,400}?(?:\d{3}-\d{4}|$)",
        r"electronic (?:docket|document information system)(?: \(\"?edis\"?\))?",
        r"(?:internet (?:web ?)?(?:server|site)|electronic filing|telephone:? \(?\d)[^\n.;]{0,60}",
        r"docket services division[^\n]{0,80}",
        r"(?:cellular|mobile|wireless) (?:phone|telephone) (?:number|is prohibited)[^\n.;]{0,60}",
        r"[\u4e00-\u9fff]{2,10}(?:信息网|信息網|服务网|服務網|资讯网|資訊網|新闻网|新聞網|日报|日報|公众号|公眾號)",
        r"[记記]者\s?[\u4e00-\u9fff]{2,4}\s?(?:报道|報道|讯|訊|摄|攝)",
        r"(?:扫码|掃碼|长按|長按|点击|點擊)[^\n。]{0,30}",
    )
)
_MODIFIERS = (
    re.compile(r"基于([^,，。;；]{1,20}?)的"),
    re.compile(r"用于([^,，。;；]{1,20}?)的"),
    re.compile(
        r"(?:^|一种|[,，。;；])([\u4e00-\u9fffA-Za-z0-9]{2,14}?)(?<![应使利适专医通车船家食药民商军农矿采选费作])用(?=[^于])"
    ),
)
_SUFFIX = re.compile(
    r"\b(?:Inc|LLC|L\.L\.C|Ltd|Limited|Corp|Corporation|Company|Co|GmbH|AG|SE|LP|L\.P|PLC|SA|S\.A|NV|N\.V|BV|B\.V|KG|KK|Pty)\b\.?"
)
_WORD_BACK = re.compile(r"(?:[A-Z0-9][\w.'’&-]{0,40}|&|of|and|\([A-Z][\w .]{0,30}\)),?\s+\Z")
_HAN_NAME = re.compile(r"(?:股份|有限责任|有限責任)?(?:有限公司|集团|集團)|股份公司")
_HAN_BREAK = re.compile(r"[^\u4e00-\u9fff()（）A-Za-z]|[诉訴与與和对對被由向及将將为為]|指控|包括|认为|認為")


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of text, what it is called to the reader, and how much a term in it counts (0..1)."""

    source: str
    text: str
    factor: float
    hidden: tuple[Span, ...] = ()
    names: tuple[Span, ...] = ()
    modifiers: tuple[Span, ...] = ()

    def share(self, start: int, end: int) -> float:
        """How much the words at a place of it count: less inside a company's name or a modifier."""
        share = self.factor
        for spans, factor in ((self.names, IN_A_NAME), (self.modifiers, IN_A_MODIFIER)):
            if any(first <= start and end <= last for first, last in spans):
                share *= factor
        return share

    @property
    def prose(self) -> str:
        """The text without its boilerplate."""
        kept, done = [], 0
        for start, end in sorted(self.hidden):
            kept.append(self.text[done:start])
            done = max(done, end)
        return "".join([*kept, self.text[done:]])


def places(title: str, text: str, product: str) -> list[Place]:
    """The stretches of a text that say what it is about, the surest first.

    Where the accused product is known, what else is said counts for little: notices name laws, parties and other
    cases besides.
    """
    product = product or product_phrase(title, text)
    stretches = [
        ("product", product, 1.0),
        ("title", title, 0.5 if product else 1.0),
        ("text", patent_titles(text), 0.9),
        ("text", text[:LEAD], 0.45 if product else 0.85),
        ("text", text[LEAD:], 0.2 if product else 0.3),
    ]
    return [_place(source, words, factor) for source, words, factor in stretches if words]


def _place(source: str, text: str, factor: float) -> Place:
    """A stretch with its boilerplate, company names and modifiers marked."""
    return Place(source, text, factor, tuple(boilerplate(text)), tuple(company_names(text)), tuple(modifiers(text)))


def first_sentence(text: str) -> tuple[str, str]:
    """A patent's title and the rest, where both stand in one text."""
    title, stop, rest = text[:_LONGEST].partition(". ")
    return (title, rest + text[_LONGEST:]) if stop else (title, text[_LONGEST:])


def product_phrase(title: str, text: str) -> str:
    """What the dispute is over, in the text's own words, or an empty string.

    At the ITC the words after "Certain", in Chinese news those after 特定 or 涉案产品为.
    """
    return _first(_PRODUCTS, title) or _first(_PRODUCTS, text)


def patent_titles(text: str) -> str:
    """The titles of the patents a text names (entitled "…", 名为“…”), or an empty string."""
    return _first(_PATENT_TITLES, text)


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str:
    """What the first pattern that finds anything captures, at most four of them, each once."""
    for pattern in patterns:
        found = [match[1].strip(" ,.，、") for match in islice(pattern.finditer(text[:_HEAD]), 4)]
        if found:
            return "; ".join(dict.fromkeys(found))
    return ""


def modifiers(text: str) -> list[Span]:
    """What a Chinese title only says a thing is for or based on: 一种[水果加工]用烘干装置, 基于[物联网]的灌溉系统."""
    return [match.span(1) for pattern in _MODIFIERS for match in pattern.finditer(text)]


def boilerplate(text: str) -> list[Span]:
    """Passages that every notice of a forum or every news page carries."""
    return [match.span() for pattern in _BOILERPLATE for match in pattern.finditer(text)]


def company_names(text: str) -> list[Span]:
    """Companies' names with a legal form. What a company is called is not what the dispute is about."""
    return sorted([*_latin_names(text), *_han_names(text)])


def _latin_names(text: str) -> Iterator[Span]:
    """`Kestrel Boats, LLC`: capitalised words walked back from the legal form, "of" and "and" between them."""
    for suffix in _SUFFIX.finditer(text):
        start = seen = suffix.start()
        for _ in range(6):
            back = _WORD_BACK.search(text, max(0, seen - 60), seen)
            if not back:
                break
            seen = back.start()
            if not text[seen].islower():
                start = seen
        if start < suffix.start():
            yield start, suffix.end()


def _han_names(text: str) -> Iterator[Span]:
    """`某某船舶重工有限公司`: at most 18 characters back from the legal form, to the last break before it."""
    for suffix in _HAN_NAME.finditer(text):
        start = max(0, suffix.start() - 18)
        for stop in _HAN_BREAK.finditer(text, start, suffix.start()):
            start = stop.end()
        yield start, suffix.end()
