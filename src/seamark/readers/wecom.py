"""Messages of WeCom's message archive (会话内容存档), decrypted: one JSON object a line, as its SDK gives them.

https://developer.work.weixin.qq.com/document/path/91774

What becomes of it:

- People outside are known by their ids, which begin with wm (WeChat) or wo (WeCom); all others are ours.
- What they send is a `message.received`, in a group too, with its `room`.
- What we send to them is a `message.sent`; in a group only where one of them is in it, else it is
  to nobody in particular: left out, and counted.
- Recalled messages, talk among us, and what is no message (switches of corp, consent) are left out, and counted.
- Of what is no text, the kind of media stands in `media`, with the words that come with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from seamark.engine.errors import Unreadable
from seamark.engine.moments import EARLIEST, LATEST, moment_text
from seamark.readers.cells import tell_counts
from seamark.readers.files import open_text
from seamark.readers.jsonl import json_text, read_jsonl, row_values
from seamark.readers.shape import Note, OnNote, OnReject, Reject, Row, shortened

CHANNEL = "wecom"
_OUTSIDE = re.compile(r"w[mo][\w-]{18,}", re.ASCII)
"""Ids of people outside have 32 characters; a member may be called wong."""

_MEDIA = {
    "voice": "audio",
    "meeting_voice_call": "audio",
    "emotion": "sticker",
    "file": "document",
    "docmsg": "document",
    "card": "contact",
}
"""WeCom's names of media, where chats of other channels have another one."""
_RECALLS = Note("recalls, left out", "撤回操作，已略去")
_RECALLED = Note("recalled messages, left out", "已撤回的消息，已略去")
_NO_MESSAGE = Note("records that are no messages, left out", "不是消息的记录，已略去")
_TO_NOBODY = Note("messages among us, or to several in a group, left out", "同事之间或群内发给多人的消息，已略去")
_NO_MESSAGES = {"agree", "disagree"}
_WORDS = ("content", "title", "description", "filename")
"""Parts of a message that hold words, in the order they are read in."""


def looks_like_archive(names: Iterable[str]) -> bool:
    """Whether an object with these names is a record of the archive."""
    found = set(names)
    return found >= {"msgid", "action"} and not found.isdisjoint(("from", "user"))


def read_archives(paths: Iterable[Path], on_reject: OnReject, on_note: OnNote) -> Iterator[Row]:
    """`message.received` and `message.sent` of all archives; a recall counts for the files before it too."""
    paths = list(paths)
    recalled = {id for path in paths for id in _recalled(path)}
    return (row for path in paths for row in _read_archive(path, recalled, on_reject, on_note))


def _recalled(path: Path) -> Iterator[str]:
    """The ids of messages that were taken back."""
    with open_text(path) as file:
        for line in file.lines():
            if '"pre_msgid"' in line.text and line.whole:
                try:
                    yield str(_part(row_values(line.text.strip()), "revoke").get("pre_msgid"))
                except Unreadable:
                    continue  # said when the file is read


def _read_archive(path: Path, recalled: set[str], on_reject: OnReject, on_note: OnNote) -> Iterator[Row]:
    counts: Counter[Note] = Counter()
    with open_text(path) as file:
        for row in read_jsonl(file, on_reject):
            try:
                if reason := _left_out(row.values, recalled):
                    counts[reason] += 1
                    continue
                contacts = _contacts(row.values)
                if not contacts:
                    counts[_TO_NOBODY] += 1
                events = [_event(row.values, contact) for contact in contacts]
            except Unreadable as error:
                on_reject(Reject(row.file, row.line, str(error), shortened(json_text(row.values))))
                continue
            for values in events:
                yield Row(row.line, values, row.file)
    tell_counts(path, counts, on_note)


def _left_out(record: dict[str, object], recalled: set[str]) -> Note | None:
    if record.get("action") == "recall" or record.get("msgtype") == "revoke":
        return _RECALLS
    if record.get("msgid") in recalled:
        return _RECALLED
    if record.get("action") == "switch" or record.get("msgtype") in _NO_MESSAGES:
        return _NO_MESSAGE
    return None


def _contacts(record: dict[str, object]) -> list[str]:
    """Whose message it is: the sender's from outside, else those it was sent to."""
    sender = _text(record, "from")
    if _OUTSIDE.fullmatch(sender):
        return [sender]
    receivers = record.get("tolist")
    if not isinstance(receivers, list) or not all(isinstance(one, str) for one in receivers):
        raise Unreadable("has a tolist that is no list of ids")
    contacts = [one for one in dict.fromkeys(receivers) if _OUTSIDE.fullmatch(one)]
    return contacts if len(contacts) < 2 or not record.get("roomid") else []


def _event(record: dict[str, object], contact: str) -> dict[str, object]:
    kind = _text(record, "msgtype")
    sender = _text(record, "from")
    is_text = kind in ("text", "markdown")
    values: dict[str, object] = {
        "contact": contact,
        "occurred_at": _moment(record.get("msgtime")),
        "kind": "message.received" if sender == contact else "message.sent",
        "id": _text(record, "msgid"),
        "seq": record["seq"] if isinstance(record.get("seq"), Decimal) else None,
        "channel": CHANNEL,
        "actor": None if sender == contact else sender,
        "text": _words(record, kind),
        "media": "" if is_text else _MEDIA.get(kind, kind),
        "room": record.get("roomid"),
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def _text(record: dict[str, object], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value:
        raise Unreadable(f"has no {name}")
    return value


def _moment(milliseconds: object) -> str:
    if not isinstance(milliseconds, Decimal):
        raise Unreadable("has no msgtime in milliseconds")
    if not EARLIEST <= milliseconds * 1000 < LATEST:
        raise Unreadable(f"msgtime {milliseconds} lies outside 1900 to 2199")
    return moment_text(int(milliseconds * 1000))


def _words(record: dict[str, object], kind: str) -> str:
    """The words of a message; those of a mixed one are in its texts."""
    if kind == "mixed":
        items = _part(record, "mixed").get("item")
        parts = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        return "\n".join(_content(part) for part in parts if part.get("type") == "text")
    part = _part(record, "info" if kind in ("markdown", "news") else kind)
    return "\n".join(str(part[name]) for name in _WORDS if isinstance(part.get(name), str) and part[name])


def _content(item: dict[str, object]) -> str:
    """The words of a part of a mixed message, whose content is JSON in a text."""
    written = item.get("content")
    try:
        return str(row_values(str(written)).get("content", ""))
    except Unreadable:
        return str(written or "")


def _part(record: dict[str, object], name: str) -> dict[str, object]:
    part = record.get(name)
    return part if isinstance(part, dict) else {}
