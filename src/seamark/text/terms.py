"""Terms: which of a rulebook's keywords a text contains."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from seamark.text.keywords import Keyword, Terms, by_normal, guards_of, keywords_of, refuse_empty
from seamark.text.remembered import Remembered
from seamark.text.search import CarefulSearch, Place, QuickSearch, Stretches
from seamark.text.writing import by_writing

ALGORITHM = 1
"""To be raised when the same keywords and text can give another answer than before."""

_TEXTS_IN_BLOCK = 2_000
_TEXTS_IN_BATCH = 10_000


class Found(NamedTuple):
    """What a text mentions: names of terms, and each "term: keyword" as the rulebook writes it; both sorted."""

    mentions: tuple[str, ...]
    words: tuple[str, ...]


NOTHING = Found((), ())


class Word(NamedTuple):
    """A term, and "term: keyword" for one of its keywords."""

    term: str
    written: str


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
        self._words = {
            phrase: [Word(keyword.term, str(keyword)) for keyword in alike]
            for phrase, alike in by_normal(self.keywords).items()
        }
        self._guards = by_normal(guards)
        phrases = sorted(self._words.keys() | self._guards.keys())
        self._careful = CarefulSearch(phrases)
        self._quick = QuickSearch(phrases)
        self._words_of_form = {form: self._words.get(phrase, []) for form, phrase in self._quick.forms.items()}
        self._words_of_form[""] = []
        self._needs_places = self._quick.uncertain | {
            form for form, phrase in self._quick.forms.items() if phrase in self._guards
        }
        self._by_phrases = Remembered(self._without_guards)
        self._by_forms = Remembered(self._without_places)

    def find(self, text: str) -> Found:
        """What the text mentions."""
        places = self._careful.places(text)
        if not places:
            return NOTHING
        guards = [place for place in places if place.phrase in self._guards]
        if not guards:
            return self._by_phrases[frozenset([place.phrase for place in places])]
        hidden = self._hidden(guards)
        return _found(
            word
            for place in places
            for word in self._words.get(place.phrase, ())
            if not (word.term in hidden and hidden[word.term].overlap(place))
        )

    def find_many(self, texts: Sequence[str]) -> list[Found]:
        """`find` of each text, and many times as fast: equal texts are read once, others in blocks."""
        found: list[Found] = []
        for first in range(0, len(texts), _TEXTS_IN_BATCH):
            batch = texts[first : first + _TEXTS_IN_BATCH]
            known = self._find_quickly(batch)
            found += [known[text] or self.find(text) for text in batch]
        return found

    def _find_quickly(self, texts: Iterable[str]) -> dict[str, Found | None]:
        """What the texts mention; None where the places of phrases must be known as well."""
        found: dict[str, Found | None] = dict.fromkeys(texts)
        for writing, alike in by_writing(found):
            if writing == "foreign":
                continue
            for first in range(0, len(alike), _TEXTS_IN_BLOCK):
                block = alike[first : first + _TEXTS_IN_BLOCK]
                found.update(
                    zip(block, map(self._by_forms.__getitem__, self._quick.found(block, writing)), strict=True)
                )
        return found

    def _without_places(self, found: str) -> Found | None:
        """What is meant by the forms the quick search found; None as above."""
        forms = found.split("\n")
        if self._needs_places.isdisjoint(forms):
            return _found(chain.from_iterable([self._words_of_form[form] for form in forms]))
        return None

    def _without_guards(self, phrases: frozenset[str]) -> Found:
        return _found(chain.from_iterable([self._words[phrase] for phrase in phrases]))

    def _hidden(self, guards: Iterable[Place]) -> dict[str, Stretches]:
        """The parts of the text, by term, where its keywords do not count."""
        by_term = defaultdict(list)
        for place in guards:
            for guard in self._guards[place.phrase]:
                by_term[guard.term].append(place)
        return {term: Stretches(places) for term, places in by_term.items()}


def _found(words: Iterable[Word]) -> Found:
    distinct = set(words)
    if not distinct:
        return NOTHING
    terms, written = zip(*sorted(distinct), strict=True)
    return Found(tuple(dict.fromkeys(terms)), written)


def _version(keywords: Iterable[Keyword], guards: Iterable[Keyword]) -> str:
    """The same for lexicons that find the same, in whatever order they were written."""
    said = [ALGORITHM, sorted(set(keywords)), sorted({(guard.term, guard.normal) for guard in guards})]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]
