"""Messages of WhatsApp's "Export chat": one file is one chat with one contact."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from seamark.engine.errors import Unreadable
from seamark.readers.cells import tell_counts
from seamark.readers.chat_times import INVISIBLE, Numbers, Stamp, date_order, moment_of, stamp_of, stamps_in
from seamark.readers.chat_words import DELETED, NOTICE, media_in, name_in, said_by_whatsapp, without_edit_mark
from seamark.readers.files import LINE_LIMIT, OVERLONG, TextFile, open_text
from seamark.readers.shape import FileError, Note, OnNote, OnReject, Reject, Row, listed, shortened
from seamark.readers.table_times import order_guessed

CHANNEL = "whatsapp"
DAYS_KEPT = 3

_CLOCK_NOTES = {
    "ambiguous": ("times that the clock showed twice, the earlier taken", "钟点出现两次的时间，取较早的一次"),
    "nonexistent": ("times that the clock left out, moved forward", "被拨过的钟点，已顺延"),
}
_NOTICES = Note("notices of WhatsApp left out", "WhatsApp 的系统提示，已略去")
_DELETIONS = Note("deleted messages left out", "已删除的消息，已略去")
_COPY = re.compile(r" ?\(\d+\)$")
_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))


class _Entry(NamedTuple):
    """The lines from one stamp to the next; without a stamp, those before the first."""

    line: int
    stamp: Stamp | None
    written: str
    is_clean: bool = True
    """Whether no text nearby has a flaw."""
    is_whole: bool = True

    def parted(self) -> tuple[str, str]:
        """The sender, empty where WhatsApp itself speaks, and what follows."""
        body = self.written[self.stamp.end :] if self.stamp else self.written
        sender, colon, said = body.partition(": ")
        if colon and "\n" not in sender:
            return _name(sender), said
        first, _, rest = body.partition("\n")
        if first.rstrip().endswith(":"):
            return _name(first.rstrip()[:-1]), rest
        return "", body


def _neat(text: str) -> str:
    return text.strip().strip(INVISIBLE).strip()


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
            on_note(note.of(chat.path))
    return (row for chat, sides in sided for row in _read_chat(chat, sides, zone, on_reject, on_note))


def looks_like_chat(head: str) -> bool:
    """Whether one of the first lines begins as a message does."""
    return any(stamp_of(line) for line in head.splitlines()[:20])


def survey(path: Path) -> Chat:
    """The first look at an export. Raises `FileError` where it is no chat with one contact."""
    senders: Counter[str] = Counter()
    dates: list[Numbers] = []
    year_first = False
    day = ""
    with open_text(path) as file:
        for entry in _entries(file):
            if entry.stamp is None:
                continue
            year_first = year_first or entry.stamp.year_first
            if day != entry.stamp.day:
                day = entry.stamp.day
                dates.append(entry.stamp.date)
            sender, said = entry.parted()
            if sender in senders or (sender and said_by_whatsapp(_neat(said)) != NOTICE):
                senders[sender] += 1
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


def _notes_ahead(chat: Chat, sides: Sides, told: bool) -> Iterator[Note]:
    if not told:
        ours = sides.ours[:1]
        who, who_zh = (f"{ours[0]} is us", f"我方是 {ours[0]}") if ours else ("only they write", "只有客户发言")
        yield Note(
            f"the contact is {sides.contact}, {who} (guessed; --us NAME says otherwise)",
            f"客户是 {sides.contact}，{who_zh}（推测；可用 --us NAME 指明）",
        )
    if chat.order_is_guessed:
        yield order_guessed(chat.order)


def _entries(file: TextFile) -> Iterator[_Entry]:
    """The messages and notices; lines that look begun in the other system's way belong to a message."""
    entry = _Entry(1, None, "")
    bracketed: bool | None = None
    for block in file.blocks():
        text, is_clean = block.text, not file.flaw(block.text)
        found = list(stamps_in(text))
        if bracketed is None and found:
            bracketed = found[0][1].bracketed
        found = [each for each in found if each[1].bracketed == bracketed]
        if not found:
            entry = _longer(entry, text, is_clean, block.whole)
            continue
        entry = _longer(entry, text[: found[0][0]], is_clean)
        if entry.written:
            yield entry
        line = block.number + text.count("\n", 0, found[0][0])
        for (begin, stamp), (end, _) in pairwise(found):
            yield _Entry(line, stamp, text[begin:end], is_clean)
            line += text.count("\n", begin, end)
        begin, stamp = found[-1]
        entry = _Entry(line, stamp, text[begin:], is_clean, block.whole)
    if entry.written:
        yield entry


