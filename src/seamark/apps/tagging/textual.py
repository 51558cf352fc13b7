"""Two texts side by side by lines, the words that differ marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

AROUND = 3
"""Lines shown around a difference."""
_WORDS = re.compile(r"\w+|\s+|.", re.DOTALL)


class Line(NamedTuple):
    """A line of the comparison; a number is None where the side does not have the line."""

    sign: Literal["same", "gone", "new", "skipped"]
    before: int | None
    after: int | None
    text: SafeString


def compared(before: str, after: str) -> list[Line]:
    """The lines that differ, each with a few around it; an empty list where none does."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        start = group[0][1]
        if start > (found[-1].before or 0 if found else 0):
            found.append(Line("skipped", None, None, SafeString("")))
        for what, old_start, old_end, new_start, new_end in group:
            if what == "equal":
                pairs = zip(range(old_start, old_end), range(new_start, new_end), strict=True)
                found += [Line("same", one + 1, other + 1, conditional_escape(old[one])) for one, other in pairs]
            else:
                found += _replaced(old[old_start:old_end], old_start, new[new_start:new_end], new_start)
    return found


def _replaced(old: list[str], old_start: int, new: list[str], new_start: int) -> Iterator[Line]:
    alike = len(old) == len(new)
    marked = [_marked(one, other) for one, other in zip(old, new, strict=True)] if alike else []
    for place, text in enumerate(old):
        shown = marked[place][0] if alike else conditional_escape(text)
        yield Line("gone", old_start + place + 1, None, shown)
    for place, text in enumerate(new):
        shown = marked[place][1] if alike else conditional_escape(text)
        yield Line("new", None, new_start + place + 1, shown)


def _marked(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Both lines, the words marked that the other does not have."""
    olds, news = _WORDS.findall(old), _WORDS.findall(new)
    sides: tuple[list[str], list[str]] = ([], [])
    for what, *ends in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        for side, words in zip(sides, (olds[ends[0] : ends[1]], news[ends[2] : ends[3]]), strict=True):
            if words:
                text = conditional_escape("".join(words))
                side.append(text if what == "equal" else f"<mark>{text}</mark>")
    return mark_safe("".join(sides[0])), mark_safe("".join(sides[1]))
