"""Writing to a contact: the lines that lead there, what was written, and what has not left yet, with the reason.

One part of a page serves the contact's page and the inbox; what it asks for lies below its `base` address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.channels.actions import queue_message, send_now, withdraw_message
from seamark.apps.channels.adapter import Template
from seamark.apps.channels.files import MOST_FILES, keep_file, refuse_unless_carried, told
from seamark.apps.channels.foresight import foreseen, meant
from seamark.apps.channels.gate import Refused
from seamark.apps.channels.models import Channel, OutboxMessage, Purpose
from seamark.apps.channels.registry import adapter_of
from seamark.apps.contacts.access import contact_for
from seamark.apps.contacts.masks import masks_of
from seamark.apps.contacts.models import Contact, Identity
from seamark.apps.desk.emoji import EMOJI
from seamark.apps.desk.lines import Line, lines_to, looked_at
from seamark.apps.desk.template_box import box_context, filled_in, template_box

LONGEST = 4_000
SHOWN = 10
MOVING = (OutboxMessage.State.QUEUED, OutboxMessage.State.SENDING)
UNSENT = [state for state in OutboxMessage.State if state != OutboxMessage.State.SENT]
DEEDS = {"withdraw": withdraw_message, "send-now": send_now}


class Draft(NamedTuple):
    """What a form is to send."""

    channel: Channel
    text: str
    template: Template | None
    purpose: Purpose
    uploads: Sequence[UploadedFile[bytes]]


def reply_context(member: Member, contact: Contact, refused_form: QueryDict | None = None) -> dict[str, Any]:
    """What the reply box shows: nothing where the member may not write, or no open channel leads there."""
    may_send = reach(member, Action.SEND).covers(owner=contact.owner_id, team=contact.team_id)
    lines = lines_to(contact) if may_send else []
    return with_offers(box(contact, lines, reverse("desk:contact", args=[contact.pk]), member, refused_form))


def box(
    contact: Contact, lines: Sequence[Line], base: str, member: Member, refused_form: QueryDict | None = None
) -> dict[str, Any]:
    """The reply box for these lines; with what was in the form, where it was refused."""
    form = refused_form or QueryDict()
    lines = looked_at(lines, member)
    may_write, may_call = any(not line.is_shut for line in lines), any(line.has_templates for line in lines)
    chosen = next((line for line in lines if str(line.identity.pk) == form.get("line")), lines[0] if lines else None)
    is_called = may_call and chosen is not None and chosen.is_shut
    return {
        **unsent_context(contact, base, member),
        **(box_context(member, chosen, form) if may_call and chosen else {}),
        "lines": lines,
        "chosen_line": chosen,
        "emoji": EMOJI,
        "file_rules": adapter_of(chosen.channel.kind).file_rules if chosen else "",
        "most_megabytes": settings.FILE_MEGABYTES,
        "may_write": may_write,
        "may_call": may_call,
        "writes": form.get("as") or ("template" if is_called else "message"),
        "text": form.get("text", ""),
        "seen": last_answer(contact),
        "most": LONGEST,
    }


def unsent_context(contact: Contact, base: str, member: Member) -> dict[str, Any]:
    """What has not left, as the member sees it."""
    messages, masks = unsent_to(contact), masks_of(member)
    for each in messages:
        each.text = masks.text(contact, each.text)  # as it is shown; the rows are not saved
    is_moving = any(each.state in MOVING for each in messages)
    return {"contact": contact, "base": base, "unsent": messages, "is_moving": is_moving}


def unsent_to(contact: Contact) -> list[OutboxMessage]:
    """The last messages that have not left, or of which nobody knows, oldest first."""
    waiting = OutboxMessage.objects.filter(identity__contact=contact, state__in=UNSENT).select_related("by")
    return list(reversed(waiting.order_by("-pk")[:SHOWN]))


def last_answer(contact: Contact) -> int:
    """The id of the last message that any member wrote to the contact; 0: none has."""
    written = OutboxMessage.objects.filter(identity__contact=contact, by__isnull=False)
    return written.order_by("-pk").values_list("pk", flat=True).first() or 0


def answer(member: Member, identity: Identity, form: QueryDict, uploads: Sequence[UploadedFile[bytes]] = ()) -> None:
    """Put a message into the outbox. One form is one message, however often it is sent.

    Of two members who answer at once, whoever comes second is told of the other's answer before theirs goes: `seen` in
    the form is the last answer that its page knew.
    """
    key = f"desk {member.pk} {form.get('once', '')[:64]}"
    if OutboxMessage.objects.filter(reason_key=key).exists():
        return
    draft = _draft(identity, form, uploads)
    if not form.get("once") or len(draft.text) > LONGEST:
        raise ActionRefused("form", _("A message has at most %(most)s characters.") % {"most": LONGEST})
    _refuse_unless_it_goes(draft, identity, member)
    adapter = adapter_of(draft.channel.kind)
    refuse_unless_carried(draft.uploads, adapter.title, adapter.file_limits)
    _queue(member, identity, key, draft, number(form.get("seen", "")), kept(draft.uploads, identity, member))


@transaction.atomic
def _queue(
    member: Member, identity: Identity, key: str, draft: Draft, seen: int, files: Sequence[Mapping[str, Any]]
) -> None:
    # One answer to a contact at a time; whatever else happens with the contact need not wait.
    Contact.objects.select_for_update(no_key=True).get(pk=identity.contact_id)
    others = OutboxMessage.objects.filter(identity__contact=identity.contact_id, pk__gt=seen)
    other = others.exclude(by=None).exclude(by=member).select_related("by").order_by("-pk").first()
    if other and other.by:
        raise ActionRefused(
            "answered",
            _("%(name)s has answered meanwhile: “%(text)s”. Send yours once more if it is still needed.")
            % {"name": other.by.name, "text": other.text[:80]},
        )
    for place, (text, some) in enumerate(adapter_of(draft.channel.kind).parts(draft.text, files)):
        queue_message(
            identity=identity,
            reason_key=f"{key} {place}" if place else key,
            text=text,
            template=draft.template,
            purpose=draft.purpose,
            files=some,
            by=member,
        )


def _draft(identity: Identity, form: QueryDict, uploads: Sequence[UploadedFile[bytes]]) -> Draft:
    channel = Channel.objects.filter(source=identity.source, is_active=True).first()
    if channel is None:
        raise ActionRefused("channel", _("No open channel leads to this contact."))
    if form.get("as") == "template":
        template, call, words = filled_in(Line(identity, channel), form)
        return Draft(channel, words, call, template.purpose, ())
    text = form.get("text", "").strip()
    if not text and not uploads:
        raise ActionRefused("empty", _("Write something first."))
    return Draft(channel, text, None, Purpose.SERVICE, uploads)


def _refuse_unless_it_goes(draft: Draft, identity: Identity, member: Member) -> None:
    """What the gate would refuse is refused here already, while its writer still has the words before them."""
    message = meant(channel=draft.channel, identity=identity, by=member, purpose=draft.purpose, template=draft.template)
    match foreseen([message]):
        case [Refused(reason)]:
            raise ActionRefused(reason.value, str(reason.label))


def kept(uploads: Sequence[UploadedFile[bytes]], identity: Identity, by: Member) -> list[dict[str, Any]]:
    """The files of one message or note, stored, as its event is to name them."""
    if len(uploads) > MOST_FILES:
        raise ActionRefused("files", _("At most %(most)s files at once.") % {"most": MOST_FILES})
    return [told(keep_file(upload=each, identity=identity, by=by)) for each in uploads]


def refused(deed: Callable[[], object]) -> str:
    """Does it; why it was refused, empty where it was not."""
    try:
        deed()
    except ActionRefused as refusal:
        return str(refusal)
    return ""


def unsent(request: HttpRequest, id: int) -> HttpResponse:
    """What has not left, for a page that is open while messages leave."""
    member = member_of(request)
    contact = contact_for(member, id)
    shown = unsent_context(contact, reverse("desk:contact", args=[id]), member)
    return render(request, "desk/parts/unsent.html", shown)


def templates(request: HttpRequest, id: int) -> HttpResponse:
    """A template of the platform's, as it is chosen and filled in."""
    contact = contact_for(member_of(request), id, Action.SEND)
    return template_box(request, lines_to(contact), reverse("desk:contact", args=[id]))


