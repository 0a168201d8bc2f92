"""A bulletin as a PDF, set by Typst. The text goes in as data, so that nothing in it can be markup."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alerts.bulletins.fonts import Fonts, find
from alerts.bulletins.issue import Edition
from alerts.bulletins.words import say
from index.problems import Unusable

SUFFIX = ".pdf"


def write(edition: Edition, font: Path | None = None, folders: Sequence[Path] | None = None) -> bytes:
    """The PDF: the same edition in the same fonts gives the same bytes. Raises Unusable without a font for it."""
    data = _data(edition)
    template = files("alerts.bulletins").joinpath("templates/bulletin.typ").read_text("utf-8")
    fonts = find("".join((*_texts(data), template)), font, folders)
    return _set(template, data, fonts, edition)


def _data(edition: Edition) -> dict[str, Any]:
    content = asdict(edition.content) | {"as_of": edition.content.as_of.isoformat()}
    head = {"number": edition.number, "dated": edition.dated, "mark": edition.mark}
    on = [edition.on.year, edition.on.month, edition.on.day]
    return content | head | {"on": on, "audience": say("audience_line", audience=edition.content.audience)}


def _texts(value: Any) -> Iterator[str]:
    """Every string within."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for one in value.values() for text in _texts(one))
    elif isinstance(value, list | tuple):
        yield from (text for one in value for text in _texts(one))


def _set(template: str, data: dict[str, Any], fonts: Fonts, edition: Edition) -> bytes:
    import typst  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "fonts").mkdir()
        fonts.gather(home / "fonts")
        inputs = {"data": json.dumps(data | {"body": fonts.body, "heads": fonts.heads}, ensure_ascii=False)}
        (home / "main.typ").write_text(template, "utf-8")
        compiler = typst.Compiler(
            home / "main.typ",
            root=home,
            font_paths=[home / "fonts"],
            ignore_system_fonts=True,
            sys_inputs=inputs,
            package_path=home,
            package_cache_path=home,
        )
        at = datetime(edition.on.year, edition.on.month, edition.on.day, tzinfo=UTC)
        try:
            made, warnings = compiler.compile_with_warnings(format="pdf", timestamp=at)
        except typst.TypstError as error:
            raise Unusable(f"PDF: {error.message}") from error
    if warnings:
        raise Unusable(f"PDF: {warnings[0].message}")
    return b"".join(made if isinstance(made, list) else [made or b""])
