"""Rules of allocation are written here."""

from __future__ import annotations

from django.db import transaction

from seamark.apps.accounts.models import Member
from seamark.apps.accounts.record import What, note
from seamark.apps.seas.allocation import Allocation
from seamark.apps.seas.models import Rule


@transaction.atomic
def add_rule(
    *, by: Member, tag: str = "", source: str = "", member_id: int | None = None, team_id: int | None = None
) -> Rule:
    """Contacts with a tag or from a source go to a member, or to a team; it comes after all other rules."""
    note(What.SETTING_CHANGED, by=by, about=Allocation.KEY)
    return Rule.objects.create(tag=tag, source=source, member_id=member_id, team_id=team_id)


@transaction.atomic
def drop_rule(*, id: int, by: Member) -> None:
    """The rule is no more."""
    if Rule.objects.filter(pk=id).delete()[0]:
        note(What.SETTING_CHANGED, by=by, about=Allocation.KEY)
