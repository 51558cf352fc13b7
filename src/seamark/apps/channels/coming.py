"""Files that contacts sent and the platform keeps: fetched by the worker, and tried again until they are here.

A message tells of them by ids; its event is stored at once, and what was fetched stands beside it. A file that cannot
be had keeps its row and its reason, and may be asked for again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from seamark.apps.channels.errors import SendError
from seamark.apps.channels.files import MEGABYTE, hold, keep_fetched, told
from seamark.apps.channels.models import Channel, ComingFile
from seamark.apps.channels.registry import adapter_of
from seamark.apps.channels.stopping import stop_if_told
from seamark.apps.contacts.news import tell_changed
from seamark.apps.timeline.arrivals import Stored
from seamark.apps.timeline.models import Event

log = logging.getLogger(__name__)

State = ComingFile.State

NAMED = "remote_files"
"""The prop by which events name them: each with the platform's `id`, and its `name` and `type` where they are told."""
KINDS = ("message.received", "message.sent")
LEASE = timedelta(minutes=15)
"""Longer than fetching can take: whoever had it in hand then is dead."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
"""Between attempts, which doubles each time."""
KEPT_THERE = timedelta(days=7)
"""How long platforms keep what they told of; WhatsApp's ids are good for seven days."""


def note(stored: Sequence[Stored], quiet: bool) -> None:
    """Have fetched what stored messages name (`timeline.wiring.Listener`); what happened long ago is there no more."""
    if quiet:
        return
    messages = [each for each in stored if each.kind in KINDS and each.props.get(NAMED)]
    channels = dict(Channel.objects.filter(source__in={each.source for each in messages}).values_list("source", "pk"))
    now = timezone.now()
    rows = [
        ComingFile(
            channel_id=channels[each.source],
            identity_id=each.identity_id,
            source_key=each.source_key,
            remote_id=str(named["id"])[:64],
            name=str(named.get("name") or "")[:100],
            kind=str(named.get("type") or "")[:100],
            told_at=now,
            next_at=now,
        )
        for each in messages
        if each.source in channels
        for named in each.props[NAMED]
    ]
    if rows:
        ComingFile.objects.bulk_create(rows, ignore_conflicts=True)
        _tell_worker()


def fetch_due() -> int:
    """Fetch the file that is due first and that nobody else fetches; returns how many were, 0 or 1."""
    coming = _take()
    if coming is None:
        return 0
    with TemporaryFile() as into:
        error = _fetch(coming, into)
        with transaction.atomic():
            if error:
                _note_failure(coming, error)
            else:
                _keep(coming, into)
            _settle(coming)
    return 1


def next_due_at() -> datetime | None:
    """When the next is due."""
    waiting = ComingFile.objects.filter(state=State.WAITING).order_by("next_at")
    return waiting.values_list("next_at", flat=True).first()


def _take() -> ComingFile | None:
    now = timezone.now()
    with transaction.atomic():
        waiting = ComingFile.objects.filter(state=State.WAITING, next_at__lte=now).select_related("channel", "identity")
        coming = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("next_at").first()
        if coming:
            coming.attempts += 1
            coming.next_at = now + LEASE
            coming.save(update_fields=["attempts", "next_at"])
    return coming


def _fetch(coming: ComingFile, into: IO[bytes]) -> SendError | None:
    """Write the file's bytes; why they could not be had, where they could not."""
    try:
        most = settings.RECEIVED_MEGABYTES * MEGABYTE
        adapter_of(coming.channel.kind).fetch(coming.channel, coming.remote_id, into, most)
    except SendError as error:
        return error
    except Exception:
        # The edge of the worker: an answer of a shape that nobody knows is tried again, and said.
        log.exception("file.unexplained", extra={"file": coming.pk})
        return SendError("unexplained", permanent=False)
    return None


def _settle(coming: ComingFile) -> None:
    """Write what was found, unless the lease ran out and another worker has the file in hand."""
    mine = ComingFile.objects.filter(pk=coming.pk, state=State.WAITING, attempts=coming.attempts)
    mine.update(state=coming.state, stored=coming.stored, next_at=coming.next_at, error_code=coming.error_code)
    if coming.state != State.WAITING:
        tell_changed([coming.identity.contact_id])


def _keep(coming: ComingFile, content: IO[bytes]) -> None:
    stored = keep_fetched(
        content=content, name=coming.name, identity=coming.identity, own_id=coming.remote_id, kind=coming.kind
    )
    hold([told(stored)])
    coming.state, coming.stored, coming.error_code, coming.next_at = State.STORED, stored, "", None


def _note_failure(coming: ComingFile, error: SendError) -> None:
    log.warning("file.refused", extra={"file": coming.pk, "code": error.code, "permanent": error.permanent})
    stop_if_told(coming.channel_id, error)
    now, doubled = timezone.now(), 2 ** min(coming.attempts - 1, 16)
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * doubled)
    coming.error_code = error.code
    if error.permanent or now + pause > coming.told_at + KEPT_THERE:
        coming.state, coming.next_at = State.FAILED, None
    else:
        coming.next_at = now + pause


def fetch_again(*, files: Sequence[ComingFile]) -> None:
    """Try those once more that could not be had."""
    failed = ComingFile.objects.filter(pk__in=[each.pk for each in files], state=State.FAILED)
    if failed.update(state=State.WAITING, next_at=timezone.now(), attempts=0):
        _tell_worker()


def coming_with(events: Sequence[Event]) -> dict[int, list[ComingFile]]:
    """The files that came with these events, or are to come, by the event."""
    named = {(event.source, event.source_key): event.pk for event in events if event.props.get(NAMED)}
    if not named:
        return {}
    rows = ComingFile.objects.filter(
        channel__source__in={source for source, _ in named}, source_key__in=[key for _, key in named]
    )
    found: dict[int, list[ComingFile]] = {}
    for row in rows.select_related("channel", "stored").order_by("pk"):
        if event := named.get((row.channel.source_id, row.source_key)):
            found.setdefault(event, []).append(row)
    return found


def named_by(id: object, *, name: object = "", type: object = "") -> dict[str, Any]:
    """A file of the platform's, as the props of an event name it."""
    return {"id": str(id), "name": str(name or ""), "type": str(type or "").partition(";")[0].strip()}


def _tell_worker() -> None:
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY files")
