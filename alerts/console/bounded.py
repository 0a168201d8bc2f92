"""A question that may hang, asked so that its askers do not: one at a time, bounded, its answer kept briefly."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from index.problems import TryLater

T = TypeVar("T")


class Bounded(Generic[T]):
    """`ask` is called at most once at a time and once in `fresh` seconds; callers wait `patience` seconds at most."""

    def __init__(self, ask: Callable[[], T], fresh: float, patience: float) -> None:
        self.ask, self.fresh, self.patience = ask, fresh, patience
        self._lock = threading.Lock()
        self._answer: Future[T] | None = None
        self._at = 0.0

    def __call__(self) -> T:
        """The answer, or its error. Raises TryLater where none came in time; the question goes on meanwhile."""
        with self._lock:
            if self._answer is None or (self._answer.done() and time.monotonic() - self._at > self.fresh):
                self._answer = Future()
                # A daemon: a question that never ends must not keep the process from ending.
                threading.Thread(target=self._run, args=(self._answer,), daemon=True).start()
            answer = self._answer
        try:
            return answer.result(self.patience)
        except TimeoutError as error:
            raise TryLater(f"no answer within {self.patience:g} s") from error

    def _run(self, answer: Future[T]) -> None:
        try:
            found = self.ask()
        except BaseException as error:  # noqa: BLE001  handed on whole to whoever waits
            self._at = time.monotonic()
            answer.set_exception(error)
        else:
            self._at = time.monotonic()
            answer.set_result(found)
