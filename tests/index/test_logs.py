"""Logs tell what happened and nothing that is secret, one event a line, whoever wrote it."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from index import logs
from index.hiding import HIDDEN, Hider
from index.settings import Settings
from tests.logged import own_logging

Written = Callable[[], str]


@pytest.fixture(autouse=True)
def _logging_put_back() -> Iterator[None]:
    with own_logging():
        yield


def writing(**values: Any) -> tuple[logs.Log, Written]:
    """A logger that writes as these settings say, and what it wrote."""
    out = io.StringIO()
    logs.configure(Settings(**values), stream=out)
    return logs.logger("yujing.test"), out.getvalue


def raise_and_log(log: logs.Log, said: str) -> None:
    """An exception with a cause, both saying something, logged with its trace."""
    try:
        try:
            raise ValueError(said)  # noqa: TRY301  its trace is what is tested
        except ValueError as error:
            raise RuntimeError(f"again {said}") from error
    except RuntimeError:
        log.exception("failed", problem=said)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_an_event_says_when_how_grave_where_and_what(log_format: str) -> None:
    log, written = writing(log_format=log_format)
    log.info("round_done", source="usitc_edis", pages=3)
    log.debug("not_at_this_level")
    line = written().removesuffix("\n")
    assert "\n" not in line
    if log_format == "json":
        told = json.loads(line)
        assert told.pop("timestamp").endswith("Z")
        assert told == {
            "level": "info",
            "logger": "yujing.test",
            "event": "round_done",
            "source": "usitc_edis",
            "pages": 3,
        }
    else:
        assert line.split()[1:] == ["info", "yujing.test:", "round_done", "source=usitc_edis", "pages=3"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    secret=st.text("abcXYZ0189!@#%:/'\"\\?&=+ 密碼", min_size=8, max_size=24), form=st.sampled_from(["text", "json"])
)
def test_no_secret_of_the_settings_is_ever_written(secret: str, form: str) -> None:
    url = f"postgresql+psycopg://yujing:{quote(secret, safe='')}@db.example/yujing"
    log, written = writing(ledger_url=url, metrics_token=SecretStr(secret), log_format=form)
    raise_and_log(log, f"connecting as {secret}; to {url}")
    log.info(f"saw {secret}", where=[{"deep": (secret, url)}], **{"detail": quote(secret, safe="")})
    logging.getLogger("library").error("%s and %r", secret, {"conninfo": secret})
    told = written()
    lines = [json.loads(line) for line in told.splitlines()] if form == "json" else [told]
    for shown in (
        told,
        *map(str, lines),
        *(values for line in lines if isinstance(line, dict) for values in leaves(line)),
    ):
        assert secret not in shown
        assert quote(secret, safe="") not in shown


def leaves(value: Any) -> Iterator[str]:
    """Every string inside a JSON value."""
    if isinstance(value, dict):
        for member in value.values():
            yield from leaves(member)
    elif isinstance(value, list):
        for member in value:
            yield from leaves(member)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("sent to liming@example.com", "sent to l***@example.com"),
        ("sent to 13800000000.", "sent to 138****0000."),
        ("+8613812345678", "+86138****5678"),
        ("docket 1:26-cv-01380 of 2026-03-02", "docket 1:26-cv-01380 of 2026-03-02"),
        ("337-TA-1478, DN 3866, EP3456789B1", "337-TA-1478, DN 3866, EP3456789B1"),
        ("smtp://user:pa/ss@mail.example:25 refused", "smtp://user:***@mail.example:25 refused"),
        ("http://127.0.0.1:9200/_search?q=a", "http://127.0.0.1:9200/_search?q=a"),
        ("GET /x?api_key=k1&token=k2&page=3", "GET /x?api_key=***&token=***&page=3"),
        ("Authorization: Basic dXNlcjpwYXNz", "Authorization: ***"),
        ("[(b'authorization', b'Bearer abcdef012345')]", "[(b'authorization', ***)]"),
        ('{"password": "a b", "n": 1}', '{"password": ***, "n": 1}'),
        ("/login/once/Ab_9-x opened", "/login/once/*** opened"),
    ],
)
def test_what_texts_carry_is_masked_and_nothing_else(said: str, shown: str) -> None:
    assert Hider.of(Settings()).text(said) == shown


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("password", "x", HIDDEN),
        ("YUJING_METRICS_TOKEN", 17, HIDDEN),
        ("set-cookie", ["a=b"], HIDDEN),
        ("api_key", {"a": 1}, HIDDEN),
        ("phone", 13800000000, "138****0000"),
        ("mobile", "+86 138 0000 0000", "138****0000"),
        ("phone", "0531-8888 1234", "053****1234"),
        ("phone", "110", HIDDEN),
        ("email", "李明 <liming@example.com>", "李***@example.com>"),
        ("count", float("nan"), "nan"),
        ("page", b"\xff", "b'\\xff'"),
    ],
)
def test_what_a_name_says_is_secret_or_a_persons_is_masked(name: str, value: object, shown: object) -> None:
    assert Hider.of(Settings()).plain({name: value}) == {name: shown}


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize(
    "evil", ["\n", "\r\n", "\x0b", "\x1b[2K\x1b[1A", "\x85", "\u2028", "\u2029", "\u202e", "\x00", "\udc80"]
)
def test_no_text_forges_a_line_or_hides_in_one(log_format: str, evil: str) -> None:
    log, written = writing(log_format=log_format)
    forged = f"seen{evil}2026-01-01T00:00:00Z info     alerts: warning_sent to=everybody"
    log.info(forged, title=forged, **{f"key{evil}": forged})
    raise_and_log(log, forged)
    lines = written().splitlines()  # ends a line at every character that could
    assert all(ord(c) >= 0x20 for line in lines for c in line)
    if log_format == "json":
        assert [json.loads(line)["event"] for line in lines] == [forged, "failed"]
        assert not set("\x85\u2028\u2029\u202e\udc80") & set(written())
    else:
        begun = [line for line in lines if not line.startswith("  | ")]
        assert [line.split()[2] for line in begun] == ["yujing.test:", "yujing.test:"]


def test_an_exception_is_one_field_with_its_causes_and_no_local_values() -> None:
    log, written = writing(log_format="json")
    raise_and_log(log, "no such table")
    told = json.loads(written())
    assert [e["exc_type"] for e in told["exception"]] == ["RuntimeError", "ValueError"]
    assert {frame["name"] for frame in told["exception"][1]["frames"]} == {"raise_and_log"}
    assert "locals" not in str(told["exception"])


def test_what_cannot_be_formatted_is_told_without_its_inside(capsys: pytest.CaptureFixture[str]) -> None:
    class Hostile:
        def __str__(self) -> str:
            raise RuntimeError("p4ssw0rd-inside")

    log, written = writing(log_format="json", metrics_token=SecretStr("p4ssw0rd"))
    log.info("seen", thing=Hostile(), depth=nested(40))
    logging.getLogger("library").error("%d", "p4ssw0rd")
    first, second = map(json.loads, written().splitlines())
    assert first["thing"] == "(Hostile: RuntimeError)"
    assert (second["event"], second["logger"]) == ("log_event_lost", "library")
    assert "p4ssw0rd" not in written() + "".join(capsys.readouterr())


def nested(levels: int) -> object:
    """A list in a list in a list…"""
    found: object = "end"
    for _ in range(levels):
        found = [found]
    return found


def test_long_values_are_cut_and_say_so() -> None:
    log, written = writing(log_format="json")
    log.info("seen", text="长" * 50_000, rows=list(range(5000)))
    told = json.loads(written())
    assert len(told["text"]) < 2_100
    assert told["text"].endswith("(+18000)")
    assert len(told["rows"]) == 100


def test_libraries_are_taken_in_and_their_chatter_left_out() -> None:
    chatting = logging.getLogger("uvicorn.access")
    chatting.addHandler(logging.StreamHandler(io.StringIO()))
    _, written = writing(log_format="json")
    for name in ("uvicorn.error", "litestar", "scrapy.core.engine", "apscheduler.executors.default"):
        logging.getLogger(name).warning("from %s", name)
    chatting.info("GET /login/once/abcdef")
    logging.getLogger("elastic_transport.transport").info("POST /_bulk")
    logging.getLogger("uvicorn.error").info("Application startup complete.")
    told = [json.loads(line)["event"] for line in written().splitlines()]
    assert told == [
        "from uvicorn.error",
        "from litestar",
        "from scrapy.core.engine",
        "from apscheduler.executors.default",
    ]
    assert not chatting.handlers


def test_a_short_secret_is_hidden_where_it_stands_alone() -> None:
    hider = Hider.of(Settings(search_url="http://elastic:es@search.example:9200"))
    assert hider.text("user elastic, password es, tests") == "user elastic, password ***, tests"


CRASH = """
import threading
from index import logs
from index.settings import load_settings
logs.configure(load_settings())
thread = threading.Thread(target=lambda: open("/nowhere/s3cret-token"), name="sender")
thread.start(); thread.join()
raise RuntimeError("bad s3cret-token")
"""


def test_what_nobody_caught_is_an_event_too() -> None:
    done = python(CRASH, YUJING_LOG_FORMAT="json", YUJING_METRICS_TOKEN="s3cret-token")
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert [t["event"] for t in told] == ["crashed in sender", "crashed in MainThread"]
    assert [t["exception"][0]["exc_type"] for t in told] == ["FileNotFoundError", "RuntimeError"]
    assert "s3cret" not in done.stderr + done.stdout
    assert done.returncode == 1


def test_a_short_command_pays_nothing_and_only_warns() -> None:
    silent = "from index import logs; import sys; logs.logger('x').info('hello'); print('structlog' in sys.modules)"
    done = python(silent)
    assert (done.stdout, done.stderr) == ("False\n", "")
    warned = python("from index import logs; log = logs.logger('x'); log.warning('w'); log.info('i')")
    assert warned.stdout == ""
    assert [line.split()[1:] for line in warned.stderr.splitlines()] == [["warning", "x:", "w"]]


UNCONFIGURED = """
import logging, sys, warnings
from index import logs
before = logging.root.handlers[:], logging.root.level, sys.excepthook, warnings.showwarning
logs.logger("x").warning("w", secret="of-a-name", said="a s3cret-token")
assert (logging.root.handlers, logging.root.level, sys.excepthook, warnings.showwarning) == before
warnings.simplefilter("error")
try:
    warnings.warn("heard")
