"""The Elasticsearch engine: its address, its indices, its lock, and what it does when something is wrong."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import get_args

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from elasticsearch import AuthorizationException, Elasticsearch, NotFoundError
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from index.problems import TryLater, Unusable
from index.search.document import TEXT_LIMIT, Document
from index.search.elastic import engine as elastic_engine
from index.search.elastic import lock as elastic_lock
from index.search.elastic import open_url
from index.search.elastic.address import Address, read_url
from index.search.elastic.client import connect
from index.search.elastic.document import source
from index.search.elastic.engine import ElasticEngine
from index.search.elastic.entries import layout
from index.search.elastic.mapping import CASE, FIELDS, TIME, VALUE_LIMIT, notices, warnings
from index.search.han import terms
from index.search.query import Counts, Facet, Query
from index.search.rebuild import ensure
from tests import elastic

FINGERPRINT = "ab" * 32
BUILDER = """
import sys
from index.search.elastic import lock as elastic_lock
from index.search.document import Document
from index.search.engines import open_engine

elastic_lock.LEASE = float(sys.argv[2])

def documents():
    yield Document("half", "warning", "half", "done", centers=("half",))
    print("filling", flush=True)
    sys.stdin.readline()

open_engine(sys.argv[1]).rebuild(documents())
"""


def a_document(key: str, title: str = "title", kind: str = "notice", center: str = "") -> Document:
    return Document(
        key=key, kind=kind, title=title, text="text", day=date(2026, 11, 3), centers=(center,) if center else ()
    )


@pytest.fixture
def url() -> Iterator[str]:
    with elastic.place(elastic.server()) as url:
        yield url


@pytest.fixture
def engine(url: str) -> Iterator[ElasticEngine]:
    """An index of one notice and two centers' warnings."""
    opened = open_url(url)
    opened.rebuild(
        [a_document("n"), a_document("w1", kind="warning", center="zibo"), a_document("w2", "x", "warning", "a b")]
    )
    yield opened
    opened.close()


@pytest.fixture
def client(url: str) -> Iterator[Elasticsearch]:
    """The server itself, to look behind the engine."""
    with connect(read_url(url)) as opened:
        yield opened


def indices(client: Elasticsearch, url: str) -> dict[str, list[str]]:
    """Our indices but the lock, with their aliases."""
    there = client.indices.get(index=f"{read_url(url).prefix}-*", features="aliases")
    return {name: list(index["aliases"]) for name, index in there.items()}


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://localhost", Address("http://localhost:9200")),
        ("https://es.example:9243/", Address("https://es.example:9243")),
        ("http://[::1]:9200/shandong-2", Address("http://[::1]:9200", "shandong-2")),
        ("https://user:p%40ss%2F@h/p", Address("https://h:9200", "p", "user", "p@ss/")),
        ("https://:a2V5OmtleQ==@h", Address("https://h:9200", secret="a2V5OmtleQ==")),
        (f"https://h?fingerprint={FINGERPRINT.upper()}", Address("https://h:9200", fingerprint=FINGERPRINT)),
    ],
)
def test_an_address_is_read(url: str, address: Address) -> None:
    assert read_url(url) == address


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://", "HOST"),
        ("http://:9200", "HOST"),
        ("http://h:secret1", "PORT"),
        ("http://h:99999", "PORT"),
        ("http://u:secret1@secret2@h:x/", "PORT"),
        ("http://u:sec/ret1@h", "PORT"),
        ("http://user@h", "PASSWORD"),
        ("http://h/a/b", "PREFIX"),
        ("http://h/Upper", "PREFIX"),
        ("http://h/%2e%2e", "PREFIX"),
        ("http://h/" + "a" * 41, "PREFIX"),
        ("http://h/a-notices", "PREFIX"),
        ("https://u:secret1@h?verify=no", "only ca and fingerprint"),
        ("https://h#x", "only ca and fingerprint"),
        ("http://h?ca=/etc/hostname", "https"),
        ("https://u:secret1@h?ca=/nowhere/ca.pem", "no file /nowhere/ca.pem"),
        ("https://h?fingerprint=abc", "SHA-256"),
    ],
)
def test_a_wrong_address_says_what_is_wrong_and_no_secret(url: str, reason: str) -> None:
    with pytest.raises(Unusable, match=reason) as told:
        open_url(url)
    assert "secret" not in str(told.value)
    assert told.value.__suppress_context__ or told.value.__context__ is None


