"""Conditions as sentences people read, in English and Chinese."""

from __future__ import annotations

from typing import Literal, get_args

from seamark.engine import tree
from seamark.engine.sentence.en import English
from seamark.engine.sentence.names import Figure, Names
from seamark.engine.sentence.zh import Chinese

__all__ = ["LANGUAGES", "Figure", "Language", "Names", "sentence"]

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_SPEAKERS: dict[Language, type[English] | type[Chinese]] = {"en": English, "zh": Chinese}
_NOTHING_NAMED = Names()


def noun(kind: str, language: Language = "en") -> str:
    """What an event of that kind is called.

    >>> noun("order.placed"), noun("order.placed", "zh")
    ('order', '订单')
    """
    return _SPEAKERS[language](_NOTHING_NAMED).noun(tree.Events(kind))


def sentence(node: tree.Node, language: Language = "en", names: Names = _NOTHING_NAMED) -> str:
    """What a condition says of a contact, without the contact and without a full stop.

    Values and events give the words that stand for them inside a sentence.

    >>> from seamark.engine.parse import parse
    >>> sentence(parse("last(message.received) within 24h"))
    'replied within the last 24 hours'
    >>> sentence(parse("count(message.received) over 30d >= 3"), "zh")
    '30 天内发来消息至少 3 次'
    """
    return _SPEAKERS[language](names).say(node)