except UserWarning as warned:
    logs.logger("x").exception("caught")
assert not logs.crashed(ValueError())
"""


def test_a_process_that_configured_nothing_keeps_its_ways_and_its_secrets() -> None:
    done = python(UNCONFIGURED, YUJING_METRICS_TOKEN="s3cret-token", YUJING_LOG_FORMAT="json")
    warned, caught, *trace = done.stderr.splitlines()
    assert warned.split(maxsplit=1)[1] == 'warning  x: w secret=*** said="a ***"'
    assert caught.split()[1:] == ["error", "x:", "caught"]
    assert trace[-1] == "  | UserWarning: heard"
    assert done.returncode == 0


def test_what_a_test_configures_is_put_back() -> None:
    before = logging.root.handlers[:], sys.excepthook, structlog.get_config()
    with own_logging():
        writing(log_format="json")
        assert logging.root.handlers != before[0]
        assert structlog.is_configured()
    assert (logging.root.handlers, sys.excepthook, structlog.get_config()) == before


@pytest.mark.parametrize("said", [["--help"], ["watch", "--help"], ["deadlines", "--help"]])
def test_help_does_not_wait_for_the_log(said: list[str]) -> None:
    ask = f"""
import sys
from alerts import cli
sys.argv = ["yujing", *{said}]
try:
    cli.main()
