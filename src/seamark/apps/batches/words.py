"""Batches in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from seamark.apps.batches.models import Batch
from seamark.apps.tagging.rulebooks import live_rulebook
from seamark.apps.tagging.words import chip, spoken
from seamark.engine.sentence import Language

Deed = Batch.Deed


def title_of(asked: Mapping[str, Any]) -> str:
    """What the batch does, in the reader's language; `asked` as `actions` writes it."""
    then = asked.get("called", {})
    told = {"to": asked.get("to", "")}
    for each in ("tag", "into"):
        name = asked.get(each, "")
        told[each] = then.get(name, {}).get(spoken(), name)
    match asked["deed"]:
        case Deed.TAG:
            return _("Set a tag: %(tag)s") % told
        case Deed.UNTAG:
            return _("Take a tag away: %(tag)s") % told
        case Deed.REPLACE:
            return _("Replace a tag: %(tag)s → %(into)s") % told
        case Deed.GIVE:
            return _("Give to %(to)s") % told
        case Deed.UNDO:
            return _("Undo: %(what)s") % {"what": title_of(asked["undoes"])}
    return str(Deed(asked["deed"]).label)


def called(*names: str) -> dict[str, dict[Language, str]]:
    """What tags are called now with their groups, by name and language; without those that the live rulebook lacks.

    It is kept with a batch: so a list of batches asks for no rulebook, and they are called as they were then.
    """
    live = live_rulebook()
    if live is None:
        return {}
    tags = [live.rulebook.tags[name] for name in names if name in live.rulebook.tags]
    hints: dict[str, dict[Language, str]] = {tag.name: {} for tag in tags}
    for code, _title in settings.LANGUAGES:
        with override(code):
            for tag in tags:
                hints[tag.name][spoken()] = chip(live.rulebook, tag).hint
    return hints


def counts_in_words(result: Mapping[str, Any]) -> str:
    """How many were done, were so already, and were refused."""
    told = []
    if done := result.get("done", 0):
        told.append(ngettext("%(number)s contact done", "%(number)s contacts done", done) % {"number": f"{done:,}"})
    if same := result.get("same", 0):
        told.append(ngettext("%(number)s already so", "%(number)s already so", same) % {"number": f"{same:,}"})
    if refused := result.get("refused", 0):
        told.append(ngettext("%(number)s refused", "%(number)s refused", refused) % {"number": f"{refused:,}"})
    if result.get("undone"):
        told.append(_("undone"))
    return pgettext("between two parts of a sentence", ", ").join(told)
