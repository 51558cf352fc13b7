"""Files that visitors send: stored one by one, each before it is answered, and then named by a message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.channels.files import ACCEPTED, MEGABYTE, MOST_FILES, keep_file
from seamark.apps.channels.files import told as told_of
from seamark.apps.channels.models import Channel, StoredFile
from seamark.apps.integrations.webchat.sites import across_sites, problem, too_often
from seamark.apps.integrations.webchat.told import ID
from seamark.apps.integrations.webchat.visitors import Visitor, visitor_of

FILES_A_MINUTE = 10
"""Of one visitor."""
FILES_A_DAY = 200
"""Of one address: whoever makes up visitors fills no disk."""
DAY_SECONDS = 86_400


def takes_files(channel: Channel) -> bool:
    """Whether visitors may send files there."""
    return str(channel.options.get("files")) != "no"


def limits(channel: Channel) -> dict[str, Any] | None:
    """What the script says of files; None where they are not taken."""
    if not takes_files(channel):
        return None
    return {"most": MOST_FILES, "megabytes": settings.FILE_MEGABYTES, "accept": ACCEPTED}


@across_sites
def upload(request: HttpRequest, channel: Channel) -> HttpResponse:
    """POST stores one file; under the same id again it is the same file."""
    visitor = visitor_of(request, channel)
    if visitor is None:
        return problem(401, "No visitor's token came along.")
    return _refusal(request, visitor) or _stored(request, visitor)


def _refusal(request: HttpRequest, visitor: Visitor) -> HttpResponse | None:
    """What is answered before the file is looked at."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    if not takes_files(visitor.channel):
        return problem(403, "This chat takes no files.", "kind")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > (settings.FILE_MEGABYTES + 1) * MEGABYTE:
        return problem(413, f"At most {settings.FILE_MEGABYTES} MB.", "size")
    address = f"files-{request.META.get('REMOTE_ADDR')}"
    if too_often(f"files-{visitor.external_id}", FILES_A_MINUTE) or too_often(address, FILES_A_DAY, DAY_SECONDS):
        return problem(429, "Too many files; wait a while.", "often")
    return None


def _stored(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    sent, id = request.FILES.get("file"), request.POST.get("id", "")
    if sent is None or not re.fullmatch(ID, id):
        return problem(422, "A file and its id are needed.")
    try:
        stored = keep_file(upload=sent, identity=visitor, by=None, own_id=id)
    except ActionRefused as refused:
        return problem(422, str(refused), refused.code)
    return JsonResponse(told_of(stored), status=202)


def files_named(visitor: Visitor, tokens: Sequence[str]) -> list[dict[str, Any]] | None:
    """What the visitor sent under these tokens, as an event names it; None where one of them is there no more."""
    sent = StoredFile.objects.filter(source=visitor.source, external_id=visitor.external_id, by=None)
    found = {stored.pk: told_of(stored) for stored in sent.filter(pk__in=tokens).select_for_update()}
    return [found[token] for token in tokens] if found.keys() >= set(tokens) else None
