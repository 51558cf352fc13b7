"""Which tests stand for which requirement, from their `covers` marks; nothing is run."""

import io
import re
import sys
from collections import defaultdict
from contextlib import redirect_stdout
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "requirements.md"
TO_BE_SHOWN = ("done", "partly")

_ROW = re.compile(r"\| (?P<id>[A-G]\d\d) \| (?P<capability>[^|]*) \| (?P<state>[^|]*) \|")


class Collected:
    """A pytest plugin that keeps, for each requirement, the tests that name it."""

    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = defaultdict(list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Notes each test once, however many parameters it runs with."""
        for item in items:
            name = item.nodeid.partition("[")[0]
            for mark in item.iter_markers("covers"):
                for requirement in mark.args:
                    if name not in self.tests[requirement]:
                        self.tests[requirement].append(name)


def states(page: str) -> dict[str, str]:
    """Requirement → state, from the table rows of the page.

    >>> states("| id | … |\\n| A02 | activity | not yet | nothing |")
    {'A02': 'not yet'}
    """
    return {row["id"]: row["state"].strip() for row in map(_ROW.match, page.splitlines()) if row}


def table(tests: dict[str, list[str]], stated: dict[str, str]) -> str:
    """One line for each requirement, and below it the tests that name it."""
    lines = []
    for requirement, state in stated.items():
        named = tests.get(requirement, [])
        lines.append(f"{requirement}  {state:<8}  {len(named) or 'no'} test{'' if len(named) == 1 else 's'}")
        lines.extend(f"       {name}" for name in named)
    return "\n".join(lines)


def warnings(tests: dict[str, list[str]], stated: dict[str, str]) -> list[str]:
    """What page and tests disagree about.

    >>> warnings({"A03": ["tests/test_a.py::test_a"]}, {"A02": "done"})
    ['A02 is done, but no test names it', 'A03 is named by tests/test_a.py::test_a, but is no requirement']
    """
    untested = [
        f"{requirement} is {state}, but no test names it"
        for requirement, state in stated.items()
        if state in TO_BE_SHOWN and not tests.get(requirement)
    ]
    unknown = [
        f"{requirement} is named by {names[0]}, but is no requirement"
        for requirement, names in tests.items()
        if requirement not in stated
    ]
    return untested + unknown


def main() -> int:
    """Prints the table, then the warnings; fails only where tests cannot be collected."""
    collected = Collected()
    with redirect_stdout(io.StringIO()) as said:
        outcome = pytest.main(["--collect-only", "-qq"], plugins=[collected])
    if outcome != pytest.ExitCode.OK:
        print(said.getvalue(), file=sys.stderr)
        return int(outcome)
    stated = states(PAGE.read_text(encoding="utf-8"))
    print(table(collected.tests, stated))
    for warning in warnings(collected.tests, stated):
        print(f"warning: {warning}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
