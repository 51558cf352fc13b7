"""One conversation of the inbox: its messages, who handles it, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from django.contrib.messages import error
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.opening import open_since
from seamark.apps.accounts.record import note_seen
from seamark.apps.channels.files import download
from seamark.apps.channels.models import Channel, StoredFile
from seamark.apps.contacts import ownership
from seamark.apps.contacts.masks import masks_of
from seamark.apps.desk.consent import consent_context
from seamark.apps.desk.contact_fields import fields_context
from seamark.apps.desk.contact_follow_ups import follow_ups_context, led_here
from seamark.apps.desk.contact_page import contact_fields, contact_tags
from seamark.apps.desk.hints import hints_context
from seamark.apps.desk.lines import Line
from seamark.apps.desk.ownership import may_claim
from seamark.apps.desk.preferences import preferences_context
from seamark.apps.desk.reply import (
    answer,
    begun,
    box,
    dealt,
    kept,
    number,
    redrawn,
    refused,
    unsent_context,
    with_offers,
)
from seamark.apps.desk.sources import origin
from seamark.apps.desk.template_box import template_box
from seamark.apps.desk.timeline import days_of, place_from, place_of, sent_before
from seamark.apps.inbox import actions
from seamark.apps.inbox.access import (
    Rights,
    conversation_for,
    conversations_for,
    may_ask_for,
    rights_of,
    who_hands_over,
    who_may_be_mentioned,
    who_may_send,
)
from seamark.apps.inbox.models import Conversation
from seamark.apps.inbox.queries import happenings_of, is_typing, messages_of, others_in, teams_reading_along, window_end

MESSAGES = 40
HAPPENINGS = 8
"""How many of the last the card shows."""
CARD = (
    ("desk/parts/contact_follow_ups.html", follow_ups_context),
    ("desk/parts/preferences.html", preferences_context),
    ("desk/parts/contact_fields.html", fields_context),
    ("desk/parts/consent.html", consent_context),
)
"""What the card shows of a contact besides tags, to those who see the contact's own page."""
MORNING = time(9)
MINUTE = timedelta(minutes=1)
SNOOZES = {
    "hour": gettext_lazy("For an hour"),
    "hours": gettext_lazy("For three hours"),
    "tomorrow": gettext_lazy("Until tomorrow at 9:00"),
    "week": gettext_lazy("For a week"),
}
TURNS = {"finish": actions.finish_conversation, "reopen": actions.reopen_conversation}
TURNED = {"snooze": gettext_lazy("Snoozed"), "finish": gettext_lazy("Done"), "reopen": gettext_lazy("Open again")}


def talk_context(request: HttpRequest, conversation: Conversation, query: str) -> dict[str, Any]:
    """All that the panes beside the list show; `query`: the list's own. Opening them stands in the record."""
    member, contact = member_of(request), conversation.contact
    note_seen(contact.pk, by=member)
    masks, rights = masks_of(member), rights_of(member, conversation)
    shown = {
        **_head_context(request, conversation),
        **_messages(request, conversation),
        **_presence(conversation, member),
        **_box(conversation, member, rights),
        **hints_context(member, conversation),
        "list_query": query,
        "phone": masks.phone(contact),
        "happenings": days_of(contact, happenings_of(contact, HAPPENINGS), None, masks),
    }
    if led := led_here(member, contact, request.GET):
        words = led.words if shown["lines"] else ""  # words for the contact are no note for members
        shown |= {"led": led, "text": shown["text"] or words}
    if not rights.sees_contact:
        return shown | {"fields": contact_fields(contact, masks)}
    parts = [(template, part(member, contact)) for template, part in CARD]
    return shown | {"card": [("desk/parts/tags.html", contact_tags(request, contact)), *parts]}


def thread(request: HttpRequest, id: int) -> HttpResponse:
    """The panes beside the list alone."""
    conversation = conversation_for(member_of(request), id)
    query = request.GET.urlencode()
    return render(request, "desk/parts/talk.html", talk_context(request, conversation, f"?{query}" if query else ""))


def head(request: HttpRequest, id: int) -> HttpResponse:
    """Who it is and who handles it, for a page that is open while that changes."""
    return _head(request, conversation_for(member_of(request), id))


