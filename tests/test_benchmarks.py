"""The benchmarks run at a tiny scale, and both sides of each comparison give the same answers. Nothing is timed."""

import doctest
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

for needed in ("numpy", "pandas", "zen", "cel", "rule_engine", "durable.lang", "ahocorasick"):
    pytest.importorskip(needed, reason="`make bench` installs what is measured against")

from benchmarks import batch, machine, measure, online, replay, report, rulebook, twenty  # noqa: E402
from benchmarks.__main__ import SECTIONS  # noqa: E402


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """One round of everything, and in this process save for `online`, as durable-rules leaves threads behind."""
    for module in (batch, online, replay):
        monkeypatch.setattr(module, "ROUNDS", 1)
    for module in (batch, replay):
        monkeypatch.setattr(module, "measured_apart", measure.measured)


def test_the_rulebook_is_as_large_as_is_said() -> None:
    plan = rulebook.planned()
    assert len(plan.tags) >= 60
    assert len(rulebook.aggregates(plan)) >= 40


@pytest.mark.parametrize("name", ["batch", "online", "replay"])
@pytest.mark.usefixtures("small")
def test_a_benchmark_runs_and_all_contenders_agree(name: str) -> None:
    assert any(list(row) == ["goal", "measured", "reached"] for row in rows_of(name, 0.0005)) == (name != "replay")


@pytest.mark.parametrize("name", ["intake", "clock", "lists"])
def test_a_benchmark_of_the_house_runs_and_tells_its_goals(name: str) -> None:
    assert any(list(row) == ["goal", "measured", "reached"] for row in rows_of(name, 0.0005))


def rows_of(name: str, scale: float) -> list[report.Row]:
    rows: list[report.Row] = import_module(f"benchmarks.{name}").run(scale)
    return rows


BY_OTHERS = {name: {"a/b": [1, 2]} for name in (batch.BY_HAND, batch.POLARS, batch.PANDAS)}
OURS = {name: {"rows": 1, "ten": {"a/b": [1, 3]}} for name in (batch.OURS, batch.OURS_WIDE)}
DISAGREEING: list[tuple[ModuleType, dict[str, Any]]] = [
    (batch, BY_OTHERS | OURS),
    (online, {"one": {"tags": "a"}, "other": {"tags": "b"}}),
    (twenty, {twenty.OURS: {"truths": [[True]]}, "other": {"truths": [[False]]}}),
    (replay, {"1": {"spans": 1}, "2": {"spans": 2}}),
]


@pytest.mark.parametrize(("module", "answers"), DISAGREEING)
def test_a_contender_with_another_answer_is_found(module: Any, answers: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        module.check_agreement(answers)


def test_a_run_replaces_only_its_own_section() -> None:
    page = report.page("# Results", ("Batch", "Online"), {"Online": "old", "Batch": "kept"})
    bodies = report.sections(page) | {"Online": "new"}
    assert (
        report.page("# Results", ("Batch", "Online"), bodies) == "# Results\n\n## Batch\n\nkept\n\n## Online\n\nnew\n"
    )


def test_every_section_tells_what_it_ran_on() -> None:
    for section in SECTIONS:
        assert machine.versions(section.packages).startswith("Python 3.")
    assert "cores" in machine.machine()


def test_examples_in_the_report_hold() -> None:
    assert doctest.testmod(report).failed == 0
