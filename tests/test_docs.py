"""The commands in the docs work: every `sh` block of a page runs, in order, in one shell and an empty folder."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
VENV = Path(sys.prefix)
TIMEOUT = 180
"""Seconds for all the commands of a page."""

_BLOCK = re.compile(r"^( *)```sh *(?P<info>[^\n]*)\n(?P<commands>.*?)^\1```", re.MULTILINE | re.DOTALL)


def commands(page: Path) -> str:
    """The commands of a page, in order; blocks marked ```` ```sh no-run ```` are only for reading."""
    blocks = _BLOCK.finditer(page.read_text(encoding="utf-8"))
    return "".join(textwrap.dedent(block["commands"]) for block in blocks if block["info"] != "no-run")


def pages() -> list[str]:
    found = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
    return [str(page.relative_to(ROOT)) for page in found]


@pytest.mark.parametrize("page", [page for page in pages() if commands(ROOT / page)])
def test_commands_run(page: str, tmp_path: Path) -> None:
    script = commands(ROOT / page)
    assert not re.search(r"^\s*make\b", script, re.MULTILINE), "make runs these tests: mark its block ```sh no-run"
    if (ROOT / "examples").exists():
        shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / ".venv").symlink_to(VENV)
    here = os.environ | {"PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    done = subprocess.run(
        ["sh", "-eux", "-c", script],
        cwd=tmp_path,
        env=here,
        timeout=TIMEOUT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("page", pages())
def test_shell_blocks_are_called_sh(page: str) -> None:
    assert not re.search(r"^ *```(bash|shell|zsh|console)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)


def test_blocks_marked_no_run_are_left_out(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh no-run\nmake demo\n```\n\n```sh\necho one\n```\n\n- then\n  ```sh\n  echo two\n  ```\n")
    assert commands(page).split() == ["echo", "one", "echo", "two"]
