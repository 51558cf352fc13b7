"""The record: who did and saw what. It is written here, and nowhere changed."""

from __future__ import annotations

from seamark.apps.accounts.models import Deed, Member

What = Deed.What


def note(what: Deed.What, *, by: Member | None, about: str, about_id: int | None = None) -> None:
    """Write down a deed, in the transaction of whatever was done."""
    Deed.objects.create(what=what, by=by, about=about[:200], about_id=about_id)


def note_seen(contact_id: int, *, by: Member) -> None:
    """Write down that the member opened what is known of a contact."""
    note(What.SEEN, by=by, about=f"#{contact_id}", about_id=contact_id)
