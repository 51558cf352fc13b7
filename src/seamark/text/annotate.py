"""The annotator: what is read in the text of an event is written on the event, once."""

from __future__ import annotations

from collections.abc import Mapping

from seamark.text.intents import Model
from seamark.text.terms import Found, Lexicon

Props = dict[str, object]
"""An event's props as they are written."""


def annotated(props: Props, lexicon: Lexicon, model: Model | None = None) -> Props:
    """The props with the `mentions` and `words` of their text and the `annotator` that found them.

    With a model also the `intent`, unless the event brought one of its own. Untouched when there is
    no text, or when these very readers have read it already.

    >>> lexicon = Lexicon({"price": {"en": ["how much"]}})
    >>> annotated({"text": "How much?"}, lexicon) | {"annotator": "…"}
    {'text': 'How much?', 'mentions': ['price'], 'words': ['price: how much'], 'annotator': '…'}
    """
    return all_annotated([props], lexicon, model)[0]


def all_annotated(many: list[Props], lexicon: Lexicon, model: Model | None = None) -> list[Props]:
    """`annotated` of each, and many times as fast."""
    annotator = f"{lexicon.version} {model.version}" if model else lexicon.version
    texts = [_unread_text(props, annotator) for props in many]
    found = iter(lexicon.find_many([text for text in texts if text is not None]))
    intents = {text: model.judge(text).intent for text in dict.fromkeys(texts) if text is not None} if model else {}
    return [
        props if text is None else _with(props, next(found), intents.get(text), annotator)
        for props, text in zip(many, texts, strict=True)
    ]


def _unread_text(props: Mapping[str, object], annotator: str) -> str | None:
    text = props.get("text")
    return text if isinstance(text, str) and text and props.get("annotator") != annotator else None


def _with(props: Props, found: Found, intent: str | None, annotator: str) -> Props:
    """An intent that no annotator of ours wrote is the file's own, and stays."""
    judged = {"intent": intent} if intent and ("annotator" in props or not props.get("intent")) else {}
    return {**props, **judged, "mentions": list(found.mentions), "words": list(found.words), "annotator": annotator}
