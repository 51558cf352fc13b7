"""Finding contacts by what their fields hold, whatever the fields are: by marks that an index has of each.

For a value the database keeps (migration 0010) what it is (`city=Leeds`), the pairs of neighbouring characters of a
text (`note~IL`), a figure's number of digits with the first three of them (`budget#4:250`), and the beginnings of a day
(`born@199005`). Whoever is within a limit has one of its marks, or all; a few others have them too, so the limit itself
is asked of those found. The index knows whose a contact is as well, so that a small reach is not kept waiting by a
value that a million others have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Func, Q, TextField, Value

from seamark.apps.accounts.access import Reach
from seamark.apps.contacts.search import Marks, reach_marks

LONGEST = 100
"""Characters of a value that its mark has."""
MOST_DIGITS = 40
"""Of a figure that is asked for, before or after the point: others are none that anybody means. Longer ones that are
kept have the marks of one with one digit more."""
TOLD_DIGITS = 3
"""Of a figure."""
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class KnownBy(Marks):
    """The marks of a contact's fields and, as `team 1`, `owner 2` or `sea 1`, whose it is: what the index holds."""

    function = "contacts_known_by"


@dataclass(frozen=True)
class FieldMarks:
    """What the index says of one field: conditions of which each holds of all who keep to a limit; none where the index
    says nothing of it."""

    field: str
    within: Reach
    """Whose contacts count; it is no condition of its own: ask for that one, too."""
    prefix: str = ""
    """Leads to the contacts."""

    def holding(self, value: str) -> Q:
        """Its value is that text, or has it in its list."""
        return self._all([f"{self.field}={value[:LONGEST]}"])

    def saying(self, text: str) -> Q:
        """The text stands in it, in capitals or not. A single letter is not found by a mark."""
        if len(text) < 2 and text <= "~":
            return Q()
        pieces_of = text[1:] if _DAY.match(text) else text  # what begins as a day has no pairs in the index
        name, said = (Value(each, TextField()) for each in (self.field, pieces_of))
        return self._all(Func(name, said, function="contacts_text_marks")) | self._any([f"{self.field}~*"])

    def days(self, least: str, most: str) -> Q:
        """It is a day from `least` to `most`, as `1990-05-01`; empty for no end. Other ends are not known."""
        ends = (least or "0000-00-00", most or "9999-99-99")
        if not (least or most) or not all(_DAY.fullmatch(end) for end in ends):
            return Q()
        first, last = (end.replace("-", "") for end in ends)
        days = [f"{self.field}@{each}" for each in _covering(first, last, step=2, deepest=8)]
        return self._any([f"{self.field}@*", *days])

    def figures(self, least: Decimal | None, most: Decimal | None, end: str = "") -> Q:
        """It, or that `end` of its range (`.low`, `.high`), is a figure from `least` to `most`."""
        if least is None and most is None:
            return Q()
        return self._any(list(_figure_marks(f"{self.field}{end}", least, most)))

    def _all(self, marks: list[str] | Func) -> Q:
        return self._reached("@>", marks)

    def _any(self, marks: list[str]) -> Q:
        return self._reached("&&", marks)

    def _reached(self, operator: str, marks: list[str] | Func) -> Q:
        """With whose contacts count each time: each is one look into the index then."""
        known = KnownBy(*(F(f"{self.prefix}{column}") for column in ("fields", "team", "owner")))
        found = known.has(operator, marks)
        return found if self.within.everyone else found & known.has("&&", reach_marks(self.within))


def _figure_marks(name: str, least: Decimal | None, most: Decimal | None) -> Iterator[str]:
    """Those of figures between the two, and of a few beside them: a mark tells nothing of what is after the point."""
    if most is None or most >= 0:
        yield from (f"{name}#{each}" for each in _sizes(max(least or Decimal(), Decimal()), most))
    if least is None or least <= 0:
        size, largest = min(most or Decimal(), Decimal()).copy_abs(), least and least.copy_abs()
        yield from (f"{name}#-{each}" for each in _sizes(size, largest))


def _sizes(least: Decimal, most: Decimal | None) -> Iterator[str]:
    """The marks of figures of that size, without their sign."""
    first, last = str(int(least)), "9" * (MOST_DIGITS + 1) if most is None else str(int(most))
    for digits in range(len(first), len(last) + 1):
        begin = first if digits == len(first) else "1" + "0" * (digits - 1)
        end = last if digits == len(last) else "9" * digits
        for prefix in _covering(begin, end, step=1, deepest=TOLD_DIGITS):
            yield f"{digits}:{prefix}"


def _covering(least: str, most: str, *, step: int, deepest: int, prefix: str = "") -> Iterator[str]:
    """The beginnings of all numbers of as many digits between two, as few and as short as may be.

    >>> list(_covering("1988", "2003", step=1, deepest=4))
    ['1988', '1989', '199', '2000', '2001', '2002', '2003']
    """
    low, high = prefix.ljust(len(least), "0"), prefix.ljust(len(most), "9")
    if high < least or low > most:
        return
    if (least <= low and high <= most) or len(prefix) in (deepest, len(least)):
        yield prefix
        return
    for digits in range(10**step):
        yield from _covering(least, most, step=step, deepest=deepest, prefix=f"{prefix}{digits:0{step}}")