def messages(request: HttpRequest, id: int) -> HttpResponse:
    """Messages before a place or after one; a POST writes one."""
    if request.method == "POST":
        return write(request, id)
    conversation = conversation_for(member_of(request), id)
    return render(request, "desk/parts/talk_messages.html", _messages(request, conversation))


def presence(request: HttpRequest, id: int) -> HttpResponse:
    """Who else reads and writes."""
    member = member_of(request)
    return render(request, "desk/parts/talk_presence.html", _presence(conversation_for(member, id), member))


def unsent(request: HttpRequest, id: int) -> HttpResponse:
    """What has not left."""
    member = member_of(request)
    conversation = conversation_for(member, id)
    shown = unsent_context(conversation.contact, _base(conversation), member)
    return render(request, "desk/parts/unsent.html", shown)


@require_POST
def read(request: HttpRequest, id: int) -> HttpResponse:
    """The member has seen what there is; the list beside shows it. Of one who only looks on nobody is told."""
    member = member_of(request)
    conversation = conversation_for(member, id)
    if not rights_of(member, conversation).may_note:
        return HttpResponse(status=204)
    actions.mark_read(conversation=conversation, by=member)
    return HttpResponse(status=204, headers={"HX-Trigger": "inbox-moved"})


@require_POST
def draft(request: HttpRequest, id: int) -> HttpResponse:
    """Keep what the member is writing."""
    member = member_of(request)
    conversation = conversation_for(member, id)
    _must(rights_of(member, conversation).may_note)
    actions.keep_draft(
        conversation=conversation,
        text=request.POST.get("text", ""),
        by=member,
        is_note=request.POST.get("as") == "note",
    )
    return HttpResponse(status=204)


def write(request: HttpRequest, id: int) -> HttpResponse:
    """An answer to the contact, or a note for members."""
    member = member_of(request)
    conversation = conversation_for(member, id)
    rights = rights_of(member, conversation)
    if request.POST.get("as") == "note":
        refusal = refused(lambda: _note(request, conversation, rights))
    elif rights.may_send:
        uploads = request.FILES.getlist("files")
        refusal = refused(lambda: answer(member, conversation.identity, request.POST, uploads))
    else:
        _must(rights.may_note)
        refusal = _answered_by(conversation)
    if not refusal:
        if conversation.assignee_id is None and request.POST.get("as") != "note":
            # Whoever answers handles it, unless somebody else was quicker.
            refused(
                partial(actions.assign_conversation, conversation=conversation, assignee=member, was=None, by=member)
            )
        actions.keep_draft(conversation=conversation, text="", by=member)
    shown = _box(conversation, member, rights, request.POST if refusal else None) | {"refusal": refusal}
    return render(request, "desk/parts/reply.html", shown, status=422 if refusal else 200)


@require_POST
def deal(request: HttpRequest, id: int, message: int, deed: str) -> HttpResponse:
    """Take a message back that has not left, or let it out."""
    member = member_of(request)
    conversation = conversation_for(member, id)
    _must(rights_of(member, conversation).may_send)
    return dealt(request, conversation.contact, message, deed, _base(conversation))


@require_POST
def claim(request: HttpRequest, id: int) -> HttpResponse:
    """Become the contact's owner, and so be able to answer; of two who do so at once the later is told who has it."""
    member = member_of(request)
    conversation = get_object_or_404(Conversation, pk=id)
    refusal = ""
    try:
        ownership.claim(contact=conversation.contact_id, by=member)
    except ActionRefused as why:
        _must(why.code != "absent")
        refusal = str(why)
    if not conversations_for(member).filter(pk=id).exists():
        error(request, refusal)
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("desk:inbox")})
    shown = talk_context(request, conversation_for(member, id), "") | {"refusal": refusal}
    return render(request, "desk/parts/talk.html", shown)


@require_POST
def assign(request: HttpRequest, id: int) -> HttpResponse:
    """Hand it over; to oneself, to another member, or to nobody."""
    member = member_of(request)
    conversation = conversation_for(member, id)
    _must(rights_of(member, conversation).may_assign)
    to, was = (number(request.POST.get(name, "")) for name in ("to", "was"))
    assignee = get_object_or_404(Member, pk=to) if to else None
    why = request.POST.get("why", "").strip()
    deed = partial(actions.assign_conversation, assignee=assignee, was=was or None, why=why)
    told = _("Handed over to %(name)s") % {"name": assignee.name} if assignee else _("Nobody handles it now")
    return _done(request, conversation, deed, told)


