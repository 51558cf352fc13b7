"""Tags as the page shows them."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from seamark.engine.rulebook import Tag
from seamark.report.speech import Speech
from seamark.report.subject import Subject


class Chip(NamedTuple):
    """A tag as it is shown."""

    title: str
    style: Markup


def color_style(color: str) -> Markup:
    """The attribute that gives a tag's colour: one of the style sheet's, or its own code."""
    return Markup('style="--tag:{}"').format(color if color.startswith("#") else f"var(--{color})")


def chip(speech: Speech, tag: Tag) -> Chip:
    """The tag with its title."""
    return Chip(speech.titled(tag.title), color_style(tag.color))


def full_chip(subject: Subject, tag: Tag) -> Chip:
    """The tag with the titles of its group and of itself: "Activity · High"."""
    group = next(group for group in subject.rulebook.groups if group.name == tag.name.partition("/")[0])
    titles = [subject.speech.titled(words) for words in (group.title, tag.title)]
    return Chip(" · ".join(titles), color_style(tag.color))
