"""Files of the platform: fetched by their ids, and uploaded before they are sent.

An id is turned into an address that is good for five minutes, and the file is got there with the same token; the
address is asked for anew at each attempt.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from typing import IO, Any
from urllib.parse import urlsplit

import httpx

from seamark.apps.channels.errors import SendError
from seamark.apps.channels.files import MEGABYTE, OFFICE, path_of
from seamark.apps.channels.models import Channel
from seamark.apps.integrations.whatsapp.graph import address_of, asked, client, headers, refusal, told

HOSTS = ("fbsbx.com", "facebook.com", "whatsapp.net")
"""Where the platform keeps files; the token goes nowhere else."""
NO_SUCH_THING = "100"
"""What the platform says of an id that is none, or none any more."""
CHUNK = 256 * 1024
LONGEST_SECONDS = 300
"""For one file: by then its address has run out."""
UPLOAD_TIMEOUT = httpx.Timeout(60.0, connect=5.0)
DOCUMENTS = ("text/plain", "application/pdf", *OFFICE.values())
CAPTIONED = frozenset({"image", "video", "document"})
LONGEST_CAPTION = 1024
LIMITS: Mapping[str, int] = {
    # of the platform's reference of supported media types
    "image/jpeg": 5 * MEGABYTE,
    "image/png": 5 * MEGABYTE,
    **dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * MEGABYTE),
    "video/mp4": 16 * MEGABYTE,
    **dict.fromkeys(DOCUMENTS, 100 * MEGABYTE),
}


def form_of(kind: str) -> str:
    """As what a file of that media type is sent: "image", "audio", "video" or "document"."""
    form = kind.partition("/")[0]
    return form if form in ("image", "audio", "video") else "document"


def fetch(channel: Channel, media_id: str, into: IO[bytes], most_bytes: int) -> None:
    """Write the file. Raises `SendError` when it cannot be had now, or never."""
    try:
        known = asked(channel, media_id, {"phone_number_id": str(channel.options["phone_number_id"])})
    except SendError as error:
        raise SendError("gone", permanent=True) if error.code == NO_SUCH_THING else error from None
    size = int(known.get("file_size") or 0)
    if size > most_bytes:
        raise SendError("size", permanent=True)
    digest = _download(channel, str(known["url"]), into, most_bytes)
    expected = str(known.get("sha256") or "").lower()
    if (size and into.tell() != size) or (len(expected) == len(digest) and expected != digest):
        raise SendError("damaged", permanent=False)


def _download(channel: Channel, url: str, into: IO[bytes], most_bytes: int) -> str:
    """Write what lies there; returns its SHA-256 in hexadecimal digits."""
    if not _is_platforms(channel, url):
        raise SendError("foreign-address", permanent=True)
    found, ends_at = hashlib.sha256(), time.monotonic() + LONGEST_SECONDS
    try:
        with client().stream("GET", url, headers=headers(channel)) as answer:
            if not answer.is_success:
                raise SendError(f"http-{answer.status_code}", permanent=False)
            for chunk in answer.iter_bytes(CHUNK):
                found.update(chunk)
                into.write(chunk)
                if into.tell() > most_bytes:
                    raise SendError("size", permanent=True)
                if time.monotonic() > ends_at:
                    raise SendError("slow", permanent=False)
    except httpx.TransportError as error:
        raise SendError("unreachable", permanent=False) from error
    return found.hexdigest()


def _is_platforms(channel: Channel, url: str) -> bool:
    address, own = urlsplit(url), urlsplit(address_of(channel, ""))
    if (address.scheme, address.netloc) == (own.scheme, own.netloc):
        return True
    host = address.hostname or ""
    return address.scheme == "https" and any(host == each or host.endswith(f".{each}") for each in HOSTS)


def uploaded(channel: Channel, file: Mapping[str, Any]) -> str:
    """The platform's id of a file of ours. Raises `SendError`: nothing was sent yet, so it may be tried again."""
    address = address_of(channel, f"{channel.options['phone_number_id']}/media")
    fields = {"messaging_product": "whatsapp", "type": str(file["type"])}
    try:
        with path_of(str(file["token"])).open("rb") as content:
            part = {"file": (str(file["name"]), content, str(file["type"]))}
            answer = client().post(address, data=fields, files=part, headers=headers(channel), timeout=UPLOAD_TIMEOUT)
    except FileNotFoundError as error:
        raise SendError("file-gone", permanent=True) from error
    except httpx.TransportError as error:
        raise SendError("unreachable", permanent=False) from error
    if not answer.is_success:
        raise refusal(answer) or SendError(f"http-{answer.status_code}", permanent=False)
    return str(told(answer)["id"])
