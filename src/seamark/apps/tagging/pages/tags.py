"""The page of tags: what each means, who answers for it, how many hold it, and how tags overlap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import may, reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.tagging.cards import Review, own_tag, review_tag, reviews
from seamark.apps.tagging.census import Census, census, kept_census, sampled
from seamark.apps.tagging.comparing import definition, kind_words
from seamark.apps.tagging.drafts import start_draft
from seamark.apps.tagging.editing import with_titles, without_entry
from seamark.apps.tagging.editions import live_version
from seamark.apps.tagging.models import TagCard
from seamark.apps.tagging.overview import dotted
from seamark.apps.tagging.rulebooks import FILE, Live, live_rulebook
from seamark.apps.tagging.weeks import SALES_WEEKS, Sales, Week, weeks_of
from seamark.apps.tagging.words import Chip, chip, spoken, titled
from seamark.engine import tree
from seamark.engine.lint.figures import FEWEST, MOST
from seamark.engine.lint.overlap import FEWEST as FEWEST_HELD
from seamark.engine.lint.overlap import Held, Overlap, overlaps
from seamark.engine.rulebook import Tag, TagGroup
from seamark.engine.sentence.naming import Naming

MOST_IN_PICTURE = 40
"""Tags in the heat map: those held most."""
MOST_OVERLAPS = 20


class Line(NamedTuple):
    """A tag as the page shows it."""

    tag: Tag
    chip: Chip
    said: str
    number: int
    share: float
    placed: str
    """Against the reference range: in, below, above; empty where there is none."""
    review: Review
    path: str
    """Of its condition in the live text; empty where it has none there."""
    weeks: list[float]
    """Its shares at the beginnings of the last weeks, the oldest first; none where no week is counted."""


class Group(NamedTuple):
    """A tag group."""

    name: str
    title: str
    kind: str
    every: str
    lines: list[Line]


class Sold(NamedTuple):
    """What those who held each level bought in the weeks after."""

    first: date
    last: date
    conversion: float
    """Of all contacts."""
    tiers: list[tuple[str, list[tuple[Chip, Sales]]]]
    """The titles of groups, with those of their levels that anybody held."""


class Proposal(NamedTuple):
    """Something that should be looked at."""

    kind: str
    chip: Chip | None
    words: str


def sees_tags(member: Member) -> bool:
    """Whoever sees contacts may read what their tags mean; so may whoever changes rulebooks."""
    return may(member, Action.VIEW) or may(member, Action.RULEBOOKS)


def tags(request: HttpRequest) -> HttpResponse:
    """All of them by group; the figures are of the contacts that the member may see.

    What they mean is there at once, with the figures that were counted last; the page asks for new ones where those are
    older than a moment.
    """
    member, live = member_of(request), live_rulebook()
    if not sees_tags(member):
        raise Http404
    reached = reach(member, Action.VIEW)
    shown: dict[str, Any] = {"live": live, "may_change": may(member, Action.RULEBOOKS), "sees_all": reached.everyone}
    if live:
        if "counted" in request.GET:
            census(reached, live)
        kept = kept_census(reached, live)
        counted = kept.census if kept else Census(0, {})
        weeks = weeks_of(reached, live)
        groups = list(_groups(live, counted, weeks))
        proposals = list(_proposals(live, groups, counted))
        shown |= {
            "groups": groups,
            "census": counted,
            "weeks": len(weeks),
            "sold": _sold(live, weeks),
            "is_counting": kept is None,
            "is_counted": kept is not None and kept.is_fresh,
            "proposals": _by_tag(proposals),
            "deletable": _deletable(live, proposals),
            "kinds": Counter(each.kind for each in proposals),
            "tags": sum(len(group.lines) for group in groups),
        }
    return render(request, "tagging/tags.html", shown)


def _groups(live: Live, counted: Census, weeks: Sequence[Week]) -> Iterator[Group]:
    naming = Naming(live.rulebook, spoken())
    known = reviews({group.name: group for group in live.rulebook.groups}, timezone.now())
    own_first = sorted(live.rulebook.groups, key=lambda group: live.rulebook.place("groups", group.name).file != FILE)
    for group in own_first:
        lines = [_line(live, naming, tag, counted, known[tag.name], weeks) for tag in group.tags if not tag.unlisted]
        if lines:
            every = naming.said(tree.Duration(group.review_every)) if group.review_every else ""
            yield Group(group.name, titled(group.title), kind_words(group.kind), every, lines)


def _sold(live: Live, weeks: Sequence[Week]) -> Sold | None:
    """Of the last week after which sales are known; none where there are none."""
    week = next((week for week in reversed(weeks) if week.sales), None)
    if week is None:
        return None
    levels = [group for group in live.rulebook.groups if group.kind == "level" and not group.tags[0].unlisted]
    tiers = [
        (
            titled(group.title),
            [(chip(live.rulebook, tag), week.sales[tag.name]) for tag in group.tags if tag.name in week.sales],
        )
        for group in levels
        if any(tag.name in week.sales for tag in group.tags)
    ]
    return Sold(week.begins, week.begins + timedelta(weeks=SALES_WEEKS, days=-1), week.sales[""].conversion, tiers)


def _line(live: Live, naming: Naming, tag: Tag, counted: Census, review: Review, weeks: Sequence[Week]) -> Line:
    share = counted.share(tag.name)
    return Line(
        tag,
        chip(live.rulebook, tag),
        definition(naming, tag),
        counted.counts.get(tag.name, 0),
        share,
        _placed(tag, share) if counted.contacts else "",
        review,
        dotted(tag.clause.path) if tag.clause and tag.clause.located.file == FILE else "",
        [week.shares.get(tag.name, 0.0) for week in weeks],
    )


def _placed(tag: Tag, share: float) -> str:
    if tag.share is None:
        return ""
    low, high = tag.share
    return "below" if share < low else "above" if share > high else "in"


def _proposals(live: Live, groups: Sequence[Group], counted: Census) -> Iterator[Proposal]:
    """Tags to look at: overdue, unused, outside their range; dimensions that keep too few or too many (A19)."""
    for line in (line for group in groups for line in group.lines):
        if line.review.is_forgotten:
            words = ngettext(
                "missed %(number)d review: still needed, or to be deleted?",
                "missed %(number)d reviews: still needed, or to be deleted?",
                line.review.missed,
            )
            yield Proposal("forgotten", line.chip, words % {"number": line.review.missed})
        elif line.review.is_overdue:
            yield Proposal("overdue", line.chip, _("is due for review"))
        if counted.contacts and not line.number and not line.tag.otherwise:
            yield Proposal("unused", line.chip, _("is held by nobody: still needed, or to be deleted?"))
        elif line.placed in ("below", "above"):
            told = {"share": f"{line.share:.1%}"}
            below = _("is held by %(share)s, below its reference range")
            above = _("is held by %(share)s, above its reference range")
            yield Proposal("outside", line.chip, (below if line.placed == "below" else above) % told)
    for dimension, number in _dimensions(live.rulebook.groups):
        words = _("The dimension “%(name)s” keeps %(number)d tags; people keep %(fewest)d to %(most)d in mind.")
        size = {"name": dimension, "number": number, "fewest": FEWEST, "most": MOST}
        yield Proposal("dimension", None, words % size)


def _by_tag(proposals: Sequence[Proposal]) -> list[tuple[Chip | None, list[str]]]:
    """What there is to say of each tag, and last what is of none."""
    found: dict[Chip | None, list[str]] = {}
    for each in proposals:
        found.setdefault(each.chip, []).append(each.words)
    return sorted(found.items(), key=lambda each: each[0] is None)


def _deletable(live: Live, proposals: Sequence[Proposal]) -> set[str]:
    """The tags of the live text of which it is asked whether they are still needed."""
    own = {tag for tag in live.rulebook.tags if live.rulebook.tag_place(tag).file == FILE}
    return {each.chip.name for each in proposals if each.chip and each.kind in ("forgotten", "unused")} & own


def _dimensions(groups: Sequence[TagGroup]) -> list[tuple[str, int]]:
    """Dimensions outside the five to eight tags that people keep in mind (S4)."""
    sizes: Counter[str] = Counter()
    for group in groups:
        if group.dimension:
            sizes[group.dimension] += sum(not tag.unlisted for tag in group.tags)
    return [(name, number) for name, number in sizes.items() if not FEWEST <= number <= MOST]


# How tags overlap


def overlap(request: HttpRequest) -> HttpResponse:
    """The heat map, and the pairs that say one thing twice: it takes a moment, so the page asks for it afterwards."""
    member, live = member_of(request), live_rulebook()
    if live is None or not sees_tags(member):
        raise Http404
    reached = reach(member, Action.VIEW)
    held = sampled(reached, live)
    found = sorted(_telling(live, held), key=lambda each: -each.both)
    shown = {
        "held": held,
        "is_sample": held.contacts < census(reached, live).contacts,
        "options": _heat_map(live, held),
        "overlaps": [
            (chip_of(live, each.first), chip_of(live, each.second), overlap_words(each))
            for each in found[:MOST_OVERLAPS]
        ],
        "more": max(0, len(found) - MOST_OVERLAPS),
        "fewest": FEWEST_HELD,
    }
    return render(request, "tagging/parts/overlap.html", shown)


def _telling(live: Live, held: Held) -> Iterator[Overlap]:
    """Overlaps of tags that something speaks for: what remains when nothing else is true goes with much."""
    tags = live.rulebook.tags
    return (
        each
        for each in overlaps(live.rulebook, held)
        if not (tags[each.first].otherwise or tags[each.second].otherwise)
    )


def chip_of(live: Live, tag: str) -> Chip:
    """The chip of a tag by its name."""
    return chip(live.rulebook, live.rulebook.tags[tag])


def overlap_words(found: Overlap) -> str:
    """How two tags overlap, with the figures."""
    told = {"both": f"{found.both:,}", "of": f"{found.of:,}", "share": f"{found.share:.0%}"}
    if found.kind == "same":
        return _("%(both)s of the %(of)s contacts with either hold both (%(share)s)") % told
    return _("%(both)s of the %(of)s contacts with the first hold the second too (%(share)s)") % told


def _heat_map(live: Live, held: Held) -> dict[str, Any] | None:
    names = [name for name in live.rulebook.tags if held.counts.get(name, 0) and not live.rulebook.tags[name].otherwise]
    names = sorted(
        sorted(names, key=lambda name: -held.counts[name])[:MOST_IN_PICTURE], key=list(live.rulebook.tags).index
    )
    if len(names) < 2:
        return None
    naming = Naming(live.rulebook, spoken())
    titles = [naming.full_title(name) for name in names]
    cells = [
        [x, y, round(100 * held.both(row, column) / held.counts[row])]
        for y, row in enumerate(names)
        for x, column in enumerate(names)
        if row != column
    ]
    return {
        "tooltip": {},
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 46, "containLabel": True},
        "xAxis": {"type": "category", "data": titles, "axisLabel": {"rotate": 60, "interval": 0, "fontSize": 11}},
        "yAxis": {"type": "category", "data": titles, "inverse": True, "axisLabel": {"interval": 0, "fontSize": 11}},
        "visualMap": {"min": 0, "max": 100, "orient": "horizontal", "left": "center", "bottom": 4, "itemHeight": 120},
        "series": [{"type": "heatmap", "data": cells}],
    }


# Owners and reviews


@needs(Action.RULEBOOKS)
def own(request: HttpRequest, tag: str) -> HttpResponse:
    """Whom one may choose to answer for the tag; POST says who does."""
    if request.method != "POST":
        return render(request, "tagging/parts/tag_owner.html", _owners(tag))
    asked = request.POST.get("owner", "")
    owner = Member.objects.filter(pk=int(asked), is_active=True).first() if asked.isdecimal() else None
    return _done(request, tag, lambda: own_tag(tag=tag, owner=owner, by=member_of(request)))


def _owners(tag: str) -> dict[str, Any]:
    live = live_rulebook()
    if live is None or tag not in live.rulebook.tags:
        raise Http404
    card = TagCard.objects.filter(tag=live.tag_ids[tag]).first()
    members = Member.objects.filter(is_active=True).order_by("name")
    return {"chip": chip_of(live, tag), "owner": card.owner_id if card else None, "members": members}


@require_POST
@needs(Action.RULEBOOKS)
def delete(request: HttpRequest, tag: str) -> HttpResponse:
    """Begin a draft without the tag; what refers to it is told beside the draft's text."""
    live, (group, _slash, name) = live_version(), tag.partition("/")
    if live is None:
        raise Http404
    try:
        text = without_entry(live.text, ("groups", group, "tags", name))
    except LookupError:
        raise Http404 from None
    except ActionRefused as refused:
        messages.error(request, str(refused))
        return redirect("tagging:tags")
    draft = start_draft(base=live, name=_("Without %(tag)s") % {"tag": tag}, by=member_of(request), text=text)
    messages.success(request, _("This draft has the tag no more. Publish it to delete the tag."))
    return redirect("tagging:draft", draft.pk)


