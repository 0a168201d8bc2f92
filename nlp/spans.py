"""What a reader found in a text, and the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

QUOTE_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Found:
    """Something of a `kind` at text[start:end]; `value` is its one spelling."""

    kind: str
    value: str
    start: int
    end: int


def quote(text: str, start: int, end: int, before: int = 60) -> str:
    """The words text[start:end] with a little before them, on one line, at most 300 characters."""
    first = max(0, start - before)
    if first:
        blank = text.find(" ", first, start)
        first = blank + 1 if blank >= 0 else start
    return re.sub(r"\s+", " ", text[first:end]).strip()[:QUOTE_LIMIT]


def text_of(doc: Doc) -> str:
    """A document's text, put together once: `Doc.text` joins its tokens anew at every look."""
    if "text" not in doc.user_data:
        doc.user_data["text"] = doc.text
    text: str = doc.user_data["text"]
    return text
