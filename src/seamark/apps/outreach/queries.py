"""What is known of segments: what they say, how many are in them, and whether they can be judged."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Func, Q

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.models import Contact
from seamark.apps.outreach.models import Search, Segment
from seamark.apps.tagging.additions import latest_overlay
from seamark.apps.tagging.models import Standing
from seamark.apps.tagging.rulebooks import Live, live_rulebook
from seamark.engine.errors import RuleError
from seamark.engine.parse import parse
from seamark.engine.sentence import LANGUAGES, Language
from seamark.engine.sentence.naming import Naming


class Told(NamedTuple):
    """A segment, as pages tell of it."""

    segment: Segment
    sentence: str
    broken: str
    """Why nobody is in it; empty where all is well."""


def segments_told(language: Language) -> list[Told]:
    """All segments by name, each with what it says."""
    live, broken = live_rulebook(), latest_overlay().broken
    return [
        Told(segment, said(segment.when, live, language), broken.get(segment.tag, ""))
        for segment in Segment.objects.select_related("changed_by")
    ]


def said(when: str, live: Live | None, language: Language) -> str:
    """A condition as a sentence; as it is written where it cannot be read any more."""
    if live is None:
        return when
    try:
        return Naming(live.rulebook, language).said(parse(when, live.rulebook.kinds))
    except (RuleError, LookupError):
        return when


def said_in_all(when: str) -> list[tuple[Language, str]]:
    """The sentence in each language."""
    live = live_rulebook()
    return [(language, said(when, live, language)) for language in LANGUAGES]


def why_broken(segment: Segment) -> str:
    """Why the live rulebook cannot take it; empty where it can."""
    broken: str = latest_overlay().broken.get(segment.tag, "")
    return broken


def count_of(member: Member, segment: Segment) -> int:
    """How many of the contacts that the member may see are in it now."""
    found = Standing.objects.filter(in_segment(segment.pk, live_rulebook()))
    return found.filter(reach(member, Action.VIEW).condition()).count()


def segments_of(contact: Contact) -> list[Segment]:
    """The saved segments that the contact is in now, by name."""
    live = live_rulebook()
    held = Standing.objects.filter(contact=contact).values_list("tags", flat=True).first() or []
    names = [live.tag_names.get(tag, "") for tag in held] if live else []
    ids = [int(name.removeprefix(Segment.TAGS)) for name in names if name.startswith(Segment.TAGS)]
    return list(Segment.objects.filter(pk__in=ids))


def in_segment(id: int, live: Live | None) -> Q:
    """The standings of those in it; of nobody while it cannot be judged, and where there is none."""
    tag = live.tag_ids.get(Segment(pk=id).tag) if live else None
    return Q(tags__contains=[tag]) if tag else Q(pk__in=[])


def found_by(member: Member, search: int) -> Q:
    """The standings of those whom a search of the member's own found; of nobody where it is not theirs."""
    own = Search.objects.filter(pk=search, work__by=member)
    return Q(pk__in=own.annotate(contact=Func("contacts", function="unnest")).values("contact"))
