"""Batches in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from seamark.apps.batches.models import Batch
from seamark.apps.tagging.rulebooks import live_rulebook
from seamark.apps.tagging.words import chip

Deed = Batch.Deed


def title_of(asked: Mapping[str, Any]) -> str:
    """What the batch does, in the reader's language; `asked` as `actions` writes it."""
    told = {"tag": tag_words(asked.get("tag", "")), "into": tag_words(asked.get("into", "")), "to": asked.get("to", "")}
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


def tag_words(name: str) -> str:
    """The tag with its group; its name where the live rulebook has it no more."""
    live = live_rulebook() if name else None
    return chip(live.rulebook, live.rulebook.tags[name]).hint if live and name in live.rulebook.tags else name


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