@require_POST
def ask(request: HttpRequest, id: int) -> HttpResponse:
    """Ask whoever handles it to hand it over; for members who read along."""
    member = member_of(request)
    conversation = conversation_for(member, id)
    rights = rights_of(member, conversation)
    _must(may_ask_for(member, rights))
    asked = who_hands_over(conversation)
    refusal = refused(partial(actions.ask_for, conversation=conversation, asked=asked, by=member))
    shown = _box(conversation, member, rights) | {"refusal": refusal}
    return render(request, "desk/parts/reply.html", shown)


@require_POST
def turn(request: HttpRequest, id: int, deed: str) -> HttpResponse:
    """Put it aside for a while, end it, or take it up again."""
    member = member_of(request)
    conversation = conversation_for(member, id)
    _must(deed in TURNED and rights_of(member, conversation).may_send)
    if deed == "snooze":
        until = _until(request.POST.get("for", ""), timezone.localtime())
        does: Callable[..., None] = partial(actions.snooze_conversation, until=until)
    else:
        does = TURNS[deed]
    return _done(request, conversation, does, str(TURNED[deed]), undo="" if deed == "reopen" else "reopen")


def _done(
    request: HttpRequest, conversation: Conversation, deed: Callable[..., None], told: str, undo: str = ""
) -> HttpResponse:
    """Does it; answers with the head of the conversation as it is then, and with what came of it."""
    refusal = refused(partial(deed, conversation=conversation, by=member_of(request)))
    news = {"refusal": refusal} if refusal else {"told": told}
    if undo and not refusal:
        news["undo"] = reverse("desk:talk-turn", args=[conversation.pk, undo])
    return _head(request, conversation_for(member_of(request), conversation.pk), news)


def _head(request: HttpRequest, conversation: Conversation, news: Mapping[str, str] | None = None) -> HttpResponse:
    shown = _head_context(request, conversation) | _presence(conversation, member_of(request))
    return render(request, "desk/parts/talk_head.html", shown | dict(news or {}))


