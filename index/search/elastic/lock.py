"""The right to write, held by one process at a time and lost by one that died. The clock is the server's.

A writer and a rebuild hold it alike. A holder that was silent for LEASE seconds has lost it, and is told so when it
renews or lets go: what it wrote meanwhile must be written again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

from elasticsearch import BadRequestError, Elasticsearch

from index.problems import TryLater, Unusable
from index.search.elastic.address import Address
from index.search.elastic.client import failures

LEASE = 120.0
"""Seconds after which a silent holder has lost the right."""
PATIENCE = 10.0
"""Seconds a writer waits for another one."""
PAUSE = 0.1
"""Seconds between two tries."""

_MAPPING = {"dynamic": "strict", "properties": {"owner": {"type": "keyword"}, "until": {"type": "long"}}}
_SETTINGS = {"index.hidden": True, "number_of_shards": 1, "auto_expand_replicas": "0-1"}
_TAKE = """
if (ctx._source.until == null || ctx._source.until <= ctx._now || ctx._source.owner == params.owner) {
  ctx._source.owner = params.owner; ctx._source.until = ctx._now + params.lease
} else { ctx.op = 'none' }
"""
_KEEP = """
if (ctx._source.owner == params.owner) { ctx._source.until = ctx._now + params.lease } else { ctx.op = 'none' }
"""


class Held:
    """The right to write, while it is held."""

    def __init__(self, client: Elasticsearch, address: Address, owner: str) -> None:
        self._client, self._address, self._owner = client, address, owner
        self._renewed = time.monotonic()

    def keep(self) -> None:
        """Renew the right once a quarter of the lease is over. Raises TryLater when it was lost."""
        if time.monotonic() - self._renewed > LEASE / 4:
            self.renew()

    def renew(self, lease: float | None = None) -> None:
        """Hold the right for another `lease` seconds. Raises TryLater when it was lost."""
        if not _run(self._client, self._address, _KEEP, self._owner, LEASE if lease is None else lease):
            raise TryLater(f"search index {self._address}: another process took over the writing")
        self._renewed = time.monotonic()


@contextmanager
def writing(client: Elasticsearch, address: Address) -> Iterator[Held]:
    """Hold the right to write, waiting up to PATIENCE seconds for it.

    Raises TryLater when another process holds it, and on leaving when the right was lost meanwhile.
    """
    owner = uuid4().hex
    _take(client, address, owner)
    held = Held(client, address, owner)
    try:
        yield held
    except BaseException:
        with suppress(TryLater, Unusable):  # the first failure is the one to tell
            held.renew(0)
        raise
    held.renew(0)


def _take(client: Elasticsearch, address: Address, owner: str) -> None:
    _make(client, address)
    end = time.monotonic() + PATIENCE
    while not _run(client, address, _TAKE, owner, LEASE):
        if time.monotonic() > end:
            raise TryLater(f"search index {address} is being written by another process")
        time.sleep(PAUSE)


def _make(client: Elasticsearch, address: Address) -> None:
    with failures(address):
        if not client.indices.exists(index=_index(address)):
            try:
                client.indices.create(index=_index(address), mappings=_MAPPING, settings=_SETTINGS)
            except BadRequestError as error:
                if error.error != "resource_already_exists_exception":  # another process made it first
                    raise


def _run(client: Elasticsearch, address: Address, script: str, owner: str, lease: float) -> bool:
    """Whether the script changed the lock: it is one document, and changing it is one step for everybody."""
    with failures(address):
        done = client.update(
            index=_index(address),
            id="writing",
            script={"source": script, "params": {"owner": owner, "lease": int(lease * 1_000)}},
            scripted_upsert=True,
            upsert={},
            retry_on_conflict=5,
        )
    return bool(done["result"] != "noop")


def _index(address: Address) -> str:
    return f"{address.prefix}-lock"
