"""Traditional Chinese becomes simplified, and which characters that leaves alone."""

from __future__ import annotations

from functools import cache

from opencc import OpenCC

FIRST, LAST = "\u4e00", "\u9fff"
"""The block of Unicode that everyday Chinese is written with."""

_IN_PHRASES = frozenset("沈坏藉哩覆衹瞭甦")
"""Left alone by themselves, yet simplified in some phrases of OpenCC's dictionary, as 反覆 is."""


def simplified(text: str) -> str:
    """The text in simplified Chinese; phrases are converted as wholes (OpenCC's `t2s`).

    >>> simplified("乾淨的衣服,答覆乾隆")
    '干净的衣服,答复乾隆'
    """
    converted: str = _converter().convert(text)
    return converted


@cache
def left_alone() -> list[str]:
    """The characters from `FIRST` to `LAST` that mean the same in any text, simplified or not, in order."""
    every = [chr(code) for code in range(ord(FIRST), ord(LAST) + 1)]
    after = simplified("\n".join(every)).split("\n")
    return [one for one, same in zip(every, after, strict=True) if one == same and one not in _IN_PHRASES]


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
