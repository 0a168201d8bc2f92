"""Small readers every source shares: text made safe and bounded, dates by declared formats, XML that cannot bite.

Pages are untrusted. Nothing here fetches, expands entities, guesses a date or raises on odd text.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise

from lxml import etree

from index.problems import Unreadable

TITLE_LIMIT = 2_000  # characters
SECTION_LIMIT = 400_000

# Bidirectional overrides, isolates and marks, zero-width characters, BOM: they only disguise.
_DISGUISES = dict.fromkeys(
    [
        0xAD,
        0x61C,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x206A),
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
    ]
)
_CONTROLS = dict.fromkeys([*range(0x20), 0x7F, *range(0xD800, 0xE000)])
_LINE_MAKERS = {0x09: "\t", 0x0A: "\n", 0x0B: "\n", 0x0C: "\n", 0x2028: "\n", 0x2029: "\n"}


def _windows_1252() -> dict[int, str | None]:
    """What bytes 0x80–0x9F mean in pages that say ISO-8859-1 (WHATWG Encoding: latin1 is windows-1252)."""
    return {n: bytes([n]).decode("windows-1252", "ignore") or None for n in range(0x80, 0xA0)}


_SAFE: dict[int, str | None] = {**_CONTROLS, **_DISGUISES, **_windows_1252(), **_LINE_MAKERS}


def safe_text(text: str) -> str:
    """The text without control characters (newline and tab stay), bidi overrides and lone surrogates."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_SAFE)


def bounded(text: str, limit: int) -> str:
    """At most `limit` characters; a cut shows as an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def clean_text(text: str | None, limit: int = TITLE_LIMIT) -> str:
    """One line: safe, whitespace runs made one space, at most `limit` characters. None is ""."""
    return bounded(" ".join(safe_text(text or "").split()), limit)


def paragraphs(text: str | None, limit: int = SECTION_LIMIT) -> str:
    """Prose as paragraphs with a blank line between, hard wraps joined, at most `limit` characters.

    A wrap after a hyphen is joined without a space, so that numbers such as "337-⏎TA-1414" stay whole.
    """
    blocks, lines = [], list[str]()
    for line in [*safe_text(text or "").split("\n"), ""]:
        if words := " ".join(line.split()):
            lines.append(words)
        elif lines:
            blocks.append(_joined(lines))
            lines = []
    return bounded("\n\n".join(blocks), limit)


def _joined(lines: list[str]) -> str:
    broken = (a[-1] == "-" and a[-2:-1].isalnum() and b[0].isalnum() for a, b in pairwise(lines))
    return lines[0] + "".join(("" if cut else " ") + line for cut, line in zip(broken, lines[1:], strict=True))


def unescape(text: str, times: int = 1) -> str:
    """HTML entities decoded `times` over, or until nothing changes: some sources escape twice or thrice."""
    for _ in range(times):
        try:
            decoded = html.unescape(text)
        except ValueError:  # a character number of thousands of digits
            return text
        if decoded == text:
            break
        text = decoded
    return text


def without_markup(text: str) -> str:
    """The text of an HTML fragment: block ends become line ends, tags and entities go. Linear in its length."""
    opened = re.sub(r"(?i)<(?:br|/?p|/?div|/?li|/?tr|/?h[1-6]|/?table)\b[^<>]{0,500}>", "\n", text)
    bare = re.sub(r"<!--|-->|</?[A-Za-z][^<>]{0,5000}>", "", opened)
    return unescape(bare).replace("\xa0", " ")


# Dates


def parse_date(text: str | None, formats: Iterable[str]) -> date | None:
    """The calendar date by the first strptime format that fits the whole text, else None. No guessing."""
    bare = " ".join((text or "").split())
    for form in formats if 0 < len(bare) <= 100 else ():
        try:
            return datetime.strptime(bare, form).date()  # noqa: DTZ007 - a calendar date of the forum has no zone
        except ValueError:
            continue
    return None


# RFC 822 §5.1 and the zones of courts that RFC never named; hours east of UTC.
ZONES = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7,
    "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "SST": -11, "CHST": 10,
}  # fmt: skip
_FEED_TIME = re.compile(
    r"(?:[A-Za-z]{3,9},?\s)?(\d{1,2}\s[A-Za-z]{3}\s\d{4}\s\d{1,2}:\d{2}(?::\d{2})?)\s([A-Za-z]{1,5}|[+-]\d{4})"
)


def parse_instant(text: str | None, zone: tzinfo | None = None) -> datetime | None:
    """An aware UTC instant from an RFC 822 time ("Fri, 03 Feb 2023 10:58:42 MST") or an ISO 8601 one, else None.

    `zone` is where an ISO time without offset was written; without it such a time stays unknown.
    """
    bare = " ".join((text or "").split())[:100]
    if feed := _FEED_TIME.fullmatch(bare):
        return _feed_time(*feed.groups())
    try:
        when = datetime.fromisoformat(bare)
    except ValueError:
        return None
    return _utc(when.replace(tzinfo=when.tzinfo or zone)) if when.tzinfo or zone else None


def _utc(when: datetime) -> datetime | None:
    """Years far off are misprints, and the clock of another zone may not be able to hold them."""
    return when.astimezone(UTC) if 1900 <= when.year <= 2200 else None


def _feed_time(clock: str, zone: str) -> datetime | None:
    form = "%d %b %Y %H:%M:%S" if clock.count(":") == 2 else "%d %b %Y %H:%M"
    if zone[0] in "+-":
        hours = int(zone[:3]) + int(zone[0] + zone[3:]) / 60
    elif (hours_known := ZONES.get(zone.upper())) is not None:
        hours = hours_known
    else:
        return None
    try:
        return _utc(datetime.strptime(clock, form).replace(tzinfo=timezone(timedelta(hours=hours))))
    except ValueError:  # 31 February, or an offset of days
        return None


# Bytes


def decode(body: bytes, hint: str = "") -> str:
    """The page as text: by its byte order mark, its own declaration, the header's charset, UTF-8, windows-1252."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(name, "replace")
    said = re.search(rb"""(?:encoding|charset)\s{0,5}=\s{0,5}["']?([A-Za-z0-9_.:-]{2,40})""", body[:2048])
    for name in (said.group(1).decode("ascii") if said else "", hint, "utf-8"):
        if (text := _strictly(body, name)) is not None:
            return text
    return body.decode("windows-1252", "replace")


