"""News for open pages of the desk: that something changed with a contact whom the member may see, and no more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping
from typing import NamedTuple
from weakref import WeakKeyDictionary

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from seamark.apps.accounts.access import Reach, reach
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.access import contact_for
from seamark.apps.contacts.models import Contact
from seamark.apps.inbox.access import conversation_for, helps_by
from seamark.apps.inbox.queries import Guests, guests_of
from seamark.apps.timeline.news import News, asked, hub

GATHER_SECONDS = 0.02
PAUSE_SECONDS = {True: 0.2, False: 1.5}
"""Between two pieces of news, by whether they are of one contact; meanwhile changes add up."""
INBOX_PAUSE_SECONDS = 0.5
PRESENCE_PAUSE_SECONDS = 0.1
"""After news of who writes, which comes just before what was written."""
LONGEST_SECONDS = 600
"""A stream ends then, and the page opens another, as far as the member's rights go by that time."""
HELLO, QUIET = b": hello\n\n", b": quiet\n\n"


class Place(NamedTuple):
    """Where a contact is, and who besides reads its conversations."""

    owner: int | None
    team: int
    guests: Guests


class Sight(NamedTuple):
    """Of whom a member hears, as far as their rights went when the stream began."""

    member: int
    reached: Reach
    helps_by: frozenset[int]

    def covers(self, place: Place) -> bool:
        guests = place.guests
        if self.member in guests.members or not self.helps_by.isdisjoint(guests.teams):
            return True
        return self.reached.covers(owner=place.owner, team=place.team)

    def covers_any(self, contacts: Collection[int], places: Mapping[int, Place]) -> bool:
        return any(self.covers(places[contact]) for contact in contacts if contact in places)


def _sight_of(member: Member) -> Sight:
    return Sight(member.pk, reach(member, Action.VIEW), helps_by(member))


class Places:
    """Where contacts are, asked of the database once for all streams that want to know at about the same time."""

    def __init__(self) -> None:
        self._wanted: set[int] = set()
        self._reading: asyncio.Task[Mapping[int, Place]] | None = None

    async def of(self, contacts: Collection[int]) -> Mapping[int, Place]:
        """Where these are now; perhaps others too."""
        self._wanted.update(contacts)
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        return await asyncio.shield(self._reading)

    async def _read(self) -> Mapping[int, Place]:
        await asyncio.sleep(GATHER_SECONDS)
        wanted, self._wanted, self._reading = self._wanted, set(), None
        return await asked(_places_of, wanted)


_all_places: WeakKeyDictionary[asyncio.AbstractEventLoop, Places] = WeakKeyDictionary()


def _places_of(contacts: Collection[int]) -> Mapping[int, Place]:
    rows = Contact.objects.filter(pk__in=contacts).values_list("pk", "owner_id", "team_id")
    guests = guests_of(contacts)
    return {id: Place(owner, team, guests[id]) for id, owner, team in rows}


async def stream(request: HttpRequest, id: int | None = None) -> HttpResponseBase:
    """Server-sent events `contact-moved`: of one contact, or of all whom the member may see. 404 as for pages.

    Of one contact `contact-lost`, too: it is the member's to see no more.
    """
    member = await asked(member_of, request)
    if id is not None:
        await asked(contact_for, member, id)
    return _streamed(moves(member, id, missed=_has_missed(request), drawn=_drawn(request)))


async def inbox_stream(request: HttpRequest, id: int | None = None) -> HttpResponseBase:
    """Server-sent events for the inbox, with one conversation open or none. 404 as for pages.

    `inbox-moved`: something changed with any contact whom the member sees; `contact-moved` and `presence-moved`: with
    the one of the open conversation, and with who reads it and writes in it; `contact-lost`: it is the member's to read
    no more.
    """
    member = await asked(member_of, request)
    opened = (await asked(conversation_for, member, id)).contact_id if id is not None else None
    return _streamed(inbox_moves(member, opened, missed=_has_missed(request), drawn=_drawn(request)))


def _has_missed(request: HttpRequest) -> bool:
    return bool(request.headers.get("Last-Event-ID"))


def _drawn(request: HttpRequest) -> float | None:
    """When the page began to be drawn (`seamark_ui.drawn`)."""
    try:
        return float(request.GET["drawn"])
    except (KeyError, ValueError):
        return None


def _streamed(lines: AsyncIterator[bytes]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def moves(
    member: Member, only: int | None = None, *, missed: bool = False, drawn: float | None = None
) -> AsyncIterator[bytes]:
    """A line each time something changed.

    `missed`: tell at once, since the page was cut off for a while; `drawn`: tell of what changed since then, too.
    """
    sight = await asked(_sight_of, member)
    with hub().subscribed(lambda contact: only in (None, contact)) as subscription:
        yield _told("contact-moved") if missed else HELLO
        until = time.monotonic() + LONGEST_SECONDS
        async for news in _caught_up(subscription.changes(), None if missed else drawn):
            moved = news.moved if only is None else news.moved & {only}
            sees_any = bool(moved) and sight.covers_any(moved, await _places().of(moved))
            if news.is_unknown or sees_any:
                yield _told("contact-moved")
                await asyncio.sleep(PAUSE_SECONDS[only is not None])
            else:
                yield _told("contact-lost") if only in moved else QUIET
            if time.monotonic() > until:
                return


async def inbox_moves(
    member: Member, opened: int | None, *, missed: bool = False, drawn: float | None = None
) -> AsyncIterator[bytes]:
    """Lines as things change, as in `moves`; `opened`: the contact of the open conversation."""
    sight = await asked(_sight_of, member)
    with hub().subscribed(lambda contact: True) as subscription:
        yield _told("inbox-moved", "contact-moved") if missed else HELLO
        until = time.monotonic() + LONGEST_SECONDS
        async for news in _caught_up(subscription.changes(), None if missed else drawn):
            shown = {opened} if opened is not None and (news.is_unknown or opened in news.moved) else set()
            asked_for = news.moved | shown
            places = await _places().of(asked_for) if asked_for else {}
            is_lost = bool(shown) and not sight.covers_any(shown, places)
            told = {
                "inbox-moved": news.is_unknown or is_lost or sight.covers_any(news.moved, places),
                "contact-moved": (news.is_unknown or bool(shown)) and not is_lost,
                "contact-lost": is_lost,
                "presence-moved": opened in news.attended,
            }
            names = [name for name, is_true in told.items() if is_true]
            yield _told(*names) if names else QUIET
            if names:
                only_presence = names == ["presence-moved"]
                await asyncio.sleep(PRESENCE_PAUSE_SECONDS if only_presence else INBOX_PAUSE_SECONDS)
            if time.monotonic() > until:
                return


async def _caught_up(changes: AsyncIterator[News], drawn: float | None) -> AsyncIterator[News]:
    """The changes, the first of them with what happened since the page was drawn."""
    async for news in changes:
        if drawn is not None:
            moved = hub().moved_since(drawn)
            news = news._replace(is_unknown=True) if moved is None else news._replace(moved=news.moved | moved)
            drawn = None
        yield news


def _places() -> Places:
    return _all_places.setdefault(asyncio.get_running_loop(), Places())


def _told(*names: str) -> bytes:
    return "".join(f"id: {time.time_ns()}\nevent: {name}\ndata:\n\n" for name in names).encode()
