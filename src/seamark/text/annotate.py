"""The annotator: what is read in the text of an event is written on the event, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seamark.text.reading import Reader
from seamark.text.terms import Found, Lexicon

Props = dict[str, object]
"""An event's props as they are written."""


def annotated(props: Props, lexicon: Lexicon, readers: Sequence[Reader] = ()) -> Props:
    """The props with the `mentions` and `words` of their text and the `annotator` that found them.

    Also what the readers find, unless the event brought such a prop of its own. Untouched when there
    is no text, or when these very readers have read it already.

    >>> lexicon = Lexicon({"price": {"en": ["how much"]}})
    >>> annotated({"text": "How much?"}, lexicon) | {"annotator": "…"}
    {'text': 'How much?', 'mentions': ['price'], 'words': ['price: how much'], 'annotator': '…'}
    """
    return all_annotated([props], lexicon, readers)[0]


def all_annotated(many: list[Props], lexicon: Lexicon, readers: Sequence[Reader] = ()) -> list[Props]:
    """`annotated` of each, and many times as fast."""
    annotator = " ".join([lexicon.version, *(reader.version for reader in readers)])
    texts = [_unread_text(props, annotator) for props in many]
    found = iter(lexicon.find_many([text for text in texts if text is not None]))
    read = _all_read(list(dict.fromkeys(text for text in texts if text is not None)), readers)
    return [
        props if text is None else _with(props, next(found), read[text], annotator)
        for props, text in zip(many, texts, strict=True)
    ]


def _all_read(texts: Sequence[str], readers: Sequence[Reader]) -> dict[str, Props]:
    """What the readers find in each text."""
    columns = [reader.read(texts) for reader in readers]
    return {
        text: {reader.prop: value for reader, value in zip(readers, values, strict=True) if value}
        for text, *values in zip(texts, *columns, strict=True)
    }


def _unread_text(props: Mapping[str, object], annotator: str) -> str | None:
    text = props.get("text")
    return text if isinstance(text, str) and text and props.get("annotator") != annotator else None


def _with(props: Props, found: Found, read: Props, annotator: str) -> Props:
    """What no annotator of ours wrote is the file's own, and stays."""
    own = set() if "annotator" in props else {prop for prop in read if props.get(prop)}
    new = {prop: value for prop, value in read.items() if prop not in own}
    return {**props, **new, "mentions": list(found.mentions), "words": list(found.words), "annotator": annotator}
