"""What a condition may speak of in a rulebook: kinds of event and their props, fields, tags, rules, terms, figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.text import capfirst

from seamark.apps.tagging.words import spoken
from seamark.engine import tree
from seamark.engine.check import ValueType, value_type
from seamark.engine.events import Reads
from seamark.engine.kinds import EVERY_EVENT, FIELD_KIND, HAND_KINDS, Type
from seamark.engine.rulebook import Rulebook
from seamark.engine.sentence.naming import Naming, noun

Choices = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Under headings (an empty one: none), values with what they are called."""
BEHIND = (*HAND_KINDS, FIELD_KIND)
"""Kinds that are rarely asked for, and so come last."""


@dataclass(frozen=True)
class Vocabulary:
    """A rulebook's words, in the reader's language."""

    rulebook: Rulebook

    @cached_property
    def naming(self) -> Naming:
        return Naming(self.rulebook, spoken())

    @cached_property
    def reads(self) -> Reads:
        """The types of every prop and field that is known, read so far or not."""
        book = self.rulebook
        kinds = dict.fromkeys([*book.kinds, *book.reads.props])
        props = {kind: {**book.kinds.get(kind, {}), **book.reads.props.get(kind, {}), **EVERY_EVENT} for kind in kinds}
        return replace(book.reads, props=props, fields={**book.fields, **book.reads.fields})

    def type_of(self, value: tree.Value, kind: str = "") -> ValueType:
        """The type of a value; text where no use has told it."""
        return value_type(value, self.reads, self.rulebook.params, kind) or "text"

    def said(self, node: tree.Node) -> str:
        """A node in words."""
        return self.naming.said(node)

    # What can be chosen

    @cached_property
    def kinds(self) -> Choices:
        known = sorted(self.reads.props, key=lambda kind: kind in BEHIND)
        return [("", [(kind, capfirst(noun(kind, self.naming.language))) for kind in known])]

    def props(self, kind: str, *types: Type) -> Choices:
        """The props of a kind, of those types where some are named."""
        known = self.reads.props.get(kind, EVERY_EVENT)
        names = [name for name, type_ in known.items() if not types or type_ in types]
        return [("", [(name, self.said(tree.Prop(name))) for name in names])]

    @cached_property
    def fields(self) -> Choices:
        return [("", [(name, self.said(tree.Field(name))) for name in self.field_names()])]

    def field_names(self, *types: Type) -> list[str]:
        """Fields, and both ends of ranges, of those types where some are named."""
        names: list[str] = []
        for name, type_ in self.reads.fields.items():
            parts = [f"{name}.low", f"{name}.high"] if type_ == "range" else [name]
            if not types or type_ in types or (type_ == "range" and "number" in types):
                names += parts
        return names

    def fields_of(self, *types: Type) -> Choices:
        """Fields of those types."""
        return [("", [(name, self.said(field_of(name))) for name in self.field_names(*types)])]

    @cached_property
    def tags(self) -> Choices:
        titled = self.naming.titled
        return [
            (titled(group.title), [(tag.name, titled(tag.title)) for tag in group.tags if not tag.unlisted])
            for group in self.rulebook.groups
            if any(not tag.unlisted for tag in group.tags)
        ]

    @cached_property
    def rules(self) -> Choices:
        return [("", [(name, self.naming.names().rules.get(name, name)) for name in self.rulebook.rules])]

    @cached_property
    def params(self) -> Choices:
        return [("", [(name, name) for name in self.rulebook.params])]

    @cached_property
    def terms(self) -> Choices:
        names: Mapping[str, str] = self.naming.names().terms
        return [("", [(name, names.get(name, name)) for name in self.rulebook.terms])]


def field_of(name: str) -> tree.Field:
    """The field of a name that may say which end of a range.

    >>> field_of("budget.high").part
    'high'
    """
    base, _, end = name.rpartition(".")
    if end == "low":
        return tree.Field(base, "low")
    if end == "high":
        return tree.Field(base, "high")
    return tree.Field(name)


def first_of(choices: Choices) -> str:
    """The first value to choose; empty where there is none."""
    return next((value for _, values in choices for value, _ in values), "")
