"""Publishing a rulebook: checked, made live, and every contact judged by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.accounts import record
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.additions import one_at_a_time, refit
from seamark.apps.tagging.live import is_current, judge, lock
from seamark.apps.tagging.models import Tag, TagChange, Version
from seamark.apps.tagging.rulebooks import GROUP, included_text, live_rulebook, rulebook_of
from seamark.engine.errors import Problem, RuleError

_RESERVED = f"The tag group {GROUP!r} is kept for saved segments; give this one another name."


def publish(
    *,
    text: str,
    by: Member | None,
    note: str = "",
    params: Mapping[str, object] | None = None,
    included: Mapping[str, str] | None = None,
    after: int | None = None,
    may_break: bool = True,
) -> Version:
    """Make a rulebook the live one; contacts are judged by it as they come up, and by `judge_stale`.

    `included` are texts kept with it; what it includes beside them is bundled. `after` is the number of the version
    that whoever publishes takes to be live. `may_break`: whether segments that it cannot take are set aside.

    Raises `RuleError` with every problem of a text that cannot work, and changes nothing then; `ActionRefused` when
    another version than `after` is live, or when segments would break that may not.
    """
    rulebook = rulebook_of(text, included or {}, params or {})
    names = [source.file.removesuffix(".yaml") for source in rulebook.sources[:-1]]
    if any(group.name == GROUP for group in rulebook.groups):
        raise RuleError(Problem("reserved", _RESERVED, rulebook.place("groups", GROUP)))
    with transaction.atomic():
        one_at_a_time()
        live = Version.objects.filter(state=Version.State.LIVE).select_related("published_by").first()
        if live and after is not None and live.number != after:
            raise ActionRefused("overtaken", _overtaken(live))
        if (broken := refit(text, included or {}, params or {})) and not may_break:
            raise ActionRefused("breaks", _breaks(broken.values()))
        Version.objects.filter(state=Version.State.LIVE).update(state=Version.State.RETIRED)
        known = set(Tag.objects.filter(name__in=rulebook.tags).values_list("name", flat=True))
        Tag.objects.bulk_create([Tag(name=name) for name in rulebook.tags if name not in known])
        latest = Version.objects.aggregate(latest=Max("number"))["latest"] or 0
        version = Version.objects.create(
            name=rulebook.name,
            number=latest + 1,
            text=text,
            included={name: included_text(name, included or {}) for name in names},
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


def roll_back(*, to: Version, by: Member, after: int) -> Version:
    """Publish an old version's text anew, with what it included then. Refused as `publish` is."""
    if to.state == Version.State.LIVE:
        raise ActionRefused("live", _("This version is live already."))
    note = _("Back to version %(number)d") % {"number": to.number}
    return publish(text=to.text, by=by, note=note, params=to.params, included=to.included, after=after)


def _overtaken(live: Version) -> str:
    told = {"number": live.number, "who": live.published_by.name if live.published_by else _("somebody")}
    return _("Version %(number)d went live meanwhile, published by %(who)s. See what it changed, then publish.") % told


def _breaks(titles: Iterable[str]) -> str:
    told = _("It would break segments, and nobody would be in them until they are mended: %(segments)s.")
    return told % {"segments": ", ".join(titles)}


def judge_stale(at_most: int = 200) -> int:
    """Judge, in the order of their ids, contacts that another plan judged last; returns how many were looked at.

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
            live = live_rulebook()
            assert live is not None
            stale = [row for row in lock(contacts) if not is_current(live, row)]
            judge(live, stale, {}, now, TagChange.Cause.PUBLISH)
            version.judged_to = contacts[-1]
            version.contacts_done += len(contacts)
        else:
            version.settled_at = now
        version.save(update_fields=["judged_to", "contacts_done", "settled_at"])
    return len(contacts)
