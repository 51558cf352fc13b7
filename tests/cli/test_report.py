"""`seamark classify --report` writes the page, beside what it says anyway."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_the_command_writes_the_page(run: Run, book: Path, events: Path, tmp_path: Path) -> None:
    asked = ["classify", "--rulebook", book, "--events", events, "--as-of", "2026-03-02T08:00:00Z", "--zone", "UTC"]
    done = run(*asked, "--report", tmp_path / "page.html", "--lang", "zh")
    assert f"报告页在 {tmp_path}/page.html。" in done.out
    assert "“How much is it?”" in (tmp_path / "page.html").read_text("utf-8")


def test_json_stays_json_beside_a_page(run: Run, book: Path, events: Path, tmp_path: Path) -> None:
    done = run("classify", "--rulebook", book, "--events", events, "--report", tmp_path / "page.html", "--json")
    assert done.json["contacts"] == 3


def test_a_folder_that_is_not_there_is_told_at_once(run: Run, book: Path, events: Path, tmp_path: Path) -> None:
    done = run("classify", "--rulebook", book, "--events", events, "--report", tmp_path / "no" / "page.html")
    assert (done.code, "cannot be written" in done.err) == (2, True)
