"""One thing at a time: what fails inside is undone and recorded, and the rest of the round goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from index.ledger import Work, problems
from index.problems import Problem


@contextmanager
def guarded(work: Work, step: str, subject: str, failed: set[str] | None = None) -> Iterator[None]:
    """Do one thing in a savepoint. A failure is undone, recorded as a problem of `yujing`, and added to `failed`."""
    try:
        with work.begin_nested():
            yield
    except Exception as error:  # noqa: BLE001  one case that trips us must not keep every other warning back
        reason = f"{type(error).__name__}: {str(error)[:300]}"
        problems.record(work, Problem("yujing", subject, step, reason), datetime.now(UTC))
        if failed is not None:
            failed.add(subject)
