"""What names a tag: conditions of other tags, of segments and rules, reactions, journeys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from seamark.apps.tagging.rulebooks import GROUP, Live
from seamark.apps.tagging.words import chip, titled
from seamark.engine import tree
from seamark.engine.rulebook import Clause, Rulebook


class Use(NamedTuple):
    """Something that would not be the same without the tag."""

    kind: str
    """What it is, in words."""
    title: str


def uses_of(tag: str, live: Live) -> list[Use]:
    """Whatever of the live rulebook, and beside it, names the tag; each once, in the order of the file."""
    found = [
        _place(live.whole, clause)
        for clause in live.whole.clauses
        if any(isinstance(node, tree.Tagged) and node.tag == tag for node in clause.condition.walk())
    ]
    return list(dict.fromkeys([*found, *_doers(live.whole, tag)]))


def _place(rulebook: Rulebook, clause: Clause) -> Use:
    match clause.path:
        case ("groups", group, "tags", name, *_rest) if group == GROUP:
            return Use(_("Segment"), titled(rulebook.tags[f"{group}/{name}"].title))
        case ("groups", group, "tags", name, *_rest):
            return Use(_("Tag"), chip(rulebook, rulebook.tags[f"{group}/{name}"]).hint)
        case ("rules", str(name), *_rest):
            title = rulebook.rules[name].title
            return Use(_("Rule"), titled(title) if title else name)
        case ("journeys", str(name), *_rest):
            return Use(_("Journey"), titled(rulebook.journeys[name].title))
    return Use(_("Reaction"), clause.text)


def _doers(rulebook: Rulebook, tag: str) -> Iterator[Use]:
    told = chip(rulebook, rulebook.tags[tag]).hint
    for reaction in rulebook.reactions:
        if reaction.tag == tag:
            words = _("when “%(tag)s” is entered") if reaction.edge == "enter" else _("when “%(tag)s” is left")
            yield Use(_("Reaction"), words % {"tag": told})
        elif any(deed.verb in ("set", "clear") and deed.name == tag for deed in reaction.deeds):
            other = chip(rulebook, rulebook.tags[reaction.tag]).hint
            yield Use(_("Reaction"), _("to “%(tag)s”, which sets or clears it") % {"tag": other})
    for journey in rulebook.journeys.values():
        if any(deed.verb in ("set", "clear") and deed.name == tag for deed in journey.deeds):
            yield Use(_("Journey"), titled(journey.title))