@require_POST
def redraw(request: HttpRequest, id: int) -> HttpResponse:
    """The reply box, with what is being written in it, where it offers something else by now; else nothing."""
    member = member_of(request)
    return redrawn(request, reply_context(member, contact_for(member, id), begun(request.POST)))


def begun(form: QueryDict) -> QueryDict | None:
    """What is being written; None: nothing is, and the box is as it is at first."""
    return form if form.get("text", "").strip() or form.get("as") == "template" else None


def redrawn(request: HttpRequest, shown: Mapping[str, Any]) -> HttpResponse:
    """The same for any page.

    What was written stays one message, however often it is sent, and its writer is still told of answers that the page
    did not know of.
    """
    form = request.POST
    if form.get("offers") == shown["offers"]:
        return HttpResponse(status=204)
    kept = {"once": form.get("once", "")[:64], "seen": number(form.get("seen", ""))} if "once" in form else {}
    return render(request, "desk/parts/reply.html", {**shown, **kept})


def with_offers(shown: Mapping[str, Any]) -> dict[str, Any]:
    """What a box shows, and what it offers in one word, by which a page knows whether it is as it was."""
    may = {each: bool(shown.get(f"may_{each}")) for each in ("write", "call", "note", "claim")}
    lines = [(line.identity.pk, line.is_shut) for line in shown["lines"]]
    told = [shown.get(name) for name in ("asks_whom", "has_asked", "handled_by", "is_closed")]
    ways = {"message": may["write"], "template": may["call"], "note": may["note"]}
    writes = shown["writes"] if ways[shown["writes"]] else next((way for way, is_open in ways.items() if is_open), "")
    offers = sha256(repr((may, lines, told)).encode()).hexdigest()[:16]
    return {**shown, "writes": writes, "offers": offers}


