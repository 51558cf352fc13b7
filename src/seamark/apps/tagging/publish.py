"""Publishing a rulebook: checked, made live, and every contact judged by it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from seamark.apps.accounts import record
from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.live import judge, lock
from seamark.apps.tagging.models import Tag, TagChange, Version
from seamark.apps.tagging.rulebooks import compiled, rulebook_of
from seamark.rulebooks import fetch


def publish(*, text: str, by: Member | None, note: str = "", params: Mapping[str, object] | None = None) -> Version:
    """Make a rulebook the live one; contacts are judged by it as they come up, and by `judge_stale`.

    Raises `RuleError` with every problem of a text that cannot work, and changes nothing then.
    """
    included: dict[str, str] = {}
    rulebook = rulebook_of(text, included, params or {})
    for source in rulebook.sources[:-1]:
        name = source.file.removesuffix(".yaml")
        included[name] = fetch(name, "")[0]
    with transaction.atomic():
        Version.objects.select_for_update().filter(state=Version.State.LIVE).update(state=Version.State.RETIRED)
        known = set(Tag.objects.filter(name__in=rulebook.tags).values_list("name", flat=True))
        Tag.objects.bulk_create([Tag(name=name) for name in rulebook.tags if name not in known])
        latest = Version.objects.aggregate(latest=Max("number"))["latest"] or 0
        version = Version.objects.create(
            name=rulebook.name,
            number=latest + 1,
            text=text,
            included=included,
            params=dict(params or {}),
            note=note,
            state=Version.State.LIVE,
            published_by=by,
            published_at=timezone.now(),
            contacts_total=Contact.objects.count(),
        )
        record.note(
            record.What.RULEBOOK_PUBLISHED, by=by, about=f"{version.name} {version.number}", about_id=version.pk
        )
        with connection.cursor() as cursor:
            cursor.execute("NOTIFY published")
    return version


def judge_stale(at_most: int = 200) -> int:
    """Judge, in the order of their ids, contacts that another version judged last; returns how many were looked at.

    Once all were, that is noted, and contacts are not looked through again.
    """
    with transaction.atomic():
        unsettled = Version.objects.filter(state=Version.State.LIVE, settled_at=None)
        version = unsettled.select_for_update(skip_locked=True).first()
        if version is None:
            return 0
        now = timezone.now()
        after = Contact.objects.filter(pk__gt=version.judged_to).order_by("pk")
        contacts = list(after.values_list("pk", flat=True)[:at_most])
        if contacts:
            stale = [row for row in lock(contacts) if row.version_id != version.pk]
            judge(compiled(version.pk), stale, {}, now, TagChange.Cause.PUBLISH)
            version.judged_to = contacts[-1]
            version.contacts_done += len(contacts)
        else:
            version.settled_at = now
        version.save(update_fields=["judged_to", "contacts_done", "settled_at"])
    return len(contacts)
