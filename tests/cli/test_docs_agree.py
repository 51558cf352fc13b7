"""What the documentation shows is what the commands say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from seamark.cli.app import app
from seamark.cli.command import option_help
from seamark.cli.texts import TEXTS
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"<!-- shown by: seamark (?P<arguments>.*) -->\n```text\n(?P<text>.*?)```", re.DOTALL)
TOOK = re.compile(r", \d+\.\d s$", re.MULTILINE)
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", ["README.md"])
def test_the_pictures_are_real(run: Run, page: str) -> None:
    for picture in SHOWN.finditer((ROOT / page).read_text(encoding="utf-8")):
        real = TOOK.sub("", run(*picture["arguments"].split()).out)
        at = 0
        for piece in TOOK.sub("", picture["text"]).split("⋮\n"):
            assert piece in real[at:]
            at = real.index(piece, at)


def test_the_readme_has_a_picture() -> None:
    assert len(SHOWN.findall((ROOT / "README.md").read_text(encoding="utf-8"))) == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_the_reference_has_every_option_in_its_words(command: str) -> None:
    page = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    section = page.partition(f"## `seamark {command}`\n")[2].partition("\n## ")[0]
    assert TEXTS[f"command.{command}"][0] in section
    rows = dict(re.findall(r"^\| `([^` ]+)[^`]*` \| (.*) \|$", section, re.MULTILINE))
    expected = {_name(param): option_help(command, param) for param in COMMANDS[command].params}
    assert rows == expected


def _name(param: Any) -> str:
    return str(param.opts[0] if param.opts[0].startswith("-") else param.metavar).replace("|", "\\|")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_names_every_command(command: str) -> None:
    assert f"`seamark {command}`" in (ROOT / "README.md").read_text(encoding="utf-8")
