"""A whole installation of its own: the command run as an operator runs it, with its own home and mail server."""

from __future__ import annotations

import asyncio
import email
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from index.ledger import Ledger
from tests.conftest import ROOT, SAMPLE

YUJING = [sys.executable, "-m", "alerts.cli"]


class SlowPost:
    """A real mail server that remembers (Message-ID, recipient) and takes its time to answer."""

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause
        self.taken: Counter[tuple[str, str]] = Counter()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        await asyncio.sleep(self.pause)
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        for recipient in envelope.rcpt_tos:
            self.taken[str(message["Message-ID"]), recipient] += 1
        await asyncio.sleep(self.pause)
        return "250 2.0.0 taken"


@dataclass
class World:
    """One home folder and what its commands are told."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def told(self) -> dict[str, str]:
        """The environment of every command."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("YUJING_")}
        return clean | {"YUJING_HOME": str(self.home), "PYTHONPATH": str(ROOT)} | self.environment

    def run(self, *words: str | Path, status: int = 0) -> str:
        """Run a command to its end; its standard output."""
        done = self.attempt(*words)
        assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def attempt(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, whatever that is."""
        command = [*YUJING, *map(str, words)]
        return subprocess.run(command, check=False, cwd=ROOT, env=self.told, capture_output=True, text=True)

    def register(self, folder: Path = SAMPLE / "register") -> None:
        """Import centers, enterprises and contacts."""
        for kind in ("centers", "enterprises", "contacts"):
            self.run("import", kind, folder / f"{kind}.csv")

    def round(self, pages: Path = SAMPLE / "pages") -> list[dict[str, Any]]:
        """One whole round over replayed pages; the alerts it made."""
        report = self.home / "report.json"
        self.run("watch", "--once", "--replay", pages, "--report", report)
        alerts: list[dict[str, Any]] = json.loads(report.read_text("utf-8"))["alerts"]
        return alerts

    def quiet_round(self) -> list[dict[str, Any]]:
        """A round without crawling; the alerts it made."""
        report = self.home / "report.json"
        self.run("watch", "--once", "--no-crawl", "--report", report)
        alerts: list[dict[str, Any]] = json.loads(report.read_text("utf-8"))["alerts"]
        return alerts

    def mails(self) -> list[EmailMessage]:
        """The mails written so far, where no mail server is set."""
        files = sorted((self.home / "mail").glob("*.eml"))
        return [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """This home's ledger, to look into or to move its clock."""
        opened = Ledger.open(f"sqlite:///{self.home}/ledger.db")
        yield opened
        opened.close()

    def killed_round(self, seconds: float, pages: Path = SAMPLE / "pages", *, family: bool = True) -> bool:
        """Start a round and SIGKILL it after some seconds; whether it was still running.

        `family`: its crawls die with it; otherwise they are left to notice by themselves.
        """
        words = [*YUJING, "watch", "--once", "--replay", str(pages)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        child = subprocess.Popen(words, cwd=ROOT, env=self.told, start_new_session=True, **quiet)  # type: ignore[call-overload]
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            (os.killpg if family else os.kill)(child.pid, signal.SIGKILL)
            child.wait()
            return True
        return False

    def status(self) -> dict[str, Any]:
        """The ledger in figures."""
        counted: dict[str, Any] = json.loads(self.run("status", "--json"))
        return counted
