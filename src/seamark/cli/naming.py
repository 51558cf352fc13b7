"""What a rulebook's tags, terms and figures are called in the language in use."""

from __future__ import annotations

from seamark.cli.failures import Failure
from seamark.cli.language import spoken
from seamark.engine.errors import nearest
from seamark.engine.rulebook import Rulebook
from seamark.engine.sentence import naming
from seamark.engine.sentence.naming import Naming
from seamark.engine.tree import Node


def naming_of(rulebook: Rulebook) -> Naming:
    """How the rulebook is spoken of."""
    return Naming(rulebook, spoken())


def said(rulebook: Rulebook, node: Node) -> str:
    """A condition as a sentence, or a value as words."""
    return naming_of(rulebook).said(node)


def noun(kind: str) -> str:
    """What an event of that kind is called."""
    return naming.noun(kind, spoken())


def full_title(rulebook: Rulebook, tag: str) -> str:
    """The title of a tag with that of its group: "Activity: High"."""
    return naming_of(rulebook).full_title(tag)


def known_tag(rulebook: Rulebook, name: str) -> str:
    """The name, if it is that of a tag."""
    if name not in rulebook.tags:
        raise Failure("wrong.tag", near=nearest(name, rulebook.tags), found=name, rulebook=rulebook.name)
    return name