except SystemExit as end:
    assert not end.code
print("structlog" in sys.modules)
"""
    assert python(ask).stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize(("said", "status"), [(["send"], 0), (["crawl", "nowhere"], 1)])
def test_the_long_commands_log(said: list[str], status: int) -> None:
    ask = (
        f"import sys, logging; from alerts import cli; sys.argv = ['yujing', *{said}]\ntry:\n    cli.main()\nfinally:\n"
    )
    done = python(ask + "    logging.getLogger('late').warning('as configured')", YUJING_LOG_FORMAT="json")
    assert json.loads(done.stderr.splitlines()[-1])["event"] == "as configured"
    assert done.returncode == status


def test_a_long_command_that_crashes_says_so_in_its_log() -> None:
    ask = """
import sys
from alerts import cli
from alerts.commands import rounds
def broken():
    raise RuntimeError("with s3cret-token")
rounds.send = broken
sys.argv = ["yujing", "send"]
cli.main()
"""
    done = python(ask, YUJING_LOG_FORMAT="json", YUJING_METRICS_TOKEN="s3cret-token")
    told = json.loads(done.stderr)
    assert (told["event"], told["exception"][0]["exc_value"]) == ("crashed in MainThread", "with ***")
    assert done.returncode == 1


def python(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run some Python as a process of its own."""
    import os  # noqa: PLC0415

    return subprocess.run(
        [sys.executable, "-c", code], env=os.environ | env, capture_output=True, text=True, check=False
    )
