"""What `crowd` measures, in a process with a database of its own: `python -m benchmarks.crowd_work CONTACTS DUE`."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django
from django.db import connection

RULEBOOK = "whatsapp-selling"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = ("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "小林", "Anna", "Daniel", "Priya", "Tom")
TAGS_EACH = 8
TIMES = 40
SPREAD_SECONDS = 60


_LATENESS = """
SELECT percentile_cont(ARRAY[0.5, 0.95, 1]) WITHIN GROUP (ORDER BY extract(epoch FROM recorded_at - changed_at))
FROM tagging_tagchange WHERE cause = 'clock'
"""
_NEXT_DUE = "SELECT recheck_at FROM tagging_standing WHERE recheck_at IS NOT NULL ORDER BY recheck_at LIMIT 1"


def main(contacts: int, due: int) -> None:
    """Make the crowd, measure, and print what was found."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from seamark.apps.tagging.publish import publish
    from seamark.rulebooks import fetch

    publish(text=fetch(RULEBOOK, "")[0], by=None)
    _make_contacts(contacts)
    tags = _stand(contacts)
    lists = _lists()
    print(json.dumps({"tags": tags, "lists": lists, "clock": _clock(due)}))


def _make_contacts(number: int) -> None:
    from seamark.apps.accounts.actions import add_member
    from seamark.apps.accounts.models import Team
    from seamark.apps.contacts.actions import topmost_team
    from seamark.apps.contacts.search import grams

    top = topmost_team()
    teams = [Team.objects.create(name=f"Team {place}", above=top) for place in range(4)]
    boss = {"role": "headquarters", "team": top.name, "password": "not a secret one", "by": None}
    add_member(email="boss@example.com", name="Boss", **boss)  # type: ignore[arg-type]
    owners = [
        add_member(
            email=f"s{place}@example.com",
            name=f"S{place}",
            role="salesperson",
            team=teams[place % 4].name,
            password="not a secret one",
            by=None,
        )
        for place in range(200)
    ]
    draw = random.Random(1)
    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        copy = "COPY contacts_contact (name, language, zone, team_id, owner_id, fields, grams, created_at) FROM STDIN"
        with cursor.copy(copy) as rows:
            for place in range(number):
                name = f"{draw.choice(SURNAMES)}{draw.choice(GIVEN)} {place}"
                owner = draw.choice(owners) if draw.random() < 0.9 else None
                team = teams[(owner.pk if owner else place) % 4].pk
                rows.write_row((name, "", "", team, owner and owner.pk, "{}", grams([name]), now))


