"""What machines ask the desk: whether it does its job, and its figures. A real server answers."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest
import uvicorn
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from alerts.commands.status import Totals
from alerts.console.app import create_app
from alerts.console.bounded import Bounded
from alerts.console.vital import CLOCK, OK, Examination, Health
from index.ledger import Ledger, leases, pages, problems, sources
from index.ledger.engine import make_engine
from index.ledger.gauges import Vital
from index.problems import Problem, TryLater
from index.search.engines import open_engine
from index.settings import Settings
from tests.making import a_page
from tests.seeded import seed

NAME = "127.0.0.1:8000"
# The framework announces another style of declaring what handlers take; the desk's pages are not what is tested here.


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def figures(self) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        """(name, labels) → value, read by the parser Prometheus' own client has."""
        families = text_string_to_metric_families(self.body)
        return {(s.name, tuple(sorted(s.labels.items()))): s.value for f in families for s in f.samples}


@contextmanager
def desk(settings: Settings, ledger: Ledger) -> Iterator[Callable[..., Answer]]:
    """A desk on a port of its own, and how to ask it."""
    app = create_app(settings, ledger, 8000, sender=False)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    serving.start()

    def ask(path: str, method: str = "GET", **headers: str) -> Answer:
        return asked(listening.getsockname()[1], path, method, **headers)

    try:
        while not server.started:
            sleep(0.02)
        yield ask
    finally:
        server.should_exit = True
        serving.join()


