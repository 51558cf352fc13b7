"""Channels and what leaves by them are written here."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from secrets import token_hex

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member, Team
from seamark.apps.accounts.record import What, note
from seamark.apps.channels.adapter import Form, Template
from seamark.apps.channels.files import hold
from seamark.apps.channels.links import shorten
from seamark.apps.channels.models import Channel, OutboxMessage, Purpose
from seamark.apps.channels.reasons import HELD_FOR_MACHINES, Reason
from seamark.apps.channels.registry import adapter_of, adapters
from seamark.apps.channels.secrets import opened, sealed
from seamark.apps.channels.template_lists import ask_for_templates
from seamark.apps.contacts.models import Identity, Source

log = logging.getLogger(__name__)

State = OutboxMessage.State


def add_channel(
    *,
    kind: str,
    name: str,
    team: Team,
    options: Mapping[str, object] | None = None,
    secrets: Mapping[str, str] | None = None,
    by: Member | None,
) -> Channel:
    """Connect a line; contacts that it brings come to the team's public sea."""
    options = {name: value for name, value in (options or {}).items() if value != ""}
    secrets = dict(secrets or {})
    _refuse_unless_complete(kind, options, secrets)
    with transaction.atomic():
        source = Source.objects.create(key=f"{kind}-{token_hex(4)}", team=team)
        channel = Channel.objects.create(
            source=source, kind=kind, name=name, options=options, secrets=sealed(secrets) if secrets else b""
        )
        ask_for_templates([channel])
        note(What.CHANNEL_ADDED, by=by, about=name, about_id=channel.pk)
    log.info("channel.added", extra={"channel": source.key, "by": by and by.pk})
    return channel


def _refuse_unless_complete(kind: str, options: Mapping[str, object], secrets: Mapping[str, str]) -> None:
    if kind not in adapters():
        raise ActionRefused("kind", _("There is no kind of channel called %(kind)s.") % {"kind": kind})
    needs = adapter_of(kind).needs
    missing = [name for name in needs.options if not options.get(name)]
    missing += [name for name in needs.secrets if not secrets.get(name)]
    if missing:
        raise ActionRefused("missing", _("These are missing: %(names)s.") % {"names": ", ".join(missing)})


@transaction.atomic
def change_channel(
    *,
    channel: Channel,
    options: Mapping[str, object],
    secrets: Mapping[str, str],
    name: str = "",
    by: Member | None,
) -> None:
    """Give the channel other options, secrets and another name; those that are not named stay as they are.

    An option that is made empty is gone.
    """
    told = channel.options | dict(options)
    all_options = {name: value for name, value in told.items() if value != ""}
    all_secrets = opened(channel) | dict(secrets)
    _refuse_unless_complete(channel.kind, all_options, all_secrets)
    channel.options, channel.secrets = all_options, sealed(all_secrets) if all_secrets else b""
    channel.name = name or channel.name
    channel.save(update_fields=["options", "secrets", "name"])
    ask_for_templates([channel])
    # The limit may be another now; the gate looks again.
    held = OutboxMessage.objects.filter(channel=channel, state=State.HELD, reason=Reason.NEW_PEOPLE)
    if held.update(next_at=timezone.now()):
        _tell_outbox()
    note(What.CHANNEL_CHANGED, by=by, about=channel.name, about_id=channel.pk)
    names = sorted([*options, *secrets])
    log.info("channel.changed", extra={"channel": channel.source_id, "names": names, "by": by and by.pk})


def resume_channel(*, channel: Channel, by: Member | None) -> None:
    """Let out again what was stopped because the platform complained."""
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(stopped=Channel.Stop.NOTHING, stopped_code="", stopped_at=None)
        held = OutboxMessage.objects.filter(channel=channel, state=State.HELD, reason=Reason.CHANNEL_STOPPED)
        held.update(state=State.QUEUED, reason="", next_at=timezone.now())
        note(What.CHANNEL_RESUMED, by=by, about=channel.name, about_id=channel.pk)
        _tell_outbox()
    log.info("channel.resumed", extra={"channel": channel.source_id, "by": by and by.pk})


def queue_message(
    *,
    identity: Identity,
    reason_key: str,
    text: str,
    template: Template | None = None,
    purpose: Purpose = Purpose.SERVICE,
    by: Member | None = None,
    reply_to: str = "",
    files: Sequence[Mapping[str, object]] = (),
    not_before: datetime | None = None,
) -> OutboxMessage:
    """Put a message into the outbox, by the channel that knows the identity; a member's when `by` names one.

    Of several for one reason only the first is kept, and it is what all get. The gate judges it when its turn comes.
    """
    channel = Channel.objects.filter(source=identity.source).first()
    if channel is None or not channel.is_active:
        raise ActionRefused("channel", _("No open channel leads to this contact."))
    form = Form.FILE if files else Form.TEMPLATE if template else Form.TEXT
    if not (text.strip() or files) or form not in adapter_of(channel.kind).carries:
        raise ActionRefused("form", Reason.FORM.label)
    with transaction.atomic():
        message, is_new = OutboxMessage.objects.get_or_create(
            reason_key=reason_key,
            defaults={
                "channel": channel,
                "identity": identity,
                "purpose": purpose,
                "by": by,
                "rank": _rank(purpose, by),
                "text": text,
                "template": asdict(template) if template else None,
                "files": list(files),
                "reply_to": reply_to,
                "next_at": not_before or timezone.now(),
            },
        )
        if is_new:
            hold(files)
            if channel.options.get("links") == "short" and template is None:
                shorten(message)
            _tell_outbox()
    return message


def _rank(purpose: Purpose, by: Member | None) -> int:
    if by is not None:
        return 0
    return 1 if purpose == Purpose.SERVICE else 2


def withdraw_message(*, message: OutboxMessage, by: Member) -> None:
    """Take a message back that has not left yet."""
    waiting = OutboxMessage.objects.filter(pk=message.pk, state__in=[State.QUEUED, State.HELD])
    if not waiting.update(state=State.CANCELLED, reason=Reason.WITHDRAWN, next_at=None):
        is_back = OutboxMessage.objects.filter(pk=message.pk, state=State.CANCELLED).exists()
        told = _("It was taken back already.") if is_back else _("It is too late: the message is on its way.")
        raise ActionRefused("left", told)
    log.info("message.withdrawn", extra={"outbox": message.pk, "by": by.pk})


def send_now(*, message: OutboxMessage, by: Member) -> None:
    """Let a held message out as the member's own, where what holds it binds machines alone.

    The gate judges it again, as it does every message.
    """
    held = OutboxMessage.objects.filter(pk=message.pk, state=State.HELD, reason__in=HELD_FOR_MACHINES)
    with transaction.atomic():
        if not held.update(state=State.QUEUED, reason="", by=by, rank=0, next_at=timezone.now()):
            if not OutboxMessage.objects.filter(pk=message.pk, state=State.HELD).exists():
                raise ActionRefused("held", _("It waits no more: it was let out or taken back already."))
            raise ActionRefused("held", _("It cannot be sent now: what holds it back binds members too."))
        _tell_outbox()
    log.info("message.released", extra={"outbox": message.pk, "by": by.pk})


def _tell_outbox() -> None:
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY outbox")
