"""The page of one contact: tags and why, history, what was then, fields, and tags set by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.record import note_seen
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.access import contact_for
from seamark.apps.contacts.masks import Masks, masks_of
from seamark.apps.contacts.models import Contact, Field
from seamark.apps.contacts.values import in_words
from seamark.apps.desk.consent import consent_context
from seamark.apps.desk.contact_fields import fields_context
from seamark.apps.desk.contact_follow_ups import follow_ups_context, led_here
from seamark.apps.desk.ownership import owner_context
from seamark.apps.desk.preferences import preferences_context
from seamark.apps.desk.queries import channels_of
from seamark.apps.desk.reply import reply_context
from seamark.apps.desk.sources import Origin, origin, origins
from seamark.apps.desk.timeline import days_of, kind_title, place_from, place_of, sent_before
from seamark.apps.outreach.queries import segments_of
from seamark.apps.tagging.actions import clear_tag, lift_hand, set_tag
from seamark.apps.tagging.models import TagChange
from seamark.apps.tagging.queries import by_group, ends_of, held_by, held_then, recent_changes
from seamark.apps.tagging.reasons import reason_of
from seamark.apps.tagging.rulebooks import live_rulebook
from seamark.apps.tagging.words import Chip, chip, field_title, titled
from seamark.apps.timeline.queries import events_of, first_event_at, kinds_at, kinds_of, messages_since

EVENTS = 40
BEFORE_FIRST = timedelta(microseconds=1)
"""So long before the first event a tag is entered that nothing had to happen for."""
HANDS = {"set": set_tag, "clear": clear_tag}
LASTS = {"7d": timedelta(days=7), "30d": timedelta(days=30), "90d": timedelta(days=90)}


class Held(NamedTuple):
    """A tag that the contact holds."""

    chip: Chip
    since: datetime | None
    """None: since before the history."""
    until: datetime | None
    """When it is left unless something happens; None: not, as far as was looked."""


class Past(NamedTuple):
    """A tag that was held then."""

    chip: Chip
    is_held_now: bool


class Change(NamedTuple):
    """A tag that was entered or left."""

    chip: Chip | None
    """None: a tag that the live rulebook no longer has."""
    change: TagChange
    cause: str


class Known(NamedTuple):
    """How a channel or a source knows the contact."""

    origin: Origin
    name: str
    external_id: str
    is_verified: bool


def contact(request: HttpRequest, id: int) -> HttpResponse:
    """The page, each part with what it shows under a name of its own. Opening it stands in the record."""
    member = member_of(request)
    found, masks = contact_for(member, id), masks_of(member)
    note_seen(found.pk, by=member)
    channels, led = channels_of([found]), led_here(member, found, request.GET)
    shown = {
        "contact": found,
        "tags": contact_tags(request, found),
        "history": _history(request, found),
        "then": _then(found, timezone.now()),
        "owner": owner_context(member, found),
        "reply": reply_context(member, found) | {"text": led.words if led else ""},
        "follow_ups": follow_ups_context(member, found),
        "fields": fields_context(member, found),
        "preferences": preferences_context(member, found),
        "consent": consent_context(member, found),
        "changes": {"contact": found, "changes": _changes(found)},
        "led": led,
        "talk": found.conversations.order_by("-last_at", "-pk").first(),
        "name": masks.name(found),
        "phone": masks.phone(found),
        "origins": origins(found, channels),
        "wrote": messages_since(found, timezone.now() - timedelta(days=30)),
        "kinds": [(kind, kind_title(kind)) for kind in kinds_of(found)],
        "identities": [
            Known(
                origin(each.source, channels),
                masks.external_name(found, each),
                masks.external_id(found, each),
                each.is_verified,
            )
            for each in found.identities.all()
            if each.source != "desk"
        ],
    }
    return render(request, "desk/contact.html", shown)


def tags(request: HttpRequest, id: int) -> HttpResponse:
    """The tags alone, for a page that is open while they change."""
    return render(request, "desk/parts/tags.html", contact_tags(request, contact_for(member_of(request), id)))


def changes(request: HttpRequest, id: int) -> HttpResponse:
    """The last changes of tags alone."""
    found = contact_for(member_of(request), id)
    return render(request, "desk/parts/changes.html", {"contact": found, "changes": _changes(found)})


def events(request: HttpRequest, id: int) -> HttpResponse:
    """Events before a place or after one; of one kind where one is asked for."""
    return render(request, "desk/parts/events.html", _history(request, contact_for(member_of(request), id)))


def why(request: HttpRequest, id: int, tag: str) -> HttpResponse:
    """Why the contact holds the tag, or does not."""
    found, live = contact_for(member_of(request), id), live_rulebook()
    if live is None or tag not in live.rulebook.tags:
        raise Http404
    reason = reason_of(found, tag, live, masks_of(member_of(request)))
    shown = {"contact": found, "reason": reason, **_rights(request, found)}
    return render(request, "desk/parts/why.html", shown)


def then(request: HttpRequest, id: int) -> HttpResponse:
    """The tags held at a moment: `minute` of the slider, or `at` as the reader's clock shows it."""
    found = contact_for(member_of(request), id)
    return render(request, "desk/parts/then.html", _then(found, _moment_asked(request)))


