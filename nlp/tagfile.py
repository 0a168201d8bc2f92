"""Rows of `yujing tag FILE.jsonl`: a text a line in, its industries a line out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from index.problems import BadRow
from index.records import Tag
from nlp.industry import Scorer, tag_industries
from nlp.language import detect_language

_CODE_BREAK = re.compile(r"[;；,，|]")


def _codes(value: object) -> object:
    """A list of codes, or one string with several between commas or semicolons; null is none."""
    if value is None:
        return []
    return [part.strip() for part in _CODE_BREAK.split(value) if part.strip()] if isinstance(value, str) else value


Codes = Annotated[list[str], BeforeValidator(_codes)]


class Row(BaseModel):
    """One row as a file gives it; fields it does not name are passed over."""

    model_config = ConfigDict(strict=True, extra="ignore")

    id: str | int
    text: str = Field(max_length=5_000_000)
    lang: str | None = None
    kind: str | None = None
    title: str | None = None
    product: str | None = None
    ipc: Codes = []
    cpc: Codes = []


def tag_rows(lines: Iterable[str | bytes], name: str, model: Scorer | None = None) -> Iterator[dict[str, Any] | BadRow]:
    """The answer to each row of a JSONL file, in its order; a BadRow naming file, line and field for a wrong one.

    An answer is `{id, industries[], review[], scores{}, evidence{industry: [{kind, quote, source}]}}`, scores in
    0..1. Empty lines are passed over; lines count from 1.
    """
    for number, line in enumerate(lines, 1):
        try:
            row = _read(line, name, number)
        except BadRow as problem:
            yield problem
            continue
        if row is not None:
            yield _answer(row, model)


def written(answer: dict[str, Any]) -> str:
    """The answer as one line of JSON."""
    return json.dumps(answer, ensure_ascii=False)


def _read(line: str | bytes, name: str, number: int) -> Row | None:
    """The row on a line, None for an empty one. Raises BadRow."""
    try:
        plain = line.decode("utf-8") if isinstance(line, bytes) else line
        plain = plain.removeprefix("\ufeff").strip()
        return Row.model_validate(_whole(json.loads(plain))) if plain else None
    except ValidationError as error:
        first = error.errors()[0]
        column = ".".join(map(str, first["loc"])) or "line"
        raise BadRow(name, number, column, first["msg"]) from error
    except UnicodeDecodeError as error:
        raise BadRow(name, number, "line", f"not UTF-8: {error.reason} at byte {error.start}") from error
    except (ValueError, RecursionError) as error:
        raise BadRow(name, number, "line", f"not JSON: {error}") from error


def _whole(row: object) -> object:
    """The row with `?` for half a surrogate pair, which is escaped in JSON and cannot be written as UTF-8."""
    if not isinstance(row, dict):
        return row
    return {
        key: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for key, value in row.items()
    }


def _answer(row: Row, model: Scorer | None) -> dict[str, Any]:
    """What is printed for a row."""
    tags = tag_industries(
        title=row.title or "",
        text=row.text,
        product=row.product,
        codes=[*row.ipc, *row.cpc],
        language=row.lang or detect_language(row.text),
        kind=row.kind or "",
        model=model,
    )
    return {
        "id": row.id,
        "industries": [tag.industry for tag in tags if tag.band == "tag"],
        "review": [tag.industry for tag in tags if tag.band == "review"],
        "scores": {tag.industry: tag.score for tag in tags},
        "evidence": {tag.industry: _evidence(tag) for tag in tags},
    }


def _evidence(tag: Tag) -> list[dict[str, str]]:
    return [{"kind": one.kind, "quote": one.quote, "source": one.source} for one in tag.evidence]
