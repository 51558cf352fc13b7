"""Keywords and guard phrases, as a rulebook's terms list them and as texts are searched for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from seamark.engine.errors import Place, Problem, RuleError
from seamark.text.normalise import normalise

Terms = Mapping[str, Mapping[str, Any]]
"""The section `terms` of a checked rulebook: keywords by language, and under `unless` guard phrases by language."""

_NOT_LANGUAGES = ("title", "unless")


class Keyword(NamedTuple):
    """A keyword or guard phrase of a term; `normal` is what texts are searched for."""

    term: str
    written: str
    normal: str

    def __str__(self) -> str:
        return f"{self.term}: {self.written}"


def keywords_of(terms: Terms) -> list[Keyword]:
    """The keywords of all languages, in the order of the rulebook."""
    return list(_phrases(terms))


def guards_of(terms: Terms) -> list[Keyword]:
    """The guard phrases of all languages, likewise."""
    return list(_phrases({name: term.get("unless", {}) for name, term in terms.items()}))


def refuse_empty(phrases: Iterable[Keyword]) -> None:
    """Raises `RuleError` for phrases of which nothing is left when normalised."""
    if empty := [_empty(phrase) for phrase in phrases if not phrase.normal]:
        raise RuleError(empty)


def by_normal(keywords: Iterable[Keyword]) -> dict[str, list[Keyword]]:
    """Keywords that cannot be told apart in a text stand together."""
    together: dict[str, list[Keyword]] = defaultdict(list)
    for keyword in keywords:
        together[keyword.normal].append(keyword)
    return dict(together)


def _empty(phrase: Keyword) -> Problem:
    told = f"Nothing of {phrase.written!r} can be found in a text."
    return Problem("empty-keyword", told, Place(path=f"terms.{phrase.term}"))


def _phrases(terms: Terms) -> Iterator[Keyword]:
    for name, term in terms.items():
        for language, phrases in term.items():
            if language not in _NOT_LANGUAGES:
                yield from (Keyword(name, written, normalise(written)) for written in phrases)
