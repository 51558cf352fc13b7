"""Ways to the rows of a page: along an index until enough fit, or all that fit at once, which are sorted then.

Walking is quick where many fit, and takes seconds where those who fit are rare or lie far back, as the dormant do, of
which the planner knows nothing. So only some thousands of contacts are walked through before the others are searched.
"""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from seamark.apps.contacts.models import Contact
from seamark.apps.contacts.search import row_matching
from seamark.apps.desk.wish import RECENCY, Order, Place
from seamark.apps.tagging.models import Standing

NEWEST = 20_000
"""How many contacts are walked through before the others are searched."""
STRETCH = 100_000
"""The same, where a few of them are looked at for words."""
HANDFUL = 800
"""How many are looked at together."""
COMMON = 0.007
"""The share of contacts with a word from which walking on is quicker: a page is filled by as many looks as the index
finds rows of a million contacts."""


def turned(order: Order, backward: bool) -> Order:
    """The order in which rows are looked for."""
    return order._replace(falls=order.falls != backward)


def along(found: QuerySet[Standing], most: int, order: Order) -> list[Place]:
    """The first rows of the order."""
    return [Place(*row) for row in _in(order, found)[:most]] if most else []


def after_sorting(found: QuerySet[Standing], most: int, order: Order) -> list[Place]:
    """The same, where few are found."""
    if not most:
        return []
    try:
        sql, values = found.values_list(*RECENCY).query.sql_with_params()
    except EmptyResultSet:  # known to be nobody, without asking
        return []
    columns = ", ".join(f"{column} DESC" if order.falls else column for column in order.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found (recency, contact) AS MATERIALIZED ({sql}) "
            f"SELECT recency, contact FROM found ORDER BY {columns} LIMIT %s",
            [*values, most],
        )
        return [Place(*row) for row in cursor.fetchall()]


def head_first(found: QuerySet[Standing], most: int, sort: Order, order: Order) -> list[Place]:
    """The same, where nobody knows how many are found: those at the head of the list along its index, then all others.

    `sort` is the order of the list; `order`, in which rows are looked for, is the same or its reverse.
    """
    edge = _place_after(None, sort, NEWEST)
    if edge is None:
        return along(found, most, order)
    head = found.filter(beyond(edge, turned(sort, True), inclusive=True))
    others = found.filter(beyond(edge, sort))
    if order == sort:
        rows = along(head, most, order)
        return rows + after_sorting(others, most - len(rows), order)
    rows = after_sorting(others, most, order)
    return rows + along(head, most - len(rows), order)


def by_words(
    found: QuerySet[Standing], sought: str, called: Q, beside: Place | None, most: int, order: Order
) -> list[Place]:
    """The same of those `found` who are `called` so, after that place.

    The index of words tells at once who is, but they must all be looked up and sorted, which takes long for a word
    that thousands are called by. So those that come next are looked at first. They tell how common the word is, and
    a common one soon fills the page.
    """
    rows, looked_at, begin = list[Place](), 0, beyond(beside, order)
    end = _place_after(beside, order, STRETCH)
    while len(rows) + 2 >= looked_at * COMMON:
        handful = along(found.filter(begin & beyond(end, turned(order, True))), HANDFUL, order)
        rows += _called(handful, sought)
        looked_at += len(handful)
        if len(rows) >= most or (len(handful) < HANDFUL and end is None):
            return rows[:most]
        if len(handful) < HANDFUL:
            begin = beyond(end, order, inclusive=True)
            break
        begin = beyond(handful[-1], order)
    return rows + after_sorting(found.filter(called & begin), most - len(rows), order)


def _called(places: list[Place], sought: str) -> list[Place]:
    looked_at = Contact.objects.filter(row_matching(sought), pk__in=[place.contact for place in places])
    called = set(looked_at.values_list("pk", flat=True))
    return [place for place in places if place.contact in called]


def _place_after(beside: Place | None, order: Order, number: int) -> Place | None:
    """The place so many rows behind that one, whosever they are; none where the list ends first.

    From the beginning any place about there would do, so it is looked up now and then.
    """

    def looked_up() -> list[Place | None]:
        places = _in(order, Standing.objects.filter(beyond(beside, order)))[number : number + 1]
        return [*(Place(*row) for row in places), None][:1]

    if beside:
        return looked_up()[0]
    key = f"desk-place-{order.columns[0]}-{order.falls}-{number}"
    found = cache.get_or_set(key, looked_up, 60)
    return found[0] if found else None


def _in(order: Order, found: QuerySet[Standing]) -> QuerySet[Standing, tuple[datetime, int]]:
    columns = [f"-{column}" if order.falls else column for column in order.columns]
    return found.order_by(*columns).values_list(*RECENCY)


def beyond(place: Place | None, order: Order, *, inclusive: bool = False) -> Q:
    """The condition on rows that come after the place; on all, for none."""
    if place is None:
        return Q()
    moment, contact = place
    further = "lt" if order.falls else "gt"
    after = Q(**{f"contact__{further}{'e' * inclusive}": contact})
    if order.columns != RECENCY:
        return after
    return Q(**{f"recency__{further}e": moment}) & (Q(**{f"recency__{further}": moment}) | after)
