"""Terms: which of a rulebook's keywords a text contains."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from seamark.text.keywords import Keyword, Terms, by_normal, guards_of, keywords_of, refuse_empty
from seamark.text.search import CarefulSearch, Place, QuickSearch
from seamark.text.writing import by_writing

ALGORITHM = 1
"""To be raised when the same keywords and text can give another answer than before."""

_TEXTS_IN_BLOCK = 500
_TEXTS_IN_BATCH = 20_000
_MOST_REMEMBERED = 50_000

Asked = TypeVar("Asked", bound=Hashable)
Answer = TypeVar("Answer")


class Found(NamedTuple):
    """What a text mentions: names of terms, and each "term: keyword" as the rulebook writes it; both sorted."""

    mentions: tuple[str, ...]
    words: tuple[str, ...]


NOTHING = Found((), ())


class Lexicon:
    """The terms of one rulebook, ready to be found in texts.

    An end of a keyword that is a letter or digit of a script written with spaces must be an end of a
    word in the text. A keyword that overlaps a guard phrase of its term does not count there.

    >>> lexicon = Lexicon({"price": {"en": ["price"], "zh": ["报价"], "unless": {"zh": ["不用报价"]}}})
    >>> lexicon.find("请发Price給我,還要報價")
    Found(mentions=('price',), words=('price: price', 'price: 报价'))
    >>> lexicon.find("Priceless! 不用報價了")
    Found(mentions=(), words=())
    """

    def __init__(self, terms: Terms) -> None:
        """Raises `RuleError` where nothing of a keyword can be found in a text."""
        self.keywords = keywords_of(terms)
        guards = guards_of(terms)
        refuse_empty((*self.keywords, *guards))
        self.version = _version(self.keywords, guards)
        self._keywords = by_normal(self.keywords)
        self._guards = by_normal(guards)
        phrases = sorted(self._keywords.keys() | self._guards.keys())
        self._careful = CarefulSearch(phrases)
        self._quick = QuickSearch(phrases)
        self._by_phrases = _Remembered(self._without_guards)
        self._by_key = _Remembered(self._without_places)

    def find(self, text: str) -> Found:
        """What the text mentions."""
        places = self._careful.places(text)
        if not places:
            return NOTHING
        guards = [place for place in places if place.phrase in self._guards]
        if not guards:
            return self._by_phrases[frozenset([place.phrase for place in places])]
        return _found(keyword for place in places for keyword in self._unguarded(place, guards))

    def find_many(self, texts: Sequence[str]) -> list[Found]:
        """`find` of each text, and many times as fast: equal texts are read once, others in blocks."""
        found: list[Found] = []
        for first in range(0, len(texts), _TEXTS_IN_BATCH):
            batch = texts[first : first + _TEXTS_IN_BATCH]
            known = self._find_distinct(set(batch))
            found += [known[text] for text in batch]
        return found

    def _find_distinct(self, texts: Iterable[str]) -> dict[str, Found]:
        found: dict[str, Found] = {}
        for writing, alike in by_writing(texts):
            if writing == "foreign":
                found.update({text: self.find(text) for text in alike})
                continue
            for first in range(0, len(alike), _TEXTS_IN_BLOCK):
                block = alike[first : first + _TEXTS_IN_BLOCK]
                quick = map(self._by_key.__getitem__, self._quick.keys(block, writing))
                found.update({text: one or self.find(text) for text, one in zip(block, quick, strict=True)})
        return found

    def _without_places(self, key: str) -> Found | None:
        """What a key of the quick search means; None where the places of phrases must be known as well."""
        phrases = self._quick.phrases(key)
        if phrases & (self._guards.keys() | self._quick.uncertain):
            return None
        return self._by_phrases[phrases]

    def _without_guards(self, phrases: frozenset[str]) -> Found:
        return _found(keyword for phrase in phrases for keyword in self._keywords[phrase])

    def _unguarded(self, place: Place, guards: Iterable[Place]) -> list[Keyword]:
        """The keywords at this place whose term has no guard phrase there."""
        near = {guard.term for at in guards if at.overlaps(place) for guard in self._guards[at.phrase]}
        return [keyword for keyword in self._keywords.get(place.phrase, ()) if keyword.term not in near]


class _Remembered(dict[Asked, Answer], Generic[Asked, Answer]):
    """Answers worked out once; all are forgotten when there are too many."""

    def __init__(self, work_out: Callable[[Asked], Answer]) -> None:
        self._work_out = work_out

    def __missing__(self, asked: Asked) -> Answer:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        answer = self[asked] = self._work_out(asked)
        return answer


def _found(keywords: Iterable[Keyword]) -> Found:
    distinct = set(keywords)
    mentions = {keyword.term for keyword in distinct}
    return Found(tuple(sorted(mentions)), tuple(sorted(map(str, distinct))))


def _version(keywords: Iterable[Keyword], guards: Iterable[Keyword]) -> str:
    """The same for lexicons that find the same, in whatever order they were written."""
    said = [ALGORITHM, sorted(set(keywords)), sorted({(guard.term, guard.normal) for guard in guards})]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]
