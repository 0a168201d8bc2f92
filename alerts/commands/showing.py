"""How commands show tables: two-line headings, Chinese above English, wide where nobody's terminal is narrow."""

from __future__ import annotations

import sys

from rich import box
from rich.console import Console
from rich.table import Table

PIPED_WIDTH = 110


def complain(line: str) -> int:
    """One line on standard error; 1, to be counted."""
    print(line, file=sys.stderr)
    return 1


def console() -> Console:
    """A console as wide as the terminal; into a pipe or file, wide enough for every table."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def table(title: str, *headings: str, words: int = 1) -> Table:
    """A table whose first `words` columns hold words, the others numbers. A heading is `中文 English`."""
    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        head, first = heading.replace(" ", "\n", 1), place == 0
        made.add_column(head, justify="left" if place < words else "right", no_wrap=first, overflow="fold")
    return made