def test_no_repr_shows_the_password() -> None:
    assert "hidden" not in repr(read_url("https://user:hidden@h/p"))
    assert "hidden" not in str(read_url("https://user:hidden@h/p"))


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.search.elastic.find_spec", lambda _: None)
    with pytest.raises(Unusable, match=r"yujing\[elasticsearch\]"):
        open_url("http://localhost")


def test_the_embedded_engine_does_not_import_elasticsearch() -> None:
    code = (
        "import sys; from index.search.engines import open_engine; open_engine('sqlite:////tmp/none.db');"
        "import index.search.elastic.mapping; print([n for n in sys.modules if n.startswith('elastic')])"
    )
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "[]\n"


def test_an_unreachable_server_is_tried_later_and_no_password_is_told() -> None:
    engine = open_url("http://user:hidden@127.0.0.1:1/p")
    calls: list[Callable[[], int]] = [engine.size, lambda: engine.put([a_document("a")]), lambda: engine.rebuild([])]
    for call in calls:
        with pytest.raises(TryLater, match=r"127\.0\.0\.1:1/p") as told:
            call()
        assert "hidden" not in str(told.value)
    health = engine.probe()
    assert (health.state, health.documents) == ("unusable", 0)
    assert "cannot be reached" in health.detail


def refused(kind: str, reason: str) -> dict[str, object]:
    return {"error": {"type": kind, "reason": reason}}


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (200, "<html>hello</html>", Unusable, "no Elasticsearch"),
        (404, "<html>not here</html>", Unusable, "no Elasticsearch"),
        (401, refused("security_exception", "missing"), Unusable, "no such user"),
        (403, refused("security_exception", "no right"), Unusable, "may not"),
        (406, refused("media_type_header_exception", "=8"), Unusable, "media_type"),
        (429, refused("circuit_breaking_exception", "too much"), TryLater, "busy"),
        (429, refused("cluster_block_exception", "[disk usage exceeded, read-only-allow-delete]"), Unusable, "full"),
        (503, refused("cluster_block_exception", "no master"), TryLater, "busy"),
        (404, refused("index_not_found_exception", "no such index"), TryLater, "yujing reindex"),
    ],
)
def test_what_a_server_answers_is_put_in_our_terms(
    httpserver: HTTPServer, status: int, body: str | dict[str, object], kind: type[Exception], said: str
) -> None:
    known = isinstance(body, dict)
    httpserver.expect_request(re.compile("")).respond_with_data(
        json.dumps(body) if known else str(body),
        status,
        {"X-Elastic-Product": "Elasticsearch"} if known else {},
        "application/json" if known else "text/html",
    )
    engine = open_url(httpserver.url_for("/p"))
    with pytest.raises(kind, match=said):
        engine.size()
    assert engine.probe().state == ("missing" if "reindex" in said else "unusable")
    engine.close()


