"""Messages of WhatsApp's "Export chat": one file is one chat with one contact."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from seamark.engine.errors import Unreadable
from seamark.engine.moments import local_moment, moment_text
from seamark.readers.chat_times import INVISIBLE, Numbers, Stamp, date_order, local_time, stamp_of
from seamark.readers.chat_words import is_deleted, is_notice, media_in, name_in, without_edit_mark
from seamark.readers.files import LINE_LIMIT, OVERLONG, Line, TextFile, open_text
from seamark.readers.shape import FileError, OnNote, OnReject, Reject, Row, listed, shortened

CHANNEL = "whatsapp"
DAYS_KEPT = 3

_CLOCK_NOTES = {
    "ambiguous": "times that the clock showed twice, the earlier taken",
    "nonexistent": "times that the clock left out, moved forward",
}
_COPY = re.compile(r" ?\(\d+\)$")
_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))


class _Message(NamedTuple):
    """What stands between one stamp and the next; without a stamp, what stands before the first."""

    line: int
    stamp: Stamp | None
    sender: str
    """Empty where WhatsApp itself speaks."""
    text: str
    written: str
    whole: bool

    @property
    def is_notice(self) -> bool:
        return not self.sender or is_notice(self.text)

    @property
    def is_deleted(self) -> bool:
        return is_deleted(self.text)


@dataclass(frozen=True)
class Chat:
    """What a first look at an export tells: who writes, and how dates are written."""

    path: Path
    titled: str
    """The other party's name in the name of the file, or an empty text."""
    senders: Counter[str]
    order: str
    order_is_guessed: bool


@dataclass(frozen=True)
class Sides:
    """Who is who in a chat; `ours` is empty where only the contact writes."""

    contact: str
    ours: tuple[str, ...]


@dataclass
class _Seen:
    """What the reading of one chat counts."""

    messages: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    ids: dict[str, Counter[str]] = field(default_factory=dict)
    """How often each message stands in the last `DAYS_KEPT` days: a chat is written down as it went."""


def read_chats(
    paths: Iterable[Path], zone: ZoneInfo, us: str | Iterable[str] | None, on_reject: OnReject, on_note: OnNote
) -> Iterator[Row]:
    """`message.received` and `message.sent` of every chat; `us` are the names under which we write.

    The exports are looked at first, so that a `FileError` comes before the first row.
    """
    ours = {us} if isinstance(us, str) else set(us or ())
    chats = [survey(path) for path in paths]
    usual = _in_most(chats)
    sided = [(chat, sides_of(chat, ours, usual)) for chat in chats]
    for chat, sides in sided:
        for note in _notes_ahead(chat, sides, bool(ours)):
            on_note(f"{chat.path}: {note}")
    return (row for chat, sides in sided for row in _read_chat(chat, sides, zone, on_reject, on_note))


def looks_like_chat(head: str) -> bool:
    """Whether one of the first lines begins as a message does."""
    return any(stamp_of(line) for line in head.splitlines()[:20])


def survey(path: Path) -> Chat:
    """The first look at an export. Raises `FileError` where it is no chat with one contact."""
    senders: Counter[str] = Counter()
    dates: list[Numbers] = []
    year_first = False
    with open_text(path) as file:
        for message in _messages(file):
            if message.stamp is None:
                continue
            year_first |= message.stamp.year_first
            if dates[-1:] != [message.stamp.date]:
                dates.append(message.stamp.date)
            if message.sender in senders or not message.is_notice:
                senders[message.sender] += 1
        titled = _titled(file.title)
    _refuse(path, dates, senders)
    return Chat(path, titled, senders, *date_order(dates, year_first))


def _refuse(path: Path, dates: Sequence[Numbers], senders: Counter[str]) -> None:
    if not dates:
        expected = "'12/11/2026, 10:05 - Ann: hello' or '[12/11/2026, 10:05:31] Ann: hello'"
        raise FileError(path, f"is no WhatsApp export: no line begins as in {expected}")
    if not senders:
        raise FileError(path, "holds no message, only what WhatsApp itself says")


