"""A lease as this process holds it: taken in the ledger, renewed while the process lives, known without asking.

`held` is the local word and never too late: a lease counts from before it was asked for, by the monotonic
clock and by the wall clock, so that a process that slept or whose clock was moved no longer believes in it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from alerts.process import is_dead, own_name
from index import logs
from index.ledger import Ledger, Work, leases
from index.problems import Unusable

LEASE_SECONDS = 90.0  # after which another host may take what a dead one held
BEATS = 6  # renewals in that time: several may fail before the lease is lost
PAUSE = 0.2
log = logs.logger(__name__)


class Lease:
    """One lease of the ledger. What a dead process of this host held is free at once."""

    def __init__(self, ledger: Ledger, name: str, seconds: float = LEASE_SECONDS) -> None:
        self.ledger, self.name, self.seconds = ledger, name, seconds
        self.holder = own_name()
        self.found = ""  # who had it when we took it and never gave it back
        self._until = (0.0, 0.0)
        self._given_back = False
        self._lock = threading.Lock()

    def held(self) -> bool:
        """Whether it is surely ours now."""
        by_monotonic, by_wall = self._until
        return time.monotonic() < by_monotonic and time.time() < by_wall

    def take(self) -> bool:
        """Take or renew it. False while another holds it, or once given back. Raises what the ledger raises."""
        with self._lock:
            if self._given_back or (not self.held() and self.other()):
                self._until = (0.0, 0.0)
                return False
            asked = time.monotonic(), time.time()
            with self.ledger.begin() as work:
                taken = self._take(work)
            self._until = (asked[0] + self.seconds, asked[1] + self.seconds) if taken else (0.0, 0.0)
            return taken

    def _take(self, work: Work) -> bool:
        before = leases.holder_of(work, self.name)
        if before and is_dead(before[0]):
            leases.drop(work, self.name, before[0])
        now = leases.clock(work)
        taken = leases.take(work, self.name, self.holder, now, now + timedelta(seconds=self.seconds))
        if taken and before and not self.held():
            self.found = before[0]
        return taken

    def other(self) -> str:
        """Which other living process holds it; empty if it may be taken."""
        with self.ledger.read() as work:
            holder = leases.holder_of(work, self.name)
            if holder is None or holder[0] == self.holder or holder[1] < leases.clock(work) or is_dead(holder[0]):
                return ""
        return holder[0]

    def drop(self) -> None:
        """Give it back for good."""
        with self._lock:
            self._given_back, self._until = True, (0.0, 0.0)
            with self.ledger.begin() as work:
                leases.drop(work, self.name, self.holder)

    def leave(self) -> None:
        """Let it run out at once, for good: the next to take it finds what it was for undone."""
        with self._lock:
            self._given_back, self._until = True, (0.0, 0.0)
            with self.ledger.begin() as work:
                leases.lapse(work, self.name, self.holder, leases.clock(work) - timedelta(seconds=1))

    @contextmanager
    def renewed(self) -> Iterator[None]:
        """Renew it in the background while the block runs."""
        over = threading.Event()
        beating = threading.Thread(target=keep, args=(self, over.wait), name=f"lease {self.name}", daemon=True)
        beating.start()
        try:
            yield
        finally:
            over.set()


def keep(lease: Lease, over: Callable[[float], bool]) -> None:
    """Renew a lease until it is over. A ledger that does not answer now may answer the next time."""
    while not over(lease.seconds / BEATS):
        try:
            lease.take()
        except Exception as error:  # noqa: BLE001  whatever a database client raises; the lease runs out by itself
            log.warning("lease.not_renewed", lease=lease.name, problem=in_short(error))


@contextmanager
def alone(ledger: Ledger, name: str, doing: str, patience: float = 0.0) -> Iterator[Lease]:
    """Hold a lease while the block runs. Raises Unusable where another has it for longer than `patience` seconds."""
    lease, until = Lease(ledger, name), time.monotonic() + patience
    while not lease.take():
        if time.monotonic() >= until:
            raise Unusable(f"{doing}: {lease.other() or 'another process'}")
        time.sleep(PAUSE)
    try:
        with lease.renewed():
            yield lease
    finally:
        lease.drop()


class Left(Exception):
    """Work was left undone because it is no longer ours to do."""


class WhileGoing(Ledger):
    """A ledger that gives no more work once `going` says no. Raises Left."""

    def __init__(self, ledger: Ledger, going: Callable[[], bool]) -> None:
        super().__init__(ledger.engine)
        self.going = going

    @contextmanager
    def begin(self) -> Iterator[Work]:
        """One transaction, if it may still begin."""
        self._ask()
        with super().begin() as work:
            yield work

    @contextmanager
    def read(self) -> Iterator[Work]:
        """A look at the ledger, if there is still a reason to look."""
        self._ask()
        with super().read() as work:
            yield work

    def _ask(self) -> None:
        if not self.going():
            raise Left


def in_short(error: BaseException) -> str:
    """An error in one line: its kind and the first line of what it says, which holds no statement and no value."""
    lines = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {lines[0][:300]}"
