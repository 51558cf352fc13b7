"""Canned words: which a member has at hand, and how they read with their blanks filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.access import posts_of
from seamark.apps.accounts.models import Member, Team
from seamark.apps.inbox.models import CannedWords

BLANKS: Mapping[str, Promise] = {
    "name": _("what the contact is called"),
    "me": _("the member who writes"),
    "owner": _("the contact's owner"),
    "channel": _("the channel"),
    "contact.…": _("a field of the contact"),
}
OFFERED = 12
_BLANK = re.compile(r"\{([\w.]+)\}")


class Offer(NamedTuple):
    """Words to choose."""

    shortcut: str
    title: str
    text: str


def words_for(member: Member, sought: str, language: str, blanks: Mapping[str, str]) -> list[Offer]:
    """Words for all and for the member's teams, whose shortcut or title holds what is sought, as they read then.

    `language`: "zh" or "en", the contact's; words that are not written in it are offered as they are.
    """
    teams = _with_those_above({post.team_id for post in posts_of(member)})
    found = CannedWords.objects.filter(Q(team=None) | Q(team__in=teams))
    if sought:
        found = found.filter(Q(shortcut__icontains=sought) | Q(title__icontains=sought))
    return [
        Offer(each.shortcut, each.title, filled(_in_language(each, language), blanks))
        for each in found.order_by("shortcut", "pk")[:OFFERED]
    ]


def filled(text: str, blanks: Mapping[str, str]) -> str:
    """The text with its blanks filled in; blanks of which nothing is known stay, for the writer to see.

    >>> filled("Dear {name}, {what}", {"name": "Ms Chen"})
    'Dear Ms Chen, {what}'
    """
    return _BLANK.sub(lambda blank: blanks.get(blank[1]) or blank[0], text)


def _in_language(words: CannedWords, language: str) -> str:
    texts = [words.text_zh, words.text_en] if language == "zh" else [words.text_en, words.text_zh]
    return next(filter(None, texts), "")


def _with_those_above(teams: set[int]) -> set[int]:
    above = dict(Team.objects.values_list("pk", "above"))
    found: set[int] = set()
    waiting: list[int | None] = list(teams)
    while waiting:
        team = waiting.pop()
        if team is not None and team not in found:
            found.add(team)
            waiting.append(above.get(team))
    return found
