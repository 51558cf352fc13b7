"""Reasons why rows could not be read, in Chinese."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import seamark
from seamark.cli.faults import in_chinese

ROOT = Path(seamark.__file__).parent
SAID_IN = [
    *(ROOT / "readers").glob("*.py"),
    *(ROOT / "histories").glob("*.py"),
    *(ROOT / f"engine/{name}.py" for name in ("events", "moments", "units")),
]
OF_WHOLE_FILES = {"mapping.py"}


def raised(path: Path) -> Iterator[str]:
    """What the file says when a row cannot be read, with `x1` for whatever varies."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Unreadable":
            yield from _texts(node.args[0])


def _texts(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.JoinedStr():
            yield "".join(part.value if isinstance(part, ast.Constant) else "x1" for part in node.values)
        case ast.Constant(value=str()):
            yield node.value
        case ast.IfExp():
            yield from _texts(node.body)
            yield from _texts(node.orelse)


def test_every_reason_is_said_in_chinese() -> None:
    said = {each for path in SAID_IN if path.name not in OF_WHOLE_FILES for each in raised(path)}
    assert len(said) > 30
    assert [each for each in sorted(said - {"x1: x1"}) if in_chinese(each) == each] == []


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        ("has 3 columns where the header has 5", "有 3 列，而表头有 5 列"),
        ("occurred_at: '32 May' is not an ISO 8601 time such as 2026-11-20T10:05:00Z",
         "occurred_at：'32 May' 不是 ISO 8601 时间，例如 2026-11-20T10:05:00Z"),
        ("lacks contact (buyer)", "缺少 contact（buyer）"),
        ("something nobody has heard of", "something nobody has heard of"),
    ],
)  # fmt: skip
def test_what_varies_stands_where_it_belongs(said: str, chinese: str) -> None:
    assert in_chinese(said) == chinese
