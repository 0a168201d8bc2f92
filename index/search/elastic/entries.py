"""What Elasticsearch keeps of a document, under names Kibana's users know.

Which documents a question finds is decided in `words.*`: words already split by `han`, so that no engine finds
what the other does not. `title`, `message` and the parties are kept a second time as they are written, split by
the server's own `cjk_bigram`: for Kibana, and to rank what is written just as it was asked. That splitting alone
would not do: it knows no traditional forms, and its tokenizer drops characters newer than Unicode 12 (鿰, 𰀀).
"""

from __future__ import annotations

from typing import Any

from elasticsearch.dsl import Binary, Date, InnerDoc, Keyword, Long, MetaField, Object, Text, analyzer, mapped_field
from elasticsearch.dsl import Document as Mapped

from index.search.elastic.mapping import SETTINGS, TIME, VALUE_LIMIT

_BILINGUAL = analyzer(
    "bilingual", type="custom", tokenizer="standard", filter=["cjk_width", "lowercase", "asciifolding", "cjk_bigram"]
)


def _value() -> Any:
    return mapped_field(Keyword(ignore_above=VALUE_LIMIT), default=None)


def _values() -> Any:
    return mapped_field(Keyword(ignore_above=VALUE_LIMIT), default_factory=list)


def _written() -> Any:
    return mapped_field(Text(analyzer=_BILINGUAL), default=None)


def _words() -> Any:
    return mapped_field(Text(analyzer="whitespace"), default=None)


class Event(InnerDoc):
    """ECS `event`: the document's key, and whether it is an event of the world or an alert of ours."""

    id: str | None = _value()
    kind: str | None = _value()
    dataset: str | None = _value()


class Organization(InnerDoc):
    """ECS `organization`: the enterprises a warning is for."""

    id: list[str] = _values()


class Url(InnerDoc):
    """ECS `url`."""

    full: str | None = _value()


class Observer(InnerDoc):
    """ECS `observer`: the source it was heard from."""

    name: str | None = _value()


class Case(InnerDoc):
    """The dispute: its number as printed, the ledger's key, and what stands for it when cases are counted."""

    number: str | None = _value()
    id: str | None = _value()
    key: str | None = _value()


class Parties(InnerDoc):
    """Names as printed."""

    name: list[str] = mapped_field(
        Keyword(ignore_above=VALUE_LIMIT, fields={"text": Text(analyzer=_BILINGUAL)}), default_factory=list
    )


class Ipr(InnerDoc):
    """What ECS has no names for."""

    case: Case = mapped_field(Object(Case))
    parties: Parties = mapped_field(Object(Parties))
    kind: str | None = _value()
    title: str | None = mapped_field(
        Text(analyzer=_BILINGUAL, fields={"keyword": Keyword(ignore_above=1_024)}), default=""
    )
    language: str | None = _value()
    forum: str | None = _value()
    jurisdiction: str | None = _value()
    industry: list[str] = _values()
    center: list[str] = _values()
    ip_dispute: str | None = _value()
    stage: str | None = _value()
    severity: str | None = _value()
    level: str | None = _value()


class Words(InnerDoc):
    """What our own questions are answered by: words split by `han`, and the place in newest-first order."""

    title: str | None = _words()
    names: str | None = _words()
    body: str | None = _words()
    order: int = mapped_field(Long(), default=0)


class Entry(Mapped):
    """One document. `packed` is there only where the other fields cannot give the document back as it was."""

    event: Event = mapped_field(Object(Event))
    organization: Organization = mapped_field(Object(Organization))
    url: Url = mapped_field(Object(Url))
    observer: Observer = mapped_field(Object(Observer))
    ipr: Ipr = mapped_field(Object(Ipr))
    words: Words = mapped_field(Object(Words))
    message: str | None = _written()
    packed: bytes | None = mapped_field(Binary(), default=None)

    class Meta:
        dynamic = MetaField("strict")
        source = MetaField(excludes=["words"])  # written again from the ledger, never from here

    class Index:
        settings = SETTINGS


Entry._doc_type.mapping.field(TIME, Date())  # no name Python could give it


def layout() -> tuple[dict[str, Any], dict[str, Any]]:
    """(settings, mappings) of an index of entries."""
    described = Entry._index.to_dict()
    return described["settings"], described["mappings"]
