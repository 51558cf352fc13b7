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
    """Somebody, or a rule of the house (nobody), gave the member these; what comes within a minute is told once."""
    if len(contacts) == 1:
        href, key = reverse("desk:contact", args=[contacts[0]]), f"contact {contacts[0]}"
    else:
        href, key = f"{reverse('desk:contacts')}?owner=me", f"contacts {by.pk if by else ''}"
    notices.tell(
        [owner],
        Notice.Kind.HANDED_OVER,
        text=lambda: _words(len(contacts), by),
        href=href,
        key=f"{key} {timezone.now():%Y-%m-%d %H:%M}",
    )


def _words(number: int, by: Member | None) -> str:
    if by is None:
        return _("A contact was allocated to you") if number == 1 else _("Contacts were allocated to you")
    words = ngettext("%(who)s gave you a contact", "%(who)s gave you contacts", number)
    return words % {"who": by.name}
