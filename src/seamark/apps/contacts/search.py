"""Searching contacts by any part of what they are called: bigrams, computed when written, asked of an index."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from seamark.text.normalise import normalise

LONGEST = 200
"""Characters of one text that can be searched."""


def grams(texts: Iterable[str]) -> list[str]:
    """All pairs of neighbouring characters, and each single one, of the folded texts, sorted.

    >>> grams(["Bo"]), grams(["陳生"])
    (['b', 'bo', 'o'], ['生', '陈', '陈生'])
    """
    found: set[str] = set()
    for text in texts:
        line = normalise(text)[:LONGEST]
        found.update(line)
        found.update(line[place : place + 2] for place in range(len(line) - 1))
    return sorted(found - {" ", "\n", "\t"})


def wanted(sought: str) -> list[str]:
    """The bigrams a row must have to hold this text; for one character, the character."""
    line = normalise(sought).strip()[:LONGEST]
    pairs = {line[place : place + 2] for place in range(len(line) - 1)}
    return sorted(pairs or set(line))


def matching(sought: str, prefix: str = "") -> Q:
    """Contacts called by a text that holds this one; all for a blank one."""
    pieces = wanted(sought)
    return Q(**{f"{prefix}grams__contains": pieces}) if pieces else Q()
