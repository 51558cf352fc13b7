"""Tags of every contact: the summary, the rows, and what is said beside them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import AS_OF, Done, Run

HELD = [
    {"contact": "ann", "tag": "activity/high"},
    {"contact": "ann", "tag": "trial/asked"},
    {"contact": "bob", "tag": "activity/medium"},
    {"contact": "bob", "tag": "trial/big"},
    {"contact": "cyd", "tag": "activity/dormant"},
]


@pytest.fixture
def classify(run: Run, book: Path, events: Path) -> Run:
    def classify(*more: object) -> Done:
        return run("classify", "--rulebook", book, "--events", events, "--as-of", AS_OF, "--zone", "UTC", *more)

    return classify


def test_the_summary_shows_shares_and_what_changes_next(classify: Run) -> None:
    done = classify()
    assert done.code == 0
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert lines[0] == "Small · small 3"
    assert lines[1] == "As of Mon 2 Mar 2026 08:00 (UTC)"
    assert lines[2].startswith("3 contacts · 5 events · duckdb")
    assert "High █████████ 1 33.3 % in 20–40 %" in lines
    assert "nobody: Local · VIP" in lines
    assert "ann Activity: High → Medium 2 Mar 09:00, in 1 hour" in lines


def test_a_pipe_gets_neither_colours_nor_trailing_spaces(classify: Run) -> None:
    out = classify().out
    assert "\x1b" not in out
    assert not any(line.endswith(" ") for line in out.splitlines())


@pytest.mark.parametrize("engine", ["duckdb", "online", pytest.param("spark", marks=pytest.mark.spark)])
def test_json_holds_the_rows(classify: Run, engine: str) -> None:
    assert classify("--json", "--engine", engine).json["rows"] == HELD


def test_json_holds_the_shares(classify: Run) -> None:
    activity = classify("--json").json["groups"][0]
    high = activity["tags"][0]
    assert (high["tag"], high["contacts"], high["reference"], high["lies"]) == ("activity/high", 1, [0.2, 0.4], "in")


def test_json_tells_the_next_changes(classify: Run) -> None:
    first = classify("--json").json["next"][0]
    assert first == {
        "contact": "ann",
        "changes_at": "2026-03-02T09:00:00Z",
        "left": ["activity/high"],
        "entered": ["activity/medium"],
    }


@pytest.mark.parametrize("engine", ["duckdb", "online"])
def test_csv_output(classify: Run, tmp_path: Path, engine: str) -> None:
    done = classify("--output", tmp_path / "tags.csv", "--engine", engine)
    assert list(csv.DictReader((tmp_path / "tags.csv").open())) == HELD
    assert f"5 rows written to {tmp_path}/tags.csv." in done.out


def test_jsonl_output(classify: Run, tmp_path: Path) -> None:
    classify("--output", tmp_path / "tags.jsonl")
    assert [json.loads(line) for line in (tmp_path / "tags.jsonl").open()] == HELD


def test_parquet_output(classify: Run, tmp_path: Path) -> None:
    classify("--output", tmp_path / "tags.parquet")
    assert pq.read_table(tmp_path / "tags.parquet").to_pylist() == HELD


def test_with_output_json_leaves_the_rows_out(classify: Run, tmp_path: Path) -> None:
    told = classify("--output", tmp_path / "tags.csv", "--json").json
    assert told["output"] == str(tmp_path / "tags.csv")
    assert "rows" not in told


@pytest.mark.covers("G04")
@pytest.mark.parametrize(("as_of", "held"), [("2026-03-02T08:59:59.999999Z", True), ("2026-03-02T09:00:00Z", False)])
def test_a_day_after_the_message_high_is_over(run: Run, book: Path, events: Path, as_of: str, held: bool) -> None:
    done = run("classify", "--rulebook", book, "--events", events, "--as-of", as_of, "--zone", "UTC", "--json")
    assert ({"contact": "ann", "tag": "activity/high"} in done.json["rows"]) is held


def test_several_files_after_one_option(classify: Run, tmp_path: Path) -> None:
    more = tmp_path / "more.csv"
    more.write_text("contact,occurred_at,kind\ndan,2026-03-02T07:00:00Z,message.received\n")
    cities = tmp_path / "cities.csv"
    cities.write_text("contact,city\nann,Lyon\neve,Nice\n")
    rows = classify("--events", more, more, "--contacts", cities, "--json").json["rows"]
    assert {"contact": "dan", "tag": "activity/high"} in rows
    assert {"contact": "ann", "tag": "trial/local"} in rows
    assert {"contact": "eve", "tag": "activity/dormant"} in rows


def test_local_times_are_of_the_zone(run: Run, book: Path, tmp_path: Path) -> None:
    local = tmp_path / "local.csv"
    local.write_text("contact,occurred_at,kind\nann,2026-03-01T09:00,message.received\n")
    done = run(
        "classify", "--rulebook", book, "--events", local, "--zone", "Asia/Shanghai", "--as-of", "2026-03-02T08:59"
    )
    assert "ann  Activity: High → Medium  2 Mar 09:00, in 1 minute" in done.out


def test_the_zone_is_said_when_it_was_not_named(run: Run, book: Path, events: Path) -> None:
    done = run("classify", "--rulebook", book, "--events", events, "--as-of", AS_OF)
    assert "taken as UTC, the zone of this machine" in done.out


def test_old_events_are_said(run: Run, book: Path, events: Path) -> None:
    done = run("classify", "--rulebook", book, "--events", events, "--zone", "UTC")
    assert "The newest event is of Mon 2 Mar 2026 09:00" in done.out


def test_figures_that_are_not_fitted_are_said(classify: Run) -> None:
    done = classify("--json")
    assert done.json["unfitted"] == ["much"]
    assert any("much" in note for note in done.json["notes"])


def test_params_change_the_figures(classify: Run, tmp_path: Path) -> None:
    params = tmp_path / "params.yaml"
    params.write_text("params:\n  much: 40\n")
    done = classify("--params", params, "--json")
    assert {"contact": "cyd", "tag": "trial/big"} in done.json["rows"]
    assert done.json["unfitted"] == []


def test_rows_that_cannot_be_read_are_counted(classify: Run, events: Path, tmp_path: Path) -> None:
    with events.open("a") as file:
        file.write("dan,yesterday,message.received,m9,,\neve,2026-03-01T09:00:00Z,order.placed,o9,,much\n")
    told = classify("--json").json
    assert told["rejects"] == {"rows": 2, "file": None}
    told = classify("--json", "--rejects", tmp_path / "bad.csv").json
    assert told["rejects"] == {"rows": 2, "file": str(tmp_path / "bad.csv")}
    assert [row["line"] for row in csv.DictReader((tmp_path / "bad.csv").open())] == ["7", "8"]


def test_rejects_stand_beside_the_output(classify: Run, events: Path, tmp_path: Path) -> None:
    with events.open("a") as file:
        file.write("dan,yesterday,message.received,m9,,\n")
    classify("--output", tmp_path / "tags.csv")
    assert (tmp_path / "tags.csv.rejects.csv").exists()


def test_chinese(classify: Run) -> None:
    out = classify("--lang", "zh").out
    assert out.startswith("小手册 · small 3\n截至 2026年3月2日 周一 08:00（UTC）\n3 位客户 · 5 个事件")
    assert "在 20–40 % 内" in out


@pytest.mark.covers("C03")
def test_whatsapp_exports_are_classified(run: Run, book: Path, tmp_path: Path) -> None:
    chat = tmp_path / "WhatsApp Chat with Ann Lee.txt"
    chat.write_text("13/02/2026, 10:05 - Ann Lee: How much is it?\n13/02/2026, 10:07 - Shop: Twelve\n")
    done = run(
        "classify", "--rulebook", book, "--events", chat, "--us", "Shop", "--zone", "UTC", "--as-of", "2026-02-14",
        "--json",
    )  # fmt: skip
    assert done.json["rows"] == [
        {"contact": "Ann Lee", "tag": "activity/high"},
        {"contact": "Ann Lee", "tag": "trial/asked"},
    ]


def test_a_kind_that_is_nearly_known_is_said(run: Run, book: Path, tmp_path: Path) -> None:
    events = tmp_path / "typo.csv"
    events.write_text("contact,occurred_at,kind\nann,2026-03-01T09:00Z,mesage.received\n")
    notes = run("classify", "--rulebook", book, "--events", events, "--as-of", AS_OF, "--json").json["notes"]
    assert "mesage.received (1 event) is no known kind of event. Did you mean message.received?" in notes
    assert "The rulebook looks at none of these events; it looks at message.received, order.placed." in notes


def test_warnings_of_the_rulebook_are_said(run: Run, events: Path, tmp_path: Path) -> None:
    book = tmp_path / "own.yaml"
    book.write_text("rulebook: own\ngroups: {a: {kind: set, tags: {b: {when: any tasting.held over 7d}}}}\n")
    notes = run("classify", "--rulebook", book, "--events", events, "--as-of", AS_OF, "--json").json["notes"]
    assert f"Loading the rulebook gave 1 warning; `seamark lint {book}` shows them." in notes
