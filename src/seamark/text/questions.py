"""The signature of a question: the same for the same question, however politely and in what order it is put."""

from __future__ import annotations

import re

from seamark.text.normalise import normalise

_ASKS = re.compile(
    r"[?？]|\b(?:how|what|when|where|which|who|why|whose)\b|^(?:is|are|do|does|did|can|could|will|would|have|has|any)\b"
    r"|吗|呢|么|什|多少|几|哪|谁|何时|是否|有没有|有冇|能不能|可不可以|可否|行不行|是不是|咋|啥"
)
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
_FILLERS = re.compile(
    "请问|你好|您好|麻烦|谢谢|一下|想问|问下|我想|我要|你们|您们|咱们|这个|那个|这款|老板|亲|的|了|啊|呀|吗|呢|吧|您|你|我|是|要"
)
_SMALL_WORDS = frozenset(
    "a an the is are am be was do does did will would can could may shall i me my we us our you your u it its this "
    "that these those one please pls kindly hi hello hey again just so and or to of for in on at with there tell know "
    "let want like ask asking thanks thank sir madam dear still".split()
)


def question_of(text: str) -> str | None:
    """The signature of a message that asks; None of one that does not.

    >>> question_of("How long is the delivery?") == question_of("hello?? delivery, how long pls")
    True
    >>> question_of("请问多久发货呢"), question_of("多久发货?"), question_of("ok thanks")
    ('久 发 多 货', '久 发 多 货', None)
    """
    plain = normalise(text)
    if not _ASKS.search(plain):
        return None
    words = _WORD.findall(_FILLERS.sub(" ", plain))
    telling = [word.removesuffix("s") for word in words if word not in _SMALL_WORDS]
    return " ".join(sorted(set(telling or _WORD.findall(plain)))) or None
