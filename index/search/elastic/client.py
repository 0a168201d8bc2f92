"""One server: how we speak to it, and what its refusals mean in our terms."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from elastic_transport import ConnectionTimeout, SerializationError, TlsError, TransportError
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError
from elasticsearch.helpers import streaming_bulk

from index.problems import TryLater, Unusable
from index.search.elastic.address import Address

TIMEOUT = 30.0
"""Seconds one request may take."""
RETRIES = 2
"""Times a request is sent again when the connection broke or the server was busy."""
CHUNK = 500
"""Documents in one bulk request, which is also what a writer holds the lock for."""
CHUNK_BYTES = 10_000_000
"""Bytes in one bulk request."""
BUSY = (429, 502, 503, 504)
"""Answers that may be other ones later."""

NOBODY = "no Elasticsearch 8 or 9 answers there"

_REFUSED = {401: "the server knows no such user, password or key", 403: "the user or key may not do this"}


class Gone(TryLater):
    """There is no index of ours, or it was replaced while it was read."""


def connect(address: Address) -> Elasticsearch:
    """A client for threads to share; nothing is sent yet. It speaks to the server named, never to its neighbours."""
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)  # it tells of every request
    known: dict[str, Any] = {}
    if address.secret:
        known = {"basic_auth": (address.user, address.secret)} if address.user else {"api_key": address.secret}
    if address.ca:
        known["ca_certs"] = address.ca
    if address.fingerprint:
        known["ssl_assert_fingerprint"] = address.fingerprint
    return Elasticsearch(
        address.server,
        request_timeout=TIMEOUT,
        max_retries=RETRIES,
        retry_on_status=BUSY,
        retry_on_timeout=False,
        **known,
    )


@contextmanager
def failures(address: Address) -> Iterator[None]:
    """The client's errors as ours. Raises Gone, TryLater or Unusable, each naming the server and no secret."""
    try:
        yield
    except UnsupportedProductError as error:
        raise Unusable(f"search index {address}: {NOBODY}") from error
    except ApiError as error:
        raise answered(address, error.status_code, error.body) from error
    except SerializationError as error:
        raise Unusable(f"search index {address}: {NOBODY}") from error
    except TlsError as error:
        raise Unusable(
            f"search index {address}: no trusted certificate; see ?ca= and ?fingerprint= ({error})"
        ) from error
    except TransportError as error:
        how = "did not answer in time" if isinstance(error, ConnectionTimeout) else "cannot be reached"
        raise TryLater(f"search index {address}: the server {how}") from error


def answered(address: Address, status: int, body: Any) -> TryLater | Unusable:
    """What an answer other than "done" means."""
    error = body.get("error") if isinstance(body, dict) else None
    kind, reason = (str(error.get(part, "")) for part in ("type", "reason")) if isinstance(error, dict) else ("", "")
    if error is None:
        return Unusable(f"search index {address}: {NOBODY} ({status})")
    if status == 404:
        return Gone(f"search index {address} is missing; `yujing reindex` makes it")
    if kind == "cluster_block_exception" and "read-only" in reason:
        return Unusable(f"search index {address}: the server's disk is full, it takes nothing more ({reason})")
    if status in BUSY or status == 409:
        return TryLater(f"search index {address}: the server is busy ({status} {kind})")
    said = f"{status} {kind}: {reason[:300]}"
    return Unusable(f"search index {address}: {_REFUSED.get(status, 'the server refuses')} ({said})")


def send(client: Elasticsearch, address: Address, actions: Iterable[dict[str, Any]], **options: Any) -> None:
    """Write and delete in bulk, patiently while the server is busy. Raises as `failures` does, at the first refusal."""
    with failures(address):
        sent = streaming_bulk(
            client,
            actions,
            chunk_size=CHUNK,
            max_chunk_bytes=CHUNK_BYTES,
            max_retries=6,
            initial_backoff=1,
            max_backoff=60,
            retry_on_status=BUSY,
            raise_on_error=False,
            **options,
        )
        for done, item in sent:
            outcome = next(iter(item.values()))
            if not done and "error" in outcome:  # else it was to be deleted and was not there
                raise answered(address, outcome["status"], outcome)
