"""What members are told of contacts that became theirs."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seamark.apps.accounts import notices
from seamark.apps.accounts.models import Member, Notice


def tell_new_owner(owner: Member, contacts: Sequence[int], by: Member | None) -> None:
    """Somebody, or a rule of the house (nobody), gave the member these.

    What rules give, and several at once, is told once an hour, as it comes one after the other.
    """
    if by and len(contacts) == 1:
        href = reverse("desk:contact", args=[contacts[0]])
        key = f"contact {contacts[0]} {timezone.now():%Y-%m-%d %H:%M}"
    else:
        href = f"{reverse('desk:contacts')}?owner=me"
        key = f"contacts {by.pk if by else ''} {timezone.now():%Y-%m-%d %H}"
    notices.tell(
        [owner],
        Notice.Kind.HANDED_OVER,
        text=lambda: _words(len(contacts), by),
        href=href,
        key=key,
    )


def _words(number: int, by: Member | None) -> str:
    if by is None:
        return _("Contacts were allocated to you")
    words = ngettext("%(who)s gave you a contact", "%(who)s gave you contacts", number)
    return words % {"who": by.name}
