"""Opening a file from outside as numbered lines of text, however it is packed or encoded."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple, TextIO

from seamark.readers.charset import NAMES, encoding_of
from seamark.readers.shape import FileError, Note, shortened

LINE_LIMIT = 64 * 1024 * 1024
"""The longest line that is read, in characters."""
UNPACKED_LIMIT = 4 * 1024**3
"""How many bytes a packed file may hold, against archives made to fill the disk."""
HEAD = 64 * 1024
BLOCK = 64 * 1024
"""How many characters are looked at in one go."""

PARQUET = b"PAR1"
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
BINARY = {
    PARQUET: "a packed Parquet file; unpack it first",
    GZIP: "packed twice; unpack it once",
    ZIP: "a ZIP archive or Excel workbook inside an archive; unpack it",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word document; save it as XLSX or CSV UTF-8",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"SQLite format 3": "an SQLite database; export the table as CSV UTF-8",
    b"\x7fELF": "a program",
}
"""How binary files begin that people hand in, and what to say."""
EXPECTED = "a table (CSV, TSV, XLSX), JSONL, a chat export, or Parquet"


class Line(NamedTuple):
    """A physical line with its ending; of one over `LINE_LIMIT` only the beginning."""

    number: int
    text: str
    whole: bool = True


@dataclass(frozen=True)
class TextFile:
    """A file from outside, opened as text."""

    name: str
    """The path as it was given, for messages."""
    title: str
    """The name without endings of the file, or of the archive whose only text it is."""
    encoding: str
    head: str
    """The first characters."""
    stream: TextIO

    def lines(self) -> Iterator[Line]:
        """The lines from 1 on; a line over the limit is passed over in pieces."""
        number = 0
        while text := self.stream.readline(LINE_LIMIT + 1):
            number += 1
            yield Line(number, text) if len(text) <= LINE_LIMIT else self._beginning(number, text)

    def blocks(self) -> Iterator[Line]:
        r"""Many lines at once, each ending in \n, with the number of the first; one over the limit stands alone."""
        number = 1
        while text := self.stream.read(BLOCK):
            rest = self.stream.readline(LINE_LIMIT)
            text = _with_plain_ends(text + rest)
            overlong = len(rest) == LINE_LIMIT and text[-1] != "\n"
            end = text.rfind("\n") + 1 if overlong else len(text)
            if end:
                yield Line(number, text[:end])
                number += text.count("\n")
            if overlong:
                yield self._beginning(number, text[end:])
                number += 1

    def _beginning(self, number: int, text: str) -> Line:
        """What is kept of an overlong line, the rest of which is passed over."""
        begin = shortened(text)
        while text and text[-1] not in "\r\n":
            text = self.stream.readline(HEAD)
        return Line(number, begin, whole=False)

    def flaw(self, text: str) -> str:
        """Why a text must not be handed on, or an empty text."""
        if text.isascii():
            return "holds a NUL character" if "\0" in text else ""
        return flaw(text) or ("" if self.encoding.startswith("utf-8") else self._lost(text))

    def _lost(self, text: str) -> str:
        return f"holds bytes that are not {NAMES[self.encoding]}" if "\ufffd" in text else ""

    @property
    def encoding_note(self) -> Note | None:
        """What to say about the encoding; nothing where it is the usual one."""
        if self.encoding.startswith("utf-8"):
            return None
        name = NAMES[self.encoding]
        return Note(f"read as {name}", f"按 {name} 读取").of(self.name)


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


_HALF = re.compile("[\ud800-\udfff]")
"""Half of a character, which stands for a byte that could not be decoded."""

OVERLONG = f"the line is longer than {LINE_LIMIT // 1024**2} MiB"


def flaw(text: str) -> str:
    """Why no database or file in UTF-8 could hold the text, or an empty text."""
    if "\0" in text:
        return "holds a NUL character"
    if _HALF.search(text):
        return "holds bytes that are not UTF-8"
    return ""


def begins_with(path: Path) -> bytes:
    """The first bytes of a regular file that is not empty."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise FileError(path, "is a folder; name the files in it")
        if not stat.S_ISREG(mode):
            raise FileError(path, "is not a regular file; save what it gives to a file first")
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        raise FileError(path, f"cannot be opened: {error.strerror}") from None
    if not head:
        raise FileError(path, "is empty")
    return head