@require_POST
def hand(request: HttpRequest, id: int, tag: str, deed: str) -> HttpResponse:
    """Set a tag, clear it, or lift what a hand did before; answers with the tags."""
    member = member_of(request)
    found = contact_for(member, id, Action.EDIT)
    told: dict[str, str] = {}
    try:
        if deed == "lift":
            lift_hand(contact=found, tag=tag, by=member)
        else:
            HANDS[deed](contact=found, tag=tag, by=member, until=_until(request))
            told["undo"] = reverse("desk:lift", args=[id, tag])
        told["news"] = _news(deed, tag)
    except ActionRefused as refused:
        told["refusal"] = str(refused)
    return render(request, "desk/parts/tags.html", {**contact_tags(request, found), **told})


def _until(request: HttpRequest) -> datetime | None:
    """The end of the period asked for: a moment, or so many days; None: as long as usual."""
    if request.POST.get("lasts") == "until":
        try:
            moment = datetime.fromisoformat(request.POST.get("until", ""))
        except ValueError:
            raise ActionRefused("moment", _("That is not a date and time.")) from None
        return moment if moment.tzinfo else timezone.make_aware(moment)
    lasts = LASTS.get(request.POST.get("lasts", ""))
    return timezone.now() + lasts if lasts else None


def set_chosen(request: HttpRequest, id: int) -> HttpResponse:
    """Set the tag that was chosen among all."""
    return hand(request, id, request.POST.get("tag", ""), "set")


def _news(deed: str, tag: str) -> str:
    live = live_rulebook()
    title = chip(live.rulebook, live.rulebook.tags[tag]).hint if live else tag
    told = {
        "set": _("Set by hand: %(tag)s"),
        "clear": _("Taken away by hand: %(tag)s"),
        "lift": _("As the rulebook has it again: %(tag)s"),
    }
    return told[deed] % {"tag": title}


def _rights(request: HttpRequest, found: Contact) -> dict[str, Any]:
    edit = reach(member_of(request), Action.EDIT)
    return {"may_edit": edit.covers(owner=found.owner_id, team=found.team_id)}


def contact_tags(request: HttpRequest, found: Contact) -> dict[str, Any]:
    """The tags held, by group, the saved segments, and the tags that may be set by hand."""
    shown: dict[str, Any] = {"contact": found, "groups": [], "choices": [], **_rights(request, found)}
    shown["segments"] = segments_of(found)
    live = live_rulebook()
    if live is None:
        return shown
    ends = ends_of(found)
    for group, held in by_group(held_by([found.pk]).get(found.pk, []), live.rulebook):
        each = [Held(chip(live.rulebook, one.tag), one.since, ends.get(one.tag.name)) for one in held]
        shown["groups"].append((titled(group.title), each))
    if shown["may_edit"]:
        groups = live.rulebook.groups
        listed = [(titled(group.title), [tag for tag in group.tags if not tag.unlisted]) for group in groups]
        shown["choices"] = [(title, [(tag.name, titled(tag.title)) for tag in tags]) for title, tags in listed if tags]
    return shown