@pytest.fixture
def certified(tmp_path: Path) -> Iterator[tuple[HTTPServer, Path, str]]:
    """A TLS server nobody vouches for, its certificate's file and its fingerprint."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "es")])
    now, alone = datetime.now(UTC), x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(hours=1))
    signed = made.add_extension(alone, False).sign(key, hashes.SHA256())
    file, both = tmp_path / "ca.pem", tmp_path / "both.pem"
    file.write_bytes(signed.public_bytes(Encoding.PEM))
    both.write_bytes(
        file.read_bytes() + key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    with HTTPServer(ssl_context=context) as server:
        server.expect_request(re.compile("")).respond_with_json(
            {"hits": {"total": {"value": 7}, "hits": []}}, headers={"X-Elastic-Product": "Elasticsearch"}
        )
        yield server, file, signed.fingerprint(hashes.SHA256()).hex()


def test_a_certificate_is_trusted_only_by_its_authority_or_fingerprint(
    certified: tuple[HTTPServer, Path, str],
) -> None:
    server, file, fingerprint = certified
    plain = f"https://127.0.0.1:{server.port}/p"
    for trusted in (f"?ca={file}", f"?fingerprint={fingerprint}"):
        engine = open_url(plain + trusted)
        assert engine.size() == 7
        engine.close()
    for untrusted in ("", f"?fingerprint={FINGERPRINT}"):
        engine = open_url(plain + untrusted)
        with pytest.raises(Unusable, match="trusted certificate"):
            engine.size()
        engine.close()


@given(st.text(max_size=60), st.text(max_size=60))
def test_every_center_has_a_name_of_its_own(one: str, other: str) -> None:
    names = [warnings("p", center) for center in (one, other, "plain-1")]
    assert (names[0] == names[1]) == (one == other)
    for name in names:
        assert re.fullmatch(r"p-warnings-[a-z0-9_.-]{1,60}", name)


def test_every_facet_is_a_keyword_that_can_be_counted() -> None:
    mapped = layout()[1]
    assert set(FIELDS) == set(get_args(Facet))
    for name in (*FIELDS.values(), CASE, TIME):
        node = mapped
        for part in name.split(".") if name != TIME else [TIME]:
            node = node["properties"][part]
        assert node["type"] == ("date" if name == TIME else "keyword")
    assert mapped["dynamic"] == "strict"


@pytest.mark.usefixtures("engine")
def test_the_server_offers_every_facet_to_kibana(client: Elasticsearch, url: str) -> None:
    prefix = read_url(url).prefix
    fields = client.field_caps(index=[notices(prefix), warnings(prefix)], fields="*")["fields"]
    for name in (*FIELDS.values(), CASE, TIME):
        (kind,) = fields[name].values()
        assert (kind["searchable"], kind["aggregatable"]) == (True, True), name


@pytest.mark.parametrize(
    "text", ["锂电池包 337-TA-1414 Société", "山東鋰業（中国） device.The 9,899,481", "鿰 𠀀𠀁 カタカナ x_y 한국어"]
)
@pytest.mark.usefixtures("engine")
def test_the_server_keeps_the_very_words_we_split(client: Elasticsearch, url: str, text: str) -> None:
    kept = source(replace(a_document("t"), text=text))["words"]["body"]
    index = notices(read_url(url).prefix)
    tokens = client.indices.analyze(index=index, field="words.body", text=kept)["tokens"]
    assert [token["token"] for token in tokens] == terms(text)
    assert [token["position"] for token in tokens] == list(range(len(tokens)))


def test_kibana_finds_chinese_words_by_pairs(engine: ElasticEngine, client: Elasticsearch, url: str) -> None:
    index = notices(read_url(url).prefix)
    tokens = client.indices.analyze(index=index, field="ipr.title", text="锂电池 Batteries")["tokens"]
    assert [token["token"] for token in tokens] == ["锂电", "电池", "batteries"]
    engine.put([a_document("zh", "原告的锂电池包")])
    found = client.search(index=index, query={"match_phrase": {"ipr.title": "电池"}})
    assert [hit["_source"]["event"]["id"] for hit in found["hits"]["hits"]] == ["zh"]
    assert "words" not in found["hits"]["hits"][0]["_source"]


def test_by_relevance_what_is_written_as_asked_comes_first(engine: ElasticEngine) -> None:
    engine.put([a_document("s", "锂电池"), a_document("t", "鋰電池")])
    for text, first in (("锂电池", "s"), ("鋰電池", "t")):
        assert engine.search(Query(text=text, sort="relevance")).hits[0].document.key == first


@pytest.mark.usefixtures("engine")
def test_a_day_is_the_same_day_in_beijing(client: Elasticsearch, url: str) -> None:
    per_day = {"field": TIME, "calendar_interval": "day", "time_zone": "Asia/Shanghai", "format": "yyyy-MM-dd"}
    answer = client.search(index=notices(read_url(url).prefix), aggs={"days": {"date_histogram": per_day}})
    assert [day["key_as_string"] for day in answer["aggregations"]["days"]["buckets"]] == ["2026-11-03"]


def test_each_center_has_an_index_behind_the_alias_of_all(
    engine: ElasticEngine, client: Elasticsearch, url: str
) -> None:
    prefix = read_url(url).prefix
    for center, keys in (("zibo", ["w1"]), ("a b", ["w2"]), ("", []), (None, ["w1", "w2"])):
        hits = client.search(index=warnings(prefix, center), sort="event.id")["hits"]["hits"]
        assert [hit["_source"]["event"]["id"] for hit in hits] == keys
    assert client.count(index=notices(prefix))["count"] == 1
    (meta,) = (index["mappings"]["_meta"] for index in client.indices.get_mapping(index=notices(prefix)).values())
    assert meta == {"made_by": "yujing", "prefix": prefix, "version": engine.probe().version}


def test_a_warning_that_changed_its_center_leaves_the_old_one(
    engine: ElasticEngine, client: Elasticsearch, url: str
) -> None:
    prefix = read_url(url).prefix
    engine.put([a_document("w1", kind="warning", center="a b"), a_document("w3", kind="warning", center="new")])
    counted = [client.count(index=warnings(prefix, center))["count"] for center in ("zibo", "a b", "new")]
    assert (counted, engine.size()) == ([0, 2, 1], 4)
    engine.put([a_document("w1")])
    assert [client.count(index=name)["count"] for name in (warnings(prefix), notices(prefix))] == [2, 2]
    engine.rebuild([a_document("x", kind="warning", center="zibo"), a_document("x", kind="warning", center="new")])
    assert [client.count(index=warnings(prefix, center))["count"] for center in ("zibo", "new")] == [0, 1]


def test_values_and_texts_of_any_length_are_taken(engine: ElasticEngine) -> None:
    long = "长" * VALUE_LIMIT
    huge = replace(
        a_document("huge"), text="锂电" * TEXT_LIMIT, parties=("名" * 40_000,), enterprises=(long, "长" + long)
    )
    engine.put([huge])
    (hit,) = engine.search(Query(text="锂电")).hits
    assert hit.document == replace(huge, text="锂电" * (TEXT_LIMIT // 2))
    assert [bucket.key for bucket in engine.count(Query(), Counts("enterprise"))] == [long]


def test_readers_see_one_generation_or_the_next_and_never_an_error(engine: ElasticEngine, url: str) -> None:
    stop, seen, failed = threading.Event(), set(), []

    def reader() -> None:
        other = open_url(url)
        while not stop.is_set():
            try:
                found = other.search(Query(size=100))
                (title,) = {hit.document.title for hit in found.hits}
                (bucket,) = other.count(Query(), Counts("kind", of="cases"))
                seen.add((title, len(found.hits), found.total, bucket.count))
            except Exception as error:  # noqa: BLE001  whatever it is, the test shall say so
                failed.append(error)
                return
        other.close()

    engine.rebuild(a_document(f"k{at}", "0") for at in range(40))
    threads = [threading.Thread(target=reader) for _ in range(2)]
    for thread in threads:
        thread.start()
    for turn in range(1, 6):
        engine.rebuild(a_document(f"k{at}", str(turn)) for at in range(40))
    stop.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(seen) > 1
    assert {shown[1:] for shown in seen} == {(40, 40, 40)}


def test_while_one_rebuilds_nobody_else_writes(
    engine: ElasticEngine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_lock, "PATIENCE", 0.2)
    other = open_url(url)

    def documents() -> Iterator[Document]:
        calls: list[Callable[[], int]] = [
            lambda: other.put([a_document("late")]),
            lambda: other.remove(["n"]),
            lambda: other.rebuild([]),
        ]
        for call in calls:
            with pytest.raises(TryLater, match="another process"):
                call()
        assert other.size() == 3
        yield a_document("new")

    assert engine.rebuild(documents()) == 1
    assert other.put([a_document("late")]) == 1
    assert other.size() == 2
    other.close()


def test_a_failing_rebuild_leaves_the_old_indices_and_no_others(
    engine: ElasticEngine, client: Elasticsearch, url: str
) -> None:
    before = indices(client, url)

    def failing() -> Iterator[Document]:
        yield a_document("half", kind="warning", center="half")
        assert len(indices(client, url)) == len(before) + 3
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.rebuild(failing())
    assert indices(client, url) == before
    assert engine.put([a_document("after")]) == 1


def test_a_dead_builder_loses_its_lock_and_its_half_index_is_cleared_away(
    engine: ElasticEngine, client: Elasticsearch, url: str
) -> None:
    before = len(indices(client, url))
    with subprocess.Popen([sys.executable, "-c", BUILDER, url, "1.5"], stdin=-1, stdout=-1, text=True) as builder:
        assert builder.stdout
        assert builder.stdout.readline() == "filling\n"
        builder.kill()
    assert len(indices(client, url)) == before + 3
    assert engine.size() == 3
    assert engine.rebuild([a_document("new")]) == 1
    assert len(indices(client, url)) == 2


def test_a_builder_that_was_silent_too_long_does_not_publish(
    engine: ElasticEngine, client: Elasticsearch, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_url(url)

    def documents() -> Iterator[Document]:
        yield a_document("stale")
        other.rebuild([a_document("fresh"), a_document("fresh2")])  # waits until the lock has lapsed

    monkeypatch.setattr(elastic_lock, "LEASE", 0.3)
    with pytest.raises(TryLater, match="took over"):
        engine.rebuild(documents())
    assert [hit.document.key for hit in engine.search(Query()).hits] != ["stale"]
    assert engine.size() == 2
    assert len(indices(client, url)) == 2
    other.close()


def test_an_index_of_another_layout_is_outdated_and_cured_by_a_rebuild(
    engine: ElasticEngine, client: Elasticsearch, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_engine, "LAYOUT", "next")
    newer = open_url(url)
    assert newer.probe().state == "outdated"
    calls: list[Callable[[], int]] = [newer.size, lambda: newer.put([a_document("a")])]
    for call in calls:
        with pytest.raises(TryLater):
            call()
    assert engine.size() == 3
    assert ensure(newer, lambda: [a_document("a")]) == 1
    assert newer.probe().state == "ready"
    assert (engine.probe().state, len(indices(client, url))) == ("outdated", 2)
    newer.close()


def test_an_index_of_which_a_part_is_lost_is_missing_and_cured_by_a_rebuild(
    engine: ElasticEngine, client: Elasticsearch, url: str
) -> None:
    (lost,) = client.indices.get_alias(name=notices(read_url(url).prefix))
    client.indices.delete(index=lost)
    with pytest.raises(TryLater, match="reindex"):
        engine.search(Query())
    assert engine.probe().state == "missing"
    assert ensure(engine, lambda: [a_document("a")]) == 1
    assert engine.probe().documents == 1


def test_a_rebuild_touches_no_index_we_did_not_make(engine: ElasticEngine, client: Elasticsearch, url: str) -> None:
    foreign = f"{warnings(read_url(url).prefix)}-of-somebody"
    client.indices.create(index=foreign)
    engine.rebuild([a_document("a")])
    assert client.indices.exists(index=foreign)


@pytest.fixture
def secured() -> Iterator[str]:
    """An index on a server with users, as its superuser reaches it."""
    with elastic.place(elastic.server("YUJING_TEST_ELASTICSEARCH_SECURE_URL")) as url:
        opened = open_url(url)
        opened.rebuild([a_document(f"w-{center}", kind="warning", center=center) for center in ("zibo", "jinan")])
        opened.close()
        yield url


def with_user(url: str, known: str) -> str:
    return f"http://{known}@{url.rpartition('@')[2]}"


def test_a_key_for_one_center_reads_no_other_by_search_or_by_id(secured: str) -> None:
    address = read_url(secured)
    own, other = warnings(address.prefix, "zibo"), warnings(address.prefix, "jinan")
    may = {"reader": {"index": [{"names": [own], "privileges": ["read", "view_index_metadata"]}]}}
    with connect(address) as client:
        (hit,) = client.search(index=other)["hits"]["hits"]
        key = client.security.create_api_key(name="zibo", role_descriptors=may)["encoded"]
    with connect(replace(address, user="", secret=key)) as reader:
        assert [hit["_source"]["event"]["id"] for hit in reader.search(index=own)["hits"]["hits"]] == ["w-zibo"]
        for forbidden in (other, warnings(address.prefix), hit["_index"], f"{address.prefix}-*,-{own}*"):
            try:
                assert reader.search(index=forbidden)["hits"]["total"]["value"] == 0
            except AuthorizationException:
                continue
        with pytest.raises(NotFoundError):
            reader.get(index=own, id=hit["_id"])
        for index in (other, hit["_index"], warnings(address.prefix)):
            with pytest.raises(AuthorizationException):
                reader.get(index=index, id=hit["_id"])


def test_who_is_not_let_in_is_told_so_without_the_password(secured: str) -> None:
    for known in ("yujing_admin:hidden", ":aGlkZGVuOmhpZGRlbg=="):
        engine = open_url(with_user(secured, known))
        with pytest.raises(Unusable, match="no such user") as told:
            engine.size()
        health = engine.probe()
        assert health.state == "unusable"
        for said in (str(told.value), health.detail):
            assert not any(secret in said for secret in ("hidden", "aGlkZGVu"))
        engine.close()


def test_an_api_key_is_a_password_without_a_user(secured: str) -> None:
    with connect(read_url(secured)) as client:
        key = client.security.create_api_key(name="all")["encoded"]
    engine = open_url(with_user(secured, f":{key}"))
    assert engine.put([a_document("n")]) == 1
    assert engine.size() == 3
    engine.close()
