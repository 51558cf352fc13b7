"""What can be wrong with a rulebook, and where it stands."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """A position a person can find: file, 1-based line and column, and the path in the rulebook."""

    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        spot = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{spot} ({self.path})" if spot and self.path else spot or self.path

    def moved(self, columns: int) -> Place:
        """The place `columns` further right on the same line."""
        return replace(self, column=self.column + columns)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing found wrong; `code` is stable, `message` says what was found and expected."""

    code: str
    message: str
    place: Place = Place()
    nearest: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        spot = f"{self.place}: " if str(self.place) else ""
        hint = f" Did you mean {self.nearest}?" if self.nearest else ""
        return f"{spot}{self.severity}: {self.message}{hint} [{self.code}]"

    def as_json(self) -> dict[str, object]:
        """Plain values for `--json`."""
        return {
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
            "nearest": self.nearest or None,
            "file": self.place.file or None,
            "line": self.place.line or None,
            "column": self.place.column or None,
            "path": self.place.path or None,
        }


class RuleError(Exception):
    """A condition or rulebook that cannot work; carries every problem found, not only the first."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Unreadable(ValueError):
    """A value or event that cannot be read as it must be; the text is the reason given to people."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name a misspelt one was probably meant to be, or an empty text.

    >>> nearest("mesage.received", ["message.received", "order.placed"])
    'message.received'
    """
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.75)
    return found[0] if found else ""
