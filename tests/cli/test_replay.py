"""When tags were held."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from seamark.cli import replay
from tests.cli.conftest import Done, Run

ANN_HIGH = {
    "contact": "ann",
    "tag": "activity/high",
    "entered_at": "2026-03-01T09:00:00Z",
    "left_at": "2026-03-02T09:00:00Z",
}
CYD_DORMANT = {"contact": "cyd", "tag": "activity/dormant", "entered_at": None, "left_at": None}


@pytest.fixture
def replayed(run: Run, book: Path, events: Path) -> Run:
    def replayed(*more: object) -> Done:
        return run("replay", "--rulebook", book, "--events", events, "--to", "2026-03-05", "--zone", "UTC", *more)

    return replayed


@pytest.mark.covers("G04")
def test_spans_in_json(replayed: Run) -> None:
    rows = replayed("--json").json["rows"]
    assert ANN_HIGH in rows
    assert CYD_DORMANT in rows


def test_spans_in_csv_are_the_same(replayed: Run, tmp_path: Path) -> None:
    replayed("--output", tmp_path / "spans.csv")
    written = csv.DictReader((tmp_path / "spans.csv").open())
    rows = [{name: cell or None for name, cell in row.items()} for row in written]
    assert rows == replayed("--json").json["rows"]


def test_spans_in_jsonl_are_the_same(replayed: Run, tmp_path: Path) -> None:
    replayed("--output", tmp_path / "spans.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "spans.jsonl").open()]
    assert rows == replayed("--json").json["rows"]


def test_parquet_has_timestamps(replayed: Run, tmp_path: Path) -> None:
    replayed("--output", tmp_path / "spans.parquet")
    rows = pq.read_table(tmp_path / "spans.parquet").to_pylist()
    first = next(row for row in rows if row["tag"] == "activity/high")
    assert first["entered_at"].isoformat() == "2026-03-01T09:00:00+00:00"


def test_microseconds_are_kept(run: Run, book: Path, tmp_path: Path) -> None:
    events = tmp_path / "fine.csv"
    events.write_text("contact,occurred_at,kind\nann,2026-03-01T09:00:00.000001Z,message.received\n")
    rows = run("replay", "--rulebook", book, "--events", events, "--json").json["rows"]
    assert "2026-03-02T09:00:00.000001Z" in {row["left_at"] for row in rows}


def test_from_leaves_out_what_was_over(replayed: Run) -> None:
    assert ANN_HIGH not in replayed("--from", "2026-03-02T09:00Z", "--json").json["rows"]
    assert ANN_HIGH in replayed("--from", "2026-03-02T08:59Z", "--json").json["rows"]


def test_the_summary_counts_entries(replayed: Run) -> None:
    lines = [line.split() for line in replayed().out.splitlines()]
    assert ["●", "High", "2", "2", "0", "24", "hours"] in lines


def test_an_empty_period_is_refused(replayed: Run) -> None:
    done = replayed("--from", "2026-04-01")
    assert (done.code, done.out) == (2, "")
    assert "is empty" in done.err


def test_many_processes_tell_the_same(replayed: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = replayed("--json").json
    monkeypatch.setattr(replay, "EVENTS_WORTH_PROCESSES", 1)
    assert replayed("--json").json == alone
