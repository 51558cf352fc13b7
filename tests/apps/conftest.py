"""The cast and the stage of tests of the product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from seamark.apps.accounts.models import Member, Post, Team
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.models import Standing, Tag
from seamark.apps.tagging.publish import publish
from seamark.apps.tagging.rulebooks import compiled
from seamark.apps.timeline.arrivals import Arrival
from seamark.apps.timeline.record import record
from tests.apps.tiers import TIERS

PASSWORD = "a long enough password"


@dataclass(frozen=True)
class Cast:
    """Alice sells in the south; Bob is on her team; Rita may only read; Charlie sells in another region."""

    alice: Member
    bob: Member
    rita: Member
    charlie: Member
    admin: Member
    boss: Member
    """Headquarters."""
    south: Team
    north: Team


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Rates are counted in it."""
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    top = Team.objects.create(name="Headquarters", kind="headquarters")
    south, north = (Team.objects.create(name=name, kind="region", above=top) for name in ("South", "North"))

    def member(name: str, role: str, team: Team) -> Member:
        made = Member.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name, language="en", zone="UTC")
        Post.objects.create(member=made, team=team, role=role)
        return made

    return Cast(
        alice=member("Alice", "salesperson", south),
        bob=member("Bob", "salesperson", south),
        rita=member("Rita", "auditor", top),
        charlie=member("Charlie", "salesperson", north),
        admin=member("Ada", "administrator", top),
        boss=member("Hugo", "headquarters", top),
        south=south,
        north=north,
    )


MakeContact = Callable[..., Contact]


@pytest.fixture
def make_contact(cast: Cast) -> MakeContact:
    """Makes a contact of Alice's, unless it is told otherwise."""

    def make(**overrides: Any) -> Contact:
        return Contact.objects.create(**{"name": "Wang", "team": cast.south, "owner": cast.alice} | overrides)

    return make


_keys = count(1)


def arrival(kind: str = "message.received", ago: timedelta = timedelta(0), **overrides: Any) -> Arrival:
    """An event of the identity `wang` of source `test`, that long ago."""
    return Arrival(
        **{
            "source": "test",
            "external_id": "wang",
            "kind": kind,
            "occurred_at": timezone.now() - ago,
            "source_key": f"key {next(_keys)}",
        }
        | overrides
    )


def happened(kind: str = "message.received", ago: timedelta = timedelta(0), **overrides: Any) -> Contact:
    """Record one event; returns its contact."""
    told = arrival(kind, ago, **overrides)
    record([told])
    return Contact.objects.get(identities__external_id=told.external_id, identities__source=told.source)


@pytest.fixture
def tiers(request: pytest.FixtureRequest) -> None:
    """A small rulebook is live."""
    request.getfixturevalue("transactional_db" if _is_transactional(request) else "db")
    compiled.cache_clear()  # ids begin anew in every test
    publish(text=TIERS, by=None)


def tags_of(contact: Contact) -> dict[str, datetime | None]:
    """The tags that the contact holds, and since when."""
    standing = Standing.objects.get(contact=contact)
    names = dict(Tag.objects.values_list("pk", "name"))
    return {names[tag]: since for tag, since in zip(standing.tags, standing.since, strict=True)}


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    mark = request.node.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction"))