def sides_of(chat: Chat, ours: set[str], usual: str) -> Sides:
    """Who is who. Raises `FileError` where that cannot be told.

    We are those named in `ours`; else the one who is not in the name of the file; else `usual`, who
    writes in most of the files read together. A group is taken where all but one are named in `ours`.
    """
    mine = _told(chat, ours) if ours else _guessed(chat, usual)
    theirs = [name for name, _ in chat.senders.most_common() if name not in mine]
    if len(theirs) > 1:
        raise FileError(chat.path, _group(chat, theirs, bool(ours)))
    if len(mine) > 1 and not theirs:
        raise FileError(chat.path, f"is a chat among us: {_writers(chat)} are all named with --us")
    if not theirs and not chat.titled:
        raise FileError(chat.path, f"does not tell the contact: only {_writers(chat)} writes; name the file after them")
    return Sides(contact=theirs[0] if theirs else chat.titled, ours=tuple(mine))


def _group(chat: Chat, theirs: Sequence[str], told: bool) -> str:
    others = " besides us" if told and len(theirs) < len(chat.senders) else ""
    who = f"in which {len(theirs)} write{others} ({listed(theirs, 5)})"
    return f"is a group chat, {who}; export chats with one contact, or name all of us with --us"


def _told(chat: Chat, ours: set[str]) -> list[str]:
    known = {_folded(name) for name in ours}
    mine = [name for name in chat.senders if _folded(name) in known]
    if not mine and len(chat.senders) == 2:
        said = listed(sorted(ours))
        raise FileError(chat.path, f"does not have {said}: {_writers(chat)} write; say who is us with --us NAME")
    return mine


def _guessed(chat: Chat, usual: str) -> list[str]:
    if len(chat.senders) > 2:
        return []
    titled = [name for name in chat.senders if _folded(name) == _folded(chat.titled)]
    if titled:
        return [name for name in chat.senders if name not in titled]
    if chat.titled and len(chat.senders) == 1:
        return list(chat.senders)
    if usual in chat.senders:
        return [usual]
    raise FileError(chat.path, f"does not tell who of {_writers(chat)} is us; say it with --us NAME")


def _writers(chat: Chat) -> str:
    return " and ".join(chat.senders)


def _in_most(chats: Sequence[Chat]) -> str:
    """The name that stands in more of the chats than any other; empty where there is none."""
    counted = Counter(name for chat in chats for name in chat.senders).most_common(2)
    names = [name for name, times in counted if times == counted[0][1]]
    return names[0] if len(names) == 1 and counted[0][1] > 1 else ""


def _titled(title: str) -> str:
    return _name(name_in(_COPY.sub("", title.strip())))


def _folded(name: str) -> str:
    """The name as it is compared: names of files lose signs that files may not bear."""
    return "".join(char for char in _name(name).casefold() if char.isalnum()) or name


@lru_cache(maxsize=1024)
def _name(written: str) -> str:
    """The name without invisible marks, and without the tilde before names the contact chose."""
    return " ".join(written.translate(_INVISIBLE).split()).removeprefix("~").strip()


def _notes_ahead(chat: Chat, sides: Sides, told: bool) -> Iterator[str]:
    if not told:
        who = f"{sides.ours[0]} is us" if sides.ours else "only they write"
        yield f"the contact is {sides.contact}, {who} (guessed; --us NAME says otherwise)"
    if chat.order_is_guessed:
        yield f"dates are taken as {chat.order}, since nothing in the file decides"


