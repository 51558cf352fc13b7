"""Runs the benchmarks and writes RESULTS.md; `--only batch,online` runs some, `--scale 0.01` smaller ones."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter

from benchmarks.machine import commit, machine, today, versions
from benchmarks.report import Row, goal, markdown, page, sections

RESULTS = Path(__file__).parent / "RESULTS.md"
INTRO = """# Results

Written by `make bench`; [how to read it and run it](../docs/how-to/benchmark.md).
Ratios hold from one machine to another better than times do: within a table all contenders ran in turns.
Figures are medians, with the least and the most in brackets.
Each contender ran in a process of its own, whose peak memory is told, libraries included."""


@dataclass(frozen=True)
class Section:
    """A benchmark: a module of this package with `run(scale) -> list[dict]`."""

    name: str
    title: str
    packages: tuple[str, ...]
    """Whose versions are told."""
    goals: Callable[[list[Row]], list[Row]] = lambda rows: []
    """What was to be reached, where the module does not say so itself."""


def terms_goals(rows: list[Row]) -> list[Row]:
    """How many times the plain loop, one message at a time and in batches."""
    times = {str(row["way"]): float(str(row["times the loop"])) for row in rows}
    return [
        goal(f"{least} × the loop, {how}", f"{times[f'ours, {how}']:g} ×", times[f"ours, {how}"] >= least)
        for how, least in (("one by one", 20), ("in batches", 100))
    ]


SECTIONS = (
    Section("batch", "Batch", ("duckdb", "polars", "pandas", "pyarrow")),
    Section("online", "Online", ("zen-engine", "common-expression-language", "rule-engine", "durable-rules")),
    Section("terms", "Terms", ("ahocorasick-rs", "pyahocorasick", "opencc"), terms_goals),
    Section("replay", "Replay", ()),
    Section("readers", "Readers", ()),
    Section("intents", "Intents", ("scikit-learn",)),
    Section("intake", "Intake", ("django", "psycopg", "granian")),
    Section("clock", "Clock", ("django", "psycopg")),
    Section("lists", "Lists", ("django", "psycopg")),
)


def main() -> None:
    names = [section.name for section in SECTIONS]
    parser = ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", default=",".join(names), help="which to run, of %(default)s")
    parser.add_argument("--scale", type=float, default=1.0, help="how much of the full size, 1 by default")
    parser.add_argument("--output", type=Path, default=RESULTS, help="where to write, %(default)s by default")
    given = parser.parse_args()
    wanted = given.only.split(",")
    if unknown := set(wanted) - set(names):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    bodies = sections(given.output.read_text("utf-8")) if given.output.exists() else {}
    bodies |= {section.title: measured(section, given.scale) for section in SECTIONS if section.name in wanted}
    given.output.write_text(page(INTRO, [section.title for section in SECTIONS], bodies), "utf-8")
    print(given.output.read_text("utf-8"))


def measured(section: Section, scale: float) -> str:
    """The body of the section, run now."""
    print(f"{section.title} …", flush=True)
    begin = perf_counter()
    rows = import_module(f"benchmarks.{section.name}").run(scale)
    took = perf_counter() - begin
    rows += section.goals(rows)
    size = "" if scale == 1 else f" at {scale:g} of the full size"
    where = (
        f"{today()}, commit {commit()}{size}, in {took / 60:.1f} minutes. {machine()}. {versions(section.packages)}."
    )
    return f"{where}\n\n{markdown(rows)}"


if __name__ == "__main__":
    main()