def asked(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask once; `X_Forwarded_For` in a call is `X-Forwarded-For` on the wire."""
    sent = {"Host": NAME} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, headers=sent)
        answer = connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode())
    finally:
        connection.close()


def clock_runs(ledger: Ledger, seconds: float = 600) -> None:
    """Somebody is the clock."""
    now = datetime.now(UTC)
    with ledger.begin() as work:
        leases.take(work, CLOCK, "host/1/1", now, now + timedelta(seconds=seconds))


def index_is_there(settings: Settings) -> None:
    """An empty search index."""
    engine = open_engine(settings.search)
    engine.rebuild([])
    engine.close()


def test_all_is_well_in_one_word_a_seam(settings: Settings, ledger: Ledger) -> None:
    clock_runs(ledger)
    index_is_there(settings)
    with desk(settings, ledger) as ask:
        answer = ask("/healthz")
    assert answer.status == 200
    assert answer.json == {"status": "ok", "seams": {"ledger": "ok", "search": "ok", "outbox": "ok", "clock": "ok"}}
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_a_clock_that_stopped_and_an_index_that_broke_degrade_and_no_more(settings: Settings, ledger: Ledger) -> None:
    clock_runs(ledger, seconds=-1)
    Path(settings.search.removeprefix("sqlite:///")).write_bytes(b"no index at all" * 400)
    with desk(settings, ledger) as ask:
        answer = ask("/healthz", Host="desk:8000")
    assert answer.status == 200
    assert answer.json["status"] == "degraded"
    assert answer.json["seams"] == {"ledger": "ok", "search": "degraded", "outbox": "ok", "clock": "degraded"}


def test_an_outbox_that_nobody_empties_degrades() -> None:
    now = datetime.now(UTC)
    late, soon = Vital(now, now - timedelta(hours=1), None), Vital(now, now + timedelta(hours=1), None)
    assert (late.late, soon.late) == (3600.0, 0.0)
    assert Health(OK, OK, "degraded", OK).status == "degraded"


def test_a_ledger_that_broke_is_down_and_says_nothing_of_itself(settings: Settings, ledger: Ledger) -> None:
    file = Path(settings.ledger.removeprefix("sqlite:///"))
    with desk(settings, ledger) as ask:
        ledger.close()
        for part in file.parent.glob("ledger.db*"):
            part.write_bytes(b"not a database " * 1000)
        health, figures = ask("/healthz"), ask("/metrics")
    assert (health.status, health.json["status"]) == (503, "down")
    assert health.json["seams"] == {"ledger": "down", "search": health.json["seams"]["search"],
                                    "outbox": "unknown", "clock": "unknown"}  # fmt: skip
    assert "not a database" not in health.body
    assert figures.status == 200
    assert figures.figures["yujing_ledger_up", ()] == 0
    assert "yujing_pages" not in figures.body


def test_a_database_that_never_answers_does_not_hang_who_asks(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql+psycopg://yujing@127.0.0.1:{silent.getsockname()[1]}/yujing?connect_timeout=20"
        pytest.importorskip("psycopg", reason="no psycopg: the extra `postgres` is not installed")
        examine = Examination(settings, Ledger(make_engine(url)))
        assert examine() == Health("down", "degraded", "unknown", "unknown")


def test_one_question_at_a_time_however_many_ask() -> None:
    asked_for, go = [], threading.Event()

    def question() -> int:
        asked_for.append(1)
        go.wait(60)
        return len(asked_for)

    slow = Bounded(question, fresh=600.0, patience=0.05)
    for _ in range(5):
        with pytest.raises(TryLater):
            slow()
    go.set()
    while True:
        try:
            assert slow() == 1
            break
        except TryLater:
            continue
    assert (slow(), len(asked_for)) == (1, 1)


def test_an_error_is_handed_on_and_asked_again_when_stale() -> None:
    answers = iter((ValueError("first"), None))

    def question() -> str:
        if error := next(answers):
            raise error
        return "second"

    bounded = Bounded(question, fresh=-1.0, patience=60.0)
    with pytest.raises(ValueError, match="first"):
        bounded()
    assert bounded() == "second"


def test_every_figure_is_the_ledgers_own(settings: Settings, ledger: Ledger) -> None:
    seed(ledger, 60)
    clock_runs(ledger)
    problem = Problem("usitc_edis", "https://edis.example/1", "title", "no title")
    now = datetime.now(UTC)
    with ledger.begin() as work:
        pages.keep(work, a_page())
        problems.record(work, problem, now)
        problems.record(work, problem, now)
        sources.note(work, "usitc_edis", last_success=now, last_item=now)
        sources.note(work, "cmecf_rss", last_success=now, last_item=now - timedelta(days=30))
        totals = Totals.of(work)
    with desk(settings, ledger) as ask:
        told = ask("/metrics").figures
    for name, labels, counts in (
        ("yujing_pages", ("source", "state"), totals.pages),
        ("yujing_items", ("source", "state"), totals.items),
        ("yujing_alerts", ("state",), {(state,): n for state, n in totals.alerts.items()}),
    ):
        assert {k[1]: v for k, v in told.items() if k[0] == name} == {
            tuple(sorted(zip(labels, values, strict=True))): n for values, n in counts.items()
        }
    sent = sum(v for (name, labels), v in told.items() if name == "yujing_deliveries" and ("state", "sent") in labels)
    assert sent == totals.sent > 0
    assert told["yujing_problems_total", (("source", "usitc_edis"),)] == 2
    assert told["yujing_index_lag", ()] == totals.unindexed > 0
    assert told["yujing_held_oldest_seconds", ()] > 0
    assert told["yujing_clock_leader", ()] == 1
    silent = {labels[0][1]: v for (name, labels), v in told.items() if name == "yujing_source_silent"}
    assert (silent["usitc_edis"], silent["cmecf_rss"], silent["federal_register"]) == (0, 1, 1)
    success = told["yujing_source_last_success_timestamp_seconds", (("source", "usitc_edis"),)]
    assert success == pytest.approx(now.timestamp(), abs=1)
    assert {"process_resident_memory_bytes", "yujing_build_info", "python_info"} <= {name for name, _ in told}


def test_requests_are_counted_by_route_and_never_by_path(settings: Settings, ledger: Ledger) -> None:
    with desk(settings, ledger) as ask:
        for path in ("/login/once/a-one-time-login", "/alerts/0123", "/never/heard/of", "/never/again", "/%0a%22"):
            ask(path)
        ask("/alerts", "FORGE")
        told = ask("/metrics")
    requests = {labels: v for (name, labels), v in told.figures.items() if name == "yujing_http_requests_total"}
    by_route = {
        (dict(labels)["method"], dict(labels)["route"], dict(labels)["status"]): v for labels, v in requests.items()
    }
    assert by_route["GET", "/login/once/{token}", "200"] == 1
    assert by_route["GET", "/alerts/{key}", "303"] == 1
    assert by_route["GET", "(none)", "404"] == 3
    assert {method for method, _, _ in by_route} == {"GET", "OTHER"}
    assert "one-time" not in told.body
    assert "never" not in told.body


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8000"}, 200),
        ({"Host": "[::1]:8000"}, 200),
        ({"X_Forwarded_For": "127.0.0.1"}, 403),
        ({"X_Real_IP": "127.0.0.1"}, 403),
        ({"Forwarded": "for=127.0.0.1"}, 403),
        ({"Via": "1.1 proxy"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "[bad"}, 403),
    ],
)
def test_without_a_token_only_this_machine_reads_figures(
    settings: Settings, ledger: Ledger, headers: dict[str, str], status: int
) -> None:
    with desk(settings, ledger) as ask:
        answer = ask("/metrics", **headers)
    assert answer.status == status
    assert bool(answer.body) == (status == 200)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("Bearer s3cret-密-token", 200),
        ("bearer s3cret-密-token", 200),
        ("Bearer s3cret", 401),
        ("Basic s3cret-密-token", 401),
        ("", 401),
    ],
)
def test_with_a_token_only_its_bearer_reads_figures(
    settings: Settings, ledger: Ledger, given: str, status: int
) -> None:
    guarded = settings.model_copy(update={"metrics_token": SecretStr("s3cret-密-token")})
    with desk(guarded, ledger) as ask:
        answer = ask(
            "/metrics", Authorization=given.encode().decode("latin-1"), X_Forwarded_For="192.0.2.1", Host="desk:8000"
        )
    assert answer.status == status
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert "s3cret" not in answer.body


def test_the_served_desk_logs_json_lines_without_the_login_it_gave(tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("YUJING_")}
    env |= {"YUJING_HOME": str(tmp_path), "YUJING_LOG_FORMAT": "json", "PYTHONPATH": str(Path.cwd())}
    run = [sys.executable, "-m", "alerts.cli"]
    subprocess.run([*run, "users", "add", "liming", "--name", "李明"], env=env, check=True, capture_output=True)
    command = [*run, "serve", "--port", "0", "--login", "liming"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        assert served.stdout
        base = served.stdout.readline().rsplit("/", 1)[-1].strip()
        login = served.stdout.readline().strip().rsplit("/", 1)[-1]
        port = int(base.rsplit(":", 1)[-1])
        assert asked(port, f"/login/once/{login}", Host=base).status == 200
        assert asked(port, "/nowhere", Host=base).status == 404
        served.send_signal(signal.SIGTERM)
        _, errors = served.communicate(timeout=60)
    told = [json.loads(line) for line in errors.splitlines()]
    seen = [(t["method"], t["route"], t["status"]) for t in told if t["event"] == "request"]
    assert seen == [("GET", "/login/once/{token}", 200), ("GET", "(none)", 404)]
    assert login not in errors
    assert {t["logger"] for t in told} == {"alerts.console.requests"}  # the server's own chatter is for `debug`


def test_the_clocks_own_check_says_whether_some_process_is_the_clock(settings: Settings, ledger: Ledger) -> None:
    check = [sys.executable, "-m", "alerts.console.vital"]
    env = os.environ | {"YUJING_HOME": str(settings.home)}
    assert subprocess.run(check, env=env, check=False).returncode == 1
    clock_runs(ledger)
    assert subprocess.run(check, env=env, check=False).returncode == 0
