"""What a rulebook's tags, terms, figures and events are called, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seamark.engine.rulebook import Rulebook, TagGroup, Words
from seamark.engine.sentence import LANGUAGES, Figure, Language, Names, sentence
from seamark.engine.sentence.en import English
from seamark.engine.sentence.zh import Chinese
from seamark.engine.tree import Duration, Events, Node, Number, Text

_LISTS = {"comma": (", ", "、"), "or": (" or ", "或"), "and": (" and ", "和")}


@dataclass(frozen=True)
class Naming:
    """A rulebook, spoken of in a language."""

    rulebook: Rulebook
    language: Language

    def titled(self, words: Words) -> str:
        """A title in the language, or in the one it has."""
        return titled(words, self.language)

    def group_of(self, tag: str) -> TagGroup:
        """The group a tag belongs to."""
        name = tag.partition("/")[0]
        return next(group for group in self.rulebook.groups if group.name == name)

    def title(self, tag: str) -> str:
        """The title of a tag: "High"."""
        return self.titled(self.rulebook.tags[tag].title)

    def full_title(self, tag: str) -> str:
        """The title of a tag with that of its group: "Activity: High"."""
        return f"{self.titled(self.group_of(tag).title)}{self.colon}{self.title(tag)}"

    @property
    def colon(self) -> str:
        """What stands between a name and what is told of it."""
        return ": " if self.language == "en" else "："

    def names(self) -> Names:
        """The names for sentences."""
        book = self.rulebook
        return Names(
            tags={name: self.full_title(name) for name in book.tags},
            terms={name: self.titled(term["title"]) for name, term in book.terms.items() if "title" in term},
            rules={name: self.titled(rule.title) for name, rule in book.rules.items() if rule.title},
            fields={name: self.titled(title) for name, title in book.field_titles.items()},
            params={name: _figure(param.value, param.type) for name, param in book.params.items()},
        )

    def said(self, node: Node) -> str:
        """A condition as a sentence, or a value as words."""
        return sentence(node, self.language, self.names())


def titled(words: Words, language: Language) -> str:
    """A title in the language, or in the one it has."""
    return words.get(language) or next(iter(words.values()))


def noun(kind: str, language: Language) -> str:
    """What an event of that kind is called.

    >>> noun("order.placed", "en"), noun("order.placed", "zh")
    ('order', '订单')
    """
    speaker = English(Names()) if language == "en" else Chinese(Names())
    return speaker.noun(Events(kind))


def listed(parts: Sequence[str], last: str, language: Language) -> str:
    """Parts as they are listed in a sentence; the last one after "or" or "and".

    >>> listed(["a", "b", "c"], "or", "en"), listed(["a", "b", "c"], "and", "zh")
    ('a, b or c', 'a、b和c')
    """
    if len(parts) < 2:
        return "".join(parts)
    comma, end = (_LISTS[word][LANGUAGES.index(language)] for word in ("comma", last))
    return comma.join(parts[:-1]) + end + parts[-1]


def _figure(value: int | str, type_: str) -> Figure:
    if isinstance(value, str):
        return Text(value)
    return Duration(value) if type_ == "duration" else Number(value)
