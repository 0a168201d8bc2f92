"""A test's own logging: whatever it configures is the process's, and is put back after it."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def own_logging() -> Iterator[None]:
    """Inside, anything may be configured; after, loggers, hooks, warnings and structlog are as they were."""
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    known = [(one, one.handlers[:], one.level, one.propagate) for one in loggers]
    hooks, config = (sys.excepthook, threading.excepthook), structlog.get_config() | {}
    configured, processors = structlog.is_configured(), [*config["processors"]]
    try:
        yield
    finally:
        logging.captureWarnings(False)
        sys.excepthook, threading.excepthook = hooks
        for one, handlers, level, propagate in known:
            one.handlers[:], one.propagate = handlers, propagate
            one.setLevel(level)
        structlog.reset_defaults()
        if configured:
            structlog.configure(**config | {"processors": processors})