@require_POST
def write(request: HttpRequest, id: int) -> HttpResponse:
    """An answer from the contact's page."""
    member = member_of(request)
    contact = contact_for(member, id, Action.SEND)
    identity = get_object_or_404(contact.identities, pk=number(request.POST.get("line", "")))
    refusal = refused(lambda: answer(member, identity, request.POST, request.FILES.getlist("files")))
    shown = reply_context(member, contact, request.POST if refusal else None) | {"refusal": refusal}
    return render(request, "desk/parts/reply.html", shown, status=422 if refusal else 200)


@require_POST
def deal(request: HttpRequest, id: int, message: int, deed: str) -> HttpResponse:
    """Take a message back that has not left, or let it out."""
    contact = contact_for(member_of(request), id, Action.SEND)
    return dealt(request, contact, message, deed, reverse("desk:contact", args=[id]))


def dealt(request: HttpRequest, contact: Contact, message: int, deed: str, base: str) -> HttpResponse:
    """Does the deed; answers with what has not left. Raises 404 for what is no deed."""
    if deed not in DEEDS:
        raise Http404
    member = member_of(request)
    refusal = refused(lambda: DEEDS[deed](message=message_to(contact, message), by=member))
    return render(request, "desk/parts/unsent.html", unsent_context(contact, base, member) | {"refusal": refusal})


def message_to(contact: Contact, id: int) -> OutboxMessage:
    """A message to the contact. Raises 404."""
    return get_object_or_404(OutboxMessage, pk=id, identity__contact=contact)


def number(written: str) -> int:
    """The number that stands there; 0 for what is none."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else 0