def _messages(file: TextFile) -> Iterator[_Message]:
    """The messages and notices; lines that look begun in the other system's way belong to a message."""
    stamp: Stamp | None = None
    lines: list[Line] = []
    length = 0
    for line in file.lines():
        found = stamp_of(line.text)
        if found and (stamp is None or found.bracketed == stamp.bracketed):
            if lines:
                yield _message(stamp, lines)
            stamp, lines, length = found, [], 0
        length += len(line.text)
        if length <= LINE_LIMIT:
            lines.append(line)
        elif lines:
            lines[0] = lines[0]._replace(whole=False)
    if lines:
        yield _message(stamp, lines)


def _message(stamp: Stamp | None, lines: Sequence[Line]) -> _Message:
    number, first, whole = lines[0]
    rest = ""
    if len(lines) > 1:
        rest = "".join(line.text for line in lines[1:])
        whole = all(line.whole for line in lines)
    body = first[stamp.end :] if stamp else first
    sender, colon, begin = body.partition(": ")
    if not colon and body.rstrip().endswith(":"):
        sender, colon, begin = body.rstrip()[:-1], ":", ""
    text = (begin if colon else body) + rest
    text = text.replace("\r\n", "\n").strip().strip(INVISIBLE).strip()
    return _Message(number, stamp, _name(sender) if colon else "", text, first + rest, whole)


def _read_chat(chat: Chat, sides: Sides, zone: ZoneInfo, on_reject: OnReject, on_note: OnNote) -> Iterator[Row]:
    seen = _Seen()
    with open_text(chat.path) as file:
        if file.encoding_note:
            on_note(file.encoding_note)
        for message in _messages(file):
            seen.messages += message.stamp is not None
            if message.stamp and message.is_notice:
                seen.counts["notices of WhatsApp left out"] += 1
            elif message.is_deleted:
                seen.counts["deleted messages left out"] += 1
            else:
                try:
                    yield _row(file, message, chat, sides, zone, seen)
                except Unreadable as error:
                    on_reject(Reject(file.name, message.line, str(error), shortened(message.written)))
    for what, times in seen.counts.items():
        on_note(f"{chat.path}: {what}: {times}")


def _row(file: TextFile, message: _Message, chat: Chat, sides: Sides, zone: ZoneInfo, seen: _Seen) -> Row:
    if message.stamp is None:
        raise Unreadable("stands before the first message")
    if reason := file.flaw(message.written) if message.whole else OVERLONG:
        raise Unreadable(reason)
    occurred_at, clock_note = _moment(message.stamp, chat.order, zone)
    if clock_note:
        seen.counts[f"{_CLOCK_NOTES[clock_note]} ({zone.key})"] += 1
    media, text = media_in(without_edit_mark(message.text))
    sent = message.sender in sides.ours
    values: dict[str, object] = {
        "contact": sides.contact,
        "occurred_at": occurred_at,
        "kind": "message.sent" if sent else "message.received",
        "text": text,
        "media": media,
    }
    values |= {"id": _id(values, seen), "seq": Decimal(seen.messages), "channel": CHANNEL}
    if sent:
        values["actor"] = message.sender
    return Row(message.line, {name: value for name, value in values.items() if value != ""}, file.name)


@lru_cache(maxsize=1024)  # people write several messages a minute
def _moment(stamp: Stamp, order: str, zone: ZoneInfo) -> tuple[str, str]:
    moment, clock_note = local_moment(local_time(stamp, order), zone)
    return moment_text(moment), clock_note


def _id(values: dict[str, object], seen: _Seen) -> str:
    """The same for the same message in any export of the chat, also in one that begins later.

    Messages alike in the same minute are told apart by counting them.
    """
    told = "\0".join(map(str, values.values()))
    digest = hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
    times = _times_of_day(str(values["occurred_at"])[:10], seen)
    times[digest] += 1
    return digest if times[digest] == 1 else f"{digest}-{times[digest]}"


def _times_of_day(day: str, seen: _Seen) -> Counter[str]:
    if day not in seen.ids:
        while len(seen.ids) >= DAYS_KEPT:
            del seen.ids[next(iter(seen.ids))]
        seen.ids[day] = Counter()
    return seen.ids[day]
