"""The READMEs are held to the product: what exists is told in both, what they quote exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main
from pydantic import SecretStr
from typer.core import TyperGroup

from alerts.cli import app
from crawlers.run import sources_ready
from index.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh.md")
OTHERS = tuple(str(file.relative_to(ROOT)) for file in sorted((ROOT / "docs").rglob("*.md")))
DEPLOYED = ("deploy/README.md", "deploy/README.zh.md")
NOT_SETTINGS = {"YUJING_TEST_POSTGRES_URL"}
ENDS_A_COMMAND = re.compile(r"\s(?:&&|\|\|?|;|·|>>?|#)(?:\s|$)")
"""Where the shell, or the line of next steps a round prints, begins something else."""

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r'\]\(([^)\s]+)\)|src="([^"]+)"')
RUN = re.compile(r"(?:yujing|docker compose (?:run --rm(?: -v \S+)? desk|exec desk yujing)) (?!\()(.+)")
"""Where `deploy/` tells how to run it, `yujing` is a user, a group and a database too."""
ROOM = re.compile(r"(?:alerts|crawlers|nlp|index|docs|tests)/[\w./-]*")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def commands() -> TyperGroup:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return group


def leaves(group: TyperGroup, before: str = "") -> dict[str, Any]:
    """Every command by its whole name: `users add` as well as `watch`."""
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        whole = f"{before} {name}".strip()
        found |= leaves(command, whole) if isinstance(command, TyperGroup) else {whole: command}
    return found


def code(name: str) -> list[str]:
    """Every line a reader may copy: of code blocks, and code within sentences."""
    whole = text(name)
    lines = [line for _, block in BLOCK.findall(whole) for line in block.splitlines()]
    return lines + SPAN.findall(BLOCK.sub("", whole))


def quoted(name: str) -> list[str]:
    """The arguments of each `yujing …` among the code."""
    said = (part for line in code(name) for part in re.split(r"(?:^|[\s/])yujing(?=\s)", line)[1:])
    told = (ENDS_A_COMMAND.split(f"{each} ")[0].strip() for each in said)
    return list(dict.fromkeys(filter(None, told)))


def row(name: str, first: str) -> str:
    """The one table row whose first cell begins with this code, whole or with arguments behind it."""
    (found,) = [line for line in text(name).splitlines() if re.match(rf"\| `{re.escape(first)}[ `]", line)]
    return found


@pytest.mark.parametrize("name", READMES)
@pytest.mark.parametrize("command", sorted(leaves(commands())))
def test_every_command_and_option_has_its_row(name: str, command: str) -> None:
    told = row(name, f"yujing {command}")
    for parameter in leaves(commands())[command].params:
        if parameter.param_type_name == "option":
            spelled = {*parameter.opts, *parameter.secondary_opts}
            assert any(re.search(rf"{re.escape(option)}(?![\w-])", told) for option in spelled), (command, spelled)


@pytest.mark.parametrize("name", READMES)
@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_every_setting_has_its_row_and_its_default(name: str, setting: str) -> None:
    told = row(name, f"YUJING_{setting.upper()}")
    default = Settings.model_fields[setting].default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if default not in ("", None, {}, []):
        shown = f"{default:.10g}" if isinstance(default, int | float) else str(default)
        assert told.split("|")[-2].strip() == f"`{shown}`"


@pytest.mark.parametrize("name", [*READMES, *OTHERS, *DEPLOYED])
def test_no_other_setting_is_promised(name: str) -> None:
    known = {f"YUJING_{setting.upper()}" for setting in Settings.model_fields} | NOT_SETTINGS
    assert set(re.findall(r"YUJING_[A-Z_]+", text(name))) <= known


@pytest.mark.parametrize("name", READMES)
def test_every_source_has_its_row(name: str) -> None:
    for source in sources_ready():
        assert row(name, source)


@pytest.mark.parametrize("name", [*READMES, *OTHERS])
def test_every_quoted_command_parses(name: str) -> None:
    for told in quoted(name):
        parse(told)


def parse(told: str) -> None:
    """Raises UsageError for an unknown option, a missing argument or a value that does not fit; runs nothing."""
    arguments = shlex.split(told)
    if arguments == ["--help"]:
        return
    words = next((n for n in (2, 1) if " ".join(arguments[:n]) in leaves(commands())), 0)
    assert words, f"yujing {told}"
    whole = " ".join(arguments[:words])
    leaves(commands())[whole].make_context(whole, arguments[words:])


@pytest.mark.parametrize("name", DEPLOYED)
def test_every_command_of_a_deployment_parses(name: str) -> None:
    lines = [line.strip() for line in text(name).splitlines()]
    said = [found[1] for found in map(RUN.fullmatch, [*lines, *SPAN.findall(text(name))]) if found]
    told = [ENDS_A_COMMAND.split(f"{each} ")[0].strip() for each in said]
    assert {"users add liming --name 李明", "reindex", "doctor", "serve"} <= {*told}
    for each in told:
        if each != "template":  # named, with the reader's own words to come
            parse(each)


def test_commands_are_found_where_they_are_quoted() -> None:
    found = quoted("README.md")
    assert {"watch --once", "import contacts contacts.xlsx", "doctor"} <= {*found}
    assert not [told for told in found if re.search(r"[&>·#]", told)]


@pytest.mark.parametrize("name", [*READMES, *OTHERS, *DEPLOYED])
def test_links_and_pictures_exist(name: str) -> None:
    for target in filter(None, (a or b for a, b in LINK.findall(text(name)))):
        if not re.match(r"https?://|#", target):
            assert ((ROOT / name).parent / target.split("#")[0]).exists(), target


@pytest.mark.parametrize("name", READMES)
def test_files_and_make_targets_it_names_exist(name: str) -> None:
    targets = re.findall(r"^(\w+):", text("Makefile"), re.M)
    for span in SPAN.findall(BLOCK.sub("", text(name))):
        if ROOM.fullmatch(span):
            assert (ROOT / span).exists(), span
        if span.startswith("make "):
            assert span.split()[1] in targets, span


def shape(name: str) -> tuple[list[int], list[str], list[int]]:
    """The levels of the headings, the languages of the code blocks and the rows of the tables, in order."""
    bare = BLOCK.sub("", text(name))
    levels = [len(marks) for marks in re.findall(r"^(#+) ", bare, re.M)]
    tables = [len(table.splitlines()) for table in re.findall(r"(?:^\|.*\n)+", bare, re.M)]
    return levels, [language for language, _ in BLOCK.findall(text(name))], tables


def test_the_two_readmes_are_twins() -> None:
    assert shape("README.md") == shape("README.zh.md")
    assert len(shape("README.md")[0]) > 10


def test_what_is_pasted_is_pasted_alike() -> None:
    english, chinese = (
        [block for language, block in BLOCK.findall(text(name)) if language != "sh"] for name in READMES
    )
    assert english == chinese


@pytest.mark.parametrize("name", [*READMES, *OTHERS, *DEPLOYED])
def test_nothing_of_a_machine_is_in_it(name: str) -> None:
    assert not re.search(r"(?<![\w.~%h])/(?:tmp|work|root|home)/", text(name))
    assert "@@" not in text(name)


def test_the_licence_is_whole() -> None:
    assert "Copyright 2026 yujing contributors" in text("LICENSE")
    assert "END OF TERMS AND CONDITIONS" in text("LICENSE")
