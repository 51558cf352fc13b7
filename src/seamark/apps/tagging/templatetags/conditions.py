"""The editor of a condition, for any form."""

from __future__ import annotations

from django import template

from seamark.apps.tagging.blocks import component as parts
from seamark.apps.tagging.blocks.vocabulary import Vocabulary
from seamark.apps.tagging.rulebooks import live_rulebook

register = template.Library()


@register.inclusion_tag("tagging/parts/blocks.html")
def condition_editor(text: str, name: str = "when") -> dict[str, object]:
    """Edits a condition as blocks and as text, in the words of the live rulebook.

    It stands inside a form, whose input `name` then holds the text; the form's action checks it once more.
    """
    live = live_rulebook()
    shown = parts.component(Vocabulary(live.rulebook), text, name=name) if live else None
    return {"component": shown, "new": parts.NEW}
