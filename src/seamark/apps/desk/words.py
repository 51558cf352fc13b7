"""Words of tags and fields for the pages of the desk; they live with the tags."""

from __future__ import annotations

from seamark.apps.tagging.words import (
    Chip,
    chip,
    date_words,
    field_title,
    group_of,
    moment_words,
    spoken,
    tag_choices,
    telling_first,
    titled,
)

__all__ = [
    "Chip",
    "chip",
    "date_words",
    "field_title",
    "group_of",
    "moment_words",
    "spoken",
    "tag_choices",
    "telling_first",
    "titled",
]
