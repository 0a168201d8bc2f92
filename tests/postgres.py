"""A PostgreSQL database for tests, emptied for each; without one they skip and say so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

POSTGRES = os.environ.get("YUJING_TEST_POSTGRES_URL", "")


def ledger_url(database: str, folder: Path) -> str:
    """The URL of an empty ledger: a new file in a folder for `sqlite`, the emptied database for `postgresql`."""
    return f"sqlite:///{folder}/ledger.db" if database == "sqlite" else emptied()


def emptied() -> str:
    """The database with nothing in it."""
    if not POSTGRES:
        pytest.skip("no PostgreSQL: set YUJING_TEST_POSTGRES_URL")
    engine = create_engine(POSTGRES)
    with engine.begin() as work:
        work.execute(text("drop schema public cascade"))
        work.execute(text("create schema public"))
    engine.dispose()
    return POSTGRES
