"""The indices of one engine: generations behind aliases, the newest whole one of our version is the index.

A generation is `yujing-notices-v4.1-15.0.0-1.4.2-20261103084501123` and one such `yujing-warnings-<center>-v…` per
center: a filtered alias would not keep a center's reader from another's warnings, asked for by their id. Aliases are
`yujing-notices`, `yujing-warnings-<center>`, `yujing-warnings` over all centers, and `yujing-v4.1-…` over all of it,
which says that its version is ours. They all move in one step.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch

from index.problems import TryLater, Unusable
from index.search.document import Document
from index.search.elastic.address import Address
from index.search.elastic.client import Gone, failures
from index.search.elastic.entries import layout
from index.search.elastic.mapping import notices, warnings

MAKER = "yujing"
FILLING = ".filling"


@dataclass(slots=True)
class Generation:
    """Indices made together; `indices` by the alias each will have."""

    version: str
    stamp: str
    indices: dict[str, str] = field(default_factory=dict)

    def name(self, family: str) -> str:
        """What the index of a family is called."""
        return f"{family}-v{self.version}-{self.stamp}"

    def unseen(self, family: str) -> str:
        """The alias it is filled by before it is in use. Writing by an alias never makes an index."""
        return f"{self.name(family)}{FILLING}"


class Shelf:
    """The generations of one `version` at one address."""

    def __init__(self, client: Elasticsearch, address: Address, version: str) -> None:
        self._client, self._address, self.version = client, address, version
        self._all = f"{address.prefix}-v{version}"
        self._needed = (notices(address.prefix), warnings(address.prefix, ""))
        self.reading = (self._all, *self._needed)

    def family(self, document: Document) -> str:
        """The alias a document belongs to: a warning's is its center's, whose secret it is."""
        if document.kind != "warning":
            return notices(self._address.prefix)
        return warnings(self._address.prefix, document.centers[0] if len(document.centers) == 1 else "")

    def current(self) -> Generation:
        """The generation in use. Raises Gone if there is none of our version, or part of it is missing."""
        with failures(self._address):
            there = self._client.indices.get_alias(index=",".join(self.reading)).body
        mark = f"-v{self.version}-"
        indices = {name.rpartition(mark)[0]: name for name in there}
        if not indices.keys() >= set(self._needed):
            raise Gone(f"search index {self._address} is damaged; `yujing reindex` makes it anew")
        return Generation(self.version, indices[self._needed[0]].rpartition(mark)[2], indices)

    def outdated(self) -> bool:
        """Whether there is an index, but only of another version."""
        with failures(self._address):
            return bool(self._client.indices.exists_alias(name=self._needed[0]))

    def begin(self) -> Generation:
        """A new generation that nobody sees yet; what dead builders left is cleared away."""
        self._delete([name for name, aliases in self._ours().items() if not aliases])
        new = Generation(self.version, f"{datetime.now(UTC):%Y%m%d%H%M%S%f}")
        for family in self._needed:
            self.add(new, family)
        return new

    def add(self, generation: Generation, family: str, seen: bool = False) -> None:
        """The index of one more family; `seen` at once, where its generation is in use."""
        name, (settings, mappings) = generation.name(family), layout()
        meta = {"made_by": MAKER, "prefix": self._address.prefix, "version": self.version}
        aliases = self._aliases(family) if seen else [generation.unseen(family)]
        generation.indices[family] = name
        with failures(self._address):
            self._client.indices.create(
                index=name,
                settings=settings,
                mappings={**mappings, "_meta": meta},
                aliases={alias: {} for alias in aliases},
            )

    def publish(self, new: Generation) -> None:
        """Put a filled generation in the place of all others, in one step that every reader sees whole."""
        olds = [name for name in self._ours() if name not in new.indices.values()]
        actions: list[dict[str, Any]] = [{"remove": {"index": old, "alias": "*", "must_exist": False}} for old in olds]
        for family, name in new.indices.items():
            actions.append({"remove": {"index": name, "alias": new.unseen(family)}})
            actions.append({"add": {"index": name, "aliases": self._aliases(family)}})
        with failures(self._address):
            self._client.indices.refresh(index=list(new.indices.values()))
            self._client.indices.update_aliases(actions=actions)
        with suppress(TryLater, Unusable):  # nobody sees them any more: the next rebuild clears them away
            self._delete(olds)

    def discard(self, new: Generation) -> None:
        """Delete a generation that was not finished. One that came into place all the same stays."""
        with suppress(TryLater, Unusable):  # then the next rebuild clears it away
            ours = self._ours()
            self._delete([name for name in new.indices.values() if name in ours and not ours[name]])

    def _aliases(self, family: str) -> list[str]:
        every = warnings(self._address.prefix)
        return [family, self._all, *([every] if family.startswith(every) else [])]

    def _ours(self) -> dict[str, list[str]]:
        """Every index we made under this prefix, of any version, with the aliases it is in use by. Nobody else's."""
        prefix = self._address.prefix
        with failures(self._address):
            there = self._client.indices.get(
                index=f"{notices(prefix)}-v*,{warnings(prefix)}-*", features="aliases,mappings"
            )
        return {
            name: [alias for alias in index["aliases"] if not alias.endswith(FILLING)]
            for name, index in there.body.items()
            if index["mappings"].get("_meta", {}).items() >= {"made_by": MAKER, "prefix": prefix}.items()
        }

    def _delete(self, names: list[str]) -> None:
        for name in names:
            with suppress(Gone), failures(self._address):
                self._client.indices.delete(index=name)
