"""Ways to the rows of a page: along an index until enough fit, or all that fit at once, which are sorted then.

Walking is quick where many fit, and takes seconds where those who fit are rare or lie far back, as the dormant do, of
which the planner knows nothing. So only some thousands of rows are walked through before the others are searched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from seamark.apps.contacts.matching import row_matching

GLANCE = 3_000
"""How many rows are walked through to learn how many fit."""
FREQUENT = 0.005
"""The share of rows that fit from which walking on is quicker than to look the others up and sort them."""
NEWEST = 20_000
"""How many rows are walked through, at most, before the others are searched."""
STRETCH = 100_000
"""The same, where a few of them are looked at for words."""
HANDFUL = 800
"""How many are looked at together."""
COMMON = 0.007
"""The share of contacts with a word from which walking on is quicker: a page is filled by as many looks as the index
finds rows of a million contacts."""
EDGE_SECONDS = 60
"""For how long the place is known at which walking ends."""


class Place(Protocol):
    """Where a row of a list stands: a named tuple that begins with what the list is ordered by."""

    def _asdict(self) -> dict[str, Any]: ...


P = TypeVar("P", bound=Place)
Searched = Callable[[Q, int], list[P]]
"""Finds the first so many rows that fit a condition, all at once."""


@dataclass(frozen=True)
class Walk(Generic[P]):
    """A list in the order that an index has."""

    everything: QuerySet[Any]
    """All rows there are, whosever they are."""
    place: Callable[..., P]
    """Makes a place of the values of `columns`."""
    columns: tuple[str, ...]
    order: tuple[str, ...]
    """Those that the list is in the order of; no two rows have the same."""
    falls: bool
    """Whether it begins with the greatest."""

    def turned(self) -> Walk[P]:
        """The same rows, looked for from the other end."""
        return replace(self, falls=not self.falls)

    def along(self, found: QuerySet[Any], most: int) -> list[P]:
        """The first rows in order."""
        return [self.place(*row) for row in self._in_order(found)[:most]] if most else []

    def after_sorting(self, found: QuerySet[Any], most: int) -> list[P]:
        """The same, where few are found."""
        if not most:
            return []
        try:
            sql, values = found.values_list(*self.columns).query.sql_with_params()
        except EmptyResultSet:  # known to be nobody, without asking
            return []
        names = [f"c{number}" for number in range(len(self.columns))]
        ways = ", ".join(f"{names[self.columns.index(each)]} {'DESC' if self.falls else 'ASC'}" for each in self.order)
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH found ({', '.join(names)}) AS MATERIALIZED ({sql}) SELECT * FROM found ORDER BY {ways} LIMIT %s",
                [*values, most],
            )
            return [self.place(*row) for row in cursor.fetchall()]

    def head_first(
        self, found: QuerySet[Any], most: int, searched: Searched[P], *, of_all: bool = False, from_end: bool = False
    ) -> list[P]:
        """The same, where nobody knows how many are found: those at the head of the list along its index, then all
        others. `of_all`, whosever the rows are: a few of them tell then how many fit. `from_end`, the rows are looked
        for from the end of the list."""
        edge = self._edge(NEWEST)
        if edge is None:
            return (self.turned() if from_end else self).along(found, most)
        if from_end:
            rows = searched(self.beyond(edge), most)
            head = found.filter(self.turned().beyond(edge, inclusive=True))
            return rows + self.turned().along(head, most - len(rows))
        rows, begin = list[P](), Q()
        for number in (GLANCE, NEWEST) if of_all else (NEWEST,):
            edge = self._edge(number)
            if edge is None:  # as it was a moment ago, when there were fewer rows
                continue
            head = found.filter(begin, self.turned().beyond(edge, inclusive=True))
            rows, begin = rows + self.along(head, most - len(rows)), self.beyond(edge)
            if len(rows) < number * FREQUENT:
                break
        return rows + searched(begin, most - len(rows))

    def by_words(
        self, found: QuerySet[Any], sought: str, beside: Place | None, most: int, searched: Searched[P]
    ) -> list[P]:
        """The same of those `found` who are called so, after that place.

        That index tells at once who is called so, but they must all be looked up and sorted, which takes long for a
        word that thousands are called by. So those that come next are looked at first. They tell how common the word
        is, and a common one soon fills the page.
        """
        rows, looked_at, begin = list[P](), 0, self.beyond(beside)
        end = self._place_after(beside, STRETCH)
        while len(rows) + 2 >= looked_at * COMMON:
            handful = self._looked_at(found.filter(begin & self.turned().beyond(end)), sought)
            rows += [self.place(*row) for *row, is_called in handful if is_called]
            looked_at += len(handful)
            if len(rows) >= most or (len(handful) < HANDFUL and end is None):
                return rows[:most]
            if len(handful) < HANDFUL:
                begin = self.beyond(end, inclusive=True)
                break
            *last, _is_called = handful[-1]
            begin = self.beyond(self.place(*last))
        return rows + searched(begin, most - len(rows))

    def beyond(self, place: Place | None, *, inclusive: bool = False) -> Q:
        """The condition on rows that come after the place; on all, for none."""
        if place is None:
            return Q()
        *first, last = self.order
        values, further = dict(zip(self.columns, place._asdict().values(), strict=False)), "lt" if self.falls else "gt"
        after = Q(**{f"{last}__{further}{'e' * inclusive}": values[last]})
        for column in reversed(first):
            value = values[column]
            after = Q(**{f"{column}__{further}e": value}) & (Q(**{f"{column}__{further}": value}) | after)
        return after

    def _edge(self, number: int) -> P | None:
        """The place so many rows from the beginning; about there, since any would do: it is looked up now and then."""
        key = f"place-{self.everything.model._meta.label}-{self.order[0]}-{self.falls}-{number}"
        found = cache.get_or_set(key, lambda: [self._looked_up(None, number)], EDGE_SECONDS)
        return found[0] if found else None

    def _place_after(self, beside: Place | None, number: int) -> P | None:
        """The place so many rows behind that one, whosever they are; none where the list ends first."""
        return self._looked_up(beside, number) if beside else self._edge(number)

    def _looked_up(self, beside: Place | None, number: int) -> P | None:
        rows = self._in_order(self.everything.filter(self.beyond(beside)))[number : number + 1]
        return next((self.place(*row) for row in rows), None)

    def _looked_at(self, found: QuerySet[Any], sought: str) -> list[Any]:
        """The first `HANDFUL` in order, each with whether its contact is called so, as the last of its values."""
        is_called = ExpressionWrapper(row_matching(sought, "contact__"), BooleanField())
        return list(self._in_order(found).values_list(*self.columns, is_called)[:HANDFUL])

    def _in_order(self, found: QuerySet[Any]) -> QuerySet[Any, Any]:
        order = [f"-{column}" if self.falls else column for column in self.order]
        return found.order_by(*order).values_list(*self.columns)
