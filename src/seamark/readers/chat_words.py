"""What stands in a chat export where no message is: notices, media left out, deletions; in English and Chinese."""

from __future__ import annotations

import re

_MESSAGE = "(?:消息|訊息|讯息|信息)"
_THIS = "(?:此|该|該|这条|這則|这个)"
_DONE = "(?:省略|忽略|略去)"

_NOTICE = re.compile(
    rf"""
    messages\ (and\ calls|to\ this\ chat)\b.*\bend-to-end\ encrypted\b.*
    | {_MESSAGE}[和與与](通话|通話).*(端到端|端對端)加密.*
    | your\ security\ code\ with\ .+\ changed\b.*
    | [您你][和與与].+(安全代码|安全代碼|安全码|安全碼)已?(更改|變更).*
    | missed\ (group\ )?(voice|video)\ call\b.{{0,40}}
    | (voice|video)\ call,\ (no\ answer|\d+\ (sec|min|hr)).{{0,20}}
    | 未接(语音|語音|视频|視訊|視像)?(来电|來電|通话|通話).{{0,20}}
    | this\ chat\ is\ with\ a\ business\ account\b.*
    | this\ business\ (uses|is\ now|works)\ .*
    | you\ (un)?blocked\ this\ (contact|business)\b.*
    | .+\ (turned\ (on|off)\ disappearing\ messages|updated\ the\ message\ timer)\b.*
    | waiting\ for\ this\ message\b.*
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)

_DELETED = re.compile(
    rf"(?:this message was deleted|you deleted this message)(?: by admin.*)?\.?"
    rf"|{_THIS}?{_MESSAGE}已被?(?:删除|刪除|撤回)。?"
    rf"|[您你]已?(?:删除|刪除|撤回)了?{_THIS}{_MESSAGE}。?",
    re.IGNORECASE,
)

_EDITED = re.compile(rf"<(?:this message was edited|{_THIS}?{_MESSAGE}已(?:经过|經過)?(?:编辑|編輯))>\s*\Z", re.I)

_MEDIA = {
    "image": "image|photo|图片|图像|照片|圖片|圖像|相片",
    "video": "video|video note|视频|影片|視訊",
    "audio": "audio|voice message|音频|语音|音訊|語音",
    "sticker": "sticker|贴图|貼圖",
    "gif": "gif|gif 动态图|gif 动图|gif 圖片",
    "document": "document|文件|文档|檔案",
    "contact": "contact card|联系人卡片|聯絡人卡片",
    "media": "media|影音内容|影音內容|媒体文件|媒體檔案|多媒体文件|多媒體檔|多媒體檔案",
}
_KINDS = {word: kind for kind, words in _MEDIA.items() for word in words.split("|")}
_KIND = f"(?P<kind>{'|'.join(sorted(_KINDS, key=len, reverse=True))})"
_LEFT_OUT = (
    re.compile(rf"<\s?(?:已?{_DONE})?\s?{_KIND}(?:\s?omitted)?\s?>", re.IGNORECASE),
    re.compile(rf"(?:[^\n]+\.\w{{2,5}}\b.*[\s\u200e])?{_KIND}\s?(?:omitted|已?被?{_DONE})。?", re.IGNORECASE),
)
"""Android writes the one, iPhones the other, with the name of a document before it."""

_ATTACHED = (
    re.compile(r"(?P<name>[^\n]+\.\w{2,5}) \((?:file attached|文件附件|檔案附件)\)", re.IGNORECASE),
    re.compile(r"<(?:attached|附件|已附加)[:：]\s?(?P<name>[^<>\n]+)>", re.IGNORECASE),
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


def is_notice(text: str) -> bool:
    """Whether WhatsApp itself says this, about encryption, calls or settings."""
    return _NOTICE.fullmatch(text) is not None


def is_deleted(text: str) -> bool:
    """Whether this stands for a message that was taken back."""
    return _DELETED.fullmatch(text) is not None


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
    for pattern in _LEFT_OUT:
        if found := pattern.fullmatch(first.strip()):
            return _KINDS[found["kind"].lower()], caption.strip()
    for pattern in _ATTACHED:
        if found := pattern.match(first):
            kind = _KINDS_BY_ENDING.get(found["name"].rpartition(".")[2].lower(), "document")
            return kind, f"{first[found.end() :]}\n{caption}".strip()
    return "", text
