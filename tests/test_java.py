from pathlib import Path

import pytest

from tools import java


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "21" 2023-09-19', 21),
        ("No Java runtime present, requesting install.", 0),
    ],
)
def test_java_version_is_read(said: str, version: int, tmp_path: Path) -> None:
    assert java.java_version(pretended_java(tmp_path, said)) == version


def test_a_java_too_old_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretended_java(tmp_path, 'openjdk version "16.0.2"')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert java.java() is None


def test_java_home_goes_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = pretended_java(tmp_path, 'openjdk version "17"')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert java.java() == command


def test_no_java_is_version_0() -> None:
    assert java.java_version("/nowhere/java") == 0


def pretended_java(home: Path, said: str) -> str:
    command = home / "bin" / "java"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
    command.chmod(0o755)
    return str(command)
