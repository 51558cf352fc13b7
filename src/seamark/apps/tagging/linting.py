"""What is wrong with a rulebook in the making: errors at once, warnings after a moment of reasoning."""

from __future__ import annotations

from typing import Any

from seamark.apps.tagging.editions import Edition, read
from seamark.apps.tagging.rulebooks import FILE
from seamark.engine.errors import Problem
from seamark.engine.lint import lint


def beside(edition: Edition, text: str) -> dict[str, Any]:
    """The errors of a text in the edition's place, and the lines of it on which they stand."""
    known = read(edition, text)
    errors = known.problems if known.rulebook is None else ()
    return {"errors": errors, "lines_at_fault": {each.place.line for each in errors if each.place.file == FILE}}


def warnings(edition: Edition) -> list[Problem]:
    """What is right in an edition but hardly meant; nothing of one with errors."""
    rulebook = read(edition).rulebook
    return lint(rulebook) if rulebook else []
