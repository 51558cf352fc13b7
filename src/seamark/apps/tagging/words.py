"""What a rulebook's tags and fields are called in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.utils import formats, timezone
from django.utils.translation import get_language, pgettext

from seamark.apps.contacts.models import Field
from seamark.engine.moments import as_datetime
from seamark.engine.rulebook import Rulebook, Tag, TagGroup, Words
from seamark.engine.sentence import Language


def spoken() -> Language:
    """The reader's language, as rulebooks name it."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def titled(words: Words) -> str:
    """A title in the reader's language, or in the one it has."""
    return words.get(spoken()) or next(iter(words.values()))


def field_title(field: Field) -> str:
    """What a field is called."""
    return field.title_zh if spoken() == "zh" else field.title_en


class Chip(NamedTuple):
    """A tag as pages show it."""

    name: str
    title: str
    color: str
    group: str
    """What its group is called; empty for tags that say all by themselves."""
    hint: str


def chip(rulebook: Rulebook, tag: Tag) -> Chip:
    """The tag; one of a level group ("High") says which group it is of."""
    group = group_of(rulebook, tag)
    title, family = titled(tag.title), titled(group.title)
    return Chip(tag.name, title, tag.color, family if group.kind == "level" else "", f"{family} · {title}")


def tag_choices(rulebook: Rulebook) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every listed tag with its title, by the title of its group, to choose from."""
    listed = [(titled(group.title), [tag for tag in group.tags if not tag.unlisted]) for group in rulebook.groups]
    return [(title, [(tag.name, titled(tag.title)) for tag in tags]) for title, tags in listed if tags]


def group_of(rulebook: Rulebook, tag: Tag) -> TagGroup:
    """The group that the tag belongs to."""
    name = tag.name.partition("/")[0]
    return next(group for group in rulebook.groups if group.name == name)


def moment_words(moment: int) -> str:
    """A moment of the engine in the reader's zone, with the year where it is another one than now's."""
    local = timezone.localtime(as_datetime(moment))
    return f"{date_words(local.date(), timezone.localdate())} {local:%H:%M}"


def date_words(day: date, today: date) -> str:
    """A date, with the year where it is another one than today's."""
    this_year = pgettext("date within the year", "j M")
    return formats.date_format(day, this_year if day.year == today.year else pgettext("date of another year", "j M Y"))
