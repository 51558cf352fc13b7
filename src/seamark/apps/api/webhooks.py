"""Webhooks: other systems are told of changed tags, signed, until they have heard."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import logging
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from django.db import transaction
from django.utils import timezone

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.record import What, note
from seamark.apps.accounts.roles import Action
from seamark.apps.api.models import Call, Webhook
from seamark.apps.channels.secrets import opened, sealed
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.live import Changed

log = logging.getLogger(__name__)

WAITS = [timedelta(seconds=each) for each in (5, 30, 120, 600, 3_600, 21_600, 86_400)]
"""After each failure; after the last the call is given up."""
ANSWER_WITHIN_SECONDS = 10.0


def add_webhook(*, url: str, tags: Sequence[str], member: Member, by: Member) -> tuple[Webhook, str]:
    """An address that is told of these tags' changes (none: of all), and what signs the calls, shown this once."""
    signing = token_urlsafe(32)
    with transaction.atomic():
        webhook = Webhook.objects.create(url=url, tags=list(tags), member=member, secrets=sealed({"signing": signing}))
        note(What.WEBHOOK_ADDED, by=by, about=url, about_id=webhook.pk)
    return webhook, signing


@transaction.atomic
def switch_webhook(*, webhook: Webhook, on: bool, by: Member) -> None:
    """Tell the address again, or no more; what waits when it is switched off is not told."""
    if not Webhook.objects.filter(pk=webhook.pk, is_active=not on).update(is_active=on):
        return
    if not on:
        waiting = webhook.calls.filter(state=Call.State.WAITING)
        waiting.update(state=Call.State.GIVEN_UP, answer="switched off")
    note(What.WEBHOOK_SWITCHED, by=by, about=webhook.url, about_id=webhook.pk)


def note_changes(changes: Sequence[Changed]) -> None:
    """Write down, beside the changes themselves, what each webhook is to be told of them."""
    webhooks = list(Webhook.objects.filter(is_active=True, member__is_active=True).select_related("member"))
    if not webhooks:
        return
    contacts = Contact.objects.in_bulk({change.contact_id for change in changes})
    now = timezone.now()
    calls = []
    for webhook in webhooks:
        viewed = reach(webhook.member, Action.VIEW)
        for change in changes:
            contact = contacts[change.contact_id]
            if _wants(webhook, change.tag) and viewed.covers(owner=contact.owner_id, team=contact.team_id):
                calls.append(Call(webhook=webhook, body=_body(change), next_at=now))
    Call.objects.bulk_create(calls)


def _wants(webhook: Webhook, tag: str) -> bool:
    return bool(tag) and (not webhook.tags or tag in webhook.tags)


def _body(change: Changed) -> dict[str, object]:
    return {
        "id": str(uuid4()),
        "type": "tag.entered" if change.entered else "tag.left",
        "contact": change.contact_id,
        "tag": change.tag,
        "changed_at": change.changed_at.isoformat(),
        "cause": change.cause,
    }


def signature(secret: str, moment: int, body: bytes) -> str:
    """Of a call made at that moment (seconds): HMAC-SHA256 over `<moment>.<body>`, as the header carries it.

    >>> signature("s", 1, b"{}")[:13]
    't=1,v1=b25363'
    """
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def tell_waiting(at_most: int = 20) -> int:
    """Make the calls that are due and that nobody else makes; returns how many."""
    with transaction.atomic():
        due = Call.objects.filter(state=Call.State.WAITING, next_at__lte=timezone.now()).order_by("next_at")
        calls = list(due.select_for_update(skip_locked=True, of=["self"]).select_related("webhook")[:at_most])
        with httpx.Client(timeout=ANSWER_WITHIN_SECONDS, follow_redirects=False) as client:
            for call in calls:
                _tell(client, call)
    return len(calls)


def _tell(client: httpx.Client, call: Call) -> None:
    body = json.dumps(call.body, separators=(",", ":")).encode()
    moment = int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "Seamark-Signature": signature(opened(call.webhook)["signing"], moment, body),
    }
    call.attempts += 1
    try:
        refuse_inner_address(call.webhook.url)
        answer = client.post(call.webhook.url, content=body, headers=headers)
        call.answer = str(answer.status_code)
        heard = answer.is_success
    except (httpx.HTTPError, OSError, ValueError) as error:
        call.answer, heard = f"{type(error).__name__}: {error}"[:200], False
    if heard:
        call.state = Call.State.DONE
    elif call.attempts > len(WAITS):
        call.state = Call.State.GIVEN_UP
        log.warning("webhook.given_up", extra={"webhook": call.webhook_id, "answer": call.answer})
    else:
        call.next_at = next_attempt_at(call.attempts)
    call.save(update_fields=["state", "attempts", "next_at", "answer"])


def next_attempt_at(attempts: int) -> datetime:
    """When to try again after so many attempts."""
    return timezone.now() + WAITS[attempts - 1]


def refuse_inner_address(url: str) -> None:
    """Raises ValueError for an address inside the machine or its network: nobody may look around through us.

    A site that itself serves plain HTTP, on one machine, may tell its neighbours there.
    """
    from django.conf import settings

    if settings.LEAST_SECURE:
        return
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise ValueError("only https is called")
    for *_, place in socket.getaddrinfo(parts.hostname, parts.port or 443):
        if not ipaddress.ip_address(place[0]).is_global:
            raise ValueError(f"{parts.hostname} lies in a private network")
