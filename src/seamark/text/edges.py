"""Where words begin and end: only scripts written with spaces have such edges."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_UNSPACED = re.compile(
    "[\u0e00-\u0fff"  # Thai, Lao, Tibetan
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"  # Korean: has spaces, but its particles stick to the word
    "\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U000323af]"  # Chinese, Japanese
)


@cache
def in_word(character: str) -> bool:
    """Whether the character is a letter, a digit or a mark on one, in a script written with spaces.

    >>> in_word("e"), in_word("5"), in_word("价"), in_word("?")
    (True, True, False, False)
    """
    return unicodedata.category(character)[0] in "LNM" and not _UNSPACED.match(character)
