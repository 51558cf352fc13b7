"""Searching contacts by any part of what they are called: pieces of it, computed when written, asked of an index.

The index knows whose a contact is too, so that a member whose reach is small is not kept waiting by a word that a
million others are called by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Func, Q, TextField, Value

from seamark.apps.accounts.access import Reach
from seamark.text.normalise import normalise

LONGEST = 200
"""Characters of one text that can be searched."""


def grams(texts: Iterable[str]) -> list[str]:
    """All pairs of neighbouring characters, threes of digits, and each single character, of the folded texts, sorted.

    >>> grams(["Bo"]), grams(["陳生"]), grams(["1234"])
    (['b', 'bo', 'o'], ['生', '陈', '陈生'], ['1', '12', '123', '2', '23', '234', '3', '34', '4'])
    """
    found: set[str] = set()
    for text in texts:
        line = normalise(text)[:LONGEST]
        found.update(line, _pairs(line), _threes(line))
    return sorted(found - {" ", "\n", "\t"})


def wanted(sought: str) -> list[str]:
    """What a row must have to hold this text: its pairs and threes; for one character, the character."""
    line = normalise(sought).strip()[:LONGEST]
    return sorted({*_pairs(line), *_threes(line)} or set(line))


def _pairs(line: str) -> Iterator[str]:
    return (line[place : place + 2] for place in range(len(line) - 1))


def _threes(line: str) -> Iterator[str]:
    """There are but a hundred pairs of digits, so that most numbers hold those of any other."""
    threes = (line[place : place + 3] for place in range(len(line) - 2))
    return (three for three in threes if three.isdecimal())


class Marks(Func):
    """What an index holds of each contact: texts, and whose the contact is."""

    output_field = ArrayField(TextField())

    def has(self, operator: str, marks: list[str] | Func) -> Q:
        """Whether all (`@>`) or any (`&&`) of these are among them."""
        wanted = marks if isinstance(marks, Func) else Value(marks, output_field=self.output_field)
        return Q(
            Func(self, wanted, template="%(expressions)s", arg_joiner=f" {operator} ", output_field=BooleanField())
        )


class CalledBy(Marks):
    """The pieces of a contact (`grams`) and, as `team 1`, `owner 2` or `sea 1`, whose it is: what the index holds."""

    function = "contacts_called_by"


def reach_marks(reached: Reach) -> list[str]:
    """The marks of whose contacts are reached."""
    marks = [f"team {team}" for team in reached.teams] + [f"sea {team}" for team in reached.seas]
    return sorted(marks if reached.own is None else [*marks, f"owner {reached.own}"])
