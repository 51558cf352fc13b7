"""How a text is written: how much of folding it needs, and whether its words have edges."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Literal

from seamark.text import chinese

FREQUENT = dict(zip("，！？：；（）～‘’", ",!?:;()~''", strict=True)) | {"…": "..."}
"""Marks that some keyboards put into nearly every message, and what they are folded to."""

REPLACED = {
    **dict.fromkeys("‛ʼʻ´`＇｀", "'"),
    **dict.fromkeys([*map(chr, range(0x80, 0xA1)), "\u1680", "\u2028", "\u2029"], " "),
}
"""Other apostrophes and white space, and what they are folded to."""

UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f"
"""Ranges that folding leaves out: soft hyphens, zero-width characters, marks of direction and variation."""

_MARKS = "、。《》【】“”—·\u2600-\u2775\u2794-\u27bf"
"""Punctuation and signs that stay as they are, as pictures do."""
_PICTURES = "\U0001f300-\U0001faff"
_ASCII = "\\0-\\x7f"
_ASCII_MARKS = " -/:-@[-_{-~"
"""Without the backtick, which is folded."""


Writing = Literal["ascii", "unspaced", "mixed", "untidy", "foreign"]
"""From the easiest to fold to the hardest. *Unspaced* is simplified Chinese and marks alone: no word has
edges, and only `FREQUENT` needs folding. *Mixed* is both together. *Untidy* may have traditional
Chinese, full-width letters and the like as well, and needs all of folding. *Foreign* is anything else: only there
are letters that have edges and are not ASCII."""


def writing_of(text: str) -> Writing:
    """The easiest writing the text is.

    >>> writing_of("What's the price?"), writing_of("多少钱？"), writing_of("請發price"), writing_of("цена")
    ('ascii', 'unspaced', 'untidy', 'foreign')
    """
    if text.isascii():
        return "ascii"
    for writing, goes_beyond in _limits():
        if not goes_beyond(text):
            return writing
    return "foreign"


def by_writing(texts: Iterable[str]) -> Iterator[tuple[Writing, list[str]]]:
    """The texts by their writing, as `writing_of` has it, the easiest first; one writing may come twice."""
    of_this: list[str] = []
    beyond: list[str] = []
    for text in texts:
        (of_this if text.isascii() else beyond).append(text)
    yield "ascii", of_this
    for writing, goes_beyond in _limits():
        rest, of_this, beyond = beyond, [], []
        for text in rest:
            (beyond if goes_beyond(text) else of_this).append(text)
        yield writing, of_this
    yield "foreign", beyond


@cache
def _limits() -> list[tuple[Writing, Callable[[str], object]]]:
    """For each writing but the first and last, what finds a character that is not of it."""
    settled = "".join(FREQUENT) + _MARKS + _ranges(chinese.left_alone())
    untidy = f"{''.join(FREQUENT)}{_MARKS}{chinese.FIRST}-{chinese.LAST}\uff01-\uff5e{UNSEEN}{''.join(REPLACED)}"
    allowed: list[tuple[Writing, str]] = [
        ("unspaced", _ASCII_MARKS + settled),
        ("unspaced", _ASCII_MARKS + settled + _PICTURES),  # apart: one picture doubles the size of a block
        ("mixed", _ASCII + settled + _PICTURES),
        ("untidy", _ASCII + untidy + _PICTURES),
    ]
    return [(writing, re.compile(f"[^{characters}]").search) for writing, characters in allowed]


def _ranges(characters: Iterable[str]) -> str:
    """Characters in order, as ranges for a regular expression."""
    ranges: list[list[str]] = []
    for character in characters:
        if ranges and ord(ranges[-1][1]) + 1 == ord(character):
            ranges[-1][1] = character
        else:
            ranges.append([character, character])
    return "".join(f"{first}-{last}" for first, last in ranges)
