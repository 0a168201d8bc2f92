"""What `deploy/` says can be done: its files agree with each other, with the product and with their own formats."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from jsonschema import Draft201909Validator

from alerts.console.pages.health import FORWARDED
from index.ledger import Ledger, centers
from index.search.engines import open_engine
from index.settings import Settings
from tests.conftest import ROOT
from tests.making import NOW, a_center

DEPLOY = ROOT / "deploy"
UNITS = ("yujing-desk.service", "yujing-clock.service")
SCHEMA = Path(
    os.environ.get(
        "YUJING_TEST_COMPOSE_SCHEMA", "/usr/lib/python3/dist-packages/compose/config/compose_spec.json"
    )  # where Debian's docker-compose keeps the specification's schema
)
SECURED = os.environ.get("YUJING_TEST_ELASTICSEARCH_SECURE_URL", "")
ASSIGNED = re.compile(r"(?im)^[\w .=-]*(?:password|passwd|token|secret|api_?key)\w*\s*[:=][ \t]*(\S+)")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """compose.yaml, its anchors resolved."""
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="module")
def steps() -> ModuleType:
    """The script that carries out the Dockerfile."""
    loader = SourceFileLoader("dockerfile_steps", str(ROOT / ".ci/dockerfile-steps"))
    spec = spec_from_loader("dockerfile_steps", loader)
    assert spec
    made = module_from_spec(spec)
    sys.modules["dockerfile_steps"] = made  # its dataclass looks itself up
    loader.exec_module(made)
    return made


# compose.yaml


def test_compose_follows_the_specifications_schema(compose: dict[str, Any]) -> None:
    if not SCHEMA.is_file():
        pytest.skip("no schema of the Compose specification: install docker-compose or set YUJING_TEST_COMPOSE_SCHEMA")
    schema = json.loads(SCHEMA.read_text("utf-8"))
    schema.pop("$schema", None)  # its own name for the draft is misspelt
    wrong = [f"{'/'.join(map(str, e.path))}: {e.message}" for e in Draft201909Validator(schema).iter_errors(compose)]
    assert wrong == []
    broken = compose | {"services": compose["services"] | {"desk": {"image": "x", "portz": []}}}
    assert not Draft201909Validator(schema).is_valid(broken)


def test_compose_is_read_by_compose_itself(tmp_path: Path) -> None:
    if not shutil.which("docker-compose"):
        pytest.skip("no docker-compose")
    folder = tmp_path / "deploy"
    shutil.copytree(DEPLOY, folder)
    shutil.copy(folder / "yujing.env.example", folder / "yujing.env")
    shutil.copy(folder / "kibana.env.example", folder / "kibana.env")
    done = subprocess.run(
        ["docker-compose", "-f", "compose.yaml", "config", "--services"],
        cwd=folder, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert (done.returncode, set(done.stdout.split())) == (
        0,
        {"desk", "clock", "postgres", "elasticsearch", "kibana"},
    ), done.stderr


def test_what_a_service_needs_is_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"desk", "clock", "postgres", "elasticsearch", "kibana"}
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        for needed, condition in service.get("depends_on", {}).items():
            assert condition == {"condition": "service_healthy"}
            assert "healthcheck" in services[needed]
        assert set(service["networks"]) <= set(compose["networks"])
        assert set(service.get("secrets", ())) <= set(compose["secrets"])
        named = {volume.split(":")[0] for volume in service.get("volumes", ())}
        assert named <= set(compose["volumes"])
        assert service["restart"] == "unless-stopped"
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
        assert service["logging"]["options"]["max-size"]
    for part in ("volumes", "secrets", "networks"):
        used = {name.split(":")[0] for service in services.values() for name in service.get(part, ())}
        assert used == set(compose[part])
    assert {secret["file"].split("/")[0] for secret in compose["secrets"].values()} == {"secrets"}


def test_images_are_pinned_and_ours_is_the_version_there_is(compose: dict[str, Any]) -> None:
    images = {name: service["image"] for name, service in compose["services"].items()}
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version
    assert {images["desk"], images["clock"]} == {f"yujing:{version[1]}"}
    assert re.fullmatch(r"postgres:\d+", images["postgres"])
    assert re.fullmatch(r"elasticsearch:8\.19\.\d+", images["elasticsearch"])
    assert images["kibana"].split(":")[1] == images["elasticsearch"].split(":")[1]


def test_only_loopback_is_published_and_the_servers_are_shut_in(compose: dict[str, Any]) -> None:
    services = compose["services"]
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"desk": ["127.0.0.1:8000:8000"], "kibana": ["127.0.0.1:5601:5601"]}
    assert compose["networks"]["inside"] == {"internal": True}
    assert services["postgres"]["networks"] == services["elasticsearch"]["networks"] == ["inside"]
    assert services["kibana"]["profiles"] == ["kibana"]
    gateway = services["desk"]["environment"]["FORWARDED_ALLOW_IPS"]
    assert gateway.rsplit(".", 1)[0] in compose["networks"]["outside"]["ipam"]["config"][0]["subnet"]
    for ours in (services["desk"], services["clock"]):
        assert ours["read_only"] is True
        assert ours["cap_drop"] == ["ALL"]
        assert ours["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in ours


def test_elasticsearch_asks_for_a_password(compose: dict[str, Any]) -> None:
    environment = compose["services"]["elasticsearch"]["environment"]
    assert environment["xpack.security.enabled"] == "true"
    assert environment["ELASTIC_PASSWORD_FILE"].startswith("/run/secrets/")
    assert compose["services"]["postgres"]["environment"]["POSTGRES_PASSWORD_FILE"].startswith("/run/secrets/")


def test_a_health_check_asks_for_what_there_is(compose: dict[str, Any]) -> None:
    clock = compose["services"]["clock"]["healthcheck"]["test"]
    assert clock[:3] == ["CMD", "python", "-m"]
    assert find_spec(clock[3])
    for name, tools in {
        "postgres": {"pg_isready"},
        "elasticsearch": {"curl", "grep"},
        "kibana": {"curl", "grep"},
    }.items():
        kind, *said = compose["services"][name]["healthcheck"]["test"]
        words = {part.split()[0] for part in said[0].split("|")} if kind == "CMD-SHELL" else {said[0]}
        assert words == tools
    assert "healthcheck" not in compose["services"]["desk"]  # the image's own


def test_commands_are_the_products_own(compose: dict[str, Any]) -> None:
    units = [re.search(r"^ExecStart=/opt/yujing/bin/yujing (\w+)$", text(unit), re.MULTILINE) for unit in UNITS]
    said = {service["command"][0] for service in compose["services"].values() if "command" in service}
    assert said == {unit[1] for unit in units if unit} == {"serve", "watch"}
    shown = subprocess.run(
        [sys.executable, "-m", "alerts.cli", "--help"], capture_output=True, text=True, check=True
    ).stdout
    named = set(re.findall(r"(?:^|desk |`)yujing ([a-z]+)\b", read_me(), re.MULTILINE))
    assert {"doctor", "reindex", "users", "import", "status"} <= named
    assert all(re.search(rf"\b{command}\b", shown) for command in named | said)


# Settings and secrets


def text(name: str) -> str:
    """A file of deploy/."""
    return (DEPLOY / name).read_text("utf-8")


def read_me() -> str:
    """Both languages."""
    return text("README.md") + text("README.zh.md")


def files() -> list[Path]:
    """Everything in deploy/ that is kept."""
    kept = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "deploy"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.split()  # fmt: skip
    return [ROOT / name for name in kept] or [file for file in DEPLOY.iterdir() if file.is_file()]


def test_every_setting_named_is_a_real_one() -> None:
    named = {name for file in files() for name in re.findall(r"\bYUJING_[A-Z_]+\b", file.read_text("utf-8"))}
    known = {f"YUJING_{name.upper()}" for name in Settings.model_fields}
    assert {"YUJING_LEDGER_URL", "YUJING_HOME", "YUJING_METRICS_TOKEN"} <= named <= known


def test_the_example_settings_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line for line in text("yujing.env.example").splitlines() if line and not line.startswith("#")]
    for line in lines:
        monkeypatch.setenv(*line.split("=", 1))
    settings = Settings()
    assert urlsplit(settings.ledger).hostname in yaml.safe_load(text("compose.yaml"))["services"]
    assert urlsplit(settings.search).hostname in yaml.safe_load(text("compose.yaml"))["services"]


def test_no_secret_is_kept() -> None:
    for file in files():
        written = re.sub(r"\$\(.*?\)|\$\{?\w+\}?", "", file.read_text("utf-8"))
        for password in re.findall(r"\w+://[^\s:/@]+:([^\s@/]+)@", written):
            assert password == "PASSWORD", file
        for value in ASSIGNED.findall(written):
            assert value == "PASSWORD" or value.startswith(("/run/secrets/", "secrets/", "[", "…")), file
    for kept_out in ("deploy/yujing.env", "deploy/kibana.env", "deploy/secrets/elastic_password"):
        ignored = subprocess.run(["git", "check-ignore", "-q", kept_out], cwd=ROOT, check=False).returncode
        assert ignored in (0, 128)  # 128: an unpacked archive has no git


@pytest.mark.parametrize("line", ["    POSTGRES_PASSWORD: abc", "YUJING_METRICS_TOKEN=abc", "Environment=API_KEY=abc"])
def test_a_secret_would_be_seen(line: str) -> None:
    assert ASSIGNED.findall(f"x\n{line}\ny") == ["abc"]


def test_both_readmes_say_the_same_commands() -> None:
    blocks = [
        re.findall(r"^ *```sh\n(.*?)^ *```", text(name), re.MULTILINE | re.DOTALL)
        for name in ("README.md", "README.zh.md")
    ]
    bare = [[re.sub(r" +#.*", "", block) for block in found] for found in blocks]
    assert bare[0] == bare[1]
    assert len(bare[0]) >= 8


# Units and the proxy


def test_the_units_are_sound(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze")
    for unit in UNITS:
        here = text(unit).replace("/opt/yujing/bin/yujing", sys.executable)
        (tmp_path / unit).write_text(here, "utf-8")
    paths = [str(tmp_path / unit) for unit in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for path in paths:
        asked = ["systemd-analyze", "security", "--offline=true", "--threshold=20", path]
        judged = subprocess.run(asked, capture_output=True, text=True, check=False)
        assert judged.returncode == 0, judged.stdout[-200:]


def test_the_units_run_apart_from_each_other_only_in_what_they_run() -> None:
    desk, clock = (set(text(unit).splitlines()) for unit in UNITS)
    assert {line.split("=")[0] for line in desk ^ clock} == {"Description", "ExecStart"}
    assert {"User=yujing", "KillMode=mixed", "Restart=always", "ProtectSystem=strict", "NoNewPrivileges=yes"} <= desk


def test_the_proxy_says_for_whom_it_asks_and_shuts_out_what_is_for_machines() -> None:
    proxy = text("nginx.conf")
    headers = {name.lower() for name in re.findall(r"proxy_set_header (\S+)", proxy)}
    assert headers & set(FORWARDED)
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in proxy  # not what a stranger claims
    for path in ("/metrics", "/healthz"):
        assert f"location = {path} {{ return 404; }}" in proxy
        assert path in text("README.md").split("reverse_proxy")[0]


def test_nginx_reads_its_sample(tmp_path: Path) -> None:
    if not shutil.which("nginx") or not shutil.which("openssl"):
        pytest.skip("no nginx or no openssl")
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=yujing.example.cn", "-keyout",
            str(tmp_path / "key"), "-out", str(tmp_path / "pem")]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)
    site = text("nginx.conf").replace("/etc/ssl/certs/yujing.pem", str(tmp_path / "pem"))
    site = site.replace("/etc/ssl/private/yujing.key", str(tmp_path / "key"))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {folders} {site} }}"
    (tmp_path / "nginx.conf").write_text(whole, "utf-8")
    done = subprocess.run(
        ["nginx", "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


# The image


def test_the_image_is_built_pinned_runs_as_nobody_and_can_be_told_to_end(steps: ModuleType) -> None:
    said = steps.instructions(text("Dockerfile"))
    last = said[max(n for n, (word, _) in enumerate(said) if word == "FROM") :]
    words = dict(last)
    assert words["USER"] == "10001:10001"
    assert json.loads(words["ENTRYPOINT"]) == ["yujing"]  # the exec form: signals reach the process
    assert json.loads(words["CMD"]) == ["serve"]
    assert words["VOLUME"] == dict(pair.split("=") for pair in words["ENV"].split())["YUJING_HOME"]
    runs = [rest for word, rest in said if word == "RUN"]
    pip = [run for run in runs if "pip install" in run]
    assert len(pip) == 1
    assert "-c pins.txt" in pip[0]
    assert "[postgres,elasticsearch,sms]" in pip[0]
    apt = [run for run in runs if "apt-get install" in run]
    assert all("--no-install-recommends" in run and run.endswith("rm -rf /var/lib/apt/lists/*") for run in apt)
    assert any("fonts-noto-cjk" in run for run in apt)
    bases = [rest.split()[0] for word, rest in said if word == "FROM"]
    assert set(bases) == {"${BASE}", "base"}


def test_the_health_check_asks_the_path_there_is(steps: ModuleType) -> None:
    from alerts.console.pages.health import healthz  # noqa: PLC0415

    check = next(rest for word, rest in steps.instructions(text("Dockerfile")) if word == "HEALTHCHECK")
    command = steps.words(check.partition(" CMD ")[2])
    assert healthz.paths == {"/healthz"}
    assert "/healthz" in command[2]
    compile(command[2], "HEALTHCHECK", "exec")


def test_only_what_the_image_is_made_of_reaches_the_builder(steps: ModuleType) -> None:
    sent = steps.context()
    assert {Path(name).parts[0] for name in sent} == {
        "pyproject.toml", "pins.txt", "README.md", "LICENSE", "alerts", "crawlers", "index", "nlp",
    }  # fmt: skip
    assert not [name for name in sent if "__pycache__" in name or name.endswith(".pyc")]
    patterns = text("Dockerfile.dockerignore").splitlines()
    assert steps.ignored("deploy/secrets/elastic_password", patterns)
    assert not steps.ignored("alerts/console/static/desk.css", patterns)


def test_the_wheel_carries_what_the_product_reads(tmp_path: Path) -> None:
    if not find_spec("hatchling"):
        pytest.skip("no hatchling: the wheel is built by .ci/dockerfile-steps")
    made = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(made, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())
    rooms = ("alerts", "crawlers", "index", "nlp")
    needed = {
        file.relative_to(ROOT).as_posix()
        for room in rooms
        for file in (ROOT / room).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert {Path(name).suffix for name in needed} >= {".py", ".toml", ".j2", ".css"}
    assert needed <= carried
    assert {Path(name).parts[0] for name in carried} == {
        *rooms,
        next(n for n in carried if "dist-info" in n).split("/")[0],
    }


# Backup, and the index's user


def test_a_backup_comes_back_as_the_readme_says(settings: Settings, ledger: Ledger, tmp_path: Path) -> None:
    if not shutil.which("sqlite3"):
        pytest.skip("no sqlite3 command")
    with ledger.begin() as work:
        centers.write(work, a_center(), NOW)
    backup = next(line for line in text("README.md").splitlines() if '".backup' in line).split("  #")[0]
    here = backup.replace("/var/lib/yujing", str(settings.home)).replace("/var/backups", str(tmp_path))
    subprocess.run(["sh", "-c", here], check=True)  # the ledger is open: nothing has to stop
    with ledger.begin() as work:
        centers.write(work, a_center("weihai"), NOW)
    kept = tmp_path / "ledger.db"
    with sqlite3.connect(kept) as copy:
        assert copy.execute("pragma integrity_check").fetchall() == [("ok",)]
    copy.close()
    again = Ledger.open(f"sqlite:///{kept}")
    with again.read() as work:
        assert [center.id for center in centers.every(work)] == ["yantai"]
    again.close()


def test_the_indexs_user_may_do_its_work_and_no_more(tmp_path: Path) -> None:
    if not SECURED:
        pytest.skip("no Elasticsearch with users: set YUJING_TEST_ELASTICSEARCH_SECURE_URL")
    parts = urlsplit(SECURED)
    server = f"{parts.scheme}://{parts.hostname}:{parts.port}"
    (tmp_path / "elastic_password").write_text(parts.password or "", "utf-8")
    (tmp_path / "index_password").write_text("0123456789abcdef", "utf-8")
    env = {"PATH": os.environ["PATH"], "SERVER": server, "ADMIN": parts.username or "", "SECRETS": str(tmp_path)}
    for _ in range(2):  # said twice it does no harm
        subprocess.run(["sh", "-s"], input=text("index-user.sh").encode(), env=env, check=True, capture_output=True)
    engine = open_engine(f"{parts.scheme}://yujing:0123456789abcdef@{parts.hostname}:{parts.port}/yujing-ours")
    assert engine.rebuild([]) == 0
    assert engine.probe().state == "ready"
    engine.close()
    other = open_engine(f"{parts.scheme}://yujing:0123456789abcdef@{parts.hostname}:{parts.port}/others")
    assert other.probe().state != "ready"
    with pytest.raises(Exception, match=r"403|security|may not|unauthorized|refuse"):
        other.rebuild([])
    other.close()
