"""Lists of a million contacts with eight tags each, by tags and by words, and of as many conversations; first pages as
they are shown."""

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

    from seamark.apps.desk.wish import Wish
    from seamark.apps.inbox.wish import Wish as InboxWish

CONTACTS = 1_000_000
TAGS_EACH = 8
PARTS = ("tags", "words", "page", "inbox")
ROUNDS = 100
"""Of each question, with other tags and words each time."""


def run(scale: float = 1.0) -> list[Row]:
    """A row for each question, over members who see all, a team, and their own."""
    number = max(200, int(CONTACTS * scale))
    with house() as place:
        took: dict[str, list[float]] = json.loads(told(place, __name__, str(number), str(max(2, int(ROUNDS * scale)))))
    rows = [
        {
            f"a list of {number:,} contacts": question,
            "median": f"{median(times) * 1000:.1f} ms",
            "p95": f"{_p95(times) * 1000:.1f} ms",
            "worst": f"{max(times) * 1000:.1f} ms",
        }
        for question, times in took.items()
    ]
    worst = {part: max(_p95(took[each]) for each in took if each.startswith(part)) * 1000 for part in PARTS}
    return [
        note(
            f"{TAGS_EACH} tags each, some frequent and some rare. Asked in turns by a member who sees all, a "
            "manager who sees a team, and a salesperson; tags and words find and read 50 contacts, a page is all of it."
        ),
        *rows,
        goal("tags: p95 under 100 ms", f"{worst['tags']:.0f} ms", worst["tags"] < 100),
        goal("words: p95 under 100 ms", f"{worst['words']:.0f} ms", worst["words"] < 100),
        goal("first page of the inbox: p95 under 150 ms", f"{worst['inbox']:.0f} ms", worst["inbox"] < 150),
        goal("first page: p95 under 150 ms", f"{worst['page']:.0f} ms", worst["page"] < 150),
    ]


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


# --- What runs in the house ---

Draw = Callable[[int], list[str]]
"""Draws so many tags."""


def main(number: int, rounds: int) -> None:
    """Make the contacts, ask, and print how long each took."""
    django.setup()
    from benchmarks.crowd import fill, talk
    from seamark.apps.tagging.rulebooks import live_rulebook

    live = live_rulebook()
    assert live
    draw = random.Random(2)
    tags = sorted(live.tag_ids)
    draw.shuffle(tags)
    weights = [1 / (place + 2) for place in range(len(tags))]
    fill(_stands(number, draw, [live.tag_ids[tag] for tag in tags], weights))
    talk()
    took: dict[str, list[float]] = {}
    for each in range(rounds + 1):
        for name, question in _questions(draw, partial(_drawn, draw, tags, weights), live):
            begun = time.perf_counter()
            question()
            if each:  # the first time, programs and templates are read
                took.setdefault(name, []).append(time.perf_counter() - begun)
    print(json.dumps(took))


def _drawn(draw: random.Random, tags: list[Any], weights: list[float], number: int) -> list[Any]:
    """So many different tags, frequent ones more often."""
    found: dict[Any, None] = {}
    while len(found) < number:
        found |= dict.fromkeys(draw.choices(tags, weights, k=number - len(found)))
    return list(found)


def _stands(number: int, draw: random.Random, tags: list[int], weights: list[float]) -> Iterator[Any]:
    from django.utils import timezone

    from benchmarks.crowd import Stand

    now = timezone.now()
    for _ in range(number):
        ago = timedelta(seconds=draw.random() ** 2 * 400 * 86400)
        yield Stand(_drawn(draw, tags, weights, TAGS_EACH), None, None, now - ago)


def _questions(draw: random.Random, drawn: Draw, live: Any) -> Iterator[tuple[str, Callable[[], object]]]:
    from django.test import Client

    from seamark.apps.accounts.models import Member
    from seamark.apps.desk.queries import page_of

    for role in ("headquarters", "manager", "salesperson"):
        member = draw.choice(list(Member.objects.filter(posts__role=role)))
        client = Client(headers={"host": "localhost"})
        client.force_login(member)
        for question, wish in _wishes(draw, drawn).items():
            yield question, partial(page_of, member, wish, live)
        for question, wish in _pages(drawn).items():
            yield question, partial(_shown, client, f"/contacts/{wish.query}")
        for question, wish in _inboxes(draw, drawn).items():
            yield question, partial(_shown, client, f"/inbox/{wish.query}")


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

    return {
        "inbox: one's own": Wish(),
        "inbox: unassigned": Wish(UNASSIGNED),
        "inbox: all at work": Wish(ALL),
        "inbox: all there ever was": Wish(ALL, ANY),
        "inbox: all there ever was, by a tag": Wish(ALL, ANY, tag=drawn(1)[0]),
        "inbox: all there ever was, by a name": Wish(ALL, ANY, sought=name_and_number(draw)[0][:3]),
        "inbox: waiting for a day": Wish(ALL, waits=24),
    }


def _shown(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code} for {address}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
