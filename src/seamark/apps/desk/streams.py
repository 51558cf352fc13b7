"""News for open pages of the desk: that something changed with a contact whom the member may see, and no more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping
from weakref import WeakKeyDictionary

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from seamark.apps.accounts.access import Reach, reach
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.access import contact_for
from seamark.apps.contacts.models import Contact
from seamark.apps.timeline.news import asked, hub

GATHER_SECONDS = 0.02
PAUSE_SECONDS = {True: 0.2, False: 1.5}
"""Between two pieces of news, by whether they are of one contact; meanwhile changes add up."""
LONGEST_SECONDS = 600
"""A stream ends then, and the page opens another, as far as the member's rights go by that time."""
QUIET = b": quiet\n\n"

Place = tuple[int | None, int]
"""A contact's owner and team."""


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


_places: WeakKeyDictionary[asyncio.AbstractEventLoop, Places] = WeakKeyDictionary()


def _places_of(contacts: Collection[int]) -> Mapping[int, Place]:
    rows = Contact.objects.filter(pk__in=contacts).values_list("pk", "owner_id", "team_id")
    return {id: (owner, team) for id, owner, team in rows}


async def stream(request: HttpRequest, id: int | None = None) -> HttpResponseBase:
    """Server-sent events `contact-moved`: of one contact, or of all whom the member may see. 404 as for pages."""
    member = await asked(member_of, request)
    if id is not None:
        await asked(contact_for, member, id)
    missed = bool(request.headers.get("Last-Event-ID"))
    response = StreamingHttpResponse(moves(member, id, missed=missed), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def moves(member: Member, only: int | None = None, *, missed: bool = False) -> AsyncIterator[bytes]:
    """A line each time something changed; `missed`: tell at once, since the page was cut off for a while."""
    reached = await asked(reach, member, Action.VIEW)
    places = _places.setdefault(asyncio.get_running_loop(), Places())
    until = time.monotonic() + LONGEST_SECONDS
    with hub().subscribed(lambda contact: only in (None, contact)) as subscription:
        yield _move() if missed else b": hello\n\n"
        async for changed in subscription.changes():
            if changed and _any_reached(reached, changed, await places.of(changed)):
                yield _move()
                await asyncio.sleep(PAUSE_SECONDS[only is not None])
            else:
                yield QUIET
            if time.monotonic() > until:
                return


def _any_reached(reached: Reach, changed: Collection[int], places: Mapping[int, Place]) -> bool:
    found = (places[contact] for contact in changed if contact in places)
    return any(reached.covers(owner=owner, team=team) for owner, team in found)


def _move() -> bytes:
    return f"id: {time.time_ns()}\nevent: contact-moved\ndata:\n\n".encode()
