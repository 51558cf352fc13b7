"""Which encoding a file is written in, judged from its first stretch that is not plain ASCII."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

CHUNK = 64 * 1024
SAMPLE = 256 * 1024

NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16",
    "gb18030": "GB18030, which holds GBK",
    "big5hkscs": "Big5",
}
"""Python's names of the encodings read, and what people call them."""

_ASCII = bytes(range(128))
_BROKEN = re.compile("[\udc80-\udcff]")

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def encoding_of(head: bytes, stream: BinaryIO) -> str | None:
    """Python's name of the encoding of a file, or None where it is none of `NAMES`.

    `stream` goes on where `head` ends; it is read up to the first characters that are not ASCII.
    """
    chunk = head
    for mark, encoding in MARKS.items():
        if chunk.startswith(mark):
            return encoding
    while chunk.isascii():
        chunk = stream.read(CHUNK)
        if not chunk:
            return "utf-8"
    return _judged(chunk + stream.read(SAMPLE))


def _judged(sample: bytes) -> str | None:
    if _mostly_utf8(sample):
        return "utf-8"
    familiar, encoding = max(
        (_familiar(sample, encoding), encoding) for encoding in ("big5hkscs", "gb18030")
    )  # of equals gb18030, which more people write
    return encoding if familiar > 0.5 else None


def _mostly_utf8(sample: bytes) -> bool:
    """Whether at most a tenth of the bytes above ASCII are broken; rows holding those are set aside."""
    broken = len(_BROKEN.findall(sample.decode("utf-8", "surrogateescape")))
    return broken <= len(sample.translate(None, _ASCII)) / 10


def _familiar(sample: bytes, encoding: str) -> float:
    """The share of common characters among those that are not ASCII, by the standards' first levels.

    GB 2312 and Big5 both put their common characters into a range of their own. Text read in the
    wrong one of the two lands in rare characters instead; so does the text of Western Europe.
    """
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    chars = [char for char in decoder.decode(sample) if char > "\x7f"]
    return sum(_is_common(char.encode(encoding, "replace"), encoding) for char in chars) / max(len(chars), 1)


def _is_common(written: bytes, encoding: str) -> bool:
    if len(written) != 2:
        return False
    lead, trail = written
    if encoding == "gb18030":
        return (0xA1 <= lead <= 0xA3 or 0xB0 <= lead <= 0xD7) and trail >= 0xA1
    return 0xA1 <= lead <= 0xA2 or 0xA4 <= lead <= 0xC6
