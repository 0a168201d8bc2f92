"""Who holds a lease, and whether that process still lives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from alerts.process import is_dead, own_name


def named(pid: int) -> str:
    """The name a process gave itself, as seen from outside."""
    host = own_name().split("/")[0]
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return f"{host}/{pid}/{fields[19]}"


def test_a_living_process_is_not_dead() -> None:
    assert not is_dead(own_name())
    assert not is_dead("another-host/1/5"), "what runs elsewhere cannot be known"


def test_a_process_that_ended_is_dead_even_while_nobody_reaps_it() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    holder = named(child.pid)
    assert not is_dead(holder)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, but still a zombie
    assert is_dead(holder)
    child.communicate()
    assert is_dead(holder)


def test_another_process_under_the_same_number_is_not_the_holder() -> None:
    host, pid, started = own_name().split("/")
    assert is_dead(f"{host}/{pid}/{int(started) + 1}")
