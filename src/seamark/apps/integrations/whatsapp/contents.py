"""What a message holds, as props of its event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seamark.apps.channels.coming import NAMED, named_by

Written = Mapping[str, Any]

FILES = frozenset(("image", "video", "audio", "document", "sticker"))
"""Types of messages that are a file, which the platform keeps."""
REFERRAL = {
    # of an advertisement or post whose button led here → prop
    "source_type": "referral_type",
    "source_id": "referral_id",
    "source_url": "referral_url",
    "headline": "referral_headline",
    "ctwa_clid": "referral_click",
}


def content_props(message: Written) -> dict[str, Any]:
    """Its type, its text where it has one, what it answers, where it comes from, and its content as it was written."""
    kind = message["type"]
    content = message.get(kind)
    named = content if isinstance(content, dict) else {}
    context, referral = message.get("context") or {}, message.get("referral") or {}
    props: dict[str, Any] = {
        "type": kind,
        "text": _text(kind, named),
        "reply_to": context.get("id") or named.get("message_id") or named.get("original_message_id"),
        "is_forwarded": bool(context.get("forwarded") or context.get("frequently_forwarded")),
        "code": next((str(error["code"]) for error in message.get("errors") or ()), None),
        "content": content if kind != "text" else None,
    }
    if kind in FILES and named.get("id"):
        props[NAMED] = [named_by(named["id"], name=named.get("filename"), type=named.get("mime_type"))]
    props |= {prop: referral.get(name) for name, prop in REFERRAL.items()}
    return {name: value for name, value in props.items() if value}


def _text(kind: str, content: Written) -> str | None:
    """What the contact wrote or chose."""
    match kind:
        case "text":
            return content.get("body")
        case "button" | "order":
            return content.get("text")
        case "interactive":
            return (content.get(content.get("type", "")) or {}).get("title")
        case "edit":
            edited = content.get("message") or {}
            return (edited.get(edited.get("type", "")) or {}).get("body")
        case _:
            return content.get("caption")
