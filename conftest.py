"""How tests are run: Hypothesis profiles, and tests on Spark where there is a Java for it."""

from collections.abc import Iterator

import hypothesis
import pytest

from seamark.cli.language import speak
from tools import java

pytest_plugins = ["tests.chromium", "tests.database"]

# A busy machine draws slowly, and deep recursive conditions are often drawn anew: neither says that a test is bad.
BUSY = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.filter_too_much]
hypothesis.settings.register_profile("default", deadline=None, print_blob=True, suppress_health_check=BUSY)
hypothesis.settings.register_profile("long", hypothesis.settings.get_profile("default"), max_examples=5_000)
hypothesis.settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--spark-must-run`."""
    parser.addoption("--spark-must-run", action="store_true", help="fail tests on Spark where there is no Java for it")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Commands speak English again after each test: one that asked for Chinese would leave it to the next."""
    yield
    speak("en")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts tests on Spark first, since they take longest, and into one process, since each starts a Java."""
    items.sort(key=lambda item: not item.get_closest_marker("spark"))
    for item in items:
        if item.get_closest_marker("spark"):
            item.add_marker(pytest.mark.xdist_group("spark"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips or fails a test on Spark where there is no Java, before its fixtures start one."""
    if not item.get_closest_marker("spark") or java.java():
        return
    if item.config.getoption("--spark-must-run"):
        pytest.fail(f"No Java {java.OLDEST} or newer, and tests on Spark must run.", pytrace=False)
    pytest.skip(f"No Java {java.OLDEST} or newer.")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says loudly how many tests on Spark were skipped."""
    skips = terminalreporter.stats.get("skipped", [])
    skipped = [each for each in skips if isinstance(each, pytest.TestReport) and "spark" in each.keywords]
    if skipped:
        terminalreporter.section("NOT EVERYTHING WAS TESTED", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(skipped)} tests on Spark were skipped: no Java {java.OLDEST} or newer was found.")
        terminalreporter.line("Install one, as root or by hand; `make test STRICT=1` fails instead of skipping.")