def _changes(found: Contact) -> list[Change]:
    live = live_rulebook()
    tags = live.whole.tags if live else {}
    made = [(tags.get(change.tag.name), change) for change in recent_changes(found)]
    moments = [change.changed_at for _tag, change in made if change.cause == TagChange.Cause.EVENT]
    kinds = kinds_at(found, [*moments, *(moment + BEFORE_FIRST for moment in moments)])
    return [
        Change(chip(live.rulebook, tag) if live and tag else None, change, _cause(change, kinds))
        for tag, change in made
        if not (tag and tag.unlisted)
    ]


def _cause(change: TagChange, kinds: Mapping[datetime, Sequence[str]]) -> str:
    """Why the tag changed: by which kind of event, where it was one."""
    if change.cause != TagChange.Cause.EVENT:
        return change.get_cause_display()
    if titles := [kind_title(kind) for kind in kinds.get(change.changed_at, ())]:
        return " · ".join(titles)
    return _("became known") if change.changed_at + BEFORE_FIRST in kinds else change.get_cause_display()


def _history(request: HttpRequest, found: Contact) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    before, after = (place_from(request.GET.get(name, "")) for name in ("before", "after"))
    listed = events_of(found, kind=kind, before=before, after=after, most=EVENTS + 1)
    events, more = listed[:EVENTS], listed[EVENTS:]
    earlier = more[0].occurred_at if more else after.occurred_at if after else None
    newest = place_of(events[0]) if events else request.GET.get("after", "") if after else "0.0"
    masks = masks_of(member_of(request))
    return {
        "contact": found,
        "kind": kind,
        "days": days_of(found, events, earlier, masks),
        "older": place_of(events[-1]) if more and not after else "",
        "newest": "" if before else newest,
        "is_first": not (before or after),
        "sent_before": sent_before(found, after, masks) if after and not kind else [],
    }


def _moment_asked(request: HttpRequest) -> datetime:
    """Now for what is no moment, or is still to come."""
    now, minute = timezone.now(), request.GET.get("minute", "")
    try:
        if minute:
            return min(now, datetime.fromtimestamp(int(minute) * 60, UTC))
        asked = datetime.fromisoformat(request.GET.get("at", ""))
        return min(now, asked if asked.tzinfo else timezone.make_aware(asked))
    except (ValueError, OverflowError, OSError):
        return now


def _then(found: Contact, moment: datetime) -> dict[str, Any]:
    live = live_rulebook()
    first = first_event_at(found)
    shown: dict[str, Any] = {"contact": found, "then_at": moment, "past": []}
    if live is None or first is None:
        return shown
    now = {each.tag.name for each in held_by([found.pk]).get(found.pk, ())}
    past = held_then(found, moment)
    names = {each.tag.name for each in past}
    gone = [tag for name, tag in live.rulebook.tags.items() if name in now - names]
    return shown | {
        "past": [Past(chip(live.rulebook, each.tag), each.tag.name in now) for each in past],
        "later": [chip(live.rulebook, tag) for tag in gone],
        "first_minute": int(first.timestamp()) // 60,
        "last_minute": int(timezone.now().timestamp()) // 60,
        "minute": int(moment.timestamp()) // 60,
    }


def contact_fields(found: Contact, masks: Masks) -> list[tuple[str, str]]:
    """What the fields hold, those of the catalogue first."""
    catalogue = list(Field.objects.all())
    values = masks.fields(found, catalogue)
    titles = {field.name: field_title(field) for field in catalogue}
    names = [name for name in titles if name in values] + [name for name in values if name not in titles]
    return [(titles.get(name, name), in_words(values[name])) for name in names if values[name] is not None]
