"""Open pages hear of what changes, each member of their own contacts alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection
from django.test import Client

from seamark.apps.accounts.models import Member, Post, Team
from seamark.apps.contacts.models import Contact
from seamark.apps.contacts.news import tell_attended
from seamark.apps.desk import streams
from seamark.apps.inbox.actions import assign_conversation
from seamark.apps.inbox.helping import let_help
from seamark.apps.inbox.models import Conversation
from tests.apps.conftest import Cast, happened

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tiers"),
    pytest.mark.filterwarnings("ignore:.*async:Warning"),
]
PATIENCE_SECONDS = 20


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PAUSE_SECONDS", {True: 0, False: 0})


class Ear:
    """What a member hears."""

    def __init__(self, member: Member, only: int | None) -> None:
        self.count = 0
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._listen(member, only))

    async def _listen(self, member: Member, only: int | None) -> None:
        async for line in streams.moves(member, only):
            if b"event: contact-moved" in line:
                self.count += 1
                self._news.set()

    async def hears(self, deed: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> bool:
        """Whether it hears something once the deed is done."""
        self._news.clear()
        await sync_to_async(deed)()
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def waits_for(self, deed: Callable[[], object]) -> None:
        """Does it again and again until it is heard, and lets what else was heard of it pass: listening has begun."""
        while not await self.hears(deed, seconds=0.1):
            pass
        while await self.hears(lambda: None, seconds=0.3):
            pass
        self.count = 0

    def stop(self) -> None:
        self._task.cancel()


@asynccontextmanager
async def ears(*members: Member, only: int | None = None) -> AsyncIterator[list[Ear]]:
    made = [Ear(member, only) for member in members]
    try:
        yield made
    finally:
        for ear in made:
            ear.stop()


def contact_of(owner: Member, team: Team) -> Callable[[], Contact]:
    """What happens to a contact of that member."""
    contact = happened(external_id=owner.name)
    Contact.objects.filter(pk=contact.pk).update(owner=owner, team=team)
    return lambda: happened(external_id=owner.name)


def lines_of(member: Member, opened: int | None) -> Callable[[Callable[[], object]], list[str]]:
    """What a stream of the inbox tells next, once listening has begun and the deed is done."""

    async def told(deed: Callable[[], object]) -> list[str]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            lines = streams.inbox_moves(member, opened)
            for _ in range(2):
                await anext(lines)
            await sync_to_async(deed)()
            found = (await anext(lines)).decode()
            return [line.removeprefix("event: ") for line in found.splitlines() if line.startswith("event: ")]

    return async_to_sync(told)


def test_the_inbox_hears_of_the_list_and_of_the_open_conversation(cast: Cast) -> None:
    to_alices, to_charlies = contact_of(cast.alice, cast.south), contact_of(cast.charlie, cast.north)
    alices = to_alices().pk
    assert lines_of(cast.alice, alices)(to_alices) == ["inbox-moved", "contact-moved"]
    assert lines_of(cast.boss, alices)(to_charlies) == ["inbox-moved"]
    assert lines_of(cast.alice, alices)(to_charlies) == []
    assert lines_of(cast.alice, alices)(lambda: tell_attended(alices)) == ["presence-moved"]


def test_who_handles_a_conversation_hears_of_it_whoevers_the_contact_is(cast: Cast) -> None:
    to_alices = contact_of(cast.alice, cast.south)
    assert lines_of(cast.charlie, None)(to_alices) == []
    Conversation.objects.update(assignee=cast.charlie)
    assert lines_of(cast.charlie, None)(to_alices) == ["inbox-moved"]


@pytest.mark.covers("F01")
def test_charlies_stream_never_tells_of_alices_contacts(cast: Cast) -> None:
    to_alices, to_charlies = contact_of(cast.alice, cast.south), contact_of(cast.charlie, cast.north)

    async def scene() -> None:
        async with ears(cast.alice, cast.charlie) as (alice, charlie):
            await charlie.waits_for(to_charlies)
            assert await alice.hears(to_alices)
            assert await charlie.hears(to_charlies)
            assert (alice.count, charlie.count) == (1, 1)

    async_to_sync(scene)()


def test_a_contact_that_was_given_away_is_heard_of_no_more(cast: Cast) -> None:
    to_it = contact_of(cast.charlie, cast.north)

    def given_away() -> None:
        Contact.objects.update(owner=cast.alice, team=cast.south)
        to_it()

    async def scene() -> None:
        async with ears(cast.alice, cast.charlie) as (alice, charlie):
            await charlie.waits_for(to_it)
            assert await alice.hears(given_away)
            assert await alice.hears(to_it)
            assert charlie.count == 0

    async_to_sync(scene)()


def test_the_page_of_one_contact_hears_of_no_other(cast: Cast) -> None:
    to_charlies = contact_of(cast.charlie, cast.north)
    charlies = to_charlies()

    async def scene() -> None:
        async with ears(cast.rita) as (every,), ears(cast.rita, only=charlies.pk) as (one,):
            await one.waits_for(to_charlies)
            assert await every.hears(lambda: happened(external_id="another"))
            assert await every.hears(lambda: happened(external_id="another"))
            assert one.count == 0

    async_to_sync(scene)()


def test_charlie_cannot_open_the_stream_of_alices_contact(cast: Cast) -> None:
    contact = contact_of(cast.alice, cast.south)()
    client = Client()
    client.force_login(cast.charlie)
    assert client.get(f"/live/{contact.pk}/").status_code == 404
    assert Client().get("/live/").status_code == 302
    assert client.get(f"/inbox/{contact.conversations.get().pk}/live/").status_code == 404
    client.force_login(cast.alice)
    answer = client.get(f"/live/{contact.pk}/")
    assert answer.headers["Content-Type"] == "text/event-stream"
    answer.close()


def test_an_open_stream_keeps_no_connection(cast: Cast) -> None:
    to_it = contact_of(cast.alice, cast.south)
    client = Client()
    client.force_login(cast.alice)
    answer = client.get("/live/")
    assert connection.connection is None

    async def scene() -> None:
        lines = streams.moves(cast.alice)
        await anext(lines)
        await anext(lines)
        await sync_to_async(to_it)()
        assert b"contact-moved" in await anext(lines)
        assert await sync_to_async(lambda: connection.connection)() is None

    async_to_sync(scene)()
    answer.close()


def test_a_page_hears_of_what_happened_while_it_was_drawn(cast: Cast) -> None:
    to_alices, to_charlies = contact_of(cast.alice, cast.south), contact_of(cast.charlie, cast.north)

    async def first_of(drawn: float, only: int | None = None) -> bytes:
        lines = streams.moves(cast.alice, only, drawn=drawn)
        assert await anext(lines) == streams.HELLO
        return await anext(lines)

    async def scene() -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), ears(cast.alice, cast.charlie) as (alice, charlie):
            long_ago = time.time()
            await alice.waits_for(to_alices)
            drawn = time.time()
            assert await first_of(drawn) == streams.QUIET
            await charlie.waits_for(to_charlies)
            assert await first_of(drawn) == streams.QUIET
            contact = await sync_to_async(to_alices)()
            assert await alice.hears(to_alices)
            assert b"contact-moved" in await first_of(drawn)
            assert b"contact-moved" in await first_of(drawn, contact.pk)
            assert await first_of(drawn, contact.pk + 1_000) == streams.QUIET
            assert await first_of(time.time()) == streams.QUIET
            assert b"contact-moved" in await first_of(long_ago - 100)

    async_to_sync(scene)()


@pytest.mark.covers("B14")
def test_whoever_leads_a_team_that_helps_hears_of_the_contact_too(cast: Cast) -> None:
    to_alices = contact_of(cast.alice, cast.south)
    repairs = Team.objects.create(name="Repairs", above=cast.north)
    let_help([(to_alices().pk, repairs.pk)])
    for name, role, team, hears in (
        ("Nils", "regional-manager", cast.north, True),
        ("Mona", "manager", repairs, True),
        ("Nora", "manager", cast.north, False),
        ("Rolf", "regional-manager", cast.south, True),
        ("Olga", "auditor", repairs, True),
    ):
        member = Member.objects.create_user(f"{name.lower()}@example.com", "a long enough password", name=name)
        Post.objects.create(member=member, team=team, role=role)
        heard = lines_of(member, None)(to_alices)
        assert (heard == ["inbox-moved"]) == hears, name


@pytest.mark.covers("B14")
def test_who_reads_a_conversation_hears_that_it_is_theirs_no_more(cast: Cast) -> None:
    to_alices = contact_of(cast.alice, cast.south)
    talk = Conversation.objects.get()
    Conversation.objects.update(assignee=cast.charlie)
    handed_back = partial(
        assign_conversation, conversation=talk, assignee=cast.alice, was=cast.charlie.pk, by=cast.boss
    )
    assert lines_of(cast.charlie, talk.contact_id)(handed_back) == ["inbox-moved", "contact-lost"]
    assert lines_of(cast.charlie, None)(to_alices) == []


def test_the_page_of_a_contact_hears_that_it_is_given_away(cast: Cast) -> None:
    to_it = contact_of(cast.charlie, cast.north)
    contact = to_it()

    async def heard() -> list[bytes]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            lines = streams.moves(cast.charlie, contact.pk)
            for _ in range(2):
                await anext(lines)
            await sync_to_async(given_away)()
            return (await anext(lines)).splitlines()

    def given_away() -> None:
        Contact.objects.update(owner=cast.alice, team=cast.south)
        to_it()

    assert b"event: contact-lost" in async_to_sync(heard)()
