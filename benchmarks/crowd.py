"""Very many contacts, put straight into the tables: what they are called, whose they are, what their fields hold, and
where they stand."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from seamark.apps.accounts.models import Member, Post, Team
from seamark.apps.contacts.models import Field
from seamark.apps.contacts.search import grams

TEAMS, MEMBERS_A_TEAM = 20, 10
IN_PUBLIC_SEA = 0.3
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧建文辉玲鑫宇浩晨欣"
FIRST = (
    "Anna Bruno Carla David Elena Felix Grace Hugo Ivan Julia Karim Lena Marco Nadia Oscar Priya Tomas Wendy".split()
)
LAST = "Almeida Becker Costa Dubois Evans Fischer Garcia Hansen Ito Jensen Kumar Lopez Moreau Novak Rossi Silva".split()
CITIES = [f"City {place}" for place in range(300)]
CITY_WEIGHTS = [1 / (place + 1) for place in range(len(CITIES))]
"""The last of them has five contacts of ten thousand."""
INTERESTS = [f"interest {place}" for place in range(60)]
BUDGET_MEDIAN, BUDGET_SIGMA = 8.0, 1.5
"""Of the logarithm: half have less than 3,000, and one of a hundred more than 98,000."""
FIRST_BIRTHDAY = date(1950, 1, 1)
BIRTHDAYS = 20_000
FIELDS = {
    "city": Field.Type.CHOICE,
    "interests": Field.Type.LIST,
    "budget": Field.Type.MONEY,
    "band": Field.Type.RANGE,
    "birthday": Field.Type.DATE,
    "company": Field.Type.TEXT,
}


class Stand(NamedTuple):
    """Where a contact stands."""

    tags: list[int]
    state: bytes | None
    recheck_at: datetime | None
    last_event_at: datetime


def name_and_number(draw: random.Random) -> tuple[str, str]:
    """What a contact is called, in Chinese or not, and its phone number."""
    number = f"+86 1{draw.randrange(30, 99)} {draw.randrange(10**8):08}"
    if draw.random() < 0.6:
        return draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2)))), number
    return f"{draw.choice(FIRST)} {draw.choice(LAST)}", number


def birthday(draw: random.Random) -> date:
    """Some day."""
    return FIRST_BIRTHDAY + timedelta(days=draw.randrange(BIRTHDAYS))


def budget(draw: random.Random) -> int:
    """Some amount."""
    return int(draw.lognormvariate(BUDGET_MEDIAN, BUDGET_SIGMA))


def city(draw: random.Random) -> str:
    """Some city, few of them often."""
    return draw.choices(CITIES, CITY_WEIGHTS)[0]


def company(draw: random.Random) -> str:
    """What some company is called."""
    return f"{draw.choice(LAST)} {draw.choice(LAST)} {draw.randrange(1_000)}"


def fields_of(draw: random.Random) -> dict[str, object]:
    """What is known of a contact."""
    amount = budget(draw)
    return {
        "city": city(draw),
        "interests": draw.sample(INTERESTS, 2),
        "budget": amount,
        "band": {"low": amount // 2, "high": amount},
        "birthday": birthday(draw).isoformat(),
        "company": company(draw),
    }


def members() -> list[tuple[int, int]]:
    """Teams with salespeople and a manager each; returns the salespeople and their teams."""
    top = Team.objects.get(above=None)
    made = []
    for place in range(TEAMS):
        team = Team.objects.create(name=f"Team {place}", kind=Team.Kind.REGION, above=top)
        for each in range(MEMBERS_A_TEAM + 1):
            member = Member.objects.create(email=f"{place}.{each}@example.com", name=f"{place}.{each}")
            Post.objects.create(member=member, team=team, role="salesperson" if each else "manager")
            made += [(member.pk, team.pk)] if each else []
    return made


_CROWD = """
CREATE TEMPORARY TABLE crowd (
    id bigint, name text, number text, team bigint, owner bigint, fields jsonb, grams text[], tags int[], state bytea,
    recheck_at timestamptz, last_event_at timestamptz) ON COMMIT DROP
"""
_SPREAD = """
INSERT INTO contacts_contact (id, name, language, zone, team_id, owner_id, fields, grams, created_at)
    SELECT id, name, '', '', team, owner, fields, grams, now() FROM crowd;
INSERT INTO contacts_ownership (contact_id, owner_id, since_at, followed_up_at)
    SELECT id, owner, last_event_at, last_event_at FROM crowd WHERE owner IS NOT NULL;
INSERT INTO contacts_identity (contact_id, source, external_id, name, is_verified, created_at)
    SELECT id, 'bench', id || ' ' || number, name, true, now() FROM crowd;
INSERT INTO tagging_standing (contact_id, team_id, owner_id, version_id, state, tags, since, recheck_at, last_event_at)
    SELECT id, team, owner, (SELECT id FROM tagging_version WHERE state = 'live'), state, tags,
        array_fill(NULL::timestamptz, ARRAY[cardinality(tags)]), recheck_at, last_event_at FROM crowd;
"""


TABLES = ("contacts_contact", "contacts_identity", "contacts_ownership", "tagging_standing")


def fill(stands: Iterable[Stand]) -> None:
    """Make a contact, with an identity, for each place to stand. The database had no contact before."""
    draw = random.Random(1)
    owners = members()
    Field.objects.bulk_create(
        Field(name=name, title_en=name, title_zh=name, type=type) for name, type in FIELDS.items()
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # Neither triggers nor indexes, row by row: that would take many times as long.
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(_CROWD)
        with cursor.copy("COPY crowd FROM STDIN") as copy:
            for id, stand in enumerate(stands, 1):
                name, number = name_and_number(draw)
                owner, team = draw.choice(owners)
                owned_by = None if draw.random() < IN_PUBLIC_SEA else owner
                known, pieces = json.dumps(fields_of(draw)), grams([name, number])
                copy.write_row((id, name, number, team, owned_by, known, pieces, *stand))
        with _without_indexes(cursor, *TABLES):
            cursor.execute(_SPREAD)
        cursor.execute("UPDATE tagging_version SET settled_at = now()")  # nobody is left to be judged by it
    connection.set_autocommit(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


_CONVERSATIONS = """
INSERT INTO inbox_conversation (identity_id, contact_id, source, team_id, owner_id, assignee_id, state, waiting_since,
    last_received_at, last_at, last_by, last_form, last_text)
SELECT identity.id, contact_id, source, standing.team_id, standing.owner_id, standing.owner_id,
    CASE WHEN identity.id % 100 < 3 THEN 'open' WHEN identity.id % 100 < 6 THEN 'waiting' ELSE 'done' END,
    CASE WHEN identity.id % 100 < 3 THEN last_event_at END, last_event_at, last_event_at, 'received', '', 'how much?'
FROM contacts_identity identity JOIN tagging_standing standing USING (contact_id)
"""


def talk() -> None:
    """A conversation with each contact; of a hundred three wait for us, three for the contact, the others are done."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_CONVERSATIONS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE inbox_conversation")


@contextmanager
def _without_indexes(cursor: Any, *tables: str) -> Iterator[None]:
    """Takes indexes that are no constraint away, and makes them anew."""
    cursor.execute(
        """SELECT indexname, indexdef FROM pg_indexes
           WHERE tablename = ANY(%s) AND indexname NOT IN (SELECT conname FROM pg_constraint)""",
        [list(tables)],
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _, definition in indexes:
        cursor.execute(definition)
