"""Contacts and identities are written here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb

from seamark.apps.accounts.models import Team
from seamark.apps.contacts.models import Identity, Source
from seamark.apps.contacts.search import grams


class Known(NamedTuple):
    """An identity, and whose it is."""

    id: int
    contact_id: int


class Told(Protocol):
    """What is told of an identity when something happens to it."""

    @property
    def source(self) -> str: ...
    @property
    def external_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def is_verified(self) -> bool: ...
    @property
    def also(self) -> Sequence[str]: ...


Key = tuple[str, str]
"""Source and external id."""


def identities_for(told: Sequence[Told]) -> dict[Key, Known]:
    """The identity of each, made together with its contact where nobody has heard of it yet.

    Whatever else a source calls the same contact becomes an identity of that contact too. Those that are known as two
    contacts already stay two: whether they are merged is for people to say.
    Safe beside others who do the same at the same time: one of them makes the contact, all find it.
    """
    by_key: dict[Key, Told] = {}
    for each in told:
        key = (each.source, each.external_id)
        if key not in by_key or not by_key[key].name:
            by_key[key] = each
    found = _known({key for each in told for key in _keys(each)})
    for each in told:
        if each.also and not found.keys() >= set(_keys(each)):
            found |= _joined(each, found)
    new = sorted(by_key.keys() - found.keys())
    if new:
        _make([by_key[key] for key in new])
        found |= _known(new)
    return found


def _keys(told: Told) -> list[Key]:
    return [(told.source, id) for id in (told.external_id, *told.also)]


def _joined(told: Told, found: Mapping[Key, Known]) -> dict[Key, Known]:
    """All identities of one contact, of which some are new."""
    keys = _keys(told)
    known = [found[key] for key in keys if key in found]
    if not known:
        _make([told])
        known = [_known(keys[:1])[keys[0]]]
    new = [
        Identity(contact_id=known[0].contact_id, source=source, external_id=id, is_verified=told.is_verified)
        for source, id in keys
        if (source, id) not in found
    ]
    Identity.objects.bulk_create(new, ignore_conflicts=True)
    return _known(keys)


def _known(keys: Iterable[Key]) -> dict[Key, Known]:
    sources, external_ids = zip(*keys, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT source, external_id, id, contact_id FROM contacts_identity
               JOIN unnest(%s::text[], %s::text[]) AS wanted (source, external_id) USING (source, external_id)""",
            [list(sources), list(external_ids)],
        )
        return {(source, external): Known(id, contact) for source, external, id, contact in cursor.fetchall()}


def _make(told: Sequence[Told]) -> None:
    """A contact and its identity for each; contacts of identities that somebody else made meanwhile go again."""
    teams = _teams_of({each.source for each in told})
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO contacts_contact (name, language, zone, team_id, fields, grams, created_at)
               SELECT name, '', '', team, '{}', ARRAY(SELECT jsonb_array_elements_text(grams)), %s
               FROM unnest(%s::text[], %s::bigint[], %s::jsonb[]) AS new (name, team, grams) RETURNING id""",
            [
                now,
                [each.name[:200] for each in told],
                [teams[each.source] for each in told],
                [Jsonb(grams([each.name, each.external_id])) for each in told],
            ],
        )
        contacts = sorted(id for (id,) in cursor.fetchall())
        cursor.execute(
            """INSERT INTO contacts_identity (contact_id, source, external_id, name, is_verified, created_at)
               SELECT *, %s FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bool[])
               ON CONFLICT (source, external_id) DO NOTHING RETURNING contact_id""",
            [
                now,
                contacts,
                [each.source for each in told],
                [each.external_id for each in told],
                [each.name[:200] for each in told],
                [each.is_verified for each in told],
            ],
        )
        lost = set(contacts) - {contact for (contact,) in cursor.fetchall()}
        if lost:
            cursor.execute("DELETE FROM contacts_contact WHERE id = ANY(%s)", [sorted(lost)])


def _teams_of(sources: Collection[str]) -> dict[str, int]:
    """To which team's public sea the new contacts of each source come: the one it names, or the topmost team's."""
    named = dict(Source.objects.filter(key__in=sources).values_list("key", "team_id"))
    return {source: named.get(source) or topmost_team().pk for source in sources}


def topmost_team() -> Team:
    """The team above all others; made where there is none yet."""
    top = Team.objects.filter(above=None).order_by("pk").first()
    return top or Team.objects.create(name="Headquarters", kind=Team.Kind.HEADQUARTERS)


DESK = "desk"
"""The source under which members' own deeds stand in contacts' histories."""


def desk_identity(contact_id: int) -> Identity:
    """The identity under which members' own deeds stand in the contact's history."""
    identity, _is_new = Identity.objects.get_or_create(
        source=DESK, external_id=str(contact_id), defaults={"contact_id": contact_id, "is_verified": True}
    )
    return identity


def make_desk_identities(contacts: Collection[int]) -> None:
    """Sees to it that each of these contacts has its `desk_identity`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO contacts_identity (contact_id, source, external_id, name, is_verified, created_at)
               SELECT id, %s, id::text, '', TRUE, %s FROM unnest(%s::bigint[]) AS id
               ON CONFLICT (source, external_id) DO NOTHING""",
            [DESK, timezone.now(), sorted(contacts)],
        )
