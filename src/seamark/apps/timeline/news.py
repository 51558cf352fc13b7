"""News for open pages: one connection a process listens, and everybody who waits in it hears.

The database tells of contacts whose standing changed (`NOTIFY contacts`, ids between commas). Whoever holds a
stream open subscribes to what it wants to hear; a slow one loses nothing but repetition, since what is told is
only that something changed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection

log = logging.getLogger(__name__)

CHANNEL = "contacts"
AGAIN_AFTER_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
"""A stream that is silent longer is cut by proxies, and nobody notices a client that left."""

Wanted = Callable[[int], bool]


class Subscription:
    """The contacts that changed since they were last taken."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._changed: set[int] = set()
        self._woken = asyncio.Event()

    def tell(self, contacts: frozenset[int]) -> None:
        """Hear of contacts; those nobody here wants are passed over."""
        mine = {contact for contact in contacts if self._wanted(contact)}
        if mine:
            self._changed |= mine
            self._woken.set()

    async def changes(self) -> AsyncIterator[frozenset[int]]:
        """What changed, each time something did; nothing, when all was quiet for a while."""
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                yield frozenset()
                continue
            self._woken.clear()
            changed, self._changed = frozenset(self._changed), set()
            yield changed


class Hub:
    """Listens, from the first subscription on, and tells everybody."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self._listening: asyncio.Task[None] | None = None

    @contextmanager
    def subscribed(self, wanted: Wanted) -> Iterator[Subscription]:
        """A subscription for as long as the block runs."""
        if self._listening is None or self._listening.done():
            self._listening = asyncio.get_running_loop().create_task(self._listen())
        subscription = Subscription(wanted)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    async def _listen(self) -> None:
        while True:
            try:
                await self._pass_on()
            except (psycopg.OperationalError, OSError):
                log.warning("news.lost")
                await asyncio.sleep(AGAIN_AFTER_SECONDS)

    async def _pass_on(self) -> None:
        async with await psycopg.AsyncConnection.connect(**listening_params()) as listening:
            await listening.execute(f'LISTEN "{CHANNEL}"')
            async for notice in listening.notifies():
                contacts = frozenset(map(int, notice.payload.split(",")))
                for subscription in list(self._subscriptions):
                    subscription.tell(contacts)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running loop; a process that serves has one."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())


def listening_params() -> dict[str, Any]:
    """How to connect for listening, outside Django's own connections."""
    params = connection.get_connection_params() | {"autocommit": True}
    params.pop("cursor_factory", None)
    params.pop("context", None)
    return params
