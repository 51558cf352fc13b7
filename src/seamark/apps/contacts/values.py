"""What contacts' fields hold, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _


def in_words(value: object) -> str:
    """A value as pages and files show it; empty where there is none."""
    match value:
        case None:
            return ""
        case list():
            return ", ".join(map(str, value))
        case dict():
            return "–".join(str(value[end]) for end in ("low", "high") if end in value)
        case bool():
            return _("Yes") if value else _("No")
    return str(value)
