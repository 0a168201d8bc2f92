"""Case and docket numbers in prose, in one spelling each, and which of them are a notice's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.records import Identifier, Notice
from nlp.spans import Found

OWN_LABELS = ("docket_header", "title", "abstract", "summary", "case_title")  # prose elsewhere cites other cases
_DOCUMENTS = frozenset({"fr_document", "edis_document"})  # numbers of documents, not of cases
_READ = 20_000  # characters of such a section
_DASH = r"[-\u2010-\u2015\u2212]"
_PATTERNS = (
    (
        "us_itc_investigation",
        re.compile(rf"(?<![\d-])337\s?{_DASH}\s?TA\s?{_DASH}\s?(\d{{1,4}})(?!\d)", re.I),
        "337-TA-{0}",
    ),
    ("us_itc_docket", re.compile(r"\b(?:DN|Docket\s+(?:No\.|Number))\s?-?\s?(\d{3,4})(?!\d)"), "DN {0}"),
    (
        "us_itc_trade_remedy",
        re.compile(
            rf"(?<![\d-])(?:(701|731|751|753){_DASH}TA|(332)){_DASH}(\d{{1,4}})(?:{_DASH}(\d{{1,4}}))?(?![\d-])"
        ),
        "",
    ),
    ("us_ptab_trial", re.compile(rf"\b((?:IPR|PGR|CBM|DER)\s?\d{{4}}){_DASH}(\d{{5}})(?!\d)"), "{0}-{1}"),
    (
        "us_district_docket",
        re.compile(r"(?<![\d-])(\d{1,2}:\d{2}-(?:cv|cr|mc|md|mj|ml|op|po|sw)-\d{3,6})(?!\d)", re.I),
        "{0}",
    ),
)
_OWN_NUMBER = re.compile(r"refer to the (?:investigation|docket) number ?\([^()]{0,60}\)", re.I)
_CITED = re.compile(r"(?:\bsee\b|\bcf\.|\brelated\b|e\.g\.)[^;]{0,120}\Z", re.I)


def find_identifiers(text: str) -> Iterator[Found]:
    """Every case number in a text, the notice's own or not, in the text's order."""
    found = [
        Found(kind, _spelled(kind, form, match), match.start(), match.end())
        for kind, pattern, form in _PATTERNS
        for match in pattern.finditer(text)
    ]
    return iter(sorted(found, key=lambda one: one.start))


def _spelled(kind: str, form: str, match: re.Match[str]) -> str:
    if kind == "us_itc_trade_remedy":
        remedy, study, first, last = match.groups()
        return (f"{remedy}-TA-{first}" if remedy else f"{study}-{first}") + (f"-{last}" if last else "")
    return form.format(
        *(re.sub(r"\s", "", part).upper() if kind == "us_ptab_trial" else part for part in match.groups())
    )


def own_identifiers(notice: Notice) -> tuple[Identifier, ...]:
    """The structured identifiers; where they hold no case number, those prose gives as the notice's own.

    A cited case is not one. At a court or office the structured number is the case; prose there names other
    cases, and EDIS titles misprint a docket as an investigation ("337-TA-3673" for DN 3673).
    """
    known = {(one.kind, one.value): one for one in notice.identifiers}
    if not any(one.kind not in _DOCUMENTS for one in notice.identifiers):
        for one in _from_prose(notice):
            known.setdefault((one.kind, one.value), Identifier(one.kind, one.value))
    return tuple(known.values())


def _from_prose(notice: Notice) -> Iterator[Found]:
    kinds = {"us_itc_investigation", "us_itc_docket", "us_itc_trade_remedy"} if notice.forum == "us_itc" else None
    for section in notice.sections:
        text = section.text[:_READ] if section.label in OWN_LABELS else _own_words(section.text[:500_000])
        for one in find_identifiers(text):
            if (kinds is None or one.kind in kinds) and not _CITED.search(text, max(0, one.start - 130), one.start):
                yield one


def _own_words(text: str) -> str:
    """Where a notice says under which number to answer it."""
    return "\n".join(match.group() for match in _OWN_NUMBER.finditer(text))


def case_number_of(notice: Notice, identifiers: tuple[Identifier, ...]) -> str | None:
    """The printed case number, else the first number prose gives."""
    cases = [one.value for one in identifiers if one.kind not in _DOCUMENTS]
    return notice.case_number or next(iter(cases), None)
