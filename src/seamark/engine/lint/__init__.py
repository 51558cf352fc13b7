"""What is right in a rulebook but hardly meant: warnings, each with its place and what to do."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from seamark.engine.errors import Problem
from seamark.engine.lint.figures import figure_problems, window_problems
from seamark.engine.lint.loops import loop_problems
from seamark.engine.lint.unused import unused_problems
from seamark.engine.lint.words import word_problems
from seamark.engine.rulebook import Rulebook, in_order

_ONE_AT_A_TIME = Lock()


@contextmanager
def reasoning() -> Iterator[None]:
    """Within it nobody else reasons.

    z3 keeps one context a process: two threads in it end the process, and so does one that throws formulas of
    another away. So nothing is collected meanwhile, and what is left over is before anybody else may begin.
    """
    with _ONE_AT_A_TIME:
        collects = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            gc.collect()
            if collects:
                gc.enable()


def alike_tags(rulebook: Rulebook) -> list[Problem]:
    """Warnings of tags that mean the same, or nearly so."""
    from seamark.engine.lint.alike import alike_problems

    with reasoning():
        return list(alike_problems(rulebook))


def lint(rulebook: Rulebook, kept_history: int | None = None) -> list[Problem]:
    """Every warning of a rulebook, those of loading among them, by place.

    `kept_history` says how far back events are kept, in microseconds.
    """
    # z3 takes most of a second to load, and only linting needs it.
    from seamark.engine.lint.reach import reach_problems

    with reasoning():
        reached = list(reach_problems(rulebook))
    windows = window_problems(rulebook, kept_history) if kept_history is not None else ()
    return in_order(
        [
            *rulebook.warnings,
            *reached,
            *alike_tags(rulebook),
            *unused_problems(rulebook),
            *loop_problems(rulebook),
            *figure_problems(rulebook),
            *word_problems(rulebook),
            *windows,
        ]
    )
