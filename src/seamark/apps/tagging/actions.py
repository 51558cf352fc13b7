"""Tags set, cleared and lifted by hand."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.hands import HandKind, NewHand, lay
from seamark.apps.tagging.rulebooks import live_rulebook


def set_tag(*, contact: Contact, tag: str, by: Member, until: datetime | None = None) -> None:
    """Hold a tag by hand: until then; else a computed tag for 30 days, a tag that only members set without end."""
    _hand("tag.set", contact, tag, by, until)


def clear_tag(*, contact: Contact, tag: str, by: Member, until: datetime | None = None) -> None:
    """Take a tag away by hand, for as long as `set_tag` would hold it."""
    _hand("tag.cleared", contact, tag, by, until)


def lift_hand(*, contact: Contact, tag: str, by: Member) -> None:
    """End what a hand did: the tag is what it computes to again."""
    _hand("tag.lifted", contact, tag, by, None)


def _hand(kind: HandKind, contact: Contact, tag: str, by: Member, until: datetime | None) -> None:
    live = live_rulebook()
    if live is None or tag not in live.rulebook.tags:
        raise ActionRefused("unknown-tag", _("The live rulebook has no tag “%(tag)s”.") % {"tag": tag})
    now = timezone.now()
    if until is not None and until <= now:
        raise ActionRefused("past", _("The end of the period lies in the past."))
    lay([NewHand(contact.pk, tag, kind, until, now, uuid4().hex)], by=by)
