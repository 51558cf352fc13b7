"""The record: who did and saw what. It is written here, and nowhere changed."""

from __future__ import annotations

from seamark.apps.accounts.models import Deed, Member

What = Deed.What


def note(what: Deed.What, *, by: Member | None, about: str, about_id: int | None = None) -> None:
    """Write down a deed, in the transaction of whatever was done."""
    Deed.objects.create(what=what, by=by, about=about[:200], about_id=about_id)
