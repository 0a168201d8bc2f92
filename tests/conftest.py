"""What every test may ask for: an empty ledger, settings of its own, the shared real documents."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.ledger import Ledger
from index.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SAMPLE = ROOT / "docs" / "sample"


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the operator's settings or writes into the checkout."""
    for name in list(os.environ):
        if name.startswith("YUJING_") and not name.startswith("YUJING_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("YUJING_HOME", str(tmp_path / "home"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose ledger, index and mails lie in the test's own folder."""
    return Settings(home=tmp_path / "home")


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Ledger]:
    """An empty SQLite ledger."""
    opened = Ledger.open(settings.ledger)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared real documents; a test that needs them skips where they are not."""
    if not SHARED.is_dir():
        pytest.skip(f"no shared documents at {SHARED.name}/ beside the checkout")
    return SHARED
