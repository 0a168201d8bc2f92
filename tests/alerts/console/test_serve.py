"""The commands: a real server process, opened by its one-time login, ended by signals; users added and shut out."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from alerts.commands.desk import add_user, listen
from index.ledger import Ledger, users
from index.problems import Unusable
from index.settings import Settings
from tests.alerts.console.province import PEOPLE, WEIFANG, first_held
from tests.conftest import ROOT
from tests.journeys.world import YUJING, World

SECONDS = 5  # within which the desk ends


class Served:
    """A desk in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self.log = process, log
        self.told: list[str] = []

    def line(self, holding: str) -> str:
        """The next line it prints that holds this."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.told.append(line)
            if holding in line:
                return line
        raise AssertionError(f"{holding} was not printed: {self.told} {self.log.read_text('utf-8')[-2000:]}")

    def end(self, how: signal.Signals) -> int:
        """Tell it to end; its status. Fails if it takes longer than SECONDS."""
        self.process.send_signal(how)
        return self.process.wait(SECONDS)


@pytest.fixture
def world(province: Path, tmp_path: Path) -> World:
    """A copy of the province, for commands."""
    shutil.copytree(province, tmp_path / "world")
    return World(tmp_path / "world")


@contextmanager
def served(world: World, *words: str) -> Iterator[Served]:
    """`yujing serve`, killed at the end if need be."""
    log = world.home / "serve.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*YUJING, "serve", *words], cwd=ROOT, env=world.told, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            yield Served(process, log)
        finally:
            process.kill()
            process.wait()
            assert process.stdout
            process.stdout.close()


def address(line: str) -> str:
    """The address in a printed line."""
    return line.split(": ", 1)[1].strip()


def come_in(link: str) -> httpx.Client:
    """A browser that used a one-time login as a person would."""
    client = httpx.Client(base_url=link.split("/login", maxsplit=1)[0])
    page = client.get(link)
    assert page.status_code == 200
    token = re.findall(r'name="_csrf_token" value="([^"]+)"', page.text)[0]
    entered = client.post(link, data={"_csrf_token": token}, headers={"Origin": str(client.base_url).rstrip("/")})
    assert entered.status_code == 303, entered.text
    return client


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_printed_login_opens_the_desk_and_a_signal_ends_it(world: World, how: signal.Signals) -> None:
    with served(world, "--port", "0", "--login", "all") as desk:
        base = address(desk.line("工作台"))
        link = address(desk.line("一次性登录"))
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/login/once/[\w-]{32}", link)
        client = come_in(link)
        assert "全省文员" in client.get("/").text
        again = httpx.Client()
        page = again.get(link)
        token = re.findall(r'name="_csrf_token" value="([^"]+)"', page.text)[0]
        assert again.post(link, data={"_csrf_token": token}).status_code == 401
        assert "server" not in client.get("/").headers
        assert client.get(base, headers={"Host": "evil.example"}).status_code == 400
        assert desk.end(how) == 0
        client.close()
        again.close()
    log = desk.log.read_text("utf-8")
    assert link.rpartition("/")[2] not in log
    assert "Traceback" not in log


def test_a_signal_before_it_serves_ends_it_in_order(world: World) -> None:
    with served(world, "--port", "0") as desk:
        desk.line("工作台")  # printed before the server listens to signals
        assert desk.end(signal.SIGTERM) == 0


def test_a_mail_server_that_says_nothing_does_not_hold_the_end_up(world: World) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    world.environment |= {"YUJING_SMTP_URL": f"smtp://desk:pa55word@127.0.0.1:{silent.getsockname()[1]}"}
    with world.ledger() as ledger:
        key = first_held(ledger, WEIFANG).key
    world.run("judge", key, "confirmed", "--by", "clerk")
    with served(world, "--port", "0", "--login", "all") as desk:
        client = come_in(address(desk.line("一次性登录")))
        connection, _ = silent.accept()  # it is sending now
        assert client.get("/").status_code == 200
        assert desk.end(signal.SIGTERM) == 0
        connection.close()
        client.close()
    silent.close()
    assert "pa55word" not in desk.log.read_text("utf-8")


def test_a_port_that_was_asked_for_and_is_taken_is_said(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for world.environment, words in (({}, ["--port", str(port)]), ({"YUJING_SERVE_PORT": str(port)}, [])):
            done = world.attempt("serve", *words)
            assert done.returncode == 2
            assert f"127.0.0.1:{port}" in done.stderr
            assert len(done.stderr.splitlines()) == 1


def test_the_usual_port_gives_way(world: World) -> None:
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # taken already: as good
            stack.enter_context(socket.create_server(("127.0.0.1", 8000)))
        desk = stack.enter_context(served(world, "--login", "all"))
        base = address(desk.line("工作台"))
        assert not base.endswith(":8000")
        come_in(address(desk.line("一次性登录"))).close()
        assert desk.end(signal.SIGTERM) == 0


def test_it_is_served_on_ipv6(world: World) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")
    world.environment = {"YUJING_SERVE_HOST": "::1"}
    with served(world, "--port", "0", "--login", "all") as desk:
        link = address(desk.line("一次性登录"))
        assert link.startswith("http://[::1]:")
        come_in(link).close()
        assert desk.end(signal.SIGTERM) == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "0", ""])  # noqa: S104  refused, not listened on
def test_every_address_without_a_public_one_is_refused(settings: Settings, host: str) -> None:
    with pytest.raises(Unusable, match="YUJING_SERVE_URL"):
        listen(settings.model_copy(update={"serve_host": host}), 0)


def test_the_command_says_so_in_one_line(world: World) -> None:
    world.environment = {"YUJING_SERVE_HOST": "0.0.0.0"}  # noqa: S104  refused, not listened on
    done = world.attempt("serve", "--port", "0")
    assert done.returncode == 2
    assert "YUJING_SERVE_URL" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "工作台" not in done.stdout


def test_strangers_from_elsewhere_are_known_by_their_own_address(world: World) -> None:
    own = own_address()
    world.environment = {"YUJING_SERVE_HOST": "0.0.0.0", "YUJING_SERVE_URL": f"http://{own}:8000"}  # noqa: S104
    world.environment["YUJING_SERVE_PORT"] = "0"
    with served(world) as desk, httpx.Client() as client:
        assert address(desk.line("工作台")) == f"http://{own}:8000"
        port = listening_port(desk.process.pid)
        base, host = f"http://{own}:{port}", {"Host": f"{own}:8000"}
        page = client.get(f"{base}/login", headers=host)
        token = re.findall(r'name="_csrf_token" value="([^"]+)"', page.text)[0]
        form = {"_csrf_token": token, "name": "nobody", "password": "wrong"}
        tries = []
        for n in range(6):
            said = host | {"X-Forwarded-For": f"10.1.1.{n}"}
            tries.append(client.post(f"{base}/login", data=form, headers=said).status_code)
        assert tries == [401] * 5 + [429]
        assert desk.end(signal.SIGTERM) == 0


def own_address() -> str:
    """An address of this machine that is not its loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            pytest.skip("this machine has no address but its loopback")
        return str(probe.getsockname()[0])


