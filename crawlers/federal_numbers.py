"""The numbers a Federal Register notice goes by: its own, and its case's in the bracketed docket header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crawlers.fields import bounded
from index.records import Identifier

NUMBER_LIMIT = 200  # characters of a case number
MEMBER_LIMIT = 60  # cases one printed range may stand for

_DASHES = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212], "-")
_PHASE = re.compile(r"\([^()]{0,100}\)")  # "(Final)", "(Rescission Proceeding)"
_DOCUMENT = re.compile(r"(?:[A-Z]\d{0,2}-)?(?:\d{4}|\d{2})-\d{1,6}|[A-Z]\d{0,2}-\d{1,6}")

# What the Commission's series are about: 19 U.S.C. 1337 (section 337); title VII of the Tariff Act (701, 731, 751,
# 753, 303, AA1921); safeguards (TA-201, TA-204, TA-406, TA-421). Others (332, 1205, TA-131…) are studies.
_SERIES = re.compile(
    r"\b(?P<series>337-TA|(?:701|731|751|753|303|104)-TA|AA1921|TA-(?:201|204|406|421)|NAFTA-\d{3}|332|1205|TA-\d{3,4})"
    r"-(?P<first>\d{1,4})(?:-(?P<last>\d{1,4}))?(?![\d-])"
    r"|(?<=[ ,])(?P<more>\d{1,4})(?:-(?P<until>\d{1,4}))?(?![\w-])"
)
_DOCKET = re.compile(r"\b(?:DN|Docket\s(?:Nos?\.?|Numbers?)?)\s?(\d{3,5})(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CaseNumbers:
    """A case number as printed without its phase, and every single number it stands for."""

    printed: str | None
    identifiers: tuple[Identifier, ...]


def plain(text: str) -> str:
    """One line with every dash a hyphen: notices before 2014 print "337–TA–894"."""
    return " ".join(text.translate(_DASHES).split())


def document_number(printed: str, address: str = "") -> str:
    """The FR document number in "[FR Doc. 2016-08650 Filed…]", else in an address "…/2016-08650.xml", else ""."""
    found = re.search(rf"\bFR\s?Docs?\.?(?:\s?Nos?\.?)?:?\s?({_DOCUMENT.pattern})", plain(printed))
    named = re.findall(r"(?<![\d-])\d{4}-\d{5,6}(?![\d-])", address)
    return found.group(1) if found else (named or [""])[-1]


def is_document_number(text: str) -> bool:
    """Whether the text is a document number: 2026-02297, E9-1234, 03-20254, C1-2013-21203."""
    return bool(_DOCUMENT.fullmatch(text))


def corrected_number(number: str) -> str | None:
    """The document a reprint corrects: "C1-2013-21203" is the first correction of 2013-21203."""
    found = re.fullmatch(r"[CR]\d{1,2}-(.+)", number)
    return found.group(1) if found else None


def case_numbers(headers: Iterable[str]) -> CaseNumbers:
    """The case of a notice, from its docket header: "[Investigation Nos. 701-TA-545-547 and 731-TA-1291 (Final)]".

    Section 337 dockets before institution ("Docket No. 3746") become "DN 3746".
    """
    printed: list[str] = []
    found: list[Identifier] = []
    for header in headers:
        line = _PHASE.sub(" ", plain(header)[:2_000])
        line = re.sub(r"-\s(?=TA\b|\d)", "-", line)  # a number broken at the end of a line
        numbers, spans = _investigations(line)
        if not spans and (docket := _DOCKET.search(line)):
            printed.append(f"DN {docket.group(1)}")
            numbers = [Identifier("us_itc_docket", f"DN {docket.group(1)}")]
        elif spans:
            named = line[spans[0][0] : spans[-1][1]]
            printed.append(plain(re.sub(r",?\s(?:Investigation|Inv\.?)\sNos?\.?\s", ", ", named)))
        found += numbers
    case = bounded(", ".join(dict.fromkeys(printed)), NUMBER_LIMIT)
    return CaseNumbers(case or None, tuple(dict.fromkeys(found)))


def _investigations(line: str) -> tuple[list[Identifier], Sequence[tuple[int, int]]]:
    """Every investigation named in a line, and where the numbers stand; "…-547, 549" goes on with its series."""
    numbers: list[Identifier] = []
    spans: list[tuple[int, int]] = []
    series = ""
    for match in _SERIES.finditer(line):
        series = match["series"] or series
        if not series or (match["more"] and not _goes_on(line, spans[-1][1], match.start())):
            continue
        spans.append(match.span())
        kind = _kind(series)
        members = _members(match["first"] or match["more"], match["last"] or match["until"] or "")
        numbers += [Identifier(kind, f"{series}-{n}") for n in members if kind]
    return numbers, spans


def _goes_on(line: str, end: int, start: int) -> bool:
    return line[end:start].strip() in (",", "and", ", and", "&", "or")


def _kind(series: str) -> str:
    if series == "337-TA":
        return "us_itc_investigation"
    trade = re.fullmatch(r"\d{3}-TA|AA1921|NAFTA-\d{3}|TA-(?:201|204|406|421)", series)
    return "us_itc_trade_remedy" if trade else ""


def _members(first: str, last: str) -> Iterator[int]:
    """The numbers of a range; "1475-79" is 1475 to 1479. What is no range is its two ends."""
    low = int(first)
    if not last:
        yield low
        return
    high = int(first[: -len(last)] + last) if len(last) < len(first) else int(last)
    yield from range(low, high + 1) if low < high <= low + MEMBER_LIMIT else dict.fromkeys((low, int(last)))
