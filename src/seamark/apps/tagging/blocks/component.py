"""The part of a page in which a condition is edited, as blocks or as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from seamark.apps.tagging.blocks.reading import Reading, Slip, deed_of
from seamark.apps.tagging.blocks.showing import Block, Showing
from seamark.apps.tagging.blocks.vocabulary import Vocabulary
from seamark.engine import tree
from seamark.engine.check import check
from seamark.engine.errors import Place, Problem, RuleError
from seamark.engine.located import Located
from seamark.engine.parse import parse
from seamark.engine.rulebook import Clause, Rulebook
from seamark.engine.write import write

NEW = {
    "happened": _("Something happened or did not"),
    "recent": _("How long ago something was"),
    "measure": _("A count, sum or average"),
    "field": _("A field of the contact"),
    "tagged": _("A tag"),
    "rule": _("A rule of the rulebook"),
    "order": _("Which of two came later"),
}
"""What can be added, in the order of the menu."""
FILE = "condition"


@dataclass(frozen=True)
class Component:
    """What the page shows: the text, its blocks, and what is wrong."""

    name: str
    """Of the input that holds the text; blocks' inputs begin with it."""
    book: str
    """Whose words it uses: "live", or a key of `editions`."""
    text: str
    block: Block | None
    """None while the text cannot be read."""
    sentence: str = ""
    problems: tuple[Problem, ...] = ()
    slip: Slip | None = None


def component(known: Vocabulary, text: str, *, name: str = "when", book: str = "live") -> Component:
    """The component for a condition that is written so; an empty text is one that is still to be written."""
    if not text.strip():
        return Component(name, book, "", Showing(known).whole(None, name))
    try:
        condition = parse(text, known.rulebook.kinds)
    except RuleError as error:
        return Component(name, book, text, None, problems=tuple(error.problems))
    block = Showing(known).whole(condition, name)
    problems = problems_of(known.rulebook, condition, text)
    return Component(name, book, text, block, known.said(condition), tuple(problems))


def changed(known: Vocabulary, sent: Mapping[str, str], *, name: str, book: str) -> Component:
    """The component after its blocks were edited or one of its buttons was pressed.

    An input that cannot be read changes nothing: it is told beside the block, and the text stays.
    """
    text = sent.get(name, "")
    try:
        condition = Reading(sent, known, deed_of(sent.get("deed", ""))).whole(name)
    except Slip as slip:
        return replace(component(known, text, name=name, book=book), slip=slip)
    return component(known, write(condition) if condition else "", name=name, book=book)


def problems_of(rulebook: Rulebook, condition: tree.Condition, text: str) -> list[Problem]:
    """What is wrong with a condition in the words of a rulebook: unknown names, and types that do not go together."""
    path = ("when",)
    located = Located(text, FILE, places={path: Place(FILE, 1, 1)}, written={path: text} if "\n" in text else {})
    clause = Clause(condition, text, path, located)
    _, found = check(replace(rulebook, clauses=(*rulebook.clauses, clause)))
    return [replace(problem, place=replace(problem.place, file="")) for problem in found if problem.place.file == FILE]
