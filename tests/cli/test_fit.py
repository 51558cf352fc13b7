"""Population figures from one's own contacts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, Run


@pytest.mark.covers("A12")
def test_fitted_figures_are_written_and_read(run: Run, book: Path, events: Path, tmp_path: Path) -> None:
    params = tmp_path / "params.yaml"
    shared = ("--rulebook", book, "--events", events, "--as-of", AS_OF, "--zone", "UTC")
    done = run("fit", *shared, "--output", params)
    assert params.read_text() == (
        "# Written by `seamark fit`; `--params` reads it.\n"
        "rulebook: small\n"
        "version: 3\n"
        "fitted_at: 2026-03-02T08:00:00Z\n"
        "rows: 3\n"
        "params:\n"
        "  much: 40 # quantile 0.5 of 2 contacts\n"
    )
    assert f"use it with --params {params}" in done.out
    assert run("classify", *shared, "--params", params, "--json").json["unfitted"] == []


def test_a_figure_of_nobody_keeps_its_default(run: Run, book: Path, tmp_path: Path) -> None:
    events, params = tmp_path / "events.csv", tmp_path / "params.yaml"
    events.write_text("contact,occurred_at,kind\nann,2026-03-01T09:00:00Z,message.received\n")
    done = run("fit", "--rulebook", book, "--events", events, "--zone", "UTC", "--output", params, "--json")
    assert done.json["params"] == [{"param": "much", "quantile": 0.5, "contacts": 0, "value": None}]
    assert run("classify", "--rulebook", book, "--events", events, "--params", params, "--json").json["unfitted"] == [
        "much"
    ]


def test_a_rulebook_without_such_figures(run: Run, tmp_path: Path, events: Path) -> None:
    plain = tmp_path / "plain.yaml"
    plain.write_text("rulebook: plain\ngroups: {a: {kind: set, tags: {b: {when: any order.placed}}}}\n")
    assert "no figure to fit" in run("fit", "--rulebook", plain, "--events", events).out