@require_POST
@needs(Action.RULEBOOKS)
def rename(request: HttpRequest, tag: str) -> HttpResponse:
    """Begin a draft in which the tag has other titles; it stays the same tag."""
    live, (group, _slash, name) = live_version(), tag.partition("/")
    if live is None:
        raise Http404
    titles = {language: request.POST.get(language, "").strip()[:60] for language in ("en", "zh")}
    try:
        if not all(titles.values()):
            raise ActionRefused("title", _("A tag has a title in English and in Chinese."))
        text = with_titles(live.text, ("groups", group, "tags", name), titles)
    except LookupError:
        raise Http404 from None
    except ActionRefused as refused:
        messages.error(request, str(refused))
        return redirect("desk:merge-tag", tag)
    draft = start_draft(base=live, name=_("%(tag)s renamed") % {"tag": tag}, by=member_of(request), text=text)
    messages.success(request, _("This draft has the new name. Publish it, and pages show it."))
    return redirect("tagging:draft", draft.pk)


@require_POST
@needs(Action.RULEBOOKS)
def review(request: HttpRequest, tag: str) -> HttpResponse:
    """Note that the tag was reviewed."""
    return _done(request, tag, lambda: review_tag(tag=tag, by=member_of(request)))


def _done(request: HttpRequest, tag: str, act: Any) -> HttpResponse:
    """The tag's line again; the whole page where the browser asked for one."""
    try:
        act()
    except ActionRefused as refused:
        raise Http404(str(refused)) from None
    live = live_rulebook()
    if live is None or tag not in live.rulebook.tags:
        raise Http404
    if not request.headers.get("HX-Request"):
        messages.success(request, _("Saved."))
        return redirect("tagging:tags")
    reached = reach(member_of(request), Action.VIEW)
    kept = kept_census(reached, live)
    counted = kept.census if kept else census(reached, live)
    line = next(
        line
        for group in _groups(live, counted, weeks_of(reached, live))
        for line in group.lines
        if line.tag.name == tag
    )
    shown = {"line": line, "may_change": True, "census": counted, "live": live}
    return render(request, "tagging/parts/tag_line.html", shown)