def _stand(number: int) -> int:
    """Eight tags each, some frequent and some rare, and a last event within a year."""
    from seamark.apps.tagging.rulebooks import live_rulebook

    live = live_rulebook()
    assert live is not None
    ids = sorted(live.tag_ids.values())
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE tagging_standing SET version_id = %s, last_event_at = now() - random() * interval '365 days',
               tags = drawn.tags, since = array_fill(now(), ARRAY[cardinality(drawn.tags)])
               FROM (SELECT contact, array_agg(DISTINCT tag) AS tags FROM (
                        SELECT contact_id AS contact, (%s::int[])[1 + floor(power(random(), 2) * %s)::int] AS tag
                        FROM tagging_standing, generate_series(1, %s)) one_by_one GROUP BY contact) drawn
               WHERE contact_id = drawn.contact""",
            [live.version_id, ids, len(ids), TAGS_EACH],
        )
        cursor.execute("VACUUM ANALYZE tagging_standing, contacts_contact")
    return len(ids)


def _lists() -> list[dict[str, Any]]:
    from seamark.apps.accounts.models import Member
    from seamark.apps.desk.queries import page_of
    from seamark.apps.desk.wish import SEA, Wish
    from seamark.apps.tagging.rulebooks import live_rulebook

    live = live_rulebook()
    assert live is not None
    names = list(live.tag_ids)
    draw = random.Random(2)
    boss = Member.objects.get(email="boss@example.com")
    seller = Member.objects.get(email="s7@example.com")

    def tagged(**kinds: int) -> Wish:
        return Wish(tags={tag: kind for kind, many in kinds.items() for tag in draw.sample(names, many)})  # type: ignore[misc]

    wishes: dict[str, Callable[[], Wish]] = {
        "first page, everybody": Wish,
        "first page, the public sea": lambda: Wish(owner=SEA),
        "one tag": lambda: tagged(all=1),
        "all of two": lambda: tagged(all=2),
        "all of three": lambda: tagged(all=3),
        "any of three": lambda: tagged(any=3),
        "none of three": lambda: tagged(none=3),
        "two, any of two, none of one": lambda: tagged(all=2, any=2, none=1),
        "a part of a name": lambda: Wish(sought=str(draw.randrange(1_000, 999_999))),
        "Chinese, a part of a name": lambda: Wish(sought=draw.choice(SURNAMES) + draw.choice(GIVEN[:10])),
        "a part of a name that nobody has": lambda: Wish(sought=f"zq{draw.randrange(10)}x"),
    }
    asked = [(f"{what}, headquarters", boss, wish) for what, wish in wishes.items()]
    asked += [(f"{what}, a salesperson", seller, wish) for what, wish in wishes.items()]
    return [_row(what, lambda wish=wish, who=who: page_of(who, wish(), live)) for what, who, wish in asked]  # type: ignore[misc]


def _row(what: str, ask: Callable[[], object]) -> dict[str, Any]:
    ask()
    took = sorted(_milliseconds(ask) for _ in range(TIMES))
    return {"list": what, "p50 ms": took[TIMES // 2], "p95 ms": took[int(TIMES * 0.95)], "worst ms": took[-1]}


def _milliseconds(ask: Callable[[], object]) -> float:
    begun = time.perf_counter()
    ask()
    return (time.perf_counter() - begun) * 1_000


def _clock(due: int) -> dict[str, Any]:
    begins = datetime.now(UTC) + timedelta(seconds=10 + due / 1_500)  # by then they are all written
    _make_due(due, begins)
    worker = subprocess.Popen([sys.executable, "-m", "seamark", "worker"])
    try:
        ends = begins + timedelta(seconds=SPREAD_SECONDS)
        with connection.cursor() as cursor:
            while _left(cursor, ends) or datetime.now(UTC) < ends:
                time.sleep(0.5)
            cursor.execute(_LATENESS)
            median, late, worst = cursor.fetchall()[0][0]
            cursor.execute(f"EXPLAIN {_NEXT_DUE}")
            plan = next(line.strip(" ->").split("  ")[0] for (line,) in cursor.fetchall() if "Scan" in line)
    finally:
        worker.terminate()
        worker.wait(20)
    return {"late": {"p50": median, "p95": late, "worst": worst}, "plan": plan}


def _left(cursor: Any, ends: datetime) -> bool:
    cursor.execute("SELECT EXISTS (SELECT FROM tagging_standing WHERE recheck_at <= %s)", [ends])
    return bool(cursor.fetchall()[0][0])


def _make_due(number: int, begins: datetime) -> None:
    """Contacts who wrote nearly a day ago: each falls from high activity at its own moment of the coming minute."""
    from django.db import transaction

    from seamark.apps.tagging.live import judge, lock
    from seamark.apps.tagging.models import Standing, TagChange
    from seamark.apps.tagging.rulebooks import live_rulebook
    from seamark.engine.events import Event
    from seamark.engine.moments import as_moment

    live = live_rulebook()
    assert live is not None
    ids = list(Standing.objects.order_by("pk").values_list("pk", flat=True)[:number])
    draw = random.Random(3)
    state = live.online.state()
    live.online.verdict(state, as_moment(begins - timedelta(days=2)))
    blank = live.online.dump(state)
    for start in range(0, number, 2_000):
        parcel = ids[start : start + 2_000]
        events = {}
        for contact in parcel:
            wrote = begins + timedelta(seconds=draw.random() * SPREAD_SECONDS) - timedelta(days=1)
            events[contact] = [Event(str(contact), as_moment(wrote), "message.received", {}, id=str(contact))]
        with transaction.atomic():
            rows = lock(parcel)
            for row in rows:
                row.state, row.version_id, row.held = blank, live.version_id, {}
            judge(live, rows, events, datetime.now(UTC), TagChange.Cause.QUIET)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
