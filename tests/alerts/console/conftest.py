"""A desk over a real province: made once by the commands, copied for each test, opened for several people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from alerts.console import logins
from index.ledger import Ledger
from index.ledger.tables import users as table
from index.settings import Settings
from tests.alerts.console.browser import GOOD, Open, found, keep, opened
from tests.alerts.console.province import PEOPLE, furnish
from tests.journeys.world import World
from tests.postgres import ledger_url


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a province after its first round, with people at the desk and work of every center in it."""
    world = World(tmp_path_factory.mktemp("province"))
    world.register()
    world.round()
    settings = Settings(home=world.home)
    with world.ledger() as ledger, ExitStack() as stack:
        furnish(ledger, settings)
        keep(opened(stack, settings, ledger, PEOPLE))
    return world.home


@pytest.fixture
def settings(province: Path, tmp_path: Path) -> Settings:
    """Settings of this test's own copy of the province."""
    shutil.copytree(province, tmp_path / "home")
    return Settings(home=tmp_path / "home")


@pytest.fixture
def desk(settings: Settings, ledger: Ledger) -> Iterator[Open]:
    """The desk, open, with a browser for each of PEOPLE."""
    with ExitStack() as stack:
        yield found(opened(stack, settings, ledger))


@pytest.fixture
def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def races(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger on each database, for what several do at once."""
    opened_one = Ledger.open(ledger_url(request.param, tmp_path))
    yield opened_one
    opened_one.close()


@pytest.fixture(scope="session")
def hashed() -> str:
    """One hash of GOOD for all, for a hash takes its time."""
    return logins.hasher().hash(GOOD)


@pytest.fixture
def door(desk: Open, hashed: str) -> Open:
    """The desk, with GOOD as everybody's password."""
    with desk.ledger.begin() as work:
        work.execute(update(table).values(password=hashed))
    return desk
