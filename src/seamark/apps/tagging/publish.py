"""Publishing a rulebook: checked, made live, and every contact judged by it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.live import judge, lock
from seamark.apps.tagging.models import Tag, TagChange, Version
from seamark.apps.tagging.rulebooks import live_rulebook, rulebook_of
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
        with connection.cursor() as cursor:
            cursor.execute("NOTIFY clock")
    return version


_STALE = """
SELECT contact.id FROM contacts_contact contact LEFT JOIN tagging_standing ON contact_id = contact.id
WHERE contact.id > %s AND version_id IS DISTINCT FROM %s ORDER BY contact.id LIMIT %s
"""


def judge_stale(at_most: int = 500, after: int = 0) -> int | None:
    """Judge contacts that another version judged last, in the order of their ids from `after` on.

    Returns the last id that was judged, or None when no contact is left.
    """
    live = live_rulebook()
    if live is None:
        return None
    now = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_STALE, [after, live.version_id, at_most])
            contacts: list[int] = [id for (id,) in cursor.fetchall()]
            if not contacts:
                return None
        rows = [row for row in lock(contacts) if row.version_id != live.version_id]
        judge(live, rows, {}, now, TagChange.Cause.PUBLISH)
        Version.objects.filter(pk=live.version_id).update(contacts_done=F("contacts_done") + len(rows))
    return contacts[-1]
