"""Figures of a rulebook that do not go together: shares, the sizes of dimensions, windows beyond what is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from seamark.engine import tree
from seamark.engine.errors import Problem
from seamark.engine.rulebook import Rulebook, TagGroup
from seamark.engine.units import duration_text

FEWEST, MOST = 5, 8
"""Tags that a dimension keeps (S4)."""


def figure_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Shares that cannot add up, and dimensions of too few or too many tags."""
    for group in rulebook.groups:
        if group.kind == "level":
            yield from _shares(rulebook, group)
    sizes: dict[str, list[TagGroup]] = defaultdict(list)
    for group in rulebook.groups:
        if group.dimension:
            sizes[group.dimension].append(group)
    for dimension, groups in sizes.items():
        count = sum(not tag.unlisted for group in groups for tag in group.tags)
        if not FEWEST <= count <= MOST:
            told = f"The dimension {dimension} has {count} listed tags; people keep {FEWEST} to {MOST} in mind."
            yield Problem("dimension-size", told, rulebook.place("groups", groups[0].name, "dimension"), "", "warning")


def _shares(rulebook: Rulebook, group: TagGroup) -> Iterator[Problem]:
    """Of a level group each contact holds at most one tag, so its shares are parts of one whole."""
    shares = [tag.share for tag in group.tags if tag.share]
    least, most = sum(low for low, _ in shares), sum(high for _, high in shares)
    place = rulebook.place("groups", group.name)
    if least > 1:
        told = f"The shares of {group.name} begin at {least:.2%} of contacts in sum; that is more than all of them."
        yield Problem("share-sum", told, place, severity="warning")
    elif len(shares) == len(group.tags) and any(tag.otherwise for tag in group.tags) and most < 1:
        told = f"The shares of {group.name} end at {most:.2%} of contacts in sum, but each contact has one of its tags."
        yield Problem("share-sum", told, place, severity="warning")


def window_problems(rulebook: Rulebook, kept_history: int) -> Iterator[Problem]:
    """Windows that reach back further than events are kept, in microseconds."""
    for clause in rulebook.clauses:
        for node in clause.condition.walk():
            length = node.length if isinstance(node, tree.Within | tree.OlderThan) else getattr(node, "over", None)
            if length is not None and length > kept_history:
                told = (
                    f"This looks back {duration_text(length)}, but events are kept for {duration_text(kept_history)}; "
                    "what is older counts as if it had never been."
                )
                yield Problem("long-window", told, clause.place(node.at), severity="warning")
