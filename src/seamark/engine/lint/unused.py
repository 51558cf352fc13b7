"""What a rulebook defines and nothing in it uses."""

from __future__ import annotations

from collections.abc import Iterator

from seamark.engine import tree
from seamark.engine.check import is_mentions
from seamark.engine.errors import Problem
from seamark.engine.rulebook import Rulebook


def unused_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Terms, parameters, rules, kinds, journeys, texts and unlisted tags that nobody refers to."""
    used = _used(rulebook)
    defined: dict[str, list[tuple[str, tuple[str, ...]]]] = {
        "term": [(name, ("terms", name)) for name in rulebook.terms],
        "param": [(name, ("params", name)) for name in rulebook.params],
        "rule": [(name, ("rules", name)) for name in rulebook.rules],
        "journey": [(name, ("journeys", name)) for name in rulebook.journeys],
        "text": [(name, ("texts", name)) for name in rulebook.texts],
        "kind": [(name, ("kinds", name)) for source in rulebook.sources for name in source.value.get("kinds", {})],
        # A listed tag is of use to people, and an unlisted level to the levels behind it.
        "tag": [
            (tag.name, ("groups", group.name, "tags", tag.name.removeprefix(f"{group.name}/")))
            for group in rulebook.groups
            for tag in group.tags
            if tag.unlisted and group.kind == "set"
        ],
    }
    for what, names in defined.items():
        for name, path in names:
            if (what, name) not in used:
                told = f"Nothing uses the {_WORDS.get(what, what)} {name!r}; use it, or take it out."
                yield Problem(f"unused-{what}", told, rulebook.place(*path), severity="warning")


_WORDS = {"param": "parameter", "kind": "kind of event", "tag": "unlisted tag"}


def _used(rulebook: Rulebook) -> set[tuple[str, str]]:
    """(what, name) of everything that conditions and deeds refer to."""
    used: set[tuple[str, str]] = set()
    for node in (node for clause in rulebook.clauses for node in clause.condition.walk()):
        match node:
            case tree.Has(value=value, text=text) if is_mentions(value):
                used.add(("term", text))
            case tree.Param(name=name):
                used.add(("param", name))
            case tree.RuleRef(name=name):
                used.add(("rule", name))
            case tree.Events(kind=kind):
                used.add(("kind", kind))
            case tree.Tagged(tag=tag):
                used.add(("tag", tag))
    return used | _used_by_deeds(rulebook)


def _used_by_deeds(rulebook: Rulebook) -> set[tuple[str, str]]:
    """A journey that only starts itself is used by nobody."""
    used = {("tag", reaction.tag) for reaction in rulebook.reactions}
    for doer in rulebook.doers:
        for deed in doer.deeds:
            if deed.verb == "start" and deed.name != getattr(doer, "name", None):
                used.add(("journey", deed.name))
            if deed.verb in ("send", "follow_up"):
                used.add(("text", deed.name))
    return used
