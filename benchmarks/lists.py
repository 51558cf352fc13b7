"""Every list of the desk over a million contacts with eight tags each, as many conversations, and 200,000 follow-ups;
first pages as they are shown."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

import django

from benchmarks.house import house, told
from benchmarks.report import Row, goal, note

if TYPE_CHECKING:
    from django.test import Client

    from seamark.apps.accounts.models import Member
    from seamark.apps.desk.wish import Wish
    from seamark.apps.inbox.wish import Wish as InboxWish
    from seamark.apps.tagging.rulebooks import Live

CONTACTS = 1_000_000
BUSY, SEGMENTS = 100, 50
"""Members who have follow-ups, and segments."""
TAGS_EACH, SEGMENTS_EACH = 8, 2
GOALS = {"tags": 100, "words": 100, "fields": 150, "page": 150, "inbox": 150, "list": 150, "amount": 150}
"""Milliseconds at the 95th percentile, by the first word of a question."""
ROUNDS = 100
"""Of each question, with other tags and words each time."""
ROLES = ("headquarters", "manager", "salesperson")


def run(scale: float = 1.0) -> list[Row]:
    """A row for each question and role: members who see all, a team, and their own."""
    number = max(200, int(CONTACTS * scale))
    with house() as place:
        told(place, __name__, "fill", str(number))
        took: dict[str, dict[str, list[float]]] = json.loads(
            told(place, __name__, "ask", str(max(2, int(ROUNDS * scale))))
        )
    worst = {
        part: max(_p95(times) for name, by in took.items() if name.startswith(part) for times in by.values())
        for part in GOALS
    }
    return [
        note(
            f"{TAGS_EACH} tags each, some frequent and some rare; 200,000 open follow-ups of {BUSY} members; 300,000 "
            f"contacts in public seas; {SEGMENTS} segments. Asked in turns by a member who sees all, a manager of ten "
            "members, and a salesperson: the median, and the time that 95 of 100 keep to, in milliseconds. Tags, words "
            "and fields find and read 50 contacts; all else is a whole page, or a part that pages ask for."
        ),
        *(_row(f"a list of {number:,} contacts", question, by) for question, by in took.items()),
        *(
            goal(f"{part}: p95 under {most} ms", f"{worst[part]:.0f} ms", worst[part] < most)
            for part, most in GOALS.items()
        ),
    ]


def _row(title: str, question: str, by: dict[str, list[float]]) -> Row:
    told = {role: f"{median(by[role]):.0f}, {_p95(by[role]):.0f}" if role in by else "" for role in ROLES}
    return {title: question, **told}


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


# --- What runs in the house ---

Draw = Callable[[int], list[str]]
"""Draws so many tags."""
Question = Callable[[], object]


def fill(number: int) -> None:
    """Make the contacts, and what members have to do with them."""
    from benchmarks.crowd import fill as fill_with
    from benchmarks.crowd import talk
    from benchmarks.duties import give_duties, settle

    segments = settle(SEGMENTS)
    draw, tags, weights = _drawing()
    live = _live()
    fill_with(_stands(number, draw, [live.tag_ids[tag] for tag in tags], weights, segments))
    talk()
    give_duties(BUSY)
    print(number)


def ask(rounds: int) -> None:
    """Ask, and print how many milliseconds each took."""
    from seamark.site.handler import load_for_good

    load_for_good()  # as the web process does
    draw, tags, weights = _drawing()
    asking = {role: _asking(draw, role) for role in ROLES}
    took: dict[str, dict[str, list[float]]] = {}
    for each in range(rounds + 1):
        for role, (member, client) in asking.items():
            for name, question in _questions(draw, partial(_drawn, draw, tags, weights), member, client):
                begun = time.perf_counter()
                question()
                if each:  # the first time, programs and templates are read
                    took.setdefault(name, {}).setdefault(role, []).append((time.perf_counter() - begun) * 1000)
    print(json.dumps(took))


def _live() -> Live:
    from seamark.apps.tagging.rulebooks import live_rulebook

    live = live_rulebook()
    assert live
    return live


def _drawing() -> tuple[random.Random, list[str], list[float]]:
    """What draws, and the tags with how often each is drawn."""
    draw = random.Random(2)
    tags = sorted(_live().rulebook.tags)
    draw.shuffle(tags)
    return draw, tags, [1 / (place + 2) for place in range(len(tags))]


def _drawn(draw: random.Random, tags: list[Any], weights: list[float], number: int) -> list[Any]:
    """So many different tags, frequent ones more often."""
    found: dict[Any, None] = {}
    while len(found) < number:
        found |= dict.fromkeys(draw.choices(tags, weights, k=number - len(found)))
    return list(found)


def _stands(
    number: int, draw: random.Random, tags: list[int], weights: list[float], segments: list[int]
) -> Iterator[Any]:
    from django.utils import timezone

    from benchmarks.crowd import Stand

    now, rarity = timezone.now(), [1 / (place + 2) for place in range(len(segments))]
    for _ in range(number):
        ago = timedelta(seconds=draw.random() ** 2 * 400 * 86400)
        held = _drawn(draw, tags, weights, TAGS_EACH) + _drawn(draw, segments, rarity, SEGMENTS_EACH)
        yield Stand(held, None, None, now - ago)


def _asking(draw: random.Random, role: str) -> tuple[Member, Client]:
    """A member of the role, one of those who have follow-ups or lead them, signed in."""
    from django.test import Client

    from benchmarks.crowd import MEMBERS_A_TEAM
    from seamark.apps.accounts.models import Member

    members = list(Member.objects.filter(posts__role=role).order_by("pk"))
    busy = {"salesperson": BUSY, "manager": BUSY // MEMBERS_A_TEAM}.get(role, len(members))
    member, client = draw.choice(members[:busy]), Client(headers={"host": "localhost"})
    client.force_login(member)
    return member, client


def _questions(draw: random.Random, drawn: Draw, member: Member, client: Client) -> Iterator[tuple[str, Question]]:
    from seamark.apps.accounts.access import may
    from seamark.apps.accounts.roles import Action
    from seamark.apps.desk.queries import page_of

    live = _live()
    for question, wish in (_wishes(draw, drawn) | _narrowed(draw)).items():
        yield question, partial(page_of, member, wish, live)
    for question, wish in _pages(drawn).items():
        yield question, partial(_shown, client, f"/contacts/{wish.query}")
    for question, wish in _pages(drawn).items():
        yield question.replace("page", "amount"), partial(_shown, client, f"/contacts/amount/{wish.query}")
    for question, wish in _inboxes(draw, drawn).items():
        yield question, partial(_shown, client, f"/inbox/{wish.query}")
    for question, (needed, address) in LISTS.items():
        if may(member, Action(needed)):
            yield question, partial(_shown, client, address.replace("{segment}", str(draw.randint(1, SEGMENTS))))


LISTS = {
    "list: today": ("send", "/today/"),
    "list: the board": ("allocate", "/board/"),
    "list: the public sea": ("view", "/contacts/sea/"),
    "list: going back soon": ("view", "/contacts/going-back/"),
    "list: changes of owners": ("allocate", "/contacts/owners/"),
    "list: segments": ("view", "/contacts/segments/"),
    "list: tags": ("view", "/tags/"),
    "list: rulebooks": ("rulebooks", "/rulebooks/"),
    "list: a member's work": ("view", "/work/"),
    "amount: by person": ("allocate", "/board/people/"),
    "amount: conversations that wait": ("view", "/inbox/count/"),
    "amount: going back soon": ("view", "/contacts/going-back/amount/"),
    "amount: in a segment": ("view", "/contacts/segments/{segment}/amount/"),
    "counted: tags": ("view", "/tags/?counted"),
    "counted: how tags overlap": ("view", "/tags/overlap/"),
}
"""Pages, and parts that pages ask for when they are there, by who may see them."""


def _wishes(draw: random.Random, drawn: Draw) -> dict[str, Wish]:
    from benchmarks.crowd import name_and_number
    from seamark.apps.desk.wish import Wish

    name, number = name_and_number(draw)
    begin = draw.randrange(4, 10)
    any_of_two, none_of_two = dict.fromkeys(drawn(2), "any"), dict.fromkeys(drawn(2), "none")
    all_of_one = dict.fromkeys(drawn(1), "all")
    return {
        "tags: any of 2": Wish(tags=any_of_two),
        "tags: all of 2": Wish(tags=dict.fromkeys(drawn(2), "all")),
        "tags: none of 3": Wish(tags=dict.fromkeys(drawn(3), "none")),
        "tags: all of 1, any of 2, none of 2": Wish(tags=all_of_one | any_of_two | none_of_two),
        "words: a part of a name": Wish(sought=name[: draw.choice((2, 3, 4))]),
        "words: a part of a number": Wish(sought=number[begin : begin + draw.choice((4, 5, 6))]),
        "words and a tag": Wish(sought=name[:2], tags=all_of_one),
    }


def _narrowed(draw: random.Random) -> dict[str, Wish]:
    from benchmarks.crowd import CITIES, INTERESTS, birthday, budget, city, company
    from seamark.apps.desk.wish import Limit, Wish

    born, least = birthday(draw), budget(draw)
    limits = {
        "a choice, as frequent as it is": {"city": Limit(city(draw))},
        "a choice, any": {"city": Limit(draw.choice(CITIES))},
        "an entry of a list": {"interests": Limit(draw.choice(INTERESTS))},
        "a text": {"company": Limit(company(draw))},
        "an amount and more": {"budget": Limit(least=str(least))},
        "an amount, between": {"budget": Limit(least=str(least), most=str(least + 10))},
        "a range around an amount": {"band": Limit(least=str(least), most=str(least))},
        "a day": {"birthday": Limit(least=born.isoformat(), most=born.isoformat())},
        "a month": {"birthday": Limit(least=born.isoformat(), most=(born + timedelta(days=30)).isoformat())},
        "a choice and an amount": {"city": Limit(draw.choice(CITIES)), "budget": Limit(least=str(least))},
    }
    return {f"fields: {what}": Wish(limits=limit) for what, limit in limits.items()}


def _pages(drawn: Draw) -> dict[str, Wish]:
    from seamark.apps.desk.wish import MINE, SEA, Wish

    return {
        "page: of all": Wish(),
        "page: of one's own": Wish(owner=MINE),
        "page: of the public sea": Wish(owner=SEA),
        "page: of a tag": Wish(tags=dict.fromkeys(drawn(1), "all")),
    }


def _inboxes(draw: random.Random, drawn: Draw) -> dict[str, InboxWish]:
    from benchmarks.crowd import name_and_number
    from seamark.apps.inbox.wish import ALL, ANY, UNASSIGNED, Wish

    name, number = name_and_number(draw)
    return {
        "inbox: one's own": Wish(),
        "inbox: unassigned": Wish(UNASSIGNED),
        "inbox: all at work": Wish(ALL),
        "inbox: all there ever was": Wish(ALL, ANY),
        "inbox: all there ever was, by a tag": Wish(ALL, ANY, tag=drawn(1)[0]),
        "inbox: all there ever was, by a name": Wish(ALL, ANY, sought=name[:3]),
        "inbox: all there ever was, by a number": Wish(ALL, ANY, sought=number[-5:]),
        "inbox: all at work, by a name": Wish(ALL, sought=name[:2]),
        "inbox: waiting for a day": Wish(ALL, waits=24),
    }


def _shown(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code} for {address}")


if __name__ == "__main__":
    django.setup()
    {"fill": fill, "ask": ask}[sys.argv[1]](int(sys.argv[2]))
