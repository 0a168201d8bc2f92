"""Which characters a font file has: its `cmap` table, read by the OpenType specification, formats 4 and 12.

Typst prints a box for a character no font has, and says nothing. So we ask the font first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_UNICODE = {(0, 3), (0, 4), (0, 6), (3, 1), (3, 10)}
_MOST = 30_000_000  # bytes of one table; a larger one is damaged


@lru_cache(maxsize=64)
def characters(file: Path, index: int = 0) -> frozenset[int]:
    """The code points a face has glyphs for. `index` is the face's place in a collection.

    Empty for a file that cannot be read as a font.
    """
    try:
        return frozenset(_points(_table(file, index)))
    except (OSError, struct.error, ValueError, IndexError):
        return frozenset()


def _table(file: Path, index: int) -> bytes:
    with file.open("rb") as font:
        start = 0
        if font.read(4) == b"ttcf":
            font.seek(12 + 4 * index)
            (start,) = struct.unpack(">I", font.read(4))
        font.seek(start + 4)
        (count,) = struct.unpack(">H", font.read(2))
        font.seek(start + 12)
        records = font.read(16 * count)
        for at in range(0, 16 * count, 16):
            tag, _, offset, length = struct.unpack_from(">4sIII", records, at)
            if tag == b"cmap":
                font.seek(offset)
                return font.read(min(length, _MOST))
    raise ValueError("no cmap")


def _points(table: bytes) -> Iterator[int]:
    (count,) = struct.unpack_from(">H", table, 2)
    for at in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * at)
        if (platform, encoding) not in _UNICODE:
            continue
        (form,) = struct.unpack_from(">H", table, offset)
        if form == 4:
            yield from _segments(table, offset)
        elif form == 12:
            yield from _groups(table, offset)


def _segments(table: bytes, offset: int) -> Iterator[int]:
    """Format 4: segments of the basic plane; a glyph number of 0 means the character is missing."""
    (double,) = struct.unpack_from(">H", table, offset + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", table, offset + 14)
    starts = struct.unpack_from(f">{count}H", table, offset + 16 + double)
    deltas = struct.unpack_from(f">{count}H", table, offset + 16 + 2 * double)
    ranges_at = offset + 16 + 3 * double
    ranges = struct.unpack_from(f">{count}H", table, ranges_at)
    for at, (start, end, delta, shift) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for point in range(start, min(end, 0xFFFE) + 1):
            glyph = point
            if shift:
                (glyph,) = struct.unpack_from(">H", table, ranges_at + 2 * at + shift + 2 * (point - start))
            if (glyph + delta) & 0xFFFF if glyph or not shift else 0:
                yield point


def _groups(table: bytes, offset: int) -> Iterator[int]:
    """Format 12: groups of any plane."""
    (count,) = struct.unpack_from(">I", table, offset + 12)
    for start, end, glyph in struct.iter_unpack(">III", table[offset + 16 : offset + 16 + 12 * count]):
        if start > end or end > 0x10FFFF:
            raise ValueError("groups out of order")
        yield from range(start + (not glyph), end + 1)