def _longer(entry: _Entry, piece: str, is_clean: bool, is_whole: bool = True) -> _Entry:
    """The entry with the lines that follow; beyond the limit, only its beginning is kept."""
    fits = len(entry.written) + len(piece) <= LINE_LIMIT
    return entry._replace(
        written=entry.written + piece if fits else entry.written,
        is_clean=entry.is_clean and is_clean,
        is_whole=entry.is_whole and is_whole and fits,
    )


def _read_chat(chat: Chat, sides: Sides, zone: ZoneInfo, on_reject: OnReject, on_note: OnNote) -> Iterator[Row]:
    with open_text(chat.path) as file:
        if file.encoding_note:
            on_note(file.encoding_note)
        reader = _Reader(file, chat, sides, zone)
        for entry in _entries(file):
            try:
                if row := reader.row(entry):
                    yield row
            except Unreadable as error:
                on_reject(Reject(file.name, entry.line, str(error), shortened(entry.written)))
    tell_counts(chat.path, reader.counts, on_note)


@dataclass
class _Reader:
    """What turns the entries of one chat into rows, and what it counts."""

    file: TextFile
    chat: Chat
    sides: Sides
    zone: ZoneInfo
    messages: int = 0
    counts: Counter[Note] = field(default_factory=Counter)
    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    """How often each message stands in the last `DAYS_KEPT` days: a chat is written down as it went."""

    def row(self, entry: _Entry) -> Row | None:
        """The event, or None for what is no message. Raises `Unreadable`."""
        self.messages += entry.stamp is not None
        sender, said = entry.parted()
        said = _neat(said)
        whatsapp_says = said_by_whatsapp(said)
        if entry.stamp and (whatsapp_says == NOTICE or not sender):
            self.counts[_NOTICES] += 1
            return None
        if whatsapp_says == DELETED:
            self.counts[_DELETIONS] += 1
            return None
        return Row(entry.line, self._values(entry, self._moment(entry), sender, said), self.file.name)

    def _moment(self, entry: _Entry) -> str:
        if entry.stamp is None:
            raise Unreadable("stands before the first message")
        if not entry.is_whole:
            raise Unreadable(OVERLONG)
        if not entry.is_clean and (reason := self.file.flaw(entry.written)):
            raise Unreadable(reason)
        moment, clock_note = moment_of(entry.stamp, self.chat.order, self.zone)
        if clock_note:
            en, zh = _CLOCK_NOTES[clock_note]
            self.counts[Note(f"{en} ({self.zone.key})", f"{zh}（{self.zone.key}）")] += 1
        return moment

    def _values(self, entry: _Entry, occurred_at: str, sender: str, said: str) -> dict[str, object]:
        contact, ours = self.sides.contact, self.sides.ours
        media, text = media_in(without_edit_mark(said))
        kind = "message.sent" if sender in ours else "message.received"
        values: dict[str, object] = {"contact": contact, "occurred_at": occurred_at, "kind": kind}
        if text:
            values["text"] = text
        if media:
            values["media"] = media
        values["id"] = self._id(f"{contact}\0{occurred_at}\0{kind}\0{text}\0{media}", occurred_at[:10])
        values["seq"] = Decimal(self.messages)
        values["channel"] = CHANNEL
        if sender in ours:
            values["actor"] = sender
        return values

    def _id(self, told: str, day: str) -> str:
        """The same for the same message in any export of the chat, also in one that begins later.

        Messages alike in the same minute are told apart by counting them.
        """
        digest = blake2b(told.encode(), digest_size=12).hexdigest()
        ids = self.ids.get(day)
        if ids is None:
            ids = self._begin(day)
        times = ids[digest] = ids.get(digest, 0) + 1
        return digest if times == 1 else f"{digest}-{times}"

    def _begin(self, day: str) -> dict[str, int]:
        while len(self.ids) >= DAYS_KEPT:
            del self.ids[next(iter(self.ids))]
        return self.ids.setdefault(day, {})
