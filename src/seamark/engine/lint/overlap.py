"""How far tags overlap on real contacts: two that nearly always come together say one thing twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, Self

from seamark.engine import tree
from seamark.engine.errors import Problem
from seamark.engine.plan import plan_rulebook
from seamark.engine.rulebook import Rulebook, in_order

FEWEST = 20
"""Contacts a tag must be held by before its overlap says anything."""
SAME = 0.9
"""The part of the contacts with one of two tags that hold both, from which on the tags are told of."""
CONTAINED = 0.98
"""The part of a tag's contacts that hold the other one too, likewise."""


@dataclass(frozen=True)
class Held:
    """By how many contacts tags are held, alone and in pairs."""

    contacts: int
    """All of them, those without a tag too."""
    counts: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]
    """Of each two tags, in either order; pairs that never come together may be left out."""

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]], contacts: int | None = None) -> Self:
        """Counted from rows (contact, tag), in any order; a row that comes twice counts once.

        >>> Held.of([("ann", "a/x"), ("ann", "b/y"), ("bob", "a/x")])
        Held(contacts=2, counts={'a/x': 2, 'b/y': 1}, pairs={('a/x', 'b/y'): 1})
        """
        tags: dict[str, set[str]] = defaultdict(set)
        for contact, tag in rows:
            tags[contact].add(tag)
        counts = Counter(tag for held in tags.values() for tag in sorted(held))
        pairs = Counter(pair for held in tags.values() for pair in combinations(sorted(held), 2))
        return cls(len(tags) if contacts is None else contacts, dict(counts), dict(pairs))

    def both(self, first: str, second: str) -> int:
        """How many contacts hold the two."""
        return self.pairs.get((first, second), 0) or self.pairs.get((second, first), 0)


@dataclass(frozen=True)
class Overlap:
    """Two tags held by nearly the same contacts, or of which one nearly always brings the other."""

    kind: Literal["same", "part"]
    """part: nearly all contacts of `first` hold `second` too."""
    first: str
    second: str
    both: int
    """Contacts that hold the two."""
    of: int
    """same: contacts that hold either; part: contacts that hold `first`."""

    @property
    def share(self) -> float:
        return self.both / self.of


def overlap(rulebook: Rulebook, held: Held) -> list[Problem]:
    """Warnings of tags that are held by nearly the same contacts, or of which one nearly always brings the other.

    Levels of one group are never compared, nor a tag with one that its own condition asks for.
    """
    return in_order(
        Problem("overlapping-tags", _told(each), rulebook.tag_place(_later(each, rulebook)), severity="warning")
        for each in overlaps(rulebook, held)
    )


def overlaps(rulebook: Rulebook, held: Held) -> Iterator[Overlap]:
    """What `overlap` warns of, as figures."""
    asked = _asked(rulebook)
    levels = {tag.name: group.name for group in rulebook.groups if group.kind == "level" for tag in group.tags}
    counted = [name for name in rulebook.tags if held.counts.get(name, 0) >= FEWEST]
    for first, second in combinations(counted, 2):
        if levels.get(first, first) == levels.get(second, second) or {(first, second), (second, first)} & asked:
            continue
        if found := _between(first, second, held):
            yield found


def _between(first: str, second: str, held: Held) -> Overlap | None:
    """How two tags overlap; None where the figures say nothing."""
    both = held.both(first, second)
    either = held.counts[first] + held.counts[second] - both
    if both >= SAME * either:
        return Overlap("same", first, second, both, either)
    for part, whole in ((first, second), (second, first)):
        common = held.counts[whole] >= CONTAINED * held.contacts  # then anything is contained in it
        if not common and both >= CONTAINED * held.counts[part]:
            return Overlap("part", part, whole, both, held.counts[part])
    return None


def _told(found: Overlap) -> str:
    first, second, figures = found.first, found.second, f"{found.both:,} of the {found.of:,} contacts with"
    if found.kind == "same":
        return (
            f"{figures} {first} or {second} hold both ({found.share:.0%}). "
            "Keep one of them, or tell them further apart."
        )
    return (
        f"{figures} {first} hold {second} too ({found.share:.0%}). "
        f"If {first} is meant as a part of {second}, say `tagged {second}` in it; else tell them further apart."
    )


def _later(found: Overlap, rulebook: Rulebook) -> str:
    """The one of the two that stands further down."""
    order = list(rulebook.tags)
    return max(found.first, found.second, key=order.index)


def _asked(rulebook: Rulebook) -> set[tuple[str, str]]:
    """(tag, tag that its condition asks for), rules written out."""
    return {
        (tag.name, node.tag)
        for unit in plan_rulebook(rulebook).units
        for tag in unit.tags
        for node in (tag.condition.walk() if tag.condition else ())
        if isinstance(node, tree.Tagged)
    }
