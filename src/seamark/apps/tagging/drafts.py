"""Rulebooks while they are written: begun from a version, saved by several members, published or thrown away."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member
from seamark.apps.tagging.models import Draft, Version
from seamark.apps.tagging.publish import publish


class Overtaken(ActionRefused):
    """Somebody saved the draft after the one who asks had opened it; nothing was changed."""

    def __init__(self, draft: Draft) -> None:
        told = _("%(who)s saved this draft after you had opened it.") % {"who": draft.changed_by.name}
        super().__init__("overtaken", told)
        self.draft = draft
        """As it is now."""


def start_draft(*, base: Version, name: str, by: Member, text: str | None = None) -> Draft:
    """Begin a draft with the version's text, or with another one."""
    return Draft.objects.create(
        name=name.strip()[:100] or _("Changes to version %(number)d") % {"number": base.number},
        base=base,
        text=base.text if text is None else text,
        included=base.included,
        params=base.params,
        made_by=by,
        changed_by=by,
        changed_at=timezone.now(),
    )


def save_draft(*, draft: Draft, text: str, revision: int, by: Member) -> Draft:
    """Save a text made on that revision. Raises `Overtaken` when the draft has another one by now."""
    return _changed(draft, revision, by, text=text)


def rename_draft(*, draft: Draft, name: str, revision: int, by: Member) -> Draft:
    """Call it something else. Raises `Overtaken` as `save_draft` does."""
    return _changed(draft, revision, by, name=name.strip()[:100] or draft.name)


def keep_beside(*, draft: Draft, text: str, by: Member) -> Draft:
    """Keep a text that came too late as a draft of its own."""
    name = _("%(name)s, by %(who)s") % {"name": draft.name, "who": by.name}
    return start_draft(base=draft.base, name=name, by=by, text=text)


def discard_draft(*, draft: Draft, revision: int) -> None:
    """Throw it away. Raises `Overtaken` when somebody saved it since that revision."""
    if not Draft.objects.filter(pk=draft.pk, revision=revision).delete()[0]:
        raise Overtaken(_now(draft))


@transaction.atomic
def publish_draft(*, draft: Draft, revision: int, note: str, after: int, by: Member, may_break: bool = True) -> Version:
    """Make the draft the live rulebook; the draft is gone then.

    Raises `Overtaken` when somebody saved it since that revision, and whatever `publish` raises.
    """
    locked = Draft.objects.select_for_update().filter(pk=draft.pk, revision=revision).first()
    if locked is None:
        raise Overtaken(_now(draft))
    version = publish(
        text=locked.text,
        by=by,
        note=note,
        params=locked.params,
        included=locked.included,
        after=after,
        may_break=may_break,
    )
    locked.delete()
    return version


def _changed(draft: Draft, revision: int, by: Member, **values: str) -> Draft:
    changed: Mapping[str, object] = {**values, "changed_by": by, "changed_at": timezone.now()}
    if not Draft.objects.filter(pk=draft.pk, revision=revision).update(revision=F("revision") + 1, **changed):
        raise Overtaken(_now(draft))
    return _now(draft)


def _now(draft: Draft) -> Draft:
    found = Draft.objects.select_related("changed_by", "base").filter(pk=draft.pk).first()
    if found is None:
        raise ActionRefused("gone", _("This draft is gone: it was published or thrown away."))
    return found
