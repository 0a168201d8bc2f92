"""The XML edition of a Federal Register document, as GPO types it (FRMergedXML), alone or in a whole day's issue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from crawlers.federal_numbers import plain
from crawlers.fields import clean_text, safe_text
from index.records import Fields

KINDS = {"NOTICE": "Notice", "RULE": "Rule", "PRORULE": "Proposed Rule", "CORRECT": "Correction"}

# Where the words of an element belong. A part runs on until another begins: GPO sets stray P elements after SUM.
PARTS = {
    "AGY": "agency_line",
    "ACT": "action",
    "SUM": "summary",
    "DATES": "dates",
    "EFFDATE": "dates",
    "ADD": "addresses",
    "FURINF": "contact",
    "SUPLINF": "supplementary",
    "PREHD": "supplementary",  # the heads of a Sunshine Act notice: "Time and date:"
    "SIG": "supplementary",
}
HEADINGS = {"AGENCY": "agency", "SUBAGY": "agency", "DEPDOC": "docket_header", "SUBJECT": "title"}
# Not running text: footnotes and their marks, pictures, formulas, page turns, officers' names, the printer's codes.
LEFT_OUT = {
    "FTNT", "FTREF", "SU", "PRTPAGE", "GPH", "GID", "MATH", "NAME", "TITLE", "FRDOC", "FILED", "BILCOD", "RIN", "CFR",
    "STARS", "UNITNAME", "HRTITLE", "EAR", "WIDE",
}  # fmt: skip
PARAGRAPHS = {"P", "FP", "HD", "ROW", "BOXHD", "DATED", "TTITLE", "SUBJECT", "HED", "PSPACE", "BOXTXT"}
INLINE = {"E", "SU", "FR", "AC", "LI", "PRTPAGE", "FTREF", "SIGDAT", "ENT", "CHED", "LHS", "URL", "BR", "STARS"}
ITALIC = {"01", "02", "03", "04"}  # typefaces; 51 to 54 are raised or lowered signs and stay inside a word
TEXTS = ("action", "summary", "dates", "supplementary")
KNOWN = {"PREAMB", "AUTH", "EXTRACT", "GPOTABLE", "LSTSUB", "APPENDIX", "APPR", "QUOTE", "NOTE", "TNOTE"}


def documents(root: etree._Element) -> Iterator[etree._Element]:
    """The documents of a page: the root itself, or each notice of an issue."""
    if root.tag in KINDS:
        yield root
    else:
        yield from root.iter("NOTICE")


def issue_date(root: etree._Element) -> str:
    """The date an issue prints on its first page ("Friday, April 15, 2016"), "" in a document alone."""
    return " ".join((root.findtext("DATE") or "").split()) if root.tag == "FEDREG" else ""


def printed_fields(document: etree._Element) -> tuple[dict[str, Any], list[str]]:
    """One document's parts as lists of paragraphs, and the names of elements we do not know.

    Keys: `kind`, `agency`, `docket_header`, `title`, `filed` and the values of PARTS where present.
    """
    fields: dict[str, Any] = {"kind": KINDS[str(document.tag)]}
    filed = [_words(e) for tag in ("FRDOC", "FILED") for e in document.iter(tag)]
    if filed:
        fields["filed"] = " ".join(filed)
    strange: list[str] = []
    part = "supplementary"
    for element in _pieces(document):
        tag = str(element.tag)
        if tag in HEADINGS:
            fields.setdefault(HEADINGS[tag], []).append(_words(element))
            continue
        part = PARTS.get(tag, part)
        if tag not in LEFT_OUT:
            fields.setdefault(part, []).extend(_paragraphs(element, strange))
    return fields, sorted(set(strange))


def prose(fields: Fields) -> dict[str, str]:
    """The document's texts by section label, a blank line between paragraphs."""
    return {
        "title": clean_text(" ".join(fields.get("title", ()))),
        "docket_header": clean_text(plain("; ".join(fields.get("docket_header", ())))),
        **{label: safe_text("\n\n".join(fields.get(label, ()))) for label in TEXTS},
    }


def _pieces(document: etree._Element) -> Iterator[etree._Element]:
    for child in document:
        if child.tag == "PREAMB":
            yield from child
        else:
            yield child


def _paragraphs(element: etree._Element, strange: list[str]) -> Iterator[str]:
    """The paragraphs below an element. A label set apart ("Authority:") opens the paragraph after it."""
    label = ""
    for piece in _blocks(element, strange):
        text = _words(piece)
        if piece.tag == "HD" and piece.get("SOURCE") == "HED":
            parent = piece.getparent()
            top = parent is not None and PARTS.get(str(parent.tag)) and parent.tag != "PREHD"
            label = "" if top else text
        elif text:
            yield f"{label} {text}".strip()
            label = ""
    if label:
        yield label


def _blocks(element: etree._Element, strange: list[str]) -> Iterator[etree._Element]:
    tag = str(element.tag)
    if tag in LEFT_OUT:
        return
    if tag in PARAGRAPHS:
        yield element
        return
    if tag not in PARTS and tag not in KNOWN and tag not in INLINE:
        strange.append(tag)
    nested = [child for child in element if str(child.tag) not in INLINE]
    if not nested:
        yield element
    for child in nested:
        yield from _blocks(child, strange)


def _words(element: etree._Element) -> str:
    """The running words of a paragraph: no footnote marks; a page turn or typeface never joins or breaks words."""
    if element.tag in ("ROW", "BOXHD"):
        return " | ".join(text for text in map(_words, element) if text)
    return " ".join("".join(_runs(element)).split())


def _runs(element: etree._Element) -> Iterator[str]:
    last = element.text or ""
    yield last
    for child in element:
        tag = str(child.tag)
        words = "" if tag in LEFT_OUT else "".join(_runs(child))
        if tag == "E" and child.get("T") in ITALIC:
            # GPO sometimes drops the space beside a change of typeface: "at<E T="03">http…</E>for".
            words = _apart(last, words) + words
            yield words + _apart(words, child.tail or "")
        elif tag in ("LI", "BR", "P", "FP", "HD"):
            yield f" {words} "
        else:
            yield words
        yield child.tail or ""
        last = child.tail or words or last


def _apart(left: str, right: str) -> str:
    return " " if re.search(r"[\w.,;:)]\Z", left) and re.match(r"\w", right) else ""
