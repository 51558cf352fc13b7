"""One written form for all the ways of typing the same words, so that texts can be compared.

Case is folded, not lowered: ß is ss, and ς is σ wherever it stands, so that no letter depends on its
neighbours and many texts can be folded as one block. The four letters i of Turkish are one.
"""

from __future__ import annotations

import re
import unicodedata

from seamark.text import chinese
from seamark.text.writing import FREQUENT, REPLACED, UNSEEN, Writing, writing_of

SEPARATOR = "\x01"
"""Stands between texts that are folded together, and in no folded text."""

_CONTROLS = bytes([0, *range(2, 32), 127])
_UPPER = bytes(range(ord("A"), ord("Z") + 1))
_FOLD_ASCII = bytes.maketrans(_UPPER + _CONTROLS + b"`", _UPPER.lower() + b" " * len(_CONTROLS) + b"'")

_HALF_PAIRS = "\ud800-\udfff"  # left by broken JSON, and impossible in UTF-8
_LEFT_OUT = re.compile(f"[{UNSEEN}{_HALF_PAIRS}]+")
_REPLACED = re.compile(f"[{''.join(REPLACED)}]")
_NOT_CHINESE = re.compile(f"[^{chinese.FIRST}-{chinese.LAST}]+")
_SPACES = re.compile("  +")


def normalise(text: str) -> str:
    """The text in NFKC, case folded, in simplified Chinese, with straight apostrophes and single spaces.

    Zero-width characters, marks of direction and variation, and halves of surrogate pairs are left
    out; control characters are white space.

    >>> normalise("  What’s the ＰＲＩＣＥ？"), normalise("這個價格")
    ("what's the price?", '这个价格')
    """
    return folded(text.replace(SEPARATOR, " "), writing_of(text)).strip(" ")


def folded(text: str, writing: Writing) -> str:
    """A text, or several of one writing between separators, normalised; a space may stand at their ends."""
    if writing != "ascii":
        for mark, plain in FREQUENT.items():
            text = text.replace(mark, plain)
    if writing in ("untidy", "foreign"):
        text = _folded_beyond_ascii(text)
    if writing != "unspaced":
        text = text.encode().translate(_FOLD_ASCII).decode()
    return _SPACES.sub(" ", text) if "  " in text else text


def _folded_beyond_ascii(text: str) -> str:
    text = _REPLACED.sub(lambda found: REPLACED[found[0]], _LEFT_OUT.sub("", text))
    if not unicodedata.is_normalized("NFKC", text):
        # Chinese is in NFKC, joins with nothing, and would take most of the time.
        text = _NOT_CHINESE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return chinese.simplified(text.casefold().replace("i\u0307", "i").replace("ı", "i"))
