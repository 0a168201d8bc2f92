"""From the Federal Register's typescript to prose: hard wraps joined, lists kept apart, signs as on paper. Linear."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html.entities import html5
from itertools import pairwise

WIDTH = 71  # columns of the text edition
OPENS_A_LIST = (":", "--")
TURN = "\f"  # ends a line after which the printed page turned: nothing tells whether it goes on

_CLOSING = re.compile(r"(?:Issued|Dated|Signed)\b[^.:\n]{0,40}:[^.\n]{0,80}\.?|By order of the [^.\n]{0,80}\.")
_ADDRESS = re.compile(
    r"\b[A-Z]{2} \d{5}(?:-\d{4})?$|, (?:[\w-]{3,12} )?(?:China|Hong Kong|Taiwan|(?:South )?Korea"
    r"|Republic of Korea|Japan|Germany|France|Italy|Spain|(?:The )?Netherlands|United Kingdom|Canada|Mexico|India"
    r"|Vietnam|Singapore|Israel)\.?$"
)
_FORM = re.compile(  # a company's legal form
    r"\b(?:Inc|LLC|L\.L\.C|LP|L\.P|Ltd|Limited|Co|Corp|Corporation|Company|GmbH|AG|S\.?A|B\.?V|N\.?V|PLC|Pte|Pty)\b"
)


def flowing(text: str) -> str:
    """Prose as paragraphs with a blank line between: hard wraps joined, quotes and accents as printed on paper.

    Lists of names stand flush, an entry a paragraph. The officer's signature goes, the date of issue stays.
    """
    paragraphs = [_as_printed(" ".join(p.split())) for p in _paragraphs(text.split("\n"))]
    closing = next((n for n, p in enumerate(paragraphs) if _CLOSING.match(p)), len(paragraphs))
    ends = [match.group() for p in paragraphs[closing:] if (match := _CLOSING.match(p))]
    return "\n\n".join(p for p in (*paragraphs[:closing], *ends) if p)


def _paragraphs(lines: list[str]) -> Iterator[str]:
    spaced = _keeps_spaces(lines)
    current: list[str] = []
    gap = listing = False
    before = ""
    for line in lines:
        if not line.strip():
            gap = True
            continue
        flush = not line.startswith("  ")
        if not current or gap or _starts(current, line, listing, spaced):
            if current:
                before = current[-1].rstrip()
                yield _joined(current)
                current = []
            # Entries of a list stand flush after a colon; a flush line elsewhere is a heading.
            listing = flush and (before.endswith(OPENS_A_LIST) or listing)
        current.append(line)
        gap = False
    if current:
        yield _joined(current)


def _keeps_spaces(lines: list[str]) -> bool:
    """Whether lines that go on still end in GPO's space (an editor may have taken it away)."""
    full = [a for a, b in pairwise(lines) if len(a.rstrip()) > WIDTH - 15 and b.strip() and not b.startswith("  ")]
    return 2 * sum(line.endswith(" ") for line in full) > len(full)


def _starts(above: list[str], line: str, listing: bool, spaced: bool) -> bool:
    """Whether a line right under others opens a paragraph of its own."""
    last = above[-1]
    indented = line.startswith("  ")
    if listing and (last.rstrip().endswith(",") or _FORM.match(line.strip())) and not indented:
        return False
    if indented and (not listing or re.match(r"\s+\(?\w{1,4}[.)]\s", line)):
        return True
    if last.endswith(TURN):
        return listing and _is_entry(above) and (bool(_FORM.search(line[:100])) or _is_address(last))
    wrapped = _wraps(last, line.strip(), spaced)
    return not wrapped and (listing or last.rstrip().endswith(OPENS_A_LIST))


def _is_entry(lines: list[str]) -> bool:
    """Whether the lines name a company already."""
    return bool(_FORM.search(" ".join(lines[:10])[:1_000]))


def _is_address(line: str) -> bool:
    """Whether a line ends as an address does: "Dallas, TX 75201", "London WC2H 9JQ, United Kingdom"."""
    return bool(_ADDRESS.search(line.rstrip()))


def _wraps(last: str, line: str, spaced: bool) -> bool:
    """Whether a line was broken only because the column was full.

    GPO leaves a space at the end of such a line (or breaks at a hyphen or slash); where an editor took those
    spaces away, the next word tells: it would not have fitted.
    """
    bare = last.rstrip()
    if spaced:
        return last.endswith(" ") or (bare.endswith(("-", "/")) and len(bare) > WIDTH // 2)
    if _is_address(bare) and not line[0].isdigit():  # a postcode may follow
        return False
    room = 0 if bare.endswith(("-", "/")) else 1
    return len(bare) + room + len(re.split(r"(?<=[-/])|\s", line, maxsplit=1)[0]) > WIDTH


def _joined(lines: list[str]) -> str:
    """One paragraph. A break at a hyphen or slash is closed ("337-TA-⏎360"), not so "pre- ⏎and post-"."""
    parts = [lines[0].rstrip()]
    for last, line in pairwise(lines):
        bare = line.strip()
        broken = last.rstrip(TURN).endswith(("-", "/")) and not re.match(r"(?:and|or|to)\b", bare)
        shut = broken or (last.rstrip().endswith("TA-") and bare[0].isdigit())
        parts.append(bare if shut else f" {bare}")
    return "".join(parts)


def _as_printed(text: str) -> str:
    """Typescript signs as the paper edition prints them: quotes, dashes, [eacute]."""
    text = re.sub(r"\[([A-Za-z]{2,8})\]", _accented, text)
    text = text.replace("``", "“").replace("''", "”").replace("`", "‘")
    return re.sub(r"(?<=[\w.,;:)”])--(?=[\w“(]|$)", "—", text)


def _accented(match: re.Match[str]) -> str:
    sign = html5.get(match.group(1) + ";", "")
    signs = {"deg": "°", "reg": "®", "supreg": "®", "trade": "™", "copy": "©", "sect": "§"}
    is_letter = len(sign) == 1 and not sign.isascii() and unicodedata.name(sign, "").startswith("LATIN")
    return sign if is_letter else signs.get(match.group(1), match.group())
