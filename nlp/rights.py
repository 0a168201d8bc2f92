"""Which patents, trademarks and copyrights are asserted: numbers in prose, not prior art and not quantities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.records import Right
from nlp.spans import Found, quote, text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

NEEDLES = ("Patent", "patent", "PATENT", "Registration", "Reg. No", "专利", "專利", "B1", "B2", "B 1", "B 2")
_LIST_LIMIT = 200  # numbers after one "Nos."
_HEAD = re.compile(
    r"(?:(?P<mark>Trademark|Service Mark|Copyright) (?:Registration|Reg\.)|(?P<reg>Registered Trademarks?)"
    r"|(?P<patent>Patents?|PATENTS?))"
    r" ?(?:(?:(?:Nos?\.?|Numbers?|NOS?\.) ?){1,2}(?=[A-Z]{0,3}[ .]?\d|D)|(?=(?:\d{1,2},|RE|D)\d{2,3},\d{3}\b))"
)
_NUMBER = re.compile(
    r"(?:No\. ?)?(?:US|U\.S\.)? ?(?P<kind>D\.?|RE\.?|Re\.?|PP|TX|VAu?|SR|PA)? ?"
    r"(?P<digits>\d{1,3}(?:,\s?\d{3}){1,3}|\d(?:-\d{3}){2}|\d{5,8})(?:\s?[ABSE]\d?\b)?(?![\d%])"
)
_NEXT = re.compile(r"(?: ?\([^()]{0,120}\)| ?\[[^\[\]]{0,80}\])? ?[,;:]? ?(?:and |& ?|or )?")
_BARE = (
    ("patent", "US", re.compile(r"\bUS\s?(D|RE)?(\d{1,2}(?:,?\d{3}){2}|\d{3},\d{3}|\d{6,8})\s?(?:B[12]|S1|E1)\b")),
    ("patent", "EP", re.compile(r"\bEP\s?(\d\s?\d{3}\s?\d{3})(?:\s?[AB]\d)?\b")),
    ("patent", "CN", re.compile(r"(?:专利号|專利號)[^\n]{0,6}?ZL\s?(\d{4}\s?\d\s?\d{7})(?:\.\s?[\dX])?")),
    (
        "patent",
        "US",
        re.compile(
            r"(?:美国|美國)[^\n]{0,6}?(?:专利|專利)(?:号|號|第)[^\d\n]{0,4}(\d{1,2}(?:,\d{3}){2}|\d{7,8})(?!\d)"
        ),
    ),
)
_CITED = re.compile(
    r"(?:\bobvious\w*|\banticipat\w+|\bprior art|\bin view of|\bdisclosed (?:in|by)|\bcombination (?:with"
    r"|of)|\bteach\w*"
    r"|\breferences?\b|\bsee,? e\.g\.|\bunlike)[^;]{0,90}\Z",
    re.I,
)
_INVENTOR = re.compile(r"\s+to\s+[A-Z]")
_ASSERTED = re.compile(r"infring\w+|\badd(?:ing|ed)?\b|violation|asserted|registered marks", re.I)


def find_rights(text: str) -> Iterator[Found]:
    """Every right a text numbers as such; prior art ("obvious over U.S. Patent No. … to Nega") left out."""
    ends = 0
    for head in _HEAD.finditer(text):
        if head.start() < ends:
            continue
        for one in _numbers_after(text, head):
            ends = one.end
            if not _CITED.search(text, max(0, head.start() - 110), head.start()) and not _INVENTOR.match(text, one.end):
                yield one
    for kind, office, pattern in _BARE:
        for match in pattern.finditer(text):
            number = re.sub(r"[^\dA-Z]", "", "".join(part or "" for part in match.groups()))
            yield Found(kind, office + number, match.start(), match.end())


def _numbers_after(text: str, head: re.Match[str]) -> Iterator[Found]:
    """The numbers of the list that starts at the head: "Nos. 1,234,567 (“the '567 patent”), D789,435 and …"."""
    kind = "patent" if head["patent"] else "copyright" if (head["mark"] or "").startswith("Copy") else "trademark"
    at = head.end()
    for _ in range(_LIST_LIMIT):
        number = _NUMBER.match(text, at)
        if not number:
            return
        digits = re.sub(r"\D", "", number["digits"])
        letters = re.sub(r"\W", "", number["kind"] or "").upper()
        yield Found(
            kind, f"US{letters}{digits}", number.start("kind") if letters else number.start("digits"), number.end()
        )
        following = _NEXT.match(text, number.end())
        at = following.end() if following else number.end()


def asserted_rights(docs: list[Doc]) -> tuple[Right, ...]:
    """The rights asserted in a case, in order. Where a passage alleges infringement, what it lists and what
    was added later; a number met only elsewhere (another case, background) is not asserted here.
    """
    alleged: dict[tuple[str, str], Right] = {}
    elsewhere: dict[tuple[str, str], Right] = {}
    for doc in docs:
        for span in doc.spans.get("rights", ()):
            right = Right(span.label_, span.kb_id_, quote(text_of(doc), span.start_char, span.end_char, before=120))
            before = text_of(doc)[max(0, span.start_char - 1500) : span.start_char]
            group = alleged if _ASSERTED.search(before) else elsewhere
            group.setdefault((right.kind, right.number), right)
    return tuple((alleged or elsewhere).values())
