"""Keywords that add nothing, because another keyword is found wherever they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from seamark.text.keywords import Keyword, by_normal
from seamark.text.search import CarefulSearch
from seamark.text.terms import Lexicon


class Swallowed(NamedTuple):
    """A keyword, and the one that swallows it: of the same term, or the same keyword of another term."""

    keyword: Keyword
    by: Keyword


def swallowed(lexicon: Lexicon) -> list[Swallowed]:
    """Every keyword that could be left out, and every one that a term before it has as well.

    A guard makes no difference: one that hides the shorter keyword overlaps the longer one too.

    >>> [(pair.keyword.written, pair.by.written) for pair in swallowed(Lexicon({"price": {"zh": ["价格", "价"]}}))]
    [('价格', '价')]
    """
    together = by_normal(lexicon.keywords)
    search = CarefulSearch(list(together))
    return [
        pair
        for phrase, alike in together.items()
        for number, keyword in enumerate(alike)
        for pair in (*_within(keyword, _shorter(phrase, search), together), *_repeated(keyword, alike[:number]))
    ]


def _shorter(phrase: str, search: CarefulSearch) -> list[str]:
    """The other phrases that are found in this one, the shortest first."""
    return sorted({place.phrase for place in search.places(phrase)} - {phrase}, key=lambda found: (len(found), found))


def _within(keyword: Keyword, shorter: Iterable[str], together: Mapping[str, list[Keyword]]) -> Iterator[Swallowed]:
    others = (other for phrase in shorter for other in together[phrase] if other.term == keyword.term)
    for other in islice(others, 1):
        yield Swallowed(keyword, other)


def _repeated(keyword: Keyword, before: Iterable[Keyword]) -> Iterator[Swallowed]:
    for other in {other.term: other for other in before}.values():
        yield Swallowed(keyword, other)
