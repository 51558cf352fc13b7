"""What is offered while somebody writes: canned words after a slash, members after an @."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.channels.models import Channel
from seamark.apps.contacts.access import contact_for
from seamark.apps.contacts.masks import masks_of
from seamark.apps.contacts.models import Contact, Field
from seamark.apps.inbox.access import conversation_for, who_may_be_mentioned
from seamark.apps.inbox.canned import words_for
from seamark.apps.tagging.words import spoken

OFFERED = 8


def contact_words(request: HttpRequest, id: int) -> HttpResponse:
    """Canned words for a contact's page."""
    return _words(request, contact_for(member_of(request), id), None)


def talk_words(request: HttpRequest, id: int) -> HttpResponse:
    """Canned words for a conversation."""
    conversation = conversation_for(member_of(request), id)
    channel = Channel.objects.filter(source=conversation.source).first()
    return _words(request, conversation.contact, channel)


def members(request: HttpRequest, id: int) -> HttpResponse:
    """Members to mention in a note."""
    me = member_of(request)
    conversation_for(me, id)
    sought = _sought(request)  # whoever is called 周敏 is found by "zhou" too, where the address begins so
    called = Q(name__icontains=sought) | Q(email__istartswith=sought)
    found = who_may_be_mentioned().filter(called).exclude(pk=me.pk)
    return render(request, "desk/parts/offers.html", {"members": found[:OFFERED]})


def _words(request: HttpRequest, contact: Contact, channel: Channel | None) -> HttpResponse:
    member = member_of(request)
    language = contact.language[:2] if contact.language[:2] in ("zh", "en") else spoken()
    offers = words_for(member, _sought(request), language, _blanks(member, contact, channel))
    return render(request, "desk/parts/offers.html", {"words": offers, "sought": _sought(request)})


def _blanks(member: Member, contact: Contact, channel: Channel | None) -> dict[str, str]:
    masks = masks_of(member)
    fields = {f"contact.{name}": str(value) for name, value in masks.fields(contact, Field.objects.all()).items()}
    return fields | {
        "name": masks.known_name(contact),
        "contact.name": masks.known_name(contact),  # as rulebooks write it
        "me": member.name,
        "owner": contact.owner.name if contact.owner else "",
        "channel": channel.name if channel else "",
    }


def _sought(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "")[:60]