def _head_context(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    member = member_of(request)
    rights, channel = rights_of(member, conversation), _channel(conversation)
    return {
        "conversation": conversation,
        "name": masks_of(member).name(conversation.contact),
        "origin": origin(conversation.source, {conversation.source: channel} if channel else {}),
        "channel": channel,
        "rights": rights,
        "is_mine": conversation.assignee_id == member.pk,
        "assignees": who_may_send() if rights.may_assign else [],
        "snoozes": SNOOZES.items(),
        "now": timezone.now(),
        "open_minutes": _open_minutes(conversation),
        "window_end": window_end(conversation, channel),
        "reading_along": pgettext("between two names", ", ").join(teams_reading_along(conversation)),
    }


def _open_minutes(conversation: Conversation) -> int | None:
    """How long the contact has waited in business hours; None where that is all of the time, or nobody waits."""
    since = conversation.waiting_since
    if since is None:
        return None
    within = open_since(since)
    return within // MINUTE if timezone.now() - since - within > MINUTE else None


def _messages(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    before, after = (place_from(request.GET.get(name, "")) for name in ("before", "after"))
    listed = messages_of(conversation, before=before, after=after, most=MESSAGES + 1)
    events, more = listed[:MESSAGES], listed[MESSAGES:]
    earlier = more[0].occurred_at if more else after.occurred_at if after else None
    newest = place_of(events[0]) if events else request.GET.get("after", "") if after else "0.0"
    masks = masks_of(member_of(request))
    return {
        "conversation": conversation,
        "name": masks.name(conversation.contact),
        "days": days_of(conversation.contact, events, earlier, masks),
        "older": place_of(events[-1]) if more and not after else "",
        "newest": "" if before else newest,
        "is_first": not (before or after),
        "sent_before": sent_before(conversation.contact, after, masks) if after else [],
    }


def _presence(conversation: Conversation, member: Member) -> dict[str, Any]:
    others = others_in(conversation, member)
    return {
        "conversation": conversation,
        "typing": [each.member for each in others if is_typing(each)],
        "readers": [each.member for each in others if not is_typing(each)],
    }


def _box(
    conversation: Conversation, member: Member, rights: Rights, refused_form: QueryDict | None = None
) -> dict[str, Any]:
    lines = _lines(conversation, rights)
    shown = box(conversation.contact, lines, _base(conversation), member, refused_form)
    if refused_form is None:
        draft = actions.draft_of(conversation, member)
        shown |= {"text": draft.text} | ({"writes": "note"} if draft.is_note else {})
    more = {
        "conversation": conversation,
        "may_note": rights.may_note,
        "is_closed": rights.may_send and not lines,
        "may_claim": may_claim(member, conversation.contact),
        **_asking(conversation, member, rights),
    }
    return with_offers(shown | more)


def _asking(conversation: Conversation, member: Member, rights: Rights) -> dict[str, Any]:
    """Of a conversation that the member may not answer in: who does, and whether the member may ask for it."""
    if rights.may_send:
        return {}
    asked = pgettext("between two names", ", ").join(each.name for each in who_hands_over(conversation))
    return {
        "handled_by": conversation.assignee.name if conversation.assignee else "",
        "asks_whom": asked if may_ask_for(member, rights) and _channel(conversation) else "",
        "has_asked": actions.has_asked_for(conversation, member),
    }


def _lines(conversation: Conversation, rights: Rights) -> list[Line]:
    """The way to the contact, where the member may take it."""
    channel = _channel(conversation)
    conversation.identity.contact = conversation.contact  # known already
    return [Line(conversation.identity, channel)] if channel and channel.is_active and rights.may_send else []


def templates(request: HttpRequest, id: int) -> HttpResponse:
    """A template of the platform's, as it is chosen and filled in."""
    member = member_of(request)
    conversation = conversation_for(member, id)
    rights = rights_of(member, conversation)
    _must(rights.may_send)
    return template_box(request, _lines(conversation, rights), _base(conversation))


@require_POST
def redraw(request: HttpRequest, id: int) -> HttpResponse:
    """The reply box, with what is being written in it, where it offers something else by now; else nothing."""
    member = member_of(request)
    conversation = conversation_for(member, id)
    return redrawn(request, _box(conversation, member, rights_of(member, conversation), begun(request.POST)))


def _note(request: HttpRequest, conversation: Conversation, rights: Rights) -> None:
    _must(rights.may_note)
    text = request.POST.get("text", "")
    mentioned = [each for each in who_may_be_mentioned() if f"@{each.name}" in text]
    files = kept(request.FILES.getlist("files"), conversation.identity, member_of(request))
    actions.write_note(
        conversation=conversation,
        text=text,
        mentioned=mentioned,
        by=member_of(request),
        once=request.POST.get("once", "")[:64],
        files=files,
    )


def file(request: HttpRequest, token: str) -> HttpResponse:
    """A file of a conversation that the member may read."""
    stored = get_object_or_404(StoredFile, pk=token)
    conversation = get_object_or_404(
        Conversation, identity__source=stored.source, identity__external_id=stored.external_id
    )
    conversation_for(member_of(request), conversation.pk)
    return download(stored)


def _must(is_allowed: bool) -> None:
    """404 where it is not: nobody learns of what they may not do."""
    if not is_allowed:
        raise Http404


def _answered_by(conversation: Conversation) -> str:
    """Why an answer is refused whose writer handled the conversation until a moment ago."""
    if conversation.assignee is None:
        return _("This conversation is not with you any more; nothing was sent, and your words are still here.")
    told = _("%(name)s answers here now; nothing was sent, and your words are still here.")
    return told % {"name": conversation.assignee.name}


def _base(conversation: Conversation) -> str:
    return reverse("desk:talk", args=[conversation.pk])


def _channel(conversation: Conversation) -> Channel | None:
    """None where the messages came with a file or a shop, and nothing leads back."""
    return Channel.objects.filter(source=conversation.source).first()


def _until(choice: str, now: datetime) -> datetime:
    """When a snooze is over, by the reader's clock; Raises 404 for what is no choice."""
    match choice:
        case "hour":
            return now + timedelta(hours=1)
        case "hours":
            return now + timedelta(hours=3)
        case "tomorrow":
            return datetime.combine(now.date() + timedelta(days=1), MORNING, now.tzinfo)
        case "week":
            return datetime.combine(now.date() + timedelta(days=7), MORNING, now.tzinfo)
    raise Http404