def listening_port(pid: int) -> int:
    """The port a process of ours listens on."""
    inodes = set()
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            inodes.add(str(one.readlink()).removeprefix("socket:[").removesuffix("]"))
    for line in Path(f"/proc/{pid}/net/tcp").read_text("ascii").splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and fields[9] in inodes:
            return int(fields[1].split(":")[1], 16)
    pytest.skip("the system does not tell who listens where")


@pytest.mark.parametrize(
    ("user", "name", "center", "role", "said"),
    [
        ("Chen", "陈", "", "clerk", "Chen"),
        ("c", "陈", "", "clerk", "2 to 32"),
        ("../etc", "陈", "", "clerk", "2 to 32"),
        ("chen", "  ", "", "clerk", "empty"),
        ("chen", "陈\n王", "", "clerk", "printable"),
        ("chen", "陈" * 61, "", "clerk", "too long"),
        ("chen", "陈", "nowhere", "clerk", "sample-yantai"),
        ("chen", "陈", "", "boss", "clerk, viewer"),
    ],
)
def test_a_user_that_is_wrong_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, user: str, name: str, center: str, role: str, said: str
) -> None:
    monkeypatch.setenv("YUJING_HOME", str(settings.home))
    with pytest.raises(Unusable, match=re.escape(said)):
        add_user(user, name, center, role)
    ledger = Ledger.open(settings.ledger)
    with ledger.read() as work:
        assert {one.id for one in users.every(work)} == set(PEOPLE)
    ledger.close()


def test_a_user_comes_and_goes(world: World) -> None:
    added = world.run("users", "add", "chen", "--name", "陈工", "--center", "sample-yantai")
    path = re.findall(r"/login/once/[\w-]+", added)[0]
    assert "陈工" in world.run("users", "list")
    with served(world, "--port", "0") as desk:
        base = address(desk.line("工作台"))
        client = come_in(base + path)
        assert client.get("/").status_code == 200
        assert "停用" in world.run("users", "disable", "chen")
        assert client.get("/").status_code == 303
        assert desk.end(signal.SIGTERM) == 0
        client.close()
    for words in (("users", "login", "chen"), ("serve", "--port", "0", "--login", "chen"), ("users", "disable", "no")):
        done = world.attempt(*words)
        assert done.returncode == 2
        assert "is not known" in done.stderr
        assert "/login/once/" not in done.stdout
