"""The list of contacts: who is in it, in which order, how many they are, and which tags they hold.

Lists may be asked of a million contacts. Contacts are found where they stand (`tagging.Standing`): its indexes are in
the order of the list and hold what is asked of rows on the way, so a page is found first and fetched then. Nothing is
counted beyond `MOST_COUNTED`, and no page is reached by skipping the ones before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from django.db.models import Count, Func, Prefetch, Q, QuerySet

from seamark.apps.accounts.access import Reach, reach
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.channels.models import Channel
from seamark.apps.contacts.matching import matching
from seamark.apps.contacts.models import Contact, Identity
from seamark.apps.contacts.walks import Walk
from seamark.apps.desk.limits import limited, marked
from seamark.apps.desk.wish import MINE, RECENCY, SEA, SORTS, Place, Wish
from seamark.apps.outreach.queries import found_by, in_segment
from seamark.apps.tagging.models import Standing
from seamark.apps.tagging.rulebooks import Live

PAGE = 50
MOST_COUNTED = 10_000


class Page(NamedTuple):
    """Some contacts of the list, and what leads to the pages beside them."""

    contacts: list[Contact]
    before: Wish | None
    after: Wish | None


class Amount(NamedTuple):
    """How many contacts a list has, and how many of them hold each tag, by its id."""

    total: int
    """One more than `MOST_COUNTED` where there are more than that; tags are not counted then."""
    by_tag: Mapping[int, int]


def standings(member: Member, wish: Wish, live: Live | None) -> QuerySet[Standing]:
    """Where the contacts stand whom the member may see and wishes to."""
    return _whatever_called(member, wish, live).filter(_indexed(member, wish))


def _indexed(member: Member, wish: Wish) -> Q:
    """Who is called so, and what indexes say of the others: good for finding them all, and too dear to ask row by
    row."""
    within = reach(member, Action.VIEW)
    return matching(wish.sought, "contact__", within=within) & marked(wish.limits, within)


def _whatever_called(member: Member, wish: Wish, live: Live | None) -> QuerySet[Standing]:
    found = Standing.objects.filter(reach(member, Action.VIEW).condition())
    ids = live.tag_ids if live else {}
    for tag in wish.of("all"):
        found = found.filter(tags__contains=[ids[tag]])
    if some := wish.of("any"):
        found = found.filter(tags__overlap=[ids[tag] for tag in some])
    if none := wish.of("none"):
        found = found.exclude(tags__overlap=[ids[tag] for tag in none])
    if wish.owner:
        owners = {MINE: member.pk, SEA: None}
        found = found.filter(owner=owners[wish.owner] if wish.owner in owners else int(wish.owner))
    if wish.segment:
        found = found.filter(in_segment(wish.segment, live))
    if wish.found:
        found = found.filter(found_by(member, wish.found))
    return limited(found, wish.limits)


def page_of(member: Member, wish: Wish, live: Live | None, size: int | None = None) -> Page:
    """The page that the wish leads to; the first one where it leads before the beginning.

    `size`: how many contacts it has; as many as pages of the list, unless given.
    """
    size = size or PAGE
    backward = wish.way == "before" and wish.beside is not None
    places = _places(member, wish, live, backward, size + 1)
    more, places = len(places) > size, places[:size]
    if backward:
        places.reverse()
        if not more and wish.first != 1 and len(places) < size:
            return page_of(member, wish.begun, live, size)
    has_before = more if backward else wish.beside is not None
    has_after = True if backward else more
    return Page(
        rows_of([place.contact for place in places]),
        wish.at("before", places[0], max(1, wish.first - size)) if places and has_before else None,
        wish.at("after", places[-1], wish.first + len(places)) if places and has_after else None,
    )


def _places(member: Member, wish: Wish, live: Live | None, backward: bool, most: int) -> list[Place]:
    """The first rows from the place on, in the order in which they are looked for."""
    sort = SORTS[wish.sort]
    walk = Walk(Standing.objects.all(), Place, RECENCY, sort.columns, sort.falls)
    order = walk.turned() if backward else walk
    found, indexed = _whatever_called(member, wish, live), _indexed(member, wish)
    if wish.sought:
        searched = partial(_searched, found.filter(indexed), order)
        return order.by_words(found, wish.sought, wish.beside, most, searched)
    found = found.filter(order.beyond(wish.beside))
    reaches_all = reach(member, Action.VIEW).everyone and not wish.owner
    if not wish.picks_out and (sort.columns == RECENCY or reaches_all):
        return order.along(found, most)
    searched = partial(_searched, found.filter(indexed), order)
    return walk.head_first(found, most, searched, of_all=reaches_all, from_end=backward)


def _searched(found: QuerySet[Standing], order: Walk[Place], rest: Q, most: int) -> list[Place]:
    return order.after_sorting(found.filter(rest), most)


def rows_of(ids: Sequence[int]) -> list[Contact]:
    """These contacts in this order, with all that a row shows."""
    rows = Contact.objects.filter(pk__in=ids).select_related("owner", "team", "standing").defer("grams")
    rows = rows.defer("standing__state").prefetch_related(
        Prefetch("identities", Identity.objects.exclude(source="desk").order_by("pk"))
    )
    by_id = {row.pk: row for row in rows}
    return [by_id[id] for id in ids if id in by_id]


def amount(member: Member, wish: Wish, live: Live | None) -> Amount:
    """How many the wish finds."""
    found = standings(member, wish, live).values("tags")[: MOST_COUNTED + 1]
    total = found.count()
    if total > MOST_COUNTED:
        return Amount(total, {})
    held = standings(member, wish, live).annotate(tag=Func("tags", function="unnest"))
    return Amount(total, dict(held.values("tag").annotate(number=Count("*")).values_list("tag", "number")))


def owners_among(reached: Reach) -> QuerySet[Member]:
    """Who may own contacts that are reached, other than oneself."""
    members = Member.objects.filter(is_active=True).order_by("name", "pk")
    if reached.everyone:
        return members.filter(posts__isnull=False).distinct()
    return members.filter(posts__team__in=reached.teams).distinct() if reached.teams else members.none()


def channels_of(contacts: Sequence[Contact]) -> dict[str, Channel]:
    """The channels by which these contacts are known, by source."""
    sources = {identity.source for contact in contacts for identity in contact.identities.all()}
    return {channel.source_id: channel for channel in Channel.objects.filter(source__in=sources)}
