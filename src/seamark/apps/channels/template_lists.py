"""Templates: the platform's list of them, kept here, and whether one may go as it is filled in.

A list is fetched when its channel is connected, once a day, when the platform says that something changed, and when
somebody asks. What a delivery says of a template is not believed by itself: such news comes late and in any order, so
the platform is asked what holds.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from seamark.apps.channels.adapter import ApprovedTemplate, Template
from seamark.apps.channels.errors import SendError
from seamark.apps.channels.models import Channel, MessageTemplate, OutboxMessage, TemplateList
from seamark.apps.channels.reasons import Reason
from seamark.apps.channels.registry import adapter_of, adapters

log = logging.getLogger(__name__)

A_DAY = timedelta(days=1)
LEASE = timedelta(minutes=10)
"""Longer than fetching can take: whoever had it in hand then is dead."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)
"""Between attempts that fail, which doubles each time."""
BLANK = re.compile(r"\{\{\s*(\w+)\s*\}\}")

Key = tuple[int, str, str]
"""A channel's id, and a template's name and language."""


def ask_for_templates(channels: Collection[Channel]) -> None:
    """Have the lists of these channels fetched soon, of those that have any; a worker does it."""
    now = timezone.now()
    lists = [
        TemplateList(channel=channel, due_at=now, asked_at=now)
        for channel in channels
        if channel.kind in adapters() and adapter_of(channel.kind).has_templates(channel)
    ]
    TemplateList.objects.bulk_create(
        lists, update_conflicts=True, unique_fields=["channel"], update_fields=["due_at", "asked_at"]
    )
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY templates")


def refresh_due() -> int:
    """Fetch the list that is due first; returns how many were, 0 or 1."""
    with transaction.atomic():
        due = TemplateList.objects.filter(due_at__lte=timezone.now(), channel__is_active=True).order_by("due_at")
        mine = due.select_related("channel").select_for_update(skip_locked=True, of=("self",)).first()
        if mine is None:
            return 0
        begun_at = timezone.now()
        TemplateList.objects.filter(pk=mine.pk).update(due_at=begun_at + LEASE)
    try:
        templates = adapter_of(mine.channel.kind).templates(mine.channel)
    except SendError as error:
        _note_failure(mine, error)
    else:
        _keep(mine, templates, begun_at)
    return 1


@transaction.atomic
def _keep(mine: TemplateList, templates: Sequence[ApprovedTemplate], begun_at: datetime) -> None:
    """The list is what the platform has; templates that it no longer names are gone."""
    named = {(each.name, each.language): each for each in templates}
    rows = [MessageTemplate(channel=mine.channel, **asdict(each)) for each in named.values()]
    MessageTemplate.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["channel", "name", "language"],
        update_fields=["category", "status", "header", "body", "footer", "buttons", "blanks", "obstacle"],
    )
    known = MessageTemplate.objects.filter(channel=mine.channel).values_list("pk", "name", "language")
    MessageTemplate.objects.filter(pk__in=[pk for pk, *name in known if tuple(name) not in named]).delete()
    lists = TemplateList.objects.filter(pk=mine.pk)
    lists.update(fetched_at=begun_at, failures=0, error_code="")
    # Who asked meanwhile, asked of what may have changed since: that is still to be fetched.
    lists.filter(due_at=begun_at + LEASE).update(due_at=begun_at + A_DAY, asked_at=None)
    log.info("templates.fetched", extra={"channel": mine.channel.source_id, "count": len(rows)})


def _note_failure(mine: TemplateList, error: SendError) -> None:
    """Said at the channel's page; a list that cannot be read is no reason to stop messages."""
    log.warning("templates.refused", extra={"channel": mine.channel.source_id, "code": error.code})
    doubled: int = 2 ** min(mine.failures, 16)
    pause = A_DAY if error.permanent else min(LONGEST_PAUSE, FIRST_PAUSE * doubled)
    TemplateList.objects.filter(pk=mine.pk).update(
        due_at=timezone.now() + pause, asked_at=None, failures=mine.failures + 1, error_code=error.code
    )


@dataclass(frozen=True)
class Kept:
    """What is known of the templates of some messages."""

    listed: frozenset[int]
    """Channels whose lists are known."""
    templates: Mapping[Key, MessageTemplate]

    def problem_of(self, message: OutboxMessage) -> Reason | None:
        """Why the platform would not take the message's template; None: nothing is known against it."""
        call = message.as_template()
        if call is None or message.channel_id not in self.listed:
            return None
        return problem_of(call, self.templates.get((message.channel_id, call.name, call.language)))


def kept_for(messages: Collection[OutboxMessage]) -> Kept:
    """What is known of the templates of these."""
    calls = [(message.channel_id, message.template) for message in messages if message.template]
    if not calls:
        return Kept(frozenset(), {})
    channels, names = {channel for channel, _ in calls}, {call["name"] for _, call in calls}
    lists = TemplateList.objects.filter(channel__in=channels, fetched_at__isnull=False)
    kept = MessageTemplate.objects.filter(channel__in=channels, name__in=names)
    return Kept(
        frozenset(lists.values_list("channel", flat=True)),
        {(each.channel_id, each.name, each.language): each for each in kept},
    )


def problem_of(call: Template, kept: MessageTemplate | None) -> Reason | None:
    """Why a template that is filled in so cannot go; None: it can."""
    if kept is None:
        return Reason.TEMPLATE_UNKNOWN
    if kept.status != MessageTemplate.Status.APPROVED:
        return Reason.TEMPLATE_NOT_APPROVED
    if kept.obstacle:
        return Reason.TEMPLATE_PARTS
    is_filled = len(call.blanks) == len(kept.blanks) and all(blank.strip() for blank in call.blanks)
    return None if is_filled else Reason.TEMPLATE_BLANKS


def filled(text: str, part: str, blanks: Mapping[str, str]) -> str:
    """A part of a template with its blanks filled in; those that nothing fills stay as they are.

    >>> filled("Dear {{1}}, order {{2}}", "body", {"body.1": "Ms Chen"})
    'Dear Ms Chen, order {{2}}'
    """
    return BLANK.sub(lambda blank: blanks.get(f"{part}.{blank[1]}") or blank[0], text)


def words_of(template: MessageTemplate, values: Sequence[str]) -> str:
    """How the template reads, filled in: header, body, footer and what stands on its buttons."""
    blanks = dict(zip(template.blanks, values, strict=False))
    parts = [filled(text, part, blanks) for part, text in (("header", template.header), ("body", template.body))]
    buttons = " ".join(f"[{button}]" for button in template.buttons)
    return "\n\n".join(filter(None, [*parts, template.footer, buttons]))
