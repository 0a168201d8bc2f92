"""Splitting "A, Inc. of Austin, Texas; B Co., Ltd. of Shenzhen, China; and C (“C”)" into names and places.

Commas of legal forms and of places do not separate names; definitions in brackets ("(collectively, “X”)")
are not names but say by which short-hand a name returns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nlp import list_words
from nlp.legal_forms import INSIDE, ends_with_form, has_form, is_form_alone
from nlp.list_words import INSTITUTION, JOINED, LIST_END, OTHER_NAME_INSIDE, RUN_ON, SHARED, bracketed, masked
from nlp.party_names import DEFINITION, NUMBERED, OTHER_NAME, Listed, clean_name, defined_terms, is_name
from nlp.places import Place, places_by_start
from nlp.sentences import sentence_end
from nlp.spans import text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

LIST_LIMIT = 500  # names read from one list
_PROTECTED = re.compile(r"\([^()]{0,300}\)")
_SEPARATOR = re.compile(r";|,(?! ?(?:LTD|Ltd)\b\.?\S)|(?<![\w.])and(?= )|(?<![\w.])as well as(?= )|(?<= )&(?= )")


@dataclass(slots=True)
class _Item:
    """A name being read."""

    start: int
    end: int
    place_start: int = -1
    place_end: int = -1
    country: str | None = None
    settled: bool = False  # the place names its state or country
    group: int = 0


@dataclass(slots=True)
class _Reading:
    """The state of reading one list."""

    items: list[_Item] = field(default_factory=list)
    group: int = 0
    finished: bool = False


@dataclass(frozen=True, slots=True)
class _Chunk:
    start: int
    end: int
    mark: str  # what stands before it: "", ",", ";", "and", ",and"


def read_list(doc: Doc, start: int, end: int | None = None) -> tuple[Listed, ...]:
    """The names listed from `start` to where the list ends (at most `end`): the sentence or its verb."""
    stop = min(sentence_end(text_of(doc), start), len(text_of(doc)) if end is None else end)
    text = masked(text_of(doc), start, stop)
    verb = next(
        (found.start() for found in LIST_END.finditer(text, start, stop) if not bracketed(text, start, found.start())),
        stop,
    )
    reader = _ListReader(doc, text, start, verb)
    return reader.names()


class _ListReader:
    """Folds the stretches between separators into names with places."""

    def __init__(self, doc: Doc, text: str, start: int, stop: int) -> None:
        self.doc, self.text, self.start, self.stop = doc, text, start, stop
        self.places = places_by_start(doc)
        self.state = _Reading()

    def names(self) -> tuple[Listed, ...]:
        chunks = list(self._chunks())
        for position, chunk in enumerate(chunks):
            after = chunks[position + 1] if position + 1 < len(chunks) else None
            self._fold(chunk, after)
            if self.state.finished or len(self.state.items) > LIST_LIMIT:
                break
        self._share_places(many=any(chunk.mark == ";" for chunk in chunks))
        return tuple(found for item in self.state.items if (found := self._listed(item)))

    def _chunks(self) -> Iterator[_Chunk]:
        protected = [found.span() for found in _PROTECTED.finditer(self.text, self.start, self.stop)]
        at, mark, inside = self.start, "", 0
        for found in _SEPARATOR.finditer(self.text, self.start, self.stop):
            while inside < len(protected) and protected[inside][1] <= found.start():
                inside += 1
            if inside < len(protected) and protected[inside][0] < found.start():
                continue
            if found.group() == "&" and not self._parts_firms(at, found):
                continue
            chunk = self._trimmed(at, found.start(), mark)
            word = found.group() if found.group() in ";," else "and"
            if chunk:
                yield chunk
                mark = word
            else:
                mark = mark if mark == ";" else ",and" if {mark, word} == {",", "and"} else word
            at = found.end()
        if chunk := self._trimmed(at, self.stop, mark):
            yield chunk

    def _parts_firms(self, at: int, sign: re.Match[str]) -> bool:
        """Whether "&" stands between two firms and not inside one: "Foo Corp. & Bar Ltd.", not "GmbH & Co. KG"."""
        following = self.text[sign.end() : sign.end() + 40].lstrip()
        return ends_with_form(self.text[at : sign.start()]) and not (JOINED.match(following) or INSIDE.match(following))

    def _trimmed(self, start: int, end: int, mark: str) -> _Chunk | None:
        piece = self.text[start:end]
        lead = len(piece) - len(piece.lstrip(" \n\t:"))
        if numbered := NUMBERED.match(piece):
            lead, mark = numbered.end(), mark and ";"
        tail = len(piece.rstrip(" \n\t:"))
        return _Chunk(start + lead, start + tail, mark) if tail > lead else None

    # What a stretch is

    def _place_at(self, start: int, end: int) -> Place | None:
        """The place text[start:end] is and nothing else: "the Netherlands", "Washington DC", "CA 95054"."""
        at = start + 4 if self.text.startswith("the ", start) else start
        first: Place | None = None
        while at < end:
            place = self.places.get(at)
            if place and place.end <= end:
                first, at = first or place, place.end
            elif first and (code := re.compile(r"[\s.]+|[\d-]{3,10}").match(self.text, at, end)):
                at = code.end()
            else:
                return None
        return first

    def _starts_place(self, start: int, end: int) -> Place | None:
        """The place that begins a longer stretch, where a full stop was forgotten ("DC Supplements were")."""
        place = self.places.get(start)
        rest = self.text[place.end : end].strip() if place else ""
        return place if place and place.kind != "REGION" and RUN_ON.match(rest) else None

    def _of(self, chunk: _Chunk, after: _Chunk | None) -> int:
        """Where " of " introduces this name's place, -1 where none does ("Bank of America Corp.")."""
        for found in re.compile(r" of (?!the following)").finditer(self.text, chunk.start, chunk.end):
            left, right = self.text[chunk.start : found.start()], found.end()
            if self._place_at(right, chunk.end) and not INSTITUTION.search(left):
                return found.start()
            if ends_with_form(left.rstrip(" ,")) or left.rstrip().endswith(")"):
                return found.start()
            city = (
                re.fullmatch(r"[A-Z][\w.'’ -]{1,40}", self.text[right : chunk.end])
                and " of " not in self.text[right : chunk.end]
            )
            if (
                city
                and after
                and after.mark == ","
                and (self._place_at(after.start, after.end) or self._starts_place(after.start, after.end))
            ):
                return found.start()
        return -1

    # Folding

    def _fold(self, chunk: _Chunk, after: _Chunk | None) -> None:
        item = self.state.items[-1] if self.state.items else None
        words = self.text[chunk.start : chunk.end]
        if item is None or chunk.mark == ";":
            self.state.group += chunk.mark == ";"
            self._begin(chunk, after)
        elif item.place_start < 0:
            self._fold_name(item, chunk, after, words)
        elif not self._fold_place(item, chunk, after, words):
            self._begin(chunk, after)

    def _fold_name(self, item: _Item, chunk: _Chunk, after: _Chunk | None, words: str) -> None:
        """A stretch after a name that has no place yet."""
        other_name = chunk.mark in (",", "and") and OTHER_NAME.match(f"({words}")
        if other_name or (chunk.mark == "," and (is_form_alone(words) or self._branch(chunk))):
            self._extend(item, chunk, after)
        elif words.startswith("of ") or SHARED.match(words):
            self._place(item, chunk.start + words.index("of ") + 3, chunk.end, spread=bool(SHARED.match(words)))
        elif chunk.mark == "," and (
            self._place_at(chunk.start, chunk.end) or self._city(item, chunk, after) or self._street(item, words)
        ):
            self._place(item, chunk.start, chunk.end)
        elif (chunk.mark == "and" and self._joined(item, words)) or (chunk.mark == "," and self._firm(item, words)):
            self._extend(item, chunk, after)
        else:
            self._begin(chunk, after)

    def _fold_place(self, item: _Item, chunk: _Chunk, after: _Chunk | None, words: str) -> bool:
        """Whether a stretch after a place belongs to it: a state, a country, a province before its country."""
        place = self._place_at(chunk.start, chunk.end) if chunk.mark == "," else None
        if place:
            item.place_end = chunk.end
            item.country = (
                item.country if item.country in {"HK", "TW", "MO"} or place.kind == "REGION" else place.country
            )
            item.settled = item.settled or place.kind != "REGION"
            return True
        if chunk.mark != ",":
            return False
        if OTHER_NAME.match(f"({words}") or words.rstrip(".") == "Republic of":
            return True  # "Korea, Republic of"; a second name after the place belongs to the first
        if run_on := self._starts_place(chunk.start, chunk.end):
            item.place_end, item.country, item.settled = run_on.end, run_on.country, True
            self.state.finished = True
            return True
        middle = not item.settled and after and after.mark == "," and self._place_at(after.start, after.end)
        inside = bool(middle) and not has_form(words) and " of " not in words
        item.place_end = chunk.end if inside else item.place_end
        return inside

    def _begin(self, chunk: _Chunk, after: _Chunk | None) -> None:
        item = _Item(chunk.start, chunk.start, group=self.state.group)
        self.state.items.append(item)
        self._extend(item, chunk, after)

    def _extend(self, item: _Item, chunk: _Chunk, after: _Chunk | None) -> None:
        """The stretch goes on with the name, perhaps up to its " of PLACE"."""
        of = self._of(chunk, after)
        item.end = chunk.end if of < 0 else of
        if of >= 0:
            self._place(item, of + 4, chunk.end)

    def _place(self, item: _Item, start: int, end: int, *, spread: bool = False) -> None:
        place = self._place_at(start, end)
        item.place_start, item.place_end = start, end
        if not place and (run_on := self._starts_place(start, end)):
            place, item.place_end, self.state.finished = run_on, run_on.end, True
        if place and place.kind != "REGION":
            item.country, item.settled = place.country, True
        if spread:
            item.group = -item.group - 1

    def _city(self, item: _Item, chunk: _Chunk, after: _Chunk | None) -> bool:
        """Whether a stretch is a city without its "of": "Thermos L.L.C., Schaumburg, Illinois"."""
        words = self.text[chunk.start : chunk.end]
        follows = after and after.mark == "," and self._place_at(after.start, after.end)
        bare = not has_form(words) and len(words.split()) <= 3 and " of " not in words
        return bool(follows) and bare and ends_with_form(self.text[item.start : item.end])

    def _street(self, item: _Item, words: str) -> bool:
        """Whether a stretch opens an address."""
        street = bool(list_words.STREET.match(words)) and not has_form(words) and " of " not in words
        return street and ends_with_form(self.text[item.start : item.end])

    def _branch(self, chunk: _Chunk) -> bool:
        """Whether a stretch after a comma is a country and goes on: "Solvay, USA LLC", "Aegis Ltd., U.S. of …"."""
        place = self.places.get(chunk.start)
        rest = self.text[place.end : chunk.end] if place else ""
        return bool(place and place.kind == "COUNTRY") and (rest.startswith(" of ") or is_form_alone(rest.strip()))

    def _joined(self, item: _Item, words: str) -> bool:
        """Whether "and" stands inside a name."""
        left = self.text[item.start : item.end]
        return bool(JOINED.match(words)) and not ends_with_form(left) and len(left.split()) <= 12

    def _firm(self, item: _Item, words: str) -> bool:
        """Whether a comma stands inside a firm's name: "Lamont, Hanley & Associates"."""
        left = self.text[item.start : item.end]
        return len(left.split()) == 1 and not ends_with_form(left) and bool(re.match(r"\w+ & \w+", words))

    def _share_places(self, *, many: bool) -> None:
        """ "A, B and C, of Boston;" and "A and B, both of Boston" put all of them there."""
        items = self.state.items
        for index in range(len(items) - 1, 0, -1):
            here, before = items[index], items[index - 1]
            spread = here.group < 0 or (many and here.group == before.group)
            if spread and here.place_start >= 0 and before.place_start < 0:
                before.place_start, before.place_end, before.country = here.place_start, here.place_end, here.country
                before.group = here.group

    def _listed(self, item: _Item) -> Listed | None:
        name, alone = clean_name(self.text[item.start : item.end])
        if not is_name(name):
            return None
        whole = text_of(self.doc)[item.start : max(item.end, item.place_end)]
        following = text_of(self.doc)[item.end : item.end + 200].lstrip(" ,")
        short = DEFINITION.match(following)
        aliases = defined_terms(short.group()) if short else alone
        place = (
            re.sub(r"(?<![A-Z])[\s.]+$", "", self.text[item.place_start : item.place_end].strip(" ,"))
            if item.place_start >= 0
            else ""
        )
        strong = has_form(name) or bool(place) or bool(short) or bool(OTHER_NAME_INSIDE.search(name))
        return Listed(
            name,
            place[:120] or None,
            item.country or None,
            item.start,
            item.start + len(whole),
            strong,
            aliases,
        )