def _strictly(body: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
        # bytes.decode refuses codecs that are no text encodings, so a page cannot ask for zlib.
        return body.decode("windows-1252" if codec in ("iso8859-1", "ascii") else codec)
    except (LookupError, ValueError):
        return None


# XML


def text_of(element: etree._Element) -> str:
    """All text within an element, its children's too."""
    return "".join(str(text) for text in element.itertext())


def safe_xml(body: bytes) -> etree._Element:
    """The root of a well-formed document. Raises Unreadable for any other, an empty one, or declared entities."""
    _refuse_entities(body)
    try:
        return etree.fromstring(body, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(_what_is_wrong(body, error)) from error


def recovered_xml(body: bytes, item: str = "item") -> tuple[etree._Element, str | None]:
    """(root, what was wrong or None). A feed cut in the middle keeps its complete items and loses the torn one.

    Raises Unreadable where nothing of an XML document is there, or entities are declared.
    """
    try:
        return safe_xml(body), None
    except Unreadable as unwell:
        if unwell.field:
            raise
        return _mended(body, item, unwell.reason), unwell.reason


def _mended(body: bytes, item: str, reason: str) -> etree._Element:
    ends = [found.end() for found in re.finditer(rb"</(?:[\w.-]{1,50}:)?" + item.encode() + rb"\s{0,9}>", body)]
    if not ends:
        raise Unreadable(reason)
    whole = body if _is_closed(body) else body[: ends[-1]]
    try:
        root = etree.fromstring(re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b" ", whole), _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(reason) from error
    if root is None:
        raise Unreadable(reason)
    return root


def _parser(recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, dtd_validation=False,
        remove_comments=True, remove_pis=True, recover=recover,
    )  # fmt: skip


def _is_closed(body: bytes) -> bool:
    """Whether the last tag closes the first one."""
    first = re.search(rb"<([A-Za-z_][\w.:-]{0,100})", body)
    return bool(first and re.search(rb"</" + re.escape(first.group(1)) + rb"\s{0,100}>\s{0,1000}\Z", body[-2000:]))


# The name of a picture file beside an old patent: names a file, expands to nothing (XML 1.0 §4.2.2).
_UNPARSED = re.compile(rb"""<!ENTITY\s+[\w.-]{1,200}\s+SYSTEM\s+"[^"<>]{0,300}"\s+NDATA\s+\w{1,20}\s*>""")


def _refuse_entities(body: bytes) -> None:
    """No source of ours declares entities that stand for text; a page that does is an attack (CWE-776, CWE-611)."""
    ascii_only = body.replace(b"\0", b"")  # UTF-16 hides nothing
    subset = re.search(rb"<!DOCTYPE[^\[>]{0,2000}\[", ascii_only)
    if subset is None:
        return
    declared = ascii_only[subset.start() :]
    if declared.count(b"<!ENTITY") != len(_UNPARSED.findall(declared)):
        raise Unreadable("declares entities, which is refused", "DOCTYPE")


WEB_PAGE = "a web page where data was expected: the server may be asking for a browser"


def is_web_page(body: bytes) -> bool:
    """Whether the page begins as HTML: what a bot wall sends in place of data, often with status 200."""
    return body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))


def _what_is_wrong(body: bytes, error: Exception) -> str:
    if not body.strip():
        return "the answer is empty"
    if is_web_page(body):
        return WEB_PAGE
    return f"not well-formed XML: {str(error)[:200]}"
