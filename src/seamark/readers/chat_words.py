"""What stands in a chat export where no message is: notices, media left out, deletions; in any known language."""

from __future__ import annotations

import re
from collections.abc import Iterable

from seamark.readers.chat_languages import ALL


def _any(expressions: Iterable[str]) -> str:
    return f"(?:{'|'.join(expressions)})"


NOTICE, DELETED = "notice", "deleted"

_FLAGS = re.IGNORECASE | re.DOTALL
_SAID = re.compile(
    rf"(?P<{NOTICE}>{_any(notice for each in ALL for notice in each.notices)})"
    rf"|(?P<{DELETED}>{_any(deleted for each in ALL for deleted in each.deleted)}[.。]?)",
    re.DOTALL,
)
"""Of a text in small letters: telling large ones from small ones takes the engine four times as long."""
_EDITED = re.compile(rf"<{_any(each.edited for each in ALL)}\.?>\s*\Z", _FLAGS)
_TITLES = [re.compile(title, _FLAGS) for each in ALL for title in each.titles]

_KINDS = {word: kind for each in ALL for kind, words in each.kinds.items() for word in words.split("|")}
_KIND = f"(?P<kind>{'|'.join(sorted(_KINDS, key=len, reverse=True))})"
_OMITTED = _any(each.omitted for each in ALL)
_LEFT_OUT = (
    re.compile(rf"<\s?(?:{_OMITTED})?\s?{_KIND}(?:\s?{_OMITTED})?\s?>"),
    re.compile(rf"(?:[^\n]+\.\w{{2,5}}\b.*[\s\u200e])?{_KIND}\s?{_OMITTED}[.。]?"),
)
"""Of a line in small letters. Android writes the one, iPhones the other, with the name of a document before it."""

_ATTACHED = (
    re.compile(rf"(?P<name>[^\n]+\.\w{{2,5}}) \({_any(each.attached for each in ALL)}\)", re.IGNORECASE),
    re.compile(rf"<{_any(each.attachment for each in ALL)}\s?[:：]\s?(?P<name>[^<>\n]+)>", re.IGNORECASE),
)
_ENDINGS = {
    "image": "jpg jpeg png heic",
    "video": "mp4 mov 3gp",
    "audio": "opus ogg m4a mp3 aac amr",
    "sticker": "webp",
    "gif": "gif",
    "contact": "vcf",
}
LONGEST = 400
"""No name of a file is longer; beyond it nothing needs to be searched."""

_KINDS_BY_ENDING = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings.split()}


def name_in(title: str) -> str:
    """The other party's name in the name of an export's file, as phones name it; else an empty text.

    >>> name_in("WhatsApp Chat with Ann"), name_in("Chat de WhatsApp con Ann"), name_in("notes")
    ('Ann', 'Ann', '')
    """
    return next((found["name"] for pattern in _TITLES if (found := pattern.fullmatch(title))), "")


def said_by_whatsapp(text: str) -> str:
    """`NOTICE` for what WhatsApp says of encryption, calls or settings; `DELETED` for a message taken back.

    >>> said_by_whatsapp("Missed voice call"), said_by_whatsapp("This message was deleted."), said_by_whatsapp("hello")
    ('notice', 'deleted', '')
    """
    found = _SAID.fullmatch(text.lower())
    return found.lastgroup or "" if found else ""


def without_edit_mark(text: str) -> str:
    """The text without the remark that it was edited."""
    found = _EDITED.search(text)
    return text[: found.start()].rstrip() if found else text


def media_in(text: str) -> tuple[str, str]:
    """The kind of media a message carries, or an empty text; and its caption or text.

    >>> media_in("<Media omitted>"), media_in("图片已省略"), media_in("IMG-1.jpg (file attached)\\nfor you")
    (('media', ''), ('image', ''), ('image', 'for you'))
    >>> media_in("the image omitted a cup")
    ('', 'the image omitted a cup')
    """
    first, _, caption = text.partition("\n")
    if text == "null":  # Android's word for a picture to be seen once
        return "media", ""
    if len(first) > LONGEST:
        return "", text
    small = first.strip().lower()
    for pattern in _LEFT_OUT:
        if found := pattern.fullmatch(small):
            return _KINDS[found["kind"]], caption.strip()
    if "(" not in first and first[:1] != "<":
        return "", text
    for pattern in _ATTACHED:
        if found := pattern.match(first):
            kind = _KINDS_BY_ENDING.get(found["name"].rpartition(".")[2].lower(), "document")
            return kind, f"{first[found.end() :]}\n{caption}".strip()
    return "", text
