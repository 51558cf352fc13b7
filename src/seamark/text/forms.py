"""The form of a message: nothing but emoji, nothing but polite words, or words that say something."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from seamark.text.normalise import normalise

Form = Literal["emoji", "polite", "words"]

_EMOTICON = re.compile(r"[:;=]['-]?[()dp]+|\^_*\^|<3")
_QUESTION = re.compile(r"[?？]")

_POLITE = (
    "thanks thank thx thanx tks ty cheers appreciate appreciated ok okay okey okie k kk sure fine great good nice cool "
    "perfect lovely excellent wonderful alright noted understood received welcome hello hi hey morning afternoon "
    "evening night bye goodbye got thankyou"
)
_BESIDE = "you it u so very much many a lot again all well day guys sir madam dear then the for your help really have"
_POLITE_WORDS = frozenset(_POLITE.split())
_BESIDE_WORDS = frozenset(_BESIDE.split())

_POLITE_CHINESE = (
    "谢谢|多谢|感谢|谢|好的|好滴|好哒|好嘞|好|嗯|哦|噢|收到|明白|知道|了解|辛苦|麻烦|不客气|客气|早安|早上|晚上|"
    "中午|下午|您好|你好|晚安|早|再见|拜拜|可以|行|没问题|没事|唔该|ok"
)
_BESIDE_CHINESE = "了|啦|的|滴|您|你|你们|啊|呀|呢|吧|哈|嘻|亲|老板|太|非常|十分|万分|先|大家|哒|咯|喽"
_ALL_POLITE = re.compile(rf"(?:{_POLITE_CHINESE}|{_BESIDE_CHINESE})*")
_SOME_POLITE = re.compile(_POLITE_CHINESE)
_LETTERS = re.compile(r"[^\W_]+")


def form_of(text: str) -> Form:
    """What a message is made of; a question is never polite alone.

    >>> form_of("👍👍"), form_of("Ok, thank you!"), form_of("好的谢谢您"), form_of("ok?")
    ('emoji', 'polite', 'polite', 'words')
    """
    plain = _EMOTICON.sub("☺", normalise(text))
    words = _LETTERS.findall(plain)
    if not words:
        return "emoji" if any(unicodedata.category(sign) == "So" for sign in plain) else "words"
    return "polite" if not _QUESTION.search(plain) and _is_polite(words) else "words"


def _is_polite(words: list[str]) -> bool:
    """Every word is polite or stands beside one that is, and one is."""
    polite = [word in _POLITE_WORDS or bool(_SOME_POLITE.search(word)) for word in words]
    return any(polite) and all(
        word in _POLITE_WORDS or word in _BESIDE_WORDS or _ALL_POLITE.fullmatch(word) for word in words
    )
