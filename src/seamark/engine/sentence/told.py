"""What an event tells beside its text: the words found in it, and its other props."""

from __future__ import annotations

from collections.abc import Sequence

from seamark.engine import tree
from seamark.engine.events import Event, Held, Reads
from seamark.engine.kinds import EVERY_EVENT, Type
from seamark.engine.moments import as_date, moment_text
from seamark.engine.sentence.names import figures
from seamark.engine.sentence.naming import Naming

UNSHOWN = ("text", "mentions", "words", "id")
"""Props that are shown in a way of their own, or stand for what is shown."""


def words_found(event: Event) -> list[tuple[str, str]]:
    """The words found in the text, each with its term."""
    parts = (str(word).partition(": ") for word in as_list(event.props.get("words")))
    return [(term, word) for term, _, word in parts]


def words_told(naming: Naming, event: Event) -> list[str]:
    """The words found, each after the title of its term: "the price: how much"."""
    titles = naming.names().terms
    return [f"{titles.get(term, term)}{naming.colon}{word}" for term, word in words_found(event)]


def other_props(naming: Naming, event: Event, reads: Reads) -> list[str]:
    """The other props with their names: "amount 339.84"."""
    types = reads.props.get(event.kind, {})
    return [
        f"{naming.said(tree.Prop(name))} {shown(value, types.get(name, 'text'))}"
        for name, value in event.props.items()
        if name not in UNSHOWN and name not in EVERY_EVENT
    ]


def shown(value: Held, type_: Type) -> str:
    """A typed value as people write it.

    >>> shown(3_398_400, "number"), shown(20261120, "date")
    ('339.84', '2026-11-20')
    """
    match type_:
        case "number":
            return figures(value) if isinstance(value, int) else str(value)
        case "date":
            return as_date(value).isoformat() if isinstance(value, int) else str(value)
        case "moment":
            return moment_text(value) if isinstance(value, int) else str(value)
        case "list":
            return ", ".join(map(str, as_list(value)))
    return str(value)


def as_list(value: Held | None) -> Sequence[object]:
    """The values of a list; none of what is no list."""
    return value if isinstance(value, tuple) else ()
