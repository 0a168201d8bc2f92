"""deploy/compose.yaml against the part of the Compose specification it uses, written anew; no other key is allowed.

The specification's own schema is not ours to keep; `tests/test_deploy.py` asks it where Docker Compose is installed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.conftest import ROOT

Json = dict[str, Any]
NAME = r"^[a-zA-Z0-9._-]+$"
TEXT: Json = {"type": "string", "minLength": 1}
COUNT: Json = {"type": "integer", "minimum": 1}
DURATION: Json = {"type": "string", "pattern": r"^(\d+h)?(\d+m)?(\d+s)?(?<=[hms])$"}
BYTES: Json = {"type": "string", "pattern": r"^\d+(b|k|m|g|kb|mb|gb)$"}


def only(required: tuple[str, ...] = (), **properties: Json) -> Json:
    """An object of these keys and no other."""
    return {"type": "object", "properties": properties, "required": [*required], "additionalProperties": False}


def named(member: Json, keys: str = NAME) -> Json:
    """An object of any keys of a form."""
    return {"type": "object", "patternProperties": {keys: member}, "additionalProperties": False}


def several(member: Json) -> Json:
    """A list that says nothing twice."""
    return {"type": "array", "items": member, "minItems": 1, "uniqueItems": True}


COMMAND = {"type": "array", "items": TEXT, "minItems": 1}
PLAIN = {"type": "array", "prefixItems": [{"const": "CMD"}, TEXT], "items": TEXT, "minItems": 2}
SHELL = {"type": "array", "prefixItems": [{"const": "CMD-SHELL"}, TEXT], "items": False, "minItems": 2}
HEALTH = only(
    ("test",),
    **dict.fromkeys(("interval", "timeout", "start_period", "start_interval"), DURATION),
    test={"oneOf": [PLAIN, SHELL]},
    retries=COUNT,
)
LIMITS = only(cpus={"type": "string", "pattern": r"^\d+(\.\d+)?$"}, memory=BYTES, pids=COUNT)
CONDITION = {"enum": ["service_started", "service_healthy", "service_completed_successfully"]}
# In the specification a plain number may stand for a string here; a truth value may not: YAML would make one of `true`.
ENVIRONMENT = named({"type": ["string", "number", "null"]}, r"^[A-Za-z_][\w.]*$")
SERVICE = only(
    ("image",),
    **{name: several(TEXT) for name in ("cap_drop", "networks", "profiles", "secrets", "security_opt", "tmpfs")},
    image=TEXT,
    build=only(("context",), context=TEXT, dockerfile=TEXT, args=ENVIRONMENT, target=TEXT),
    command=COMMAND,
    entrypoint=COMMAND,
    environment=ENVIRONMENT,
    env_file=TEXT,
    restart={"type": "string", "pattern": r"^(no|always|unless-stopped|on-failure(:\d+)?)$"},
    read_only={"type": "boolean"},
    ports=several({"type": "string", "pattern": r"^(\d{1,3}(\.\d{1,3}){3}:)?(\d{1,5}:)?\d{1,5}(/(tcp|udp))?$"}),
    volumes=several({"type": "string", "pattern": r"^[^:]+:/[^:]*(:(ro|rw|z|Z))?$"}),
    depends_on=named(only(("condition",), condition=CONDITION)),
    healthcheck=HEALTH,
    logging=only(("driver",), driver=TEXT, options=named({"type": ["string", "number"]}, r"^.+$")),
    deploy=only(resources=only(limits=LIMITS, reservations=LIMITS)),
    stop_grace_period=DURATION,
    shm_size=BYTES,
    ulimits=named({"type": "integer", "minimum": -1}, r"^[a-z]+$"),
)
NETWORK = only(internal={"type": "boolean"}, ipam=only(config=several(only(("subnet",), subnet=TEXT, gateway=TEXT))))
COMPOSE = only(
    ("services",),
    services=named(SERVICE),
    networks=named(NETWORK),
    volumes=named(only()),
    secrets=named(only(("file",), file=TEXT)),
) | {"patternProperties": {"^x-": {}}}


@pytest.fixture(scope="module")
def whole() -> Json:
    """compose.yaml, its anchors resolved."""
    loaded: Json = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
    return loaded


def faults(whole: Json) -> list[str]:
    """What the schema finds wrong, each with its place."""
    found = Draft202012Validator(COMPOSE).iter_errors(whole)
    return [f"{'/'.join(map(str, each.absolute_path))}: {each.message}" for each in found]


def test_the_file_follows_the_specification(whole: Json) -> None:
    Draft202012Validator.check_schema(COMPOSE)
    assert faults(whole) == []


Change = Callable[[Json], object]
CHANGES: dict[str, Change] = {
    "a key nobody knows": lambda c: c["services"]["desk"].update(portz=[]),
    "a key at the wrong height": lambda c: c.update(healthcheck={}),
    "a service without its image": lambda c: c["services"]["postgres"].pop("image"),
    "a command in the shell form": lambda c: c["services"]["desk"].update(command="serve"),
    "a truth value as a variable": lambda c: c["services"]["kibana"]["environment"].update(A=True),
    "a condition misspelt": lambda c: c["services"]["desk"]["depends_on"]["postgres"].update(condition="healthy"),
    "a dependency without a condition": lambda c: c["services"]["desk"].update(depends_on={"postgres": {}}),
    "a check that is no command": lambda c: c["services"]["clock"]["healthcheck"].update(test=["python", "-m", "x"]),
    "a shell check in two parts": lambda c: c["services"]["kibana"]["healthcheck"]["test"].append("again"),
    "a time without a unit": lambda c: c["services"]["desk"].update(stop_grace_period="15"),
    "no time at all": lambda c: c["services"]["desk"].update(stop_grace_period=""),
    "a port that YAML read as a number": lambda c: c["services"]["desk"].update(ports=[480]),
    "a volume mounted nowhere": lambda c: c["services"]["desk"].update(volumes=["home"]),
    "memory without a unit": lambda c: c["services"]["clock"]["deploy"]["resources"]["limits"].update(memory=4),
    "a network said twice": lambda c: c["services"]["desk"].update(networks=["inside", "inside"]),
    "a secret written out": lambda c: c["secrets"].update(postgres_password={"value": "x"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_schema_can_refuse(name: str, whole: Json) -> None:
    changed = copy.deepcopy(whole)
    CHANGES[name](changed)
    assert faults(changed)
