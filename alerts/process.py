"""Who holds a lease, and whether that process still lives."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def own_name() -> str:
    """This process: host, number and start mark, so that a reused number is another process."""
    return f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid())}"


def is_dead(holder: str) -> bool:
    """Whether a holder is surely gone: a process of this host that runs no more."""
    host, _, rest = holder.partition("/")
    number, _, started = rest.partition("/")
    if host != socket.gethostname() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    state = _stat(int(number))
    return state[:1] == ["Z"] or _started(int(number)) != started  # a zombie runs no more, reaped or not


def _started(pid: int) -> str:
    return (_stat(pid) or ["?"] * 20)[19]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; none where there is no such file."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return []
