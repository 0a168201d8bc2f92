"""Logs of the whole product, one way: structured events on standard error, as text or JSON, with nothing secret.

`configure` is called once by a process that runs for long; the libraries' own loggers are taken in.
A module says `log = logs.logger(__name__)` and `log.info("event", key=value)`: cheap until something is
written. A process that never configured logs keeps its own ways, warnings and crashes too: our events are written
as text, nothing secret in them, from warnings up to standard error or to whatever the process has set up.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import threading
from types import TracebackType
from typing import Any, TextIO

from index.hiding import Hider, cut, visible
from index.settings import Settings, load_settings

QUIET = (
    *("alembic", "apscheduler", "elastic_transport", "filelock", "httpcore", "httpx", "urllib3"),
    *("uvicorn.access", "uvicorn.error"),
)
"""Libraries that tell at `info` what is our `debug`. The desk logs requests by route: paths can hold logins."""
FIRST = ("timestamp", "level", "logger", "event")
FRAMES = 40
TRACE = 20_000  # characters of a traceback as text


class Log:
    """A logger that costs nothing, not even the library, until an event is written."""

    def __init__(self, name: str) -> None:
        self.name = name

    def debug(self, event: str, **values: Any) -> None:
        """For whoever looks for a fault."""
        self._say(logging.DEBUG, event, values)

    def info(self, event: str, **values: Any) -> None:
        """Something went as it should."""
        self._say(logging.INFO, event, values)

    def warning(self, event: str, **values: Any) -> None:
        """An operator should look when there is time."""
        self._say(logging.WARNING, event, values)

    def error(self, event: str, **values: Any) -> None:
        """Something that was promised did not happen. `exc_info=True` tells with which trace."""
        self._say(logging.ERROR, event, values)

    def exception(self, event: str, **values: Any) -> None:
        """An error with the trace of the exception being handled."""
        self._say(logging.ERROR, event, {"exc_info": True, **values})

    def _say(self, level: int, event: str, values: dict[str, Any]) -> None:
        if not logging.getLogger(self.name).isEnabledFor(level):
            return
        import structlog  # noqa: PLC0415  a tenth of a second that most commands never need

        if not structlog.is_configured():
            _say_as_text(structlog, load_settings())
        structlog.get_logger(self.name).log(level, event, **values)


def logger(name: str) -> Log:
    """A module's logger."""
    return Log(name)


def configure(settings: Settings, *, stream: TextIO | None = None) -> None:
    """Log this process as the settings say, to standard error; said again, it only changes how."""
    import structlog  # noqa: PLC0415

    hider, shared = Hider.of(settings), _shared(structlog)
    _through_logging(structlog, [*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter])
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(_json_chain(structlog, hider) if settings.log_format == "json" else _text_chain(structlog, hider)),
            ],
        )
    )
    _take_over(handler, logging.getLevelNamesMapping()[settings.log_level.upper()])


def crashed(error: Exception) -> bool:
    """Log what nobody caught. False in a process that has not configured logs: the bare trace is for its user."""
    configured = any(isinstance(handler, _Handler) for handler in logging.getLogger().handlers)
    if configured:
        _crashed(type(error), error, error.__traceback__)
    return configured


def _say_as_text(structlog: Any, settings: Settings) -> None:
    """Events become whole lines before `logging` has them, which is left as it is."""
    _through_logging(structlog, [*_shared(structlog), *_text_chain(structlog, Hider.of(settings))])


def _through_logging(structlog: Any, processors: list[Any]) -> None:
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *processors],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _shared(structlog: Any) -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
    ]


def _json_chain(structlog: Any, hider: Hider) -> list[Any]:
    transform = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=FRAMES)
    return [structlog.processors.ExceptionRenderer(transform), _hiding(hider), as_json]


def _text_chain(structlog: Any, hider: Hider) -> list[Any]:
    return [structlog.processors.ExceptionRenderer(), _hiding(hider), as_text]


def _hiding(hider: Hider) -> Any:
    def hide(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
        traces = {name: event.pop(name) for name in ("exception", "stack") if isinstance(event.get(name), str)}
        out: dict[str, Any] = {name: hider.plain(event[name]) for name in FIRST if name in event}
        out |= {str(name): hider.plain(value, str(name)) for name, value in event.items() if name not in FIRST}
        return out | {name: cut(hider.text(trace[: TRACE * 5]), TRACE) for name, trace in traces.items()}

    return hide


def as_json(_logger: Any, _method: str, event: dict[str, Any]) -> str:
    """One line an event. The encoder escapes what could end it; the rest of what could deceive is escaped after."""
    return visible(json.dumps(event, ensure_ascii=False, default=str))


def as_text(_logger: Any, _method: str, event: dict[str, Any]) -> str:
    """One line an event; the lines of a traceback follow, each with a mark no event begins with."""
    at, level, name, said = (visible(str(event.pop(key, ""))) for key in FIRST)
    traces = [str(event.pop(key)) for key in ("exception", "stack") if key in event]
    values = "".join(f" {visible(key)}={_shown(value)}" for key, value in event.items())
    below = [f"  | {visible(line)}" for trace in traces for line in trace.split("\n")]
    return "\n".join([f"{at} {level:<8} {name}: {said}{values}", *below])


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    bare = text and not any(c.isspace() or c in '"=' for c in text)
    return visible(text if bare or not isinstance(value, str) else json.dumps(value, ensure_ascii=False))


class _Handler(logging.StreamHandler[TextIO]):
    """The standard handler shows an event it failed to write, secrets and all; this one only says so."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the library's name
        said = {"level": "error", "logger": record.name[:100], "event": "log_event_lost", "line": record.lineno}
        with contextlib.suppress(OSError, ValueError):  # nobody listens on standard error any more
            self.stream.write(f"{json.dumps(said)}\n")


def _take_over(handler: logging.Handler, least: int) -> None:
    root = logging.getLogger()
    for logging_to in (root, *(logging.getLogger(name) for name in ("uvicorn", "uvicorn.error", "uvicorn.access"))):
        logging_to.handlers[:] = []
        logging_to.propagate = True
    root.addHandler(handler)
    root.setLevel(least)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(least, logging.WARNING) if least > logging.DEBUG else least)
    logging.captureWarnings(True)
    sys.excepthook = _crashed
    threading.excepthook = lambda args: _crashed(args.exc_type, args.exc_value, args.exc_traceback)


def _crashed(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """What nobody caught is an event too: a bare traceback would show what the log hides."""
    if error is None or issubclass(kind, (KeyboardInterrupt, SystemExit)):
        return
    where = threading.current_thread().name
    logging.getLogger("yujing").critical("crashed in %s", where, exc_info=(kind, error, trace))
