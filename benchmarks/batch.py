"""The whole rulebook over many histories at once, beside a bare scan, SQL by hand, Polars and pandas; its growth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.batch_peers import answer, by_hand, by_pandas, by_polars, scan
from benchmarks.measure import Contender, Run, interleaved, measured_apart, ratio, spread
from benchmarks.report import Row, goal, note
from benchmarks.rulebook import ZONE, measure_of, planned
from benchmarks.synthetic import EVENTS_A_CONTACT, NOW, write_events
from seamark.engine.batch import compile_batch, compile_wide, render
from seamark.histories import Histories, open_histories

EVENTS = 10_000_000
ROUNDS = 3
GROWTH = (1_000_000, 10_000_000, 100_000_000)
MEMORY = 6_000
"""MB that the largest run may take."""
DUCKDB_MEMORY = 5_000
"""MB of them that DuckDB may keep; the rest is for what it does not count, and for Python."""
ROOM_A_EVENT = 150
"""Bytes of disk for an event: its share of the file, and of what DuckDB puts aside."""

SORTED, UNSORTED = "sorted", "unsorted"
OURS, OURS_WIDE, SCAN, BY_HAND, POLARS, PANDAS = "ours", "ours, wide", "scan", "by hand", "Polars", "pandas"
WHAT = {
    SCAN: "DuckDB: nothing but reading the columns",
    BY_HAND: "DuckDB: eight features, ten tags, SQL by hand",
    POLARS: "Polars: the same eight and ten",
    PANDAS: "pandas: the same eight and ten",
    OURS: "Seamark: the whole rulebook, (contact, tag)",
    OURS_WIDE: "Seamark: the whole rulebook, a column a tag",
}


def run(scale: float = 1.0) -> list[Row]:
    """Tables of both layouts and of the growth, and what was to be reached."""
    rows = [note(f"The rulebook has {measure_of(planned())}.")]
    with TemporaryDirectory(prefix="seamark-bench-") as folder:
        compared = {layout: _compared(Path(folder), int(EVENTS * scale), layout) for layout in (SORTED, UNSORTED)}
        for layout, runs in compared.items():
            rows += _comparison(runs, int(EVENTS * scale), layout)
        grown = _grown(Path(folder), scale)
        rows += _growth(grown, scale)
    return rows + _goals(compared[SORTED], grown)


# Contenders


def ours(file: str, wide: bool = False, memory: int = 0) -> Callable[[], Any]:
    """From the file to a table of the tags; `memory` in MB bounds DuckDB, which then spills beside the file."""
    plan = planned()

    def work() -> Any:
        histories = open_histories([Path(file)], [], plan.reads, ZONE)
        connection = histories.connection
        if memory:
            connection.execute(f"SET memory_limit = '{memory}MB'")
            connection.execute(f"SET temp_directory = '{Path(file).parent / 'spilled'}'")
        compiled = (compile_wide if wide else compile_batch)(plan, NOW, ZONE, histories.event_table())
        connection.execute(f"CREATE TABLE tags AS {render(compiled, 'duckdb')}")
        return partial(_answer, histories, wide)

    return work


def _answer(histories: Histories, wide: bool) -> dict[str, Any]:
    names = ", ".join(f'"{tag}"' for tag in planned().tags)
    unpivoted = f"SELECT contact, tag FROM (UNPIVOT tags ON {names} INTO NAME tag VALUE held) WHERE held"
    with histories:
        connection = histories.connection
        connection.execute(f"CREATE VIEW long AS {unpivoted if wide else 'FROM tags'}")
        rows = connection.execute("SELECT count(*) FROM long").fetchall()[0][0]
        return {"rows": rows, "ten": answer(connection, "long")}


CONTENDERS: dict[str, tuple[Contender, dict[str, Any]]] = {
    SCAN: (scan, {}),
    BY_HAND: (by_hand, {}),
    POLARS: (by_polars, {}),
    PANDAS: (by_pandas, {}),
    OURS: (ours, {}),
    OURS_WIDE: (ours, {"wide": True}),
}

# The comparison


def _compared(folder: Path, events: int, layout: str) -> dict[str, list[Run]]:
    file = folder / f"{layout}.parquet"
    write_events(file, events, in_order=layout == SORTED)
    contenders = {
        name: partial(measured_apart, contender, file=str(file), **given)
        for name, (contender, given) in CONTENDERS.items()
    }
    runs = interleaved(contenders, ROUNDS)
    file.unlink()
    check_agreement({name: each[0].answer for name, each in runs.items()})
    return runs


def check_agreement(answers: dict[str, Any]) -> None:
    """The ten tags are held by the same contacts whoever finds them, and both our shapes say the same."""
    ten = answers[BY_HAND]
    for name in (POLARS, PANDAS):
        assert answers[name] == ten, f"{name} finds other tags than SQL by hand"
    for name in (OURS, OURS_WIDE):
        assert answers[name] == {"rows": answers[OURS]["rows"], "ten": ten}, f"{name}: other tags than by hand"


def _comparison(runs: dict[str, list[Run]], events: int, layout: str) -> list[Row]:
    told = f"{events:,} events of {events // EVENTS_A_CONTACT:,} contacts, {layout}"
    return [
        {
            told: WHAT[name],
            "seconds": spread([run.wall for run in each]),
            "CPU seconds": spread([run.cpu for run in each]),
            "peak MB": max(run.peak for run in each),
            "× SQL by hand": ratio(each, runs[BY_HAND]),
        }
        for name, each in runs.items()
    ]


# The growth


def _grown(folder: Path, scale: float) -> dict[int, Run]:
    grown = {}
    for events in (int(events * scale) for events in GROWTH):
        if disk_usage(folder).free > events * ROOM_A_EVENT:
            file = folder / "growing.parquet"
            write_events(file, events)
            grown[events] = measured_apart(ours, file=str(file), memory=DUCKDB_MEMORY)
            file.unlink()
    return grown


def _growth(grown: dict[int, Run], scale: float) -> list[Row]:
    rows: list[Row] = [
        {
            "growth: events": events,
            "contacts": events // EVENTS_A_CONTACT,
            "seconds": run.wall,
            "CPU seconds": run.cpu,
            "CPU seconds a million events": run.cpu / events * 1_000_000,
            "peak MB": run.peak,
            "rows (contact, tag)": run.answer["rows"],
        }
        for events, run in grown.items()
    ]
    left_out = [f"{int(events * scale):,}" for events in GROWTH if int(events * scale) not in grown]
    return rows + ([note(f"Too little disk for {' and '.join(left_out)} events.")] if left_out else [])


def _goals(runs: dict[str, list[Run]], grown: dict[int, Run]) -> list[Row]:
    times_by_hand = ratio(runs[OURS], runs[BY_HAND])
    times_pandas = ratio(runs[OURS], runs[PANDAS])
    sizes = sorted(grown)
    # By processor time: the growth is run once, and other work may run on the machine meanwhile.
    pace = [grown[events].cpu / events for events in sizes]
    last, whole = pace[-1] / pace[-2], pace[-1] / pace[0]
    return [
        goal("at most 3 × SQL by hand", f"{times_by_hand:.2f} ×", times_by_hand <= 3),
        goal("faster than pandas", f"{times_pandas:.2f} × its time", times_pandas < 1),
        goal(
            f"{GROWTH[-1]:,} events within {MEMORY / 1000:g} GB",
            f"{sizes[-1]:,} events in {grown[sizes[-1]].peak:,.0f} MB",
            grown[sizes[-1]].peak <= MEMORY and sizes[-1] >= GROWTH[-1],
        ),
        goal(
            "growth linear",
            f"{last:.2f} × the processor time an event, {sizes[-2]:,} → {sizes[-1]:,}; "
            f"{whole:.2f} ×, {sizes[0]:,} → {sizes[-1]:,}",
            max(last, whole) <= 1.25,
        ),
    ]
