"""What people call the things a condition names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from seamark.engine import tree
from seamark.engine.units import duration_text, number_text

Figure = tree.Number | tree.Text | tree.Duration


@dataclass(frozen=True, slots=True)
class Names:
    """Titles by the name a rulebook writes, in one language; what has no title is shown by its name."""

    tags: Mapping[str, str] = field(default_factory=dict)
    """`group/tag` → title."""
    terms: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    """Rule → title, or the sentence of its condition."""
    fields: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, Figure] = field(default_factory=dict)
    """Parameter → the figure it has now."""


def figures(scaled: int) -> str:
    """A number with thousands marked.

    >>> figures(5_000_000_000)
    '500,000'
    """
    return number_text(scaled).replace("_", ",")


def count_and_unit(length: int) -> tuple[int, str]:
    """A duration as a whole count of s, m, h or d.

    >>> count_and_unit(86_400_000_000)
    (24, 'h')
    """
    written = duration_text(length)
    return int(written[:-1]), written[-1]


def terms_of(parts: Iterable[tree.Condition]) -> list[str]:
    """The terms of which a filter asks for any one; empty where it asks for something else too."""
    parts = list(parts)
    found = [part.text for part in parts if isinstance(part, tree.Has) and part.value == tree.Prop("mentions")]
    return found if len(found) == len(parts) else []


def any_of(parts: Sequence[tree.Condition]) -> tree.Condition:
    return parts[0] if len(parts) == 1 else tree.Any(tuple(parts))


def all_of(parts: Sequence[tree.Condition]) -> tree.Condition:
    return parts[0] if len(parts) == 1 else tree.All(tuple(parts))
