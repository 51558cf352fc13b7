"""What a rulebook's tags, terms and figures are called in the language in use."""

from __future__ import annotations

from seamark.cli.failures import Failure
from seamark.cli.language import say, spoken, titled
from seamark.engine.errors import nearest
from seamark.engine.rulebook import Rulebook, TagGroup
from seamark.engine.sentence import Figure, Names, sentence
from seamark.engine.sentence import noun as noun_in
from seamark.engine.tree import Duration, Node, Number, Text


def names_of(rulebook: Rulebook) -> Names:
    """The names for sentences."""
    return Names(
        tags={name: full_title(rulebook, name) for name in rulebook.tags},
        terms={name: titled(term["title"]) for name, term in rulebook.terms.items() if "title" in term},
        rules={name: titled(rule.title) for name, rule in rulebook.rules.items() if rule.title},
        fields={name: titled(title) for name, title in rulebook.field_titles.items()},
        params={name: _figure(param.value, param.type) for name, param in rulebook.params.items()},
    )


def said(rulebook: Rulebook, node: Node) -> str:
    """A condition as a sentence, or a value as words."""
    return sentence(node, spoken(), names_of(rulebook))


def noun(kind: str) -> str:
    """What an event of that kind is called."""
    return noun_in(kind, spoken())


def full_title(rulebook: Rulebook, tag: str) -> str:
    """The title of a tag with that of its group: "Activity: High"."""
    return say("tag.full", group=titled(group_of(rulebook, tag).title), tag=titled(rulebook.tags[tag].title))


def group_of(rulebook: Rulebook, tag: str) -> TagGroup:
    """The group a tag belongs to."""
    name = tag.partition("/")[0]
    return next(group for group in rulebook.groups if group.name == name)


def known_tag(rulebook: Rulebook, name: str) -> str:
    """The name, if it is that of a tag."""
    if name not in rulebook.tags:
        raise Failure("wrong.tag", near=nearest(name, rulebook.tags), found=name, rulebook=rulebook.name)
    return name


def _figure(value: int | str, type_: str) -> Figure:
    if isinstance(value, str):
        return Text(value)
    return Duration(value) if type_ == "duration" else Number(value)
