"""`seamark lint`: what is wrong with rulebooks, and what was hardly meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from seamark.cli.evaluate import by_duckdb
from seamark.cli.failures import Failure
from seamark.cli.language import counted, say
from seamark.cli.opening import opened_for
from seamark.cli.screen import out, print_json
from seamark.cli.sources import Sources
from seamark.cli.telling import hint
from seamark.engine.errors import Place, Problem, RuleError, Unreadable
from seamark.engine.lint import lint as warnings_of
from seamark.engine.lint.overlap import Held, overlap
from seamark.engine.rulebook import Rulebook
from seamark.engine.units import duration
from seamark.rulebooks import open_rulebook
from seamark.text.keywords import Keyword
from seamark.text.swallowed import swallowed
from seamark.text.terms import Lexicon

STYLES = {"error": "bold red", "warning": "bold yellow"}


def lint(names: Sequence[str], sources: Sources | None, kept: str | None, *, as_json: bool) -> int:
    """Show the problems of all the rulebooks; returns 1 where any is an error, else 0."""
    kept_history = _length(kept) if kept else None
    problems = [problem for name in names for problem in problems_of(name, sources, kept_history)]
    errors = [problem for problem in problems if problem.severity == "error"]
    if as_json:
        print_json([problem.as_json() for problem in problems])
    else:
        _show(out(), problems, len(errors))
    return 1 if errors else 0


def problems_of(name: str, sources: Sources | None, kept_history: int | None) -> Sequence[Problem]:
    """Everything that is wrong with a rulebook; of one with errors, the errors alone."""
    try:
        rulebook = open_rulebook(name)
        keywords = list(keyword_problems(rulebook))
    except RuleError as error:
        return error.problems
    overlaps = measured_overlap(rulebook, sources) if sources else []
    return [*warnings_of(rulebook, kept_history), *keywords, *overlaps]


def keyword_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Keywords that add nothing, because another one is found wherever they are."""
    for keyword, by in swallowed(Lexicon(rulebook.terms)):
        told = f"{keyword.written!r} adds nothing: {by.written!r} of the term {by.term} is found wherever it is."
        yield Problem("swallowed-keyword", told, _place(rulebook, keyword), severity="warning")


def measured_overlap(rulebook: Rulebook, sources: Sources) -> list[Problem]:
    """Tags that nearly always come together on these contacts."""
    with opened_for(rulebook, sources) as found:
        by_duckdb(found)
        rows = found.histories.connection.execute("SELECT contact, tag FROM tags").fetchall()
        return overlap(rulebook, Held.of(rows, found.histories.contact_count))


def _length(kept: str) -> int:
    try:
        return duration(kept)
    except Unreadable as error:
        raise Failure("wrong.kept", reason=error) from None


def _place(rulebook: Rulebook, keyword: Keyword) -> Place:
    """Where a keyword stands in its file."""
    for language, phrases in rulebook.terms[keyword.term].items():
        if isinstance(phrases, list) and keyword.written in phrases:
            path = ("terms", keyword.term, language, phrases.index(keyword.written))
            return next((source.places[path] for source in rulebook.sources if path in source.places), Place())
    return Place()


def _show(console: Console, problems: Sequence[Problem], errors: int) -> None:
    for problem in problems:
        line = Text(f"{problem.place}: " if str(problem.place) else "")
        line.append(say(f"lint.{problem.severity}"), style=STYLES[problem.severity])
        line.append(f": {problem.message}{hint(problem.nearest)}")
        console.print(line.append(f" [{problem.code}]", style="dim"), soft_wrap=True)
    if problems:
        warnings = counted("warnings", len(problems) - errors)
        console.print(Text(say("lint.total", errors=counted("errors", errors), warnings=warnings), style="bold"))
    else:
        console.print(say("lint.fine"))
