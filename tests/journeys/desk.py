"""A desk served by a process of its own, and a browser to walk it with."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.conftest import ROOT
from tests.journeys.world import YUJING, World

CHROMIUM = shutil.which("chromium") or ""
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
WIDE, PHONE = ViewportSize(width=1366, height=768), ViewportSize(width=390, height=844)
SCREENSHOTS = os.environ.get("YUJING_TEST_SCREENSHOTS", "")


@dataclass
class Served:
    """A running desk: `base` is its address, `door` a one-time login."""

    world: World
    base: str
    door: str

    def new_door(self, user: str = "wangmin") -> str:
        """Another one-time login."""
        found = re.search(r"/login/once/\S+", self.world.run("users", "login", user))
        assert found
        return self.base + found[0]


@contextmanager
def serving(world: World) -> Iterator[Served]:
    """`yujing serve` on a free port; it must end in order when told to."""
    command = [*YUJING, "serve", "--port", "0", "--login", "wangmin"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    process: subprocess.Popen[str] = subprocess.Popen(command, cwd=ROOT, env=world.told, **pipes)  # type: ignore[call-overload]
    try:
        assert process.stdout
        said = [process.stdout.readline() for _ in range(2)]
        base, door = (re.search(r"http://\S+", line) for line in said)
        assert base, said
        assert door, said
        yield Served(world, base[0], door[0])
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.communicate()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Headless Chromium; the test skips where there is none."""
    if not CHROMIUM:
        pytest.skip("no chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield browser
        browser.close()


@contextmanager
def page_of(browser: Browser, signed_in: Any = None, size: ViewportSize = WIDE, **options: Any) -> Iterator[Page]:
    """A page of a browser context of its own. What goes wrong in it fails the test."""
    context = browser.new_context(viewport=size, storage_state=signed_in, locale="zh-CN", **options)
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda said: wrong.append(said.text) if said.type == "error" and "404" not in said.text else None
    )
    yield page
    context.close()
    assert wrong == []


def sideways(page: Page) -> int:
    """Pixels by which a page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(wide)


def shot(page: Page, name: str, folder: Path) -> None:
    """Keep a picture of what is seen."""
    page.screenshot(path=Path(SCREENSHOTS or folder) / f"{name}.png")
