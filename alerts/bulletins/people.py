"""Who composed and who reviewed, and whether they are two persons."""

from __future__ import annotations

import re
import unicodedata

from index.ledger.users import LOGIN
from index.problems import Unusable

_BRACKET = re.compile(r"\(([^()]*)\)")
LONGEST = 120


def signature(by: str) -> str:
    """A name fit to stand on record. Raises Unusable for none."""
    signed = " ".join(unicodedata.normalize("NFC", by).split())[:LONGEST]
    if not _folded(signed):
        raise Unusable("须写明经办人姓名 · a name is needed")
    return signed


def same_person(one: str, other: str) -> bool:
    """Whether two signatures may be one person's: `姓名（账号）`, or a name or account alone.

    Two accounts decide; otherwise any name or account in common does, however it is spaced, cased or titled.
    """
    (first, first_id), (second, second_id) = _read(one), _read(other)
    if first_id and second_id:
        return first_id == second_id
    return bool({_folded(first), _folded(first_id)} & {_folded(second), _folded(second_id)} - {""})


def _read(signed: str) -> tuple[str, str]:
    """The name without remarks in brackets, and the account, which is the last bracket if it looks like one."""
    plain = unicodedata.normalize("NFKC", signed)
    last = _BRACKET.findall(plain)[-1:]
    account = last[0].strip() if last and LOGIN.fullmatch(last[0].strip().casefold()) else ""
    return _BRACKET.sub("", plain), account.casefold()


def _folded(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
