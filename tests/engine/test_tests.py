"""The tests of the evaluators can fail: an off-by-one planted in either is caught, by cases and by drawn histories."""

from collections.abc import Callable, Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from seamark.engine import generate
from seamark.engine.batch import run
from tests.engine.rulebooks import Scenario, scenarios
from tests.engine.test_agreement import check_duckdb, check_online
from tests.engine.test_cases import CASES
from tests.evaluators import answers_at

ONLINE = [("> m", ">= m"), ("<= m", "< m"), (", m - ", ", m - 1 - ")]
DUCKDB = [("t > ", "t >= "), ("t <= ", "t < ")]

pytestmark = pytest.mark.covers("G01")


def in_online(right: str, wrong: str, patch: pytest.MonkeyPatch) -> None:
    """Generated Python with one sign put wrong wherever it stands."""

    def planted(source: str, *rest: str) -> object:
        return compile(source.replace(right, wrong), *rest)

    patch.setattr(generate, "compile", planted, raising=False)


def in_duckdb(right: str, wrong: str, patch: pytest.MonkeyPatch) -> None:
    """SQL with one sign put wrong wherever it stands."""
    rendered = run.render
    patch.setattr(run, "render", lambda *given: rendered(*given).replace(right, wrong))


PLANTS = [
    *(pytest.param("online", in_online, *signs, id=f"online {signs[1]}") for signs in ONLINE),
    *(pytest.param("duckdb", in_duckdb, *signs, id=f"duckdb {signs[1]}") for signs in DUCKDB),
]
Plant = Callable[[str, str, pytest.MonkeyPatch], None]


def failing(evaluator: str) -> Iterator[str]:
    """The cases whose answer is not what a person said."""
    for case in CASES:
        said = {moment: {"ann": set(tags)} for moment, tags in case.answers()}
        try:
            found = answers_at(evaluator, case.plan, case.zone, case.events, list(said), {"ann": case.fields})
        except AssertionError:
            found = None
        if found != said:
            yield case.told["says"]


@pytest.mark.parametrize(("evaluator", "plant", "right", "wrong"), PLANTS)
def test_a_case_catches_it(
    evaluator: str, plant: Plant, right: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(right, wrong, monkeypatch)
    assert next(failing(evaluator), None)


@pytest.mark.parametrize(("evaluator", "plant", "right", "wrong"), PLANTS)
def test_a_drawn_history_catches_it(
    evaluator: str, plant: Plant, right: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(right, wrong, monkeypatch)

    @settings(
        max_examples=300,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,  # the first is enough
        suppress_health_check=list(HealthCheck),
    )
    @given(scenarios())
    def agree(scenario: Scenario) -> None:
        if evaluator == "online":
            check_online(scenario)
        else:
            with duckdb.connect(config={"threads": 1}) as connection:
                check_duckdb(scenario, connection)

    with pytest.raises(AssertionError):
        agree()
