"""A question in Elasticsearch's terms. User text is only ever a value to match, never a query to read."""

from __future__ import annotations

from typing import Any

from elastic_transport.client_utils import DEFAULT
from elasticsearch.dsl import Q, Search, aggs
from elasticsearch.dsl.query import Query as Dsl

from index.search.elastic.mapping import CASE, FIELDS, TIME
from index.search.order import storable
from index.search.query import REACH, TOTAL_LIMIT, Counts, Query
from index.search.wanted import Clause, Wanted

WORDS = {"words.title": 5.0, "words.names": 5.0, "words.body": 1.0}
"""Where words are looked for: one in the title or among names and numbers says more than one in the text."""
WRITTEN = ["ipr.title^5", "ipr.parties.name.text^5", "message"]
"""Where the same words are looked for as they are written, to rank by."""
WRITTEN_BOOST = 0.1
"""What writing just as asked adds: enough to decide between documents that say the same in two scripts."""
WRITTEN_LIMIT = 200
"""Characters of a question that rank so."""
EVERY = 2**31 - 1
"""A beginning stands for every word that begins so."""
CELLS = 10_000
"""Cells of a table in one answer."""

_FORMATS = {"day": "uuuu-MM-dd", "month": "uuuu-MM", "year": "uuuu"}


def page(search: Search, query: Query, wanted: Wanted) -> Search:
    """The documents of one page in the order asked for, and a total up to TOTAL_LIMIT + 1."""
    ranked = query.sort == "relevance" and bool(wanted.needed)
    order: list[Any] = [{"words.order": "desc"}, {"event.id": "asc"}]
    size = query.limit if query.offset < REACH else 0
    asked = search.query(narrowed(query, wanted, ranked)).sort(*(["_score"] if ranked else []), *order)
    asked = asked.extra(from_=query.offset if size else 0, size=size, track_total_hits=TOTAL_LIMIT + 1)
    return asked.params(search_type="dfs_query_then_fetch") if ranked else asked  # rank alike in every index


def total(search: Search, query: Query, wanted: Wanted) -> Search:
    """No documents, but exactly how many there are."""
    return search.query(narrowed(query, wanted)).extra(size=0, track_total_hits=True)


def table(search: Search, query: Query, wanted: Wanted, counts: Counts, after: Any) -> Search:
    """Cells by value, period and, to count cases, case, from `after` on; `composite` leaves none out."""
    sources: list[dict[str, Any]] = [{"value": aggs.Terms(field=FIELDS[counts.by])}]
    if counts.per:
        period = aggs.DateHistogram(
            field=TIME, calendar_interval=counts.per, format=_FORMATS[counts.per], missing_bucket=True
        )
        sources.append({"period": period})
    if counts.of == "cases":
        sources.append({"case": aggs.Terms(field=CASE)})
    asked = search.query(narrowed(query, wanted)).extra(size=0, track_total_hits=False)
    asked.aggs.bucket("cells", aggs.Composite(sources=sources, size=CELLS, after=after or DEFAULT))
    return asked


def narrowed(query: Query, wanted: Wanted, ranked: bool = False) -> Dsl:
    """Everything a question asks of a document; with `ranked`, also how well it answers."""
    if wanted.nothing:
        return Q("match_none")
    needed = [_clause(clause) for clause in wanted.needed]
    filters = [Q("terms", **{FIELDS[kind]: _values(values)}) for kind, values in query.filters()]
    return Q(
        "bool",
        must=needed if ranked else [],
        should=[_as_written(query)] if ranked else [],
        filter=[*([] if ranked else needed), *filters, *_dates(query)],
        must_not=[_clause(clause) for clause in wanted.refused],
    )


def _clause(clause: Clause) -> Dsl:
    """Any of the phrases in any of the fields."""
    either = [
        _phrase(field, phrase, clause.prefix, boost) for phrase in clause.phrases for field, boost in WORDS.items()
    ]
    return Q("bool", should=either, minimum_should_match=1)


def _phrase(field: str, phrase: tuple[str, ...], prefix: bool, boost: float) -> Dsl:
    if len(phrase) == 1:
        return Q("prefix" if prefix else "term", **{field: {"value": phrase[0], "boost": boost}})
    asked: dict[str, Any] = {"query": " ".join(phrase), "boost": boost}
    if prefix:
        return Q("match_phrase_prefix", **{field: {**asked, "max_expansions": EVERY}})
    return Q("match_phrase", **{field: asked})


def _as_written(query: Query) -> Dsl:
    """Rank by what the server's own `cjk_bigram` finds in the texts as they are written."""
    text = storable(query.text[:WRITTEN_LIMIT])
    return Q("multi_match", query=text, fields=WRITTEN, type="most_fields", boost=WRITTEN_BOOST)


def _values(values: tuple[str, ...]) -> list[str]:
    return sorted({storable(value) for value in values})


def _dates(query: Query) -> list[Dsl]:
    """Inclusive days; with one, undated documents are out."""
    if query.since is None and query.until is None:
        return []
    since = {"gte": f"{query.since.isoformat()[:10]}T00:00:00Z"} if query.since else {}
    until = {"lte": f"{query.until.isoformat()[:10]}T23:59:59Z"} if query.until else {}
    return [Q("range", **{TIME: {**since, **until}})]
