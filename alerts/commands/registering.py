"""`yujing import`, `yujing template` and `yujing screen`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alerts.commands.showing import complain
from alerts.match import Register, screen_rows
from alerts.registers.register import (
    MADE,
    Sheet,
    enterprise_finder,
    read_centers,
    read_contacts,
    read_enterprises,
    write_template,
)
from index.ledger import Ledger, Work, audit, centers, contacts, enterprises
from index.problems import Unusable
from index.records import Enterprise
from index.settings import load_settings

KINDS = ("enterprises", "centers", "contacts")


def import_file(kind: str, file: Path) -> int:
    """Import a register's good rows and name its bad ones. Status 1 if any row was bad."""
    if kind not in KINDS:
        raise Unusable(f"{kind!r} cannot be imported; known: {', '.join(KINDS)}")
    ledger, now = Ledger.open(load_settings().ledger), datetime.now(UTC)
    with ledger.begin() as work:
        sheet, write = opened(kind, file, work)
        for record in sheet.good:
            write(work, record, now)
        audit.write(work, "yujing import", "import", kind, now, file=file.name, rows=len(sheet.good))
    ledger.close()
    failed = sum(complain(str(problem)) for problem in sheet.problems)
    print(f"{kind}: {len(sheet.good)} imported, {failed} problems · 已导入 {len(sheet.good)} 条，问题 {failed} 条")
    return 1 if failed else 0


def opened(kind: str, file: Path, work: Work) -> tuple[Sheet[Any], Callable[[Work, Any, datetime], Any]]:
    """A register's sheet, and what writes its records into the ledger."""
    if kind == "centers":
        return read_centers(file), centers.write
    if kind == "contacts":
        return read_contacts(file, enterprise_finder(enterprises.every(work))), contacts.write
    return read_enterprises(file), put_enterprise


def put_enterprise(work: Work, record: Enterprise, now: datetime) -> None:
    """Write an enterprise; one without an id of its own is the registered one of its credit code or full name."""
    known = enterprises.find(work, record.credit_code) if record.credit_code else None
    known = known or (enterprises.find(work, record.cn_name) if record.cn_name else None)
    made = record.id.startswith(MADE)
    enterprises.write(work, replace(record, id=known) if made and known else record, now)


def template(kind: str, file: Path) -> int:
    """Write an empty register to fill in."""
    if kind not in KINDS:
        raise Unusable(f"there is no template for {kind!r}; known: {', '.join(KINDS)}")
    write_template(kind, file)
    print(f"{file}")
    return 0


def screen(names: Path, register: Path | None) -> int:
    """Print the links of a list of names as CSV. Status 1 if a row of either file was bad."""
    failed = 0
    if register:
        sheet = read_enterprises(register)
        failed += sum(complain(str(problem)) for problem in sheet.problems)
        known: Iterable[Enterprise] = sheet.good
    else:
        ledger = Ledger.open(load_settings().ledger)
        with ledger.read() as work:
            known = enterprises.every(work)
    rows = names_of(names)
    writer = csv.DictWriter(sys.stdout, ["qid", "ent_id", "link", "band", "score", "reasons"])
    writer.writeheader()
    writer.writerows(screen_rows(Register(known), rows))
    return 1 if failed else 0


def names_of(file: Path) -> list[dict[str, str]]:
    """`qid` and `query` of each row. Raises Unusable naming the missing column."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            missing = {"qid", "query"} - set(table.fieldnames or ())
            if missing:
                raise Unusable(f"{file}: row 1: no column {' or '.join(sorted(missing))}")
            return [{"qid": row["qid"] or "", "query": row["query"] or ""} for row in table]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unusable(f"{file}: {error}") from error
