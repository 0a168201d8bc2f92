"""Bring a ledger to the newest form. Alembic does it; it is imported only when there is something to do."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"


def head() -> str:
    """The newest revision: the highest numbered file in `versions/`."""
    return max(path.stem.split("_", 1)[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision(engine: Engine) -> str:
    """The revision a ledger is at; empty for a new one."""
    if not inspect(engine).has_table("alembic_version"):
        return ""
    with engine.connect().execution_options(yujing_read=True) as work:
        return str(work.execute(text("select version_num from alembic_version")).scalar() or "")


def upgrade(engine: Engine) -> None:
    """Run what is missing, in one transaction where the database allows it."""
    if revision(engine) == head():
        return
    from alembic import command  # noqa: PLC0415  slow to import, rarely needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
