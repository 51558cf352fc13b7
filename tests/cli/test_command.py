"""How arguments are read, and help."""

from __future__ import annotations

import re

import pytest
from typer.main import get_command

from seamark import __version__
from seamark.cli.app import app
from seamark.cli.command import width
from tests.cli.conftest import Run

ENGINE = ("classify", "replay", "why", "what-if", "fit", "lint", "rulebooks", "read", "intents")
HOUSE = ("run", "web", "worker", "migrate", "member", "channel", "status", "demo")
COMMANDS = ENGINE + HOUSE


def test_the_commands_are_those_promised() -> None:
    assert tuple(get_command(app).commands) == COMMANDS  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_has_help(run: Run, command: str, language: str) -> None:
    done = run(command, "--help", "--lang", language)
    assert done.code == 0
    options = {opt for param in get_command(app).commands[command].params for opt in param.opts if opt[0] == "-"}  # type: ignore[attr-defined]
    assert options <= set(re.findall(r"^  (--[a-z-]+)", done.out, re.MULTILINE))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_80_wide(run: Run, command: str, language: str) -> None:
    lines = run(*command.split(), "--help", "--lang", language).out.splitlines()
    assert max(map(width, lines)) <= 80


def test_without_a_command_there_is_help(run: Run) -> None:
    assert run() == run("--help")


def test_the_version(run: Run) -> None:
    assert run("--version") == (0, f"seamark {__version__}\n", "")


@pytest.mark.parametrize(
    ("variables", "begins"),
    [
        ({}, "Usage"),
        ({"LANG": "zh_CN.UTF-8"}, "用法"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "Usage"),
        ({"LANG": "de_DE.UTF-8"}, "Usage"),
    ],
)
def test_the_machine_says_the_language(
    run: Run, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], begins: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert run("--help").out.startswith(begins)


def test_the_language_can_stand_anywhere(run: Run) -> None:
    assert run("--lang=zh", "classify", "--help") == run("classify", "--help", "--lang", "zh")
