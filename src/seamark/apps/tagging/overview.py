"""What a rulebook says, part by part, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.text import capfirst

from seamark.apps.tagging.comparing import definition, figure_words, kind_words
from seamark.apps.tagging.figures import Figure, figures_of
from seamark.apps.tagging.rulebooks import FILE
from seamark.apps.tagging.words import Chip, chip, spoken, titled
from seamark.engine import tree
from seamark.engine.rulebook import Param, Rulebook, Tag, TagGroup
from seamark.engine.sentence.naming import Naming
from seamark.engine.write import write


class TagLine(NamedTuple):
    """A tag."""

    tag: Tag
    chip: Chip
    said: str
    """Its definition as a sentence."""
    path: str
    """Of its condition in the text; empty where it has none, or stands in an included text."""
    figures: list[Figure]
    """Of its condition, where that can be changed."""
    written: str
    """Its condition as text, likewise."""


class GroupLines(NamedTuple):
    """A tag group."""

    group: TagGroup
    title: str
    kind: str
    review: str
    tags: list[TagLine]
    included: str
    """The rulebook that it comes from; empty: this one."""


class RuleLine(NamedTuple):
    """A named condition."""

    name: str
    title: str
    said: str
    path: str


class ParamLine(NamedTuple):
    """A figure."""

    param: Param
    said: str
    value: str
    path: str
    """Of the figure itself."""
    written: str
    """As it stands there."""


class Keywords(NamedTuple):
    """The keywords of a term in one language."""

    language: str
    words: Sequence[str]
    path: str
    """In the text; empty where they stand in an included text, or not in brackets."""


class TermLine(NamedTuple):
    """A term."""

    name: str
    title: str
    keywords: list[Keywords]


@dataclass(frozen=True)
class Overview:
    """A rulebook in words."""

    groups: list[GroupLines]
    rules: list[RuleLine]
    params: list[ParamLine]
    terms: list[TermLine]
    included: list[str]
    tags: int


def overview(rulebook: Rulebook) -> Overview:
    """Every part of the rulebook, in its order; groups of its own text before those it includes."""
    naming = Naming(rulebook, spoken())
    groups = [_group(naming, group) for group in rulebook.groups]
    return Overview(
        sorted(groups, key=lambda each: bool(each.included)),
        [
            RuleLine(
                name,
                titled(rule.title) if rule.title else name,
                capfirst(naming.said(rule.clause.condition)),
                dotted(rule.clause.path) if rule.clause.located.file == FILE else "",
            )
            for name, rule in rulebook.rules.items()
        ],
        [_param(rulebook, param) for param in rulebook.params.values()],
        sorted((_term(naming, *each) for each in rulebook.terms.items()), key=_is_included),
        [source.file.removesuffix(".yaml") for source in rulebook.sources[:-1]],
        len(rulebook.tags),
    )


def dotted(path: Sequence[str | int]) -> str:
    """A path in the text as it stands in an address."""
    return ".".join(map(str, path))


def _group(naming: Naming, group: TagGroup) -> GroupLines:
    rulebook = naming.rulebook
    file = rulebook.place("groups", group.name).file
    return GroupLines(
        group,
        titled(group.title),
        kind_words(group.kind),
        naming.said(tree.Duration(group.review_every)) if group.review_every else "",
        [tag_line(naming, tag, is_own=file == FILE) for tag in group.tags],
        "" if file == FILE else file.removesuffix(".yaml"),
    )


def tag_line(naming: Naming, tag: Tag, *, is_own: bool) -> TagLine:
    """A tag; one of the rulebook's own text can be changed."""
    shown, said = chip(naming.rulebook, tag), definition(naming, tag)
    if tag.clause is None or not is_own:
        return TagLine(tag, shown, said, "", [], "")
    path, figures = dotted(tag.clause.path), figures_of(tag.clause.condition, naming)
    return TagLine(tag, shown, said, path, figures, write(tag.clause.condition))


def _param(rulebook: Rulebook, param: Param) -> ParamLine:
    own = rulebook.place("params", param.name).file == FILE
    written = rulebook.sources[-1].value.get("params", {}).get(param.name) if own else None
    key = next((key for key in ("value", "default") if isinstance(written, dict) and key in written), "")
    title = written.get("title") if isinstance(written, dict) else None
    figure = written.get(key) if isinstance(written, dict) else written
    path = dotted(("params", param.name, key) if key else ("params", param.name)) if own else ""
    return ParamLine(param, titled(title) if title else param.name, figure_words(param), path, str(figure or ""))


def _term(naming: Naming, name: str, term: Mapping[str, object]) -> TermLine:
    spans = naming.rulebook.sources[-1].spans
    keywords = [
        Keywords(language, words, dotted(path) if (path := ("terms", name, language)) in spans else "")
        for language, words in term.items()
        if isinstance(words, list)
    ]
    title = term.get("title")
    return TermLine(name, naming.titled(title) if isinstance(title, dict) else name, keywords)


def _is_included(line: TermLine) -> bool:
    return not any(each.path for each in line.keywords)
