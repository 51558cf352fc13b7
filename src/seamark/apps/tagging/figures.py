"""The figures of a condition, each of which can be set by itself: time spans and numbers, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import count
from typing import NamedTuple, cast

from seamark.engine import tree
from seamark.engine.sentence.naming import Naming
from seamark.engine.units import duration, duration_text, number, number_text


class Figure(NamedTuple):
    """A figure as it is written, and the sentence of the part that it stands in."""

    written: str
    said: str


def figures_of(condition: tree.Condition, naming: Naming) -> list[Figure]:
    """Every figure of the condition, in order."""
    return list(_figures(condition, condition, naming))


def _figures(node: tree.Node, around: tree.Condition, naming: Naming) -> Iterator[Figure]:
    around = node if isinstance(node, tree.Condition) and not _joins(node) else around
    for each in fields(node):
        value = getattr(node, each.name)
        if _is_span(each.name, value):
            yield Figure(duration_text(value), naming.said(around))
        elif each.name == "scaled":
            yield Figure(number_text(value).replace("_", ""), naming.said(around))
        else:
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, tree.Node):
                    yield from _figures(part, around, naming)


def with_figures(condition: tree.Condition, written: list[str]) -> tree.Condition:
    """The condition with these figures, as many as it has. Raises `Unreadable` for one that cannot be read.

    >>> from seamark.engine.parse import parse
    >>> from seamark.engine.write import write
    >>> write(with_figures(parse("count(a.b) over 30d >= 3 and last(a.b) within 24h"), ["7d", "5", "12h"]))
    'count(a.b) over 7d >= 5 and last(a.b) within 12h'
    """
    places = count()

    def changed(node: tree.Node) -> tree.Node:
        found: dict[str, object] = {}
        for each in fields(node):
            value = getattr(node, each.name)
            if _is_span(each.name, value):
                found[each.name] = duration(written[next(places)])
            elif each.name == "scaled":
                found[each.name] = number(written[next(places)].replace(",", ""))
            elif isinstance(value, tree.Node):
                found[each.name] = changed(value)
            elif isinstance(value, tuple):
                found[each.name] = tuple(map(changed, value))
        return replace(node, **found)  # type: ignore[arg-type]

    return cast(tree.Condition, changed(condition))


def _is_span(name: str, value: object) -> bool:
    return name in ("over", "length") and value is not None


def _joins(node: tree.Node) -> bool:
    return isinstance(node, tree.All | tree.Any | tree.Not)
