"""Segments are saved, changed and dropped, and conditions searched for."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.record import What, note
from seamark.apps.outreach.conditions import rulebook_with
from seamark.apps.outreach.models import Search, Segment
from seamark.apps.tagging.additions import drop_addition, put_addition
from seamark.apps.work import actions as work
from seamark.apps.work.models import Work

SEARCH = "segment-search"
MOST_SEGMENTS = 200
"""Every event is judged by all of them."""
SEARCHES_KEPT = 20
"""Of each member."""


@transaction.atomic
def save_segment(*, name: str, when: str, by: Member) -> Segment:
    """Keep a condition as a segment: every contact is judged by it from now on.

    Raises `RuleError` for a condition that does not fit, and `ActionRefused` for a name that another segment has.
    """
    name = _checked(name)
    if Segment.objects.count() >= MOST_SEGMENTS:
        told = _("There are %(most)d segments already, and no more fit. Drop one that nobody uses.")
        raise ActionRefused("too-many", told % {"most": MOST_SEGMENTS})
    now = timezone.now()
    segment = Segment.objects.create(name=name, when=when, made_by=by, changed_by=by, changed_at=now)
    put_addition(name=segment.tag, title=name, when=when)
    note(What.SEGMENT_CHANGED, by=by, about=name, about_id=segment.pk)
    return segment


@transaction.atomic
def change_segment(*, segment: Segment, name: str, when: str, revision: int, by: Member) -> Segment:
    """Change the name and the condition as they were at that revision. Raises what `save_segment` raises.

    Of two who change the same revision the later is refused, and told who was first.
    """
    name = _checked(name, segment)
    kept = _locked(segment, revision)
    kept.name, kept.when, kept.changed_by, kept.changed_at = name, when, by, timezone.now()
    kept.revision += 1
    kept.save()
    put_addition(name=kept.tag, title=name, when=when)
    note(What.SEGMENT_CHANGED, by=by, about=name, about_id=kept.pk)
    return kept


@transaction.atomic
def drop_segment(*, segment: Segment, revision: int, by: Member) -> None:
    """The segment is no more, and nobody is in it. Refused when somebody changed it since that revision."""
    kept = _locked(segment, revision)
    drop_addition(name=kept.tag)
    note(What.SEGMENT_DROPPED, by=by, about=kept.name, about_id=kept.pk)
    kept.delete()


@transaction.atomic
def begin_search(*, when: str, by: Member) -> Work:
    """Look for whom a condition fits now, as work. Raises `RuleError` for a condition that does not fit.

    A search of the same member that is still under way is stopped: they asked for something else.
    """
    rulebook_with(when)
    for open_work in Work.objects.filter(by=by, kind=SEARCH, ended_at=None):
        work.cancel(work=open_work)
    kept = Search.objects.filter(work__by=by).order_by("-work").values_list("work", flat=True)[:SEARCHES_KEPT]
    Search.objects.filter(work__by=by).exclude(pk__in=list(kept)).delete()
    return work.begin(kind=SEARCH, by=by, asked={"when": when})


def _locked(segment: Segment, revision: int) -> Segment:
    kept = Segment.objects.select_for_update(of=["self"]).select_related("changed_by").filter(pk=segment.pk).first()
    if kept is None:
        raise ActionRefused("gone", _("Somebody dropped this segment meanwhile."))
    if kept.revision != revision:
        told = _("%(who)s has changed this segment meanwhile. See what it says now, then change it.")
        raise ActionRefused("overtaken", told % {"who": kept.changed_by.name})
    return kept


def _checked(name: str, segment: Segment | None = None) -> str:
    name = name.strip()[:100]
    if not name:
        raise ActionRefused("nameless", _("Give the segment a name."))
    others = Segment.objects.exclude(pk=segment.pk) if segment else Segment.objects.all()
    if others.filter(name__iexact=name).exists():
        raise ActionRefused("name-taken", _("There is a segment “%(name)s” already.") % {"name": name})
    return name
