"""One written form for all the ways of typing the same words, so that texts can be compared.

Case is folded, not lowered: ß is ss, and ς is σ wherever it stands, so that no letter depends on its
neighbours and many texts can be folded as one block. The four letters i of Turkish are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from seamark.text import chinese
from seamark.text.writing import FREQUENT, REPLACED, UNSEEN, Writing, writing_of

SEPARATOR = "\x01"
"""Stands around every text of a block, between spaces, and in no folded text."""
_JOINT = f" {SEPARATOR} "

_CONTROLS = bytes([0, *range(2, 32), 127])
_UPPER = bytes(range(ord("A"), ord("Z") + 1))
_FOLD_ASCII = bytes.maketrans(_UPPER + _CONTROLS + b"`", _UPPER.lower() + b" " * len(_CONTROLS) + b"'")

_HALF_PAIRS = "\ud800-\udfff"  # left by broken JSON, and impossible in UTF-8
_REPLACE = re.compile(f"[{''.join(REPLACED)}{UNSEEN}{_HALF_PAIRS}]")
_NOT_CHINESE = re.compile(f"[^{chinese.FIRST}-{chinese.LAST}]+")
_SPACES = re.compile("  +")


def normalise(text: str) -> str:
    """The text in NFKC, case folded, in simplified Chinese, with straight apostrophes and single spaces.

    Zero-width characters, marks of direction and variation, and halves of surrogate pairs are left
    out; control characters are white space.

    >>> normalise("  What’s the ＰＲＩＣＥ？"), normalise("這個價格")
    ("what's the price?", '这个价格')
    """
    return folded_block((text,), writing_of(text)).strip(_JOINT)


def folded_block(texts: Sequence[str], writing: Writing) -> str:
    """The texts, all of one writing, normalised in one go; before, between and after them stands a
    separator between spaces."""
    block = _JOINT.join(["", *texts, ""])
    if block.count(SEPARATOR) > len(texts) + 1:
        block = _JOINT.join(["", *[text.replace(SEPARATOR, " ") for text in texts], ""])
    if writing != "ascii":
        for mark, plain in FREQUENT.items():
            block = block.replace(mark, plain)
    if writing in ("untidy", "foreign"):
        block = _folded_beyond_ascii(block)
    if writing != "unspaced":
        block = block.encode().translate(_FOLD_ASCII).decode()
    return _SPACES.sub(" ", block) if "  " in block else block


def _folded_beyond_ascii(block: str) -> str:
    block = _REPLACE.sub(lambda odd: REPLACED.get(odd[0], ""), block)
    if not unicodedata.is_normalized("NFKC", block):
        # Chinese is in NFKC, joins with nothing, and would take most of the time.
        block = _NOT_CHINESE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), block)
    return chinese.simplified(block.casefold().replace("i\u0307", "i").replace("ı", "i"))
