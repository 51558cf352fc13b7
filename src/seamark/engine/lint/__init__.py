"""What is right in a rulebook but hardly meant: warnings, each with its place and what to do."""

from __future__ import annotations

from seamark.engine.errors import Problem
from seamark.engine.lint.figures import figure_problems, window_problems
from seamark.engine.lint.loops import loop_problems
from seamark.engine.lint.unused import unused_problems
from seamark.engine.lint.words import word_problems
from seamark.engine.rulebook import Rulebook, in_order


def lint(rulebook: Rulebook, kept_history: int | None = None) -> list[Problem]:
    """Every warning of a rulebook, those of loading among them, by place.

    `kept_history` says how far back events are kept, in microseconds.
    """
    # z3 takes most of a second to load, and only linting needs it.
    from seamark.engine.lint.alike import alike_problems
    from seamark.engine.lint.reach import reach_problems

    windows = window_problems(rulebook, kept_history) if kept_history is not None else ()
    return in_order(
        [
            *rulebook.warnings,
            *reach_problems(rulebook),
            *alike_problems(rulebook),
            *unused_problems(rulebook),
            *loop_problems(rulebook),
            *figure_problems(rulebook),
            *word_problems(rulebook),
            *windows,
        ]
    )
