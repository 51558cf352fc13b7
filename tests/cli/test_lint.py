"""What lint tells, and its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, Run

CLEAN = "rulebook: clean\ngroups: {a: {kind: set, tags: {b: {when: any order.placed over 7d}}}}\n"


def test_nothing_to_complain_of(run: Run, tmp_path: Path) -> None:
    (tmp_path / "clean.yaml").write_text(CLEAN)
    assert run("lint", tmp_path / "clean.yaml") == (0, "Nothing to complain of.\n", "")


@pytest.mark.covers("G08")
def test_errors_have_a_place_and_exit_code_1(run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("rulebook: wrong\ngroups: {a: {kind: set, tags: {b: {when: any oder.placed over 7d}}}}\n")
    done = run("lint", wrong)
    assert done.code == 1
    assert done.out.startswith(f"{wrong}:2:46 (groups.a.tags.b.when): error: ")
    assert "Did you mean order.placed?" in done.out
    assert done.out.endswith("1 error, 0 warnings\n")


def test_warnings_leave_exit_code_0(run: Run, book: Path) -> None:
    done = run("lint", book, "--kept", "30d")
    assert done.code == 0
    assert "365d" in done.out
    assert "error:" not in done.out


def test_all_files_are_told_of(run: Run, book: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("rulebook: [\n")
    done = run("lint", broken, tmp_path / "missing.yaml", book)
    assert done.code == 1
    assert str(broken) in done.out
    assert str(tmp_path / "missing.yaml") in done.out


@pytest.mark.covers("G08")
def test_keywords_that_another_swallows(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "book.yaml"
    book.write_text(
        "rulebook: book\nterms: {price: {en: [price, price list]}}\n"
        "groups: {a: {kind: set, tags: {b: {when: 'any message.received[mentions \"price\"]'}}}}\n"
    )
    problem = run("lint", book, "--json").json[0]
    assert (problem["code"], problem["line"], problem["column"]) == ("swallowed-keyword", 2, 29)


@pytest.mark.covers("A20")
def test_overlap_is_measured_on_events(run: Run, tmp_path: Path) -> None:
    book, events = tmp_path / "book.yaml", tmp_path / "events.csv"
    book.write_text(
        "rulebook: book\ngroups: {a: {kind: set, tags: {b: {when: any order.placed over 7d}, "
        "c: {when: any link.clicked over 9d}}}}\n"
    )
    rows = [f"c{n},2026-03-01T09:00:00Z,{kind}" for n in range(30) for kind in ("order.placed", "link.clicked")]
    events.write_text("\n".join(["contact,occurred_at,kind", *rows]))
    codes = [each["code"] for each in run("lint", book, "--events", events, "--as-of", AS_OF, "--json").json]
    assert "overlapping-tags" in codes


def test_a_length_that_is_none(run: Run, book: Path) -> None:
    done = run("lint", book, "--kept", "long")
    assert (done.code, done.out) == (2, "")
    assert "--kept: 'long' is not a duration" in done.err
