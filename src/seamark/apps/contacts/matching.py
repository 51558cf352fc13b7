"""Contacts called by what somebody seeks: the conditions that ask the index of `search`, or rows that are known."""

from __future__ import annotations

from django.db.models import F, Q

from seamark.apps.accounts.access import Reach
from seamark.apps.contacts.models import Contact
from seamark.apps.contacts.nameless import visitor_called
from seamark.apps.contacts.search import CalledBy, reach_marks, wanted


def matching(sought: str, prefix: str = "", within: Reach | None = None) -> Q:
    """Contacts called by a text that holds this one, found by the index; all for a blank one.

    `within` leaves others out at once. It is no condition of its own: ask for that one, too.
    """
    pieces = wanted(sought)
    if not pieces:
        return Q()
    nameless = _nameless(sought)
    if nameless and prefix:  # either of two columns is found by their indexes in the contacts' own table alone
        return Q(**{f"{prefix}in": Contact.objects.filter(matching(sought, within=within)).values("pk")})
    called = CalledBy(*(F(f"{prefix}{column}") for column in ("grams", "team", "owner")))
    found = called.has("@>", pieces)
    if within and not within.everyone:  # beside the pieces, so that one look into the index answers both
        found &= called.has("&&", reach_marks(within))
    return found | nameless


def row_matching(sought: str, prefix: str = "") -> Q:
    """The same condition, to be asked of contacts that are known already: the index is left alone."""
    return Q(**{f"{prefix}grams__contains": wanted(sought)}) | _nameless(sought, prefix)


def _nameless(sought: str, prefix: str = "") -> Q:
    """Whoever is called so for want of a name; what the code does not say cannot be matched in part."""
    id = visitor_called(sought)
    return Q(**{f"{prefix}pk": id, f"{prefix}name": ""}) if id else Q()
