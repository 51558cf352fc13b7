"""Which contacts' tags change next, by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heapreplace
from typing import NamedTuple

from seamark.engine.online import Online, State

MOST_STEPS = 20_000
"""Moments looked at: at many of them a leaf changes and no tag does."""


class Change(NamedTuple):
    """Tags of a contact that change at a moment unless an event comes."""

    contact: str
    changes_at: int
    left: tuple[str, ...]
    entered: tuple[str, ...]


def next_changes(online: Online, states: Iterable[tuple[str, State]], now: int, most: int) -> list[Change]:
    """The first changes, one for each contact, the earliest first. The states are used up."""
    coming = []
    for contact, state in states:
        verdict = online.verdict(state, now)
        if verdict.valid_until is not None:
            coming.append((verdict.valid_until, contact, verdict.tags, state))
    heapify(coming)
    found: list[Change] = []
    for _ in range(MOST_STEPS):
        if not coming or len(found) == most:
            break
        moment, contact, before, state = coming[0]
        verdict = online.verdict(state, moment)
        if verdict.tags != before:
            left = tuple(tag for tag in before if tag not in verdict.tags)
            entered = tuple(tag for tag in verdict.tags if tag not in before)
            found.append(Change(contact, moment, left, entered))
            heappop(coming)
        elif verdict.valid_until is None:
            heappop(coming)
        else:
            heapreplace(coming, (verdict.valid_until, contact, before, state))
    return found
