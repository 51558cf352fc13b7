"""Which of a contact's tags a row shows, and which wait behind its "+3"."""

from __future__ import annotations

from collections.abc import Sequence

from seamark.apps.tagging.queries import HeldTag
from seamark.apps.tagging.rulebooks import Live
from seamark.apps.tagging.words import Chip, chip

TAGS_IN_ROW = 5
CHIP = 18
"""Pixels of a chip without its letters, with the gap behind it; 12 more are between a group and its level."""
LETTER, CHARACTER = 6.1, 12
"""Pixels of one of ours and of a Chinese one, on the average of many titles in the desk's type."""


def chips_in_row(
    held: Sequence[HeldTag], live: Live | None, *, most: int | None = None, room: int | None = None
) -> tuple[list[Chip], list[Chip]]:
    """The tags that tell most, and the others; `room`: pixels of a row that does not wrap, which shows one at least.

    Levels tell more than sets; what remains when nothing else is true tells least, and waits wherever anything else is.
    """
    if live is None:
        return [], []
    found = [(each.tag.otherwise, chip(live.rulebook, each.tag)) for each in held]
    found.sort(key=lambda each: (each[0], not each[1].group))
    chips = [each for _rest, each in found]
    number = min(most or TAGS_IN_ROW, sum(not rest for rest, _chip in found), _fitting(chips, room))
    return chips[: max(1, number)], chips[max(1, number) :]


def _fitting(chips: Sequence[Chip], room: int | None) -> int:
    """How many stand beside each other without being cut."""
    if room is None:
        return len(chips)
    number, wide = 0, 0.0
    while number < len(chips) and (wide := wide + _width(chips[number])) <= room:
        number += 1
    return number


def _width(chip: Chip) -> float:
    letters = sum(CHARACTER if letter >= "\u2e80" else LETTER for letter in chip.group + chip.title)
    return CHIP + letters + (12 if chip.group else 0)
