"""The spaCy pipeline that reads prose: a blank pipeline, an entity ruler and our own components.

No trained model: the blank English tokenizer splits `337-TA-1300`, so components match over the text
and mark `Doc.char_span`s. A span's label is the kind, its `kb_id_` the number in one spelling:

* `doc.ents`: places (COUNTRY, STATE, REGION), `ent_id_` the ISO country;
* `doc.spans["identifiers"]`: case and docket numbers (see `identifiers.find_identifiers`);
* `doc.spans["rights"]`: patents, trademarks, copyrights (see `rights.find_rights`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING

from nlp.identifiers import find_identifiers
from nlp.places import ruler_patterns
from nlp.rights import find_rights
from nlp.spans import Found, text_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PARAGRAPH_LIMIT = 40_000  # characters; the longest list of respondents seen is a fifth of this
WORD_LIMIT = 100
TEXT_LIMIT = 500_000  # characters of one section that are read at all


@cache
def prose_pipeline() -> Language:
    """The pipeline, built once a process and only when prose is met (spaCy takes a second to load)."""
    import spacy  # noqa: PLC0415 - heavy
    from spacy.language import Language as Pipeline  # noqa: PLC0415

    marks = {"case_numbers": ("identifiers", find_identifiers), "asserted_rights": ("rights", find_rights)}
    for name, (group, find) in marks.items():
        if not Pipeline.has_factory(name):
            Pipeline.component(name, func=marker(group, find))
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler", name="places").add_patterns(ruler_patterns())  # type: ignore[attr-defined]
    for name in marks:
        pipeline.add_pipe(name)
    return pipeline


def marker(group: str, find: Callable[[str], Iterable[Found]]) -> Callable[[Doc], Doc]:
    """A component that marks what `find` finds in the text as `doc.spans[group]`."""

    def mark(doc: Doc) -> Doc:
        found = [
            doc.char_span(one.start, one.end, label=one.kind, kb_id=one.value, alignment_mode="expand")
            for one in find(text_of(doc))
        ]
        doc.spans[group] = [span for span in found if span is not None]
        return doc

    return mark


def paragraphs(text: str, *needles: str) -> Iterable[str]:
    """Paragraphs that hold one of the words (all, without words), on one line, each cut at PARAGRAPH_LIMIT."""
    for paragraph in text[:TEXT_LIMIT].split("\n\n"):
        part = on_one_line(paragraph[:PARAGRAPH_LIMIT])
        if part and (not needles or any(needle in part for needle in needles)):
            yield part


def on_one_line(text: str) -> str:
    """A text with single blanks and no word of more than 100 characters: the tokenizer is quadratic in those."""
    return " ".join(word[:WORD_LIMIT] for word in text.split())
