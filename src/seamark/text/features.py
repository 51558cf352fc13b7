"""What a message looks like to the model: its words, pairs of words, and runs of characters."""

from __future__ import annotations

import re

from seamark.text.normalise import normalise

LONGEST = 400
"""Characters of a message that are read: an intent shows early, and a pasted novel must not take longer."""
RUNS = (2, 3, 4)
"""Lengths of the runs of characters; in Chinese they are the words."""

_WORD = re.compile(r"[a-z0-9$€£¥]+")
_SPACED = re.compile(r"\S+")
_DIGITS = re.compile(r"\d+")


def features(text: str) -> set[str]:
    """The features of a message; every number is the same to them.

    >>> sorted(features("Price?"))[:5]
    [' p', ' pr', ' pri', '#^ price', '#price']
    """
    plain = _DIGITS.sub("0", normalise(text[:LONGEST]))
    words = _WORD.findall(plain)
    found = {f"#{word}" for word in words}
    found.update([f"#{one} {other}" for one, other in zip(["^", *words], [*words, "$"], strict=True)])
    for part in _SPACED.findall(plain):
        edged = f" {part} "
        for length in RUNS:
            found.update([edged[begin : begin + length] for begin in range(len(edged) - length + 1)])
    return found
