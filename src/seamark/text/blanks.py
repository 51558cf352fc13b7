"""Suggested words of a rulebook, with the blanks that name the contact or a field filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAME = re.compile(r"^\{contact\.name\}[,，、\s]*|[,，、]?\s*\{contact\.name\}(?=[.?!。？！]|$)|\s*\{contact\.name\}")
_FIELD = re.compile(r"\{contact\.(\w+)\}")


def filled(words: str, contact: str, fields: Mapping[str, object]) -> str:
    """Suggested words with the contact's fields in them; one known only by a number is not called by it.

    >>> filled("Hello {contact.name}, all well?", "Ann", {}), filled("Hello {contact.name}, all well?", "+49 17", {})
    ('Hello Ann, all well?', 'Hello, all well?')
    >>> filled("All well, {contact.name}?", "17850", {}), filled("{contact.name},您好", "17850", {})
    ('All well?', '您好')
    >>> filled("{contact.name}, all well?", "17850", {})
    'All well?'
    """
    called = str(fields.get("name") or (contact if any(map(str.isalpha, contact)) else ""))
    if not called:
        words = _NAME.sub("", words)
        words = words[:1].upper() + words[1:]
    return _FIELD.sub(lambda found: called if found[1] == "name" else str(fields.get(found[1]) or ""), words)
