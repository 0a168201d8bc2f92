"""`yujing dashboards`: the panels for Kibana, and whether Kibana would take a file."""

from __future__ import annotations

from pathlib import Path

from alerts.naming import names
from index.problems import Unusable


def export(out: Path) -> int:
    """Write the dashboards as Kibana saved objects. Raises Unusable where the file cannot be written."""
    from index.dashboards.kibana import export as exported  # noqa: PLC0415
    from index.dashboards.panels import PANELS  # noqa: PLC0415

    text = exported(names("zh"))
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        raise Unusable(f"{out}: {error.strerror}") from error
    print(f"{len(PANELS)} 个面板已写入 panels written: {out}")
    print("在 Kibana「Stack Management → Saved Objects → Import」中导入。 Import it there; Kibana 8.9 or newer.")
    return 0


def check(file: Path, existing: list[str]) -> int:
    """Print what Kibana would refuse of a file or show wrong, a line each; 1 if there is anything.

    `existing`: `index-pattern:ID` of data views the Kibana has already. Raises Unusable for a file that
    cannot be read and for an `existing` of another form.
    """
    from index.dashboards.importing import refusals  # noqa: PLC0415
    from index.dashboards.saved import read  # noqa: PLC0415
    from index.dashboards.showing import defects  # noqa: PLC0415

    known = [_named(each) for each in existing]
    try:
        content = read(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"{file}: {error}") from error
    faults = [*refusals(content, known), *defects(content)]
    for fault in faults:
        print(fault)
    if not faults:
        print(f"可以导入 Kibana would take it: {len(content.objects)} 个对象 objects")
    return 1 if faults else 0


def _named(existing: str) -> tuple[str, str]:
    kind, _, name = existing.partition(":")
    if not kind or not name:
        raise Unusable(f"--existing {existing}: written as TYPE:ID, e.g. index-pattern:logs")
    return kind, name
