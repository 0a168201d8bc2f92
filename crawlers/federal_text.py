"""The text edition of a Federal Register document: 71 columns of typescript inside an HTML `<pre>`.

GPO's own conventions carry the structure: a masthead in brackets, labels in capitals, four spaces that open a
paragraph, a space at the end of a line that goes on, ``quotes'', [[Page n]] where the printed page turns.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from crawlers.federal_numbers import plain
from crawlers.federal_prose import TURN, flowing
from crawlers.fields import clean_text, safe_text, unescape
from index.problems import Unreadable
from index.records import Fields

LABELS = {
    "AGENCY": "agency_line",
    "ACTION": "action",
    "SUMMARY": "summary",
    "DATE": "dates",
    "DATES": "dates",
    "EFFECTIVE DATE": "dates",
    "EFFECTIVE DATES": "dates",
    "ADDRESS": "addresses",
    "ADDRESSES": "addresses",
    "FOR FURTHER INFORMATION CONTACT": "contact",
    "FOR FURTHER INFORMATION": "contact",
    "SUPPLEMENTARY INFORMATION": "supplementary",
}
TEXTS = ("action", "summary", "dates", "supplementary")
KINDS = {"[Notices]": "Notice", "[Rules and Regulations]": "Rule", "[Proposed Rules]": "Proposed Rule"}

_LABEL = re.compile(r"([A-Z][A-Z,/ ]{2,60})(?<! ):(?=\s|$)")
_MASTHEAD = re.compile(
    r"From the Federal Register|\[(?:Federal Register|(?:Proposed )?Rules|Notices|Presidential|Sunshine|Corrections"
    r"|Pages? |Part [IVXL]+|Unknown|DOCID|FR Docs? No)"
)
_PAGE = re.compile(r"\[\[Page [^\[\]\n]{1,20}\]\]")
_RULE = re.compile(r"[-=]{20,}\s*")
_MARK = re.compile(r"\\\d{1,3}\\")  # a footnote's number: \1\
_END = re.compile(r"\[FR Docs?\b|BILLING CODE")


def typescript(page: str) -> str:
    """The text inside `<pre>`, or the page itself where it is bare text. Raises Unreadable for any other page."""
    start = re.search(r"(?i)<pre\b[^<>]{0,500}>", page)
    text = page[start.end() :] if start else page
    if start:
        text = re.split(r"(?i)</pre>", text, maxsplit=1)[0]
        text = unescape(re.sub(r"</?[A-Za-z!][^<>]{0,2000}>", "", text)).replace("\xa0", " ")
        text = text.replace("[email protected]", "")  # what Cloudflare puts in the place of an address
    text = safe_text(text).expandtabs(4).strip("\n")
    if not re.search(r"\[Federal Register\b|\[FR Docs?\b", text):
        raise Unreadable("a web page or text that is not a Federal Register document")
    masthead = text[:5_000].find("[Federal Register")
    return text[max(masthead, 0) :]


def printed_fields(page: str) -> dict[str, Any]:
    """A document of the text edition as its labelled parts, hard wraps as printed.

    Keys: `masthead` and `docket_header` (lists of bracketed lines), `agency`, `title`, the values of LABELS where
    present, `filed` (the closing "[FR Doc. …]" line). Raises Unreadable if it is no such document.
    """
    lines = _without_footnotes(_without_page_turns(typescript(page)).split("\n"))
    masthead, rest = _masthead(lines)
    end = next((n for n, line in enumerate(rest) if _END.match(line.lstrip())), len(rest))
    body = [line for line in rest[:end] if not _RULE.fullmatch(line)]
    opening = next((n for n, line in enumerate(body) if _label(line) or line.startswith("  ")), len(body))
    kind = next((KINDS[line] for line in masthead if line in KINDS), "")
    fields: dict[str, Any] = {"masthead": masthead, "kind": kind, **_heading(body, opening)}
    fields |= _labelled(body[fields.pop("read_to") :])
    filed = " ".join(line.strip() for line in rest[end : end + 2] if not line.startswith("BILLING"))
    return fields | {"filed": filed}


def _without_page_turns(text: str) -> str:
    """A page turns in the middle of a sentence, between paragraphs or in a list; TURN marks the line above."""
    pieces = _PAGE.split(text)
    for n in range(1, len(pieces)):
        above, below = pieces[n - 1], pieces[n]
        inline = above.rpartition("\n")[2].strip() and below.partition("\n")[0].strip()
        last, first = above.rstrip(), below.lstrip()
        heading = last.endswith((".", ":", ";", "?")) and re.match(r"[A-Z][^\n]{0,70}\n[ \t]*\n", first)
        between = below[: len(below) - len(first)]
        indent = between.rpartition("\n")[2]
        pieces[n - 1] = last + (" " if inline else "\n\n" if heading else f"{TURN}\n{indent}")
        pieces[n] = first
    return "".join(pieces)


def _without_footnotes(lines: list[str]) -> list[str]:
    """Footnotes stand between two ruled lines and open with their number; both, and the marks, go."""
    kept: list[str] = []
    n = 0
    while n < len(lines):
        end = _footnote_end(lines, n) if lines[n].startswith("---") else None
        if end is None:
            kept.append(_MARK.sub("", lines[n]))
        n = n + 1 if end is None else end + 1
    return kept


def _footnote_end(lines: list[str], start: int) -> int | None:
    """The ruled line that ends the footnotes which the one at `start` opens; None if it opens none."""
    near = range(start + 1, min(start + 4, len(lines)))
    first = next((n for n in near if lines[n].strip()), None)
    if not _RULE.fullmatch(lines[start]) or first is None or not _MARK.match(lines[first].lstrip()):
        return None
    return next((n for n in range(first, min(first + 500, len(lines))) if _RULE.fullmatch(lines[n])), None)


def _masthead(lines: list[str]) -> tuple[list[str], list[str]]:
    """The bracketed lines that name issue, section, pages and document, and what comes after."""
    head: list[str] = []
    for n, line in enumerate(lines):
        bare = line.strip()
        if bare and not _MASTHEAD.match(bare):
            return head, lines[n:]
        if bare.startswith("["):
            head.append(bare)
    return head, []


def _label(line: str) -> str:
    found = _LABEL.match(line)
    return found.group(1) if found else ""


def _heading(body: list[str], opening: int) -> dict[str, Any]:
    """Agency, docket header and title: the blocks before the first label or the first indented paragraph."""
    blocks = _blocks(body[:opening])
    dockets = [n for n, (_, block) in enumerate(blocks) if block.startswith("[") and block.rstrip().endswith("]")]
    names = [b for b in blocks[dockets[-1] + 1 if dockets else 1 :] if not re.match(r"\[|RIN\b|\d+ CFR\b", b[1])]
    labelled = opening < len(body) and bool(_label(body[opening]))
    # Without a docket header a sub-agency may stand before the title; without labels a heading may stand after it.
    title = names[-1 if labelled and not dockets else 0] if names else (0, "")
    last = title[0] + title[1].count("\n") + 1 if names else opening
    return {
        "agency": blocks[0][1] if blocks and 0 not in dockets else "",
        "docket_header": [blocks[n][1] for n in dockets],
        "title": title[1],
        "read_to": last,
    }


def _blocks(lines: list[str]) -> list[tuple[int, str]]:
    """(number of its first line, block) for each run of lines without a blank one."""
    found: list[tuple[int, list[str]]] = []
    for n, line in enumerate(lines):
        if not line.strip():
            continue
        if n and lines[n - 1].strip():
            found[-1][1].append(line)
        else:
            found.append((n, [line]))
    return [(n, "\n".join(block)) for n, block in found]


def _labelled(body: list[str]) -> dict[str, str]:
    """The text under each label; what stands under none, or an unknown one, is supplementary information."""
    parts: dict[str, list[str]] = {}
    name = "supplementary"
    for above, line in pairwise(["", *body]):
        label = _label(line)
        if label in LABELS or (label and not above.strip()):
            name = LABELS.get(label, "supplementary")
        text = line[len(label) + 1 :].lstrip() if label in LABELS else line
        parts.setdefault(name, []).append(text)
    return {name: "\n".join(lines).strip("\n") for name, lines in parts.items()}


def prose(fields: Fields) -> dict[str, str]:
    """The document's texts by section label, a blank line between paragraphs."""
    return {
        "title": clean_text(flowing(fields.get("title", ""))),
        "docket_header": clean_text(plain("; ".join(flowing(header) for header in fields.get("docket_header", ())))),
        **{label: flowing(fields.get(label, "")) for label in TEXTS},
    }
