"""News for open pages: one connection a process listens, and everybody who waits in it hears.

The database tells of contacts whose standing changed (`NOTIFY contacts`, ids between commas), and of those whom a
member is reading or writing to (`NOTIFY presence`). Whoever holds a stream open subscribes to what it wants to hear; a
slow one loses nothing but repetition, since what is told is only that something changed. Contacts are remembered for a
while, for pages that were drawn a moment before they subscribe.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from asgiref.sync import sync_to_async
from django.db import connection

from seamark.apps.contacts.news import CHANNEL, PRESENCE

log = logging.getLogger(__name__)

AGAIN_AFTER_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
"""A stream that is silent longer is cut by proxies, and nobody notices a client that left."""
REMEMBERED_SECONDS = 60.0
"""A page that was drawn longer ago looks anew when it subscribes."""

Wanted = Callable[[int], bool]
P = ParamSpec("P")
T = TypeVar("T")


class News(NamedTuple):
    """Contacts with whom something changed, by what did."""

    moved: frozenset[int] = frozenset()
    """Their history, tags or conversations."""
    attended: frozenset[int] = frozenset()
    """Who reads their messages or writes to them."""
    is_unknown: bool = False
    """Something may have changed with anybody."""


class Subscription:
    """The contacts that changed since they were last taken."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._changed: dict[str, set[int]] = {CHANNEL: set(), PRESENCE: set()}
        self._woken = asyncio.Event()
        self._has_ended = False

    def tell(self, channel: str, contacts: frozenset[int]) -> None:
        """Hear of contacts; those nobody here wants are passed over."""
        mine = {contact for contact in contacts if self._wanted(contact)}
        if mine:
            self._changed[channel] |= mine
            self._woken.set()

    def begin(self) -> None:
        """From here on nothing is missed."""
        self._woken.set()

    def end(self) -> None:
        """Something may be missed."""
        self._has_ended = True
        self._woken.set()

    async def changes(self) -> AsyncIterator[News]:
        """Nothing, as soon as listening has begun; then what changed, each time something did, and nothing when all
        was quiet for a while. Ends where something may have been missed: whoever listens looks anew, and subscribes.
        """
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                yield News()
                continue
            if self._has_ended:
                return
            self._woken.clear()
            news = News(frozenset(self._changed[CHANNEL]), frozenset(self._changed[PRESENCE]))
            self._changed = {channel: set() for channel in self._changed}
            yield news


class Hub:
    """Listens, from the first subscription on, and tells everybody."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self._task: asyncio.Task[None] | None = None
        self._is_listening = False
        self._remembers_since = 0.0
        self._remembered: deque[tuple[float, frozenset[int]]] = deque()

    @contextmanager
    def subscribed(self, wanted: Wanted) -> Iterator[Subscription]:
        """A subscription for as long as the block runs."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._listen())
        subscription = Subscription(wanted)
        if self._is_listening:
            subscription.begin()
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def moved_since(self, moment: float) -> frozenset[int] | None:
        """The contacts that something changed with since then (as `time.time` tells it); None where nobody knows."""
        if not self._is_listening or moment < max(self._remembers_since, time.time() - REMEMBERED_SECONDS):
            return None
        return frozenset().union(*(contacts for heard_at, contacts in self._remembered if heard_at >= moment))

    def _remember(self, contacts: frozenset[int]) -> None:
        now = time.time()
        self._remembered.append((now, contacts))
        while self._remembered[0][0] < now - REMEMBERED_SECONDS:
            self._remembered.popleft()

    async def _listen(self) -> None:
        while True:
            try:
                await self._pass_on()
            except (psycopg.OperationalError, OSError):
                log.warning("news.lost")
                await asyncio.sleep(AGAIN_AFTER_SECONDS)

    async def _pass_on(self) -> None:
        async with await psycopg.AsyncConnection.connect(**listening_params()) as listening:
            for channel in (CHANNEL, PRESENCE):
                await listening.execute(f'LISTEN "{channel}"')
            try:
                self._begin_all()
                async for notice in listening.notifies():
                    contacts = frozenset(map(int, notice.payload.split(",")))
                    if notice.channel == CHANNEL:
                        self._remember(contacts)
                    for subscription in list(self._subscriptions):
                        subscription.tell(notice.channel, contacts)
            finally:
                self._end_all()

    def _begin_all(self) -> None:
        self._is_listening, self._remembers_since = True, time.time()
        self._remembered.clear()
        for subscription in self._subscriptions:
            subscription.begin()

    def _end_all(self) -> None:
        self._is_listening = False
        for subscription in self._subscriptions:
            subscription.end()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running loop; a process that serves has one."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())


async def asked(question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the database answers, for a stream: it gives its connection back, which the request would keep till its end.

    A stream keeps none while it is open; else there would be as many streams as connections, and nothing besides.
    """
    return await sync_to_async(_letting_go)(partial(question, *args, **kwargs))


def _letting_go(question: Callable[[], T]) -> T:
    try:
        return question()
    finally:
        if not connection.in_atomic_block:
            connection.close()


def listening_params() -> dict[str, Any]:
    """How to connect for listening, outside Django's own connections."""
    params = connection.get_connection_params() | {"autocommit": True}
    params.pop("cursor_factory", None)
    params.pop("context", None)
    return params
