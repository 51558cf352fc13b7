"""Teams that help with contacts of others: from when something is theirs to do until nothing of it is left.

It is left as long as a conversation with the contact is not done, or the team has something to do for the contact
(docs/decisions/0016-helping-ends-with-the-case.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.module_loading import import_string

from seamark.apps.inbox.models import Conversation, HelpingTeam
from seamark.apps.tagging.live import lock

HasToDo = Callable[[], Q]
"""The condition on rows of `HelpingTeam` whose team has something to do for the contact."""


@cache
def reasons() -> tuple[HasToDo, ...]:
    """For what teams help, of apps above this one."""
    return tuple(import_string(path) for path in settings.HELP_REASONS)


def let_help(helping: Collection[tuple[int, int]]) -> None:
    """Let teams read what is written with contacts of others, whoever is in the team; `helping`: contacts and teams."""
    rows = [HelpingTeam(contact_id=contact, team_id=team) for contact, team in sorted(helping)]
    HelpingTeam.objects.bulk_create(rows, ignore_conflicts=True)


def be_alone_with(contacts: Collection[int]) -> None:
    """Until the transaction ends nobody else begins or ends the help with these contacts, or turns a conversation.

    Their standings are what whoever stores an event or runs a reaction has locked, before anything else. To be asked
    for before any conversation or follow-up of theirs is: of two ends at once the later sees the earlier, and two
    never wait for each other in a circle.
    """
    lock(set(contacts))


def end_helping(contacts: Collection[int]) -> list[int]:
    """End the help of teams that have nothing left to do for these contacts; returns the teams."""
    goes_on = Conversation.objects.filter(contact=OuterRef("contact")).exclude(state=Conversation.State.DONE)
    over = HelpingTeam.objects.filter(~Exists(goes_on), contact__in=contacts)
    for has_to_do in reasons():
        over = over.exclude(has_to_do())
    ended = list(over.order_by("team").values_list("pk", "team"))
    HelpingTeam.objects.filter(pk__in=[row for row, _ in ended]).delete()
    return sorted({team for _, team in ended})
