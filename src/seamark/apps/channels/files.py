"""Files that come along with messages and notes: stored apart under names of our own, and never run.

What a file is, its first bytes say; what its sender calls it is shown, and decides nothing. Whoever may read the
conversation gets it as a download, in a sandbox. A file is stored first, and then named by the message or note that it
goes with (`hold`); what none names, since it was refused or never sent, is swept after a day.
"""

from __future__ import annotations

import os
import re
import secrets
import zipfile
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path, PurePath
from typing import IO, Any, Protocol

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member
from seamark.apps.channels.models import StoredFile

MOST_FILES = 5
"""With one message."""
MEGABYTE = 2**20
TOKEN = re.compile(r"[\w-]{20,40}")
UNSENT_LASTS = timedelta(days=1)
"""How long a file may wait for its message."""

SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    # where, which bytes, what it is then
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"#!AMR", "audio/amr"),
)
UNKNOWN = "application/octet-stream"
"""Of what came from a platform and is of no type known here: kept all the same, under a name that runs nowhere."""
OFFICE = {
    # folder inside → what it is then
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    "application/pdf": (".pdf",),
    "video/mp4": (".mp4", ".m4a", ".mov", ".3gp"),
    "audio/mp4": (".m4a", ".mp4"),
    "audio/aac": (".aac",),
    "audio/amr": (".amr",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/mpeg": (".mp3",),
    OFFICE["word/"]: (".docx",),
    OFFICE["xl/"]: (".xlsx",),
    OFFICE["ppt/"]: (".pptx",),
    "text/plain": (".txt", ".csv"),
    UNKNOWN: (".bin",),
}
"""The endings that a file of a type may have; any other gets the first of these besides."""


ACCEPTED = ",".join(["image/*", *(ending for kind in ENDINGS if kind != UNKNOWN for ending in ENDINGS[kind])])
"""What browsers offer to choose from."""


class Party(Protocol):
    """Somebody with whom there is a conversation: an identity, or whoever is about to become one."""

    @property
    def source(self) -> str: ...
    @property
    def external_id(self) -> str: ...


def keep_file(*, upload: UploadedFile[bytes], identity: Party, by: Member | None, own_id: str = "") -> StoredFile:
    """Store a file of the conversation with that identity; refused where it is too big, or of a kind unknown here.

    Of one `own_id` only the first is kept, and it is what all get.
    """
    name = _bare_name(str(upload.name))
    if not upload.size or upload.size > settings.FILE_MEGABYTES * MEGABYTE:
        raise ActionRefused(
            "size",
            _("“%(name)s” is empty, or larger than %(most)s MB.") % {"name": name, "most": settings.FILE_MEGABYTES},
        )
    kind = kind_of(upload)
    if kind is None:
        raise ActionRefused(
            "kind",
            _("“%(name)s” is none of these: image, PDF, Word, Excel or PowerPoint file, sound, video, plain text.")
            % {"name": name},
        )
    return _stored(upload, identity, by, own_id, _named(name, kind), kind)


def keep_fetched(*, content: IO[bytes], name: str, identity: Party, own_id: str, kind: str) -> StoredFile:
    """Store a file that the platform had, whatever it is; `kind`: what the platform says that it is.

    A video of one's own phone and a voice message look alike in their first bytes; there the platform is believed.
    """
    upload = UploadedFile(content, "fetched", size=content.seek(0, os.SEEK_END))
    found = kind_of(upload) or UNKNOWN
    if found == "video/mp4" and kind.startswith("audio/"):
        found = "audio/mp4"
    name = _bare_name(name) or found.partition("/")[0]
    return _stored(upload, identity, None, own_id, _named(name, found), found)


def _bare_name(told: str) -> str:
    return PurePath(told.replace("\\", "/")).name[-100:]


def _stored(
    upload: UploadedFile[bytes], identity: Party, by: Member | None, own_id: str, name: str, kind: str
) -> StoredFile:
    token = secrets.token_urlsafe(24)
    size = _write(upload, path_of(token))
    stored, is_new = StoredFile.objects.get_or_create(
        source=identity.source,
        external_id=identity.external_id,
        own_id=own_id or token,
        defaults={"token": token, "by": by, "name": name, "kind": kind, "size": size},
    )
    if not is_new:
        path_of(token).unlink()
    return stored


def refuse_unless_carried(
    uploads: Iterable[UploadedFile[bytes]], channel: str | Promise, limits: Mapping[str, int] | None
) -> None:
    """Refuse files that the channel would not carry; what is of no type known here is refused when it is kept."""
    if limits is None:
        return
    for upload in uploads:
        kind = kind_of(upload)
        words = {"channel": str(channel), "name": _bare_name(str(upload.name)), "kind": str(kind)}
        if kind and kind not in limits:
            raise ActionRefused("kind", _("%(channel)s does not take “%(name)s”: it is %(kind)s.") % words)
        if kind and (upload.size or 0) > limits[kind]:
            words["most"] = str(limits[kind] // MEGABYTE)
            raise ActionRefused("size", _("%(channel)s takes “%(name)s” only up to %(most)s MB.") % words)


def hold(files: Iterable[Mapping[str, Any]]) -> None:
    """A message or a note names these from now on: they stay."""
    StoredFile.objects.filter(pk__in=[each["token"] for each in files]).update(is_sent=True)


def sweep_unsent(at_most: int = 500) -> int:
    """Remove files that no message came to name; returns how many. Whoever names one at this moment has it."""
    with transaction.atomic():
        unsent = StoredFile.objects.filter(is_sent=False, stored_at__lt=timezone.now() - UNSENT_LASTS)
        swept = list(unsent.select_for_update(skip_locked=True).order_by("stored_at")[:at_most])
        for stored in swept:
            path_of(stored.token).unlink(missing_ok=True)
        StoredFile.objects.filter(pk__in=[stored.pk for stored in swept]).delete()
    return len(swept)


def kind_of(upload: UploadedFile[bytes]) -> str | None:
    """The media type that the bytes are of; None for all that is not taken."""
    upload.seek(0)
    beginning = upload.read(4096)
    upload.seek(0)
    for place, signature, kind in SIGNATURES:
        if beginning[place : place + len(signature)] == signature:
            return kind
    if beginning.startswith(b"PK\x03\x04"):
        return _office_kind(upload)
    return "text/plain" if _is_text(beginning) else None


def _office_kind(upload: UploadedFile[bytes]) -> str | None:
    try:
        names = zipfile.ZipFile(upload).namelist()
    except zipfile.BadZipFile:
        return None
    finally:
        upload.seek(0)
    return next((kind for folder, kind in OFFICE.items() if any(name.startswith(folder) for name in names)), None)


def _is_text(beginning: bytes) -> bool:
    try:
        # A character may be cut off at the end.
        text = beginning.decode("utf-8", errors="ignore" if len(beginning) == 4096 else "strict")
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter in "\r\n\t\ufeff" for letter in text)


def _named(name: str, kind: str) -> str:
    """The name, with an ending of what the file is."""
    endings = ENDINGS[kind]
    return name if name.lower().endswith(endings) else f"{name}{endings[0]}"


def path_of(token: str) -> Path:
    """Where a file lies: outside all that is served, under a name that its sender had no part in."""
    return Path(settings.FILES) / token[:2] / token


def _write(upload: UploadedFile[bytes], path: Path) -> int:
    """The whole file, or none of it; returns its bytes."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            return sum(file.write(chunk) for chunk in upload.chunks())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def told(stored: StoredFile) -> dict[str, Any]:
    """The file, as the props of an event name it."""
    return {"token": stored.token, "name": stored.name, "type": stored.kind, "size": stored.size}


def named_in(props: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files that an event's props name; whatever stands there in another shape is passed over."""
    files = props.get("files")
    named = [each for each in files if isinstance(each, dict)] if isinstance(files, list) else []
    return [each for each in named if TOKEN.fullmatch(str(each.get("token"))) and isinstance(each.get("size"), int)]


def download(stored: StoredFile) -> HttpResponse:
    """The file as a download; where a browser shows it all the same, in a sandbox where nothing runs."""
    response = HttpResponse(path_of(stored.token).read_bytes(), content_type=stored.kind)
    response["Content-Disposition"] = content_disposition_header(True, stored.name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response
