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
    return _started(int(number)) != started


def _started(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return "?"
