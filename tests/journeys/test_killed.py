"""Killed at random moments of whole rounds and started again: nothing lost, nobody told twice unawares."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from index.ledger import Ledger
from index.ledger.tables import deliveries
from tests.contracts.mailservers import serving
from tests.journeys.world import SlowPost, World

SEED = 20260302
LONGEST = 12.0  # seconds; about one undisturbed round


def a_world(home: Path, port: int) -> World:
    world = World(home, {"YUJING_SMTP_URL": f"smtp://127.0.0.1:{port}", "YUJING_MAIL_FROM": "yujing@example.com"})
    world.register()
    return world


def unsure_of(home: Path) -> dict[str, int]:
    """Message-ID → how often its delivery was left unsure."""
    ledger = Ledger.open(f"sqlite:///{home}/ledger.db")
    with ledger.read() as work:
        rows = work.execute(select(deliveries.c.key, deliveries.c.unsure)).all()
    ledger.close()
    return {f"<{key}@example.com>": unsure for key, unsure in rows}


def moments(chance: random.Random, kills: int) -> Iterator[tuple[float, bool]]:
    for _ in range(kills):
        yield chance.uniform(0.0, LONGEST), chance.random() < 0.5


def survive(folder: Path, kills: int, kills_a_world: int) -> None:
    """Kill so many times, a fresh ledger now and then, and hold each world against an undisturbed one."""
    undisturbed = SlowPost()
    with serving(undisturbed) as port:
        calm = a_world(folder / "calm", port)
        calm.round()
    expected, items = set(undisturbed.taken), calm.status()["items"]
    assert expected, "the sample must send something"

    chance, done = random.Random(SEED), 0  # noqa: S311  repeatable, not secret
    while done < kills:
        post = SlowPost(pause=0.05)
        home = folder / f"world-{done}"
        with serving(post) as port:
            world = a_world(home, port)
            for seconds, family in moments(chance, min(kills_a_world, kills - done)):
                done += 1
                world.killed_round(seconds, family=family)
            world.round()
            world.round()
        assert world.status()["items"] == items
        assert set(post.taken) == expected
        unsure = unsure_of(home)
        for (message, recipient), times in post.taken.items():
            assert times == 1 or (times == 2 and unsure[message]), f"{recipient} got {message} {times} times"


def test_a_round_killed_anywhere_is_finished_by_the_next(tmp_path: Path) -> None:
    survive(tmp_path, kills=6, kills_a_world=3)


@pytest.mark.stress
def test_a_hundred_kills(tmp_path: Path) -> None:
    survive(tmp_path, kills=100, kills_a_world=4)
