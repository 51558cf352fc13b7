"""Finding what was said in a conversation."""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.contacts.masks import masks_of
from seamark.apps.contacts.search import LONGEST
from seamark.apps.desk.timeline import Entry, days_of
from seamark.apps.inbox import queries
from seamark.apps.inbox.access import conversation_for

SHOWN = 50
AROUND = 80
"""Characters shown on either side of what was sought."""


class Hit(NamedTuple):
    """Something that was said, cut to what stands around the words."""

    entry: Entry
    before: str
    words: str
    """Empty where they are written in another way: in traditional characters, or wide letters."""
    after: str


def find(request: HttpRequest, id: int) -> HttpResponse:
    """The newest messages and notes that hold the words; of what is masked for the member, what is left of it."""
    member = member_of(request)
    conversation, masks = conversation_for(member, id), masks_of(member)
    sought = request.GET.get("q", "").strip()[:LONGEST]
    contact = conversation.contact
    events, is_all = queries.said_in(conversation, sought, partial(masks.text, contact), SHOWN + 1)
    days = days_of(contact, events[:SHOWN], None, masks)
    shown = {
        "sought": sought,
        "hits": [_hit(entry, sought) for day in days for entry in day.entries],
        "more": len(events) > SHOWN,
        "most": None if is_all else queries.MOST_LOOKED_THROUGH,
        "name": masks.name(contact),
    }
    return render(request, "desk/parts/found.html", shown)


def _hit(entry: Entry, sought: str) -> Hit:
    said = entry.details if entry.is_note else entry.text
    place = re.search(re.escape(sought), said, re.IGNORECASE)
    if place is None:
        return Hit(entry, _cut(said), "", "")
    before, after = said[: place.start()], said[place.end() :]
    return Hit(entry, _cut(before[::-1])[::-1], place[0], _cut(after))


def _cut(text: str) -> str:
    return text if len(text) <= AROUND else f"{text[:AROUND]}…"