def is_parquet(path: Path) -> bool:
    """Whether the file says it is Parquet."""
    return begins_with(path).startswith(PARQUET)


@contextmanager
def open_text(path: Path) -> Iterator[TextFile]:
    """The file as text, unpacked from .gz or a .zip with one text. Raises `FileError` for all that is not text."""
    with _opened(path) as (stream, title):
        begin = stream.read(HEAD)
        _refuse_binary(path, begin)
        encoding = encoding_of(begin, stream)
    if encoding is None:
        known = ", ".join(NAMES.values())
        raise FileError(path, f"is binary, or in no encoding known here ({known}); save it as UTF-8")
    # What cannot be decoded must stop its row alone; UTF-8 marks it so that it cannot be mistaken.
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    head = codecs.getincrementaldecoder(encoding)(errors).decode(begin)
    if not head.strip():
        raise FileError(path, "is empty")
    with _opened(path) as (stream, _), io.TextIOWrapper(stream, encoding, errors, newline="") as text:
        yield TextFile(str(path), title, encoding, head, text)


def _refuse_binary(path: Path, head: bytes) -> None:
    if not head:
        raise FileError(path, "is empty")
    for begin, said in BINARY.items():
        if head.startswith(begin):
            raise FileError(path, f"is {said}; expected {EXPECTED}")
    if head.count(0) > max(8, len(head) // 100) and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileError(path, "is binary, or UTF-16 without a byte order mark; expected text: save it as UTF-8")


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, str]]:
    """The unpacked bytes, and the title."""
    head = begins_with(path)
    if head.startswith((ZIP, EMPTY_ZIP)):
        with _opened_zip(path) as opened:
            yield opened
    elif head.startswith(GZIP):
        with gzip.open(path) as packed, io.BufferedReader(_Unpacked(path, packed)) as stream:
            yield stream, Path(path.stem).stem if path.suffix == ".gz" else path.stem
    else:
        with path.open("rb") as plain:
            yield plain, path.stem


@contextmanager
def _opened_zip(path: Path) -> Iterator[tuple[BinaryIO, str]]:
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise FileError(path, f"is a damaged ZIP archive ({error}); copy or export it again") from None
    with archive:
        member = _only_text(path, archive)
        try:
            packed = archive.open(member)
        except (RuntimeError, zipfile.BadZipFile) as error:
            raise FileError(path, f"cannot be unpacked ({error}); unpack it yourself") from None
        with packed, io.BufferedReader(_Unpacked(path, packed)) as stream:
            yield stream, path.stem if member.filename.endswith("_chat.txt") else Path(member.filename).stem


def _only_text(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The only member, or the only text among pictures and sounds: exports with media are packed so."""
    members = [member for member in archive.infolist() if not member.is_dir() and not _is_litter(member)]
    if any(member.filename == "[Content_Types].xml" for member in members):
        raise FileError(
            path, "is an office document; expected a table (CSV, TSV, XLSX), JSONL, a chat export, or Parquet"
        )
    texts = [member for member in members if member.filename.lower().endswith(".txt")] if len(members) > 1 else members
    if len(texts) != 1:
        raise FileError(path, f"holds {len(members)} files; expected an archive of one file: unpack it first")
    return texts[0]


def _is_litter(member: zipfile.ZipInfo) -> bool:
    return member.filename.startswith("__MACOSX/") or member.filename.endswith(".DS_Store")


class _Unpacked(io.RawIOBase):
    """What comes out of an archive, counted, with damage told as `FileError`."""

    def __init__(self, path: Path, packed: IO[bytes] | gzip.GzipFile) -> None:
        self._path = path
        self._packed = packed
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            piece = self._packed.read(len(buffer))
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise FileError(self._path, f"is damaged ({error}); copy or export it again") from None
        self._count += len(piece)
        if self._count > UNPACKED_LIMIT:
            limit = f"{UNPACKED_LIMIT / 1024**3:g} GiB"
            raise FileError(self._path, f"holds more than {limit} unpacked; unpack it yourself if that is right")
        buffer[: len(piece)] = piece
        return len(piece)
