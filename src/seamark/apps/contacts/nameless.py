"""What a contact is called of whom no name is known: by a short code that can be said aloud, and is always the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""No vowels, which would make words of codes, and nothing that is taken for another: 0 and O, 1, I and L."""
SHORTEST, LONGEST = 4, 14
"""Letters of a code: enough for 614,656 contacts, and for all that an id can be."""
_FACTOR = 15_485_863
"""Scatters neighbours; prime, so that no two of the same length fall together."""
_CODE = re.compile(rf"(?<![A-Z0-9])[{LETTERS}]{{{SHORTEST},{LONGEST}}}$")


def is_code(word: str) -> bool:
    """Whether a word can be such a code.

    >>> is_code("KDG7"), is_code("Kim")
    (True, False)
    """
    return bool(_CODE.match(word))


def visitor_name(id: int) -> str:
    """What the contact with this id is called, in the reader's language.

    >>> visitor_name(1), visitor_name(2), visitor_name(700_000)
    ('Visitor KDG7', 'Visitor 4SWD', 'Visitor 2WW8Y')
    """
    return _("Visitor %(code)s") % {"code": _code(id)}


def visitor_called(text: str) -> int | None:
    """The id of whoever would be called so, in one of our languages, or by the code alone; None: it is no such name.

    >>> visitor_called("visitor kdg7"), visitor_called("访客4SWD"), visitor_called("2WW8Y")
    (1, 2, 700000)
    >>> visitor_called("Anna"), visitor_called("Mr KDG7")
    (None, None)
    """
    found = _CODE.search(text.upper().strip())
    id = _id(found[0]) if found else 0
    return id if found and id and _folded(text) in {found[0], *map(_folded, _names(id))} else None


def _names(id: int) -> Iterator[str]:
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            yield visitor_name(id)


def _folded(text: str) -> str:
    return "".join(text.upper().split())


def _code(id: int) -> str:
    length = SHORTEST
    while id >= len(LETTERS) ** length:
        length += 1
    rest, code = id * _FACTOR % len(LETTERS) ** length, ""
    for _place in range(length):
        rest, letter = divmod(rest, len(LETTERS))
        code += LETTERS[letter]
    return code


def _id(code: str) -> int:
    """Whose code it is; 0 where nobody can have it."""
    number = 0
    for letter in reversed(code):
        number = number * len(LETTERS) + LETTERS.index(letter)
    all_codes = len(LETTERS) ** len(code)
    id = number * pow(_FACTOR, -1, all_codes) % all_codes
    return id if _code(id) == code else 0
