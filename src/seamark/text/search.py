"""Many phrases searched for at once: carefully, in any text, or quickly, in blocks of texts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import add
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from seamark.text.edges import in_word
from seamark.text.normalise import SEPARATOR, folded
from seamark.text.writing import Writing, writing_of

_LETTERS_AND_DIGITS = frozenset(code for code in range(128) if chr(code).isalnum())
_SPACE, _OTHER_MARK = ord(" "), 2


class Place(NamedTuple):
    """Where a phrase stands in a folded text; `end` is exclusive."""

    phrase: str
    start: int
    end: int


class Stretches:
    """The parts of a text that some places take up; quick to ask, however many there are."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for _, start, end in sorted(places, key=lambda place: place.start):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def overlap(self, place: Place) -> bool:
        begun = bisect_left(self._starts, place.end)
        return begun > 0 and self._ends[begun - 1] > place.start


class CarefulSearch:
    """Finds normalised phrases with their places, one text at a time."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = phrases
        self._edges = [_needed_edges(phrase) for phrase in phrases]
        self._automaton = AhoCorasick(phrases)

    def places(self, text: str) -> list[Place]:
        """Every place of every phrase that has there the edges it needs."""
        within = folded(f" {text.replace(SEPARATOR, ' ')} ", writing_of(text))
        return [
            Place(self._phrases[number], start, end)
            for number, start, end in self._automaton.find_matches_as_indexes(within, overlapping=True)
            if self._has_edges(number, within[start - 1], within[end])
        ]

    def _has_edges(self, number: int, before: str, after: str) -> bool:
        needs_before, needs_after = self._edges[number]
        return not ((needs_before and in_word(before)) or (needs_after and in_word(after)))


class QuickSearch:
    """Finds normalised phrases in blocks of texts of one writing, with hardly any Python in between.

    Its automata tell phrases but no places, so edges are written into what they search. Phrases of
    ASCII are searched for in a spaced form of the texts: marks stand between spaces, and all beyond
    ASCII is spaces, two or more a character. There " price " is the word with its edges, and as no
    phrase has two spaces in a row, nothing else comes out alike. Other phrases are searched for as
    they are.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        phrases = list(phrases)
        marks = _marks(phrases)
        kept = _LETTERS_AND_DIGITS | marks | {_SPACE, ord(SEPARATOR)}
        self._spacing = bytes(code if code in kept else _OTHER_MARK if code < 128 else _SPACE for code in range(256))
        self._marks = [bytes([mark]) for mark in (*marks, _OTHER_MARK)]
        spaced = {self._spaced_form(phrase): phrase for phrase in phrases if phrase.isascii()}
        # Marks alone stand in unspaced writing too.
        as_is = {phrase: phrase for phrase in phrases if not (phrase.isascii() and any(map(in_word, phrase)))}
        self.forms = spaced | as_is
        """The phrase that each form stands for."""
        self._spaced = AhoCorasick([SEPARATOR, *spaced], store_patterns=True)
        self._as_is = AhoCorasick([SEPARATOR, *as_is], store_patterns=True)
        self.uncertain = {phrase for phrase in as_is if any(_needed_edges(phrase))}
        """Forms that are found without a look at the edges they need."""

    def found(self, texts: Sequence[str], writing: Writing) -> list[str]:
        """For each text the forms it has, on lines of their own. The texts are of one writing, and not foreign."""
        if writing == "unspaced":
            return _found(self._as_is, folded(_block(texts, SEPARATOR), writing))
        block = folded(_block(texts, f" {SEPARATOR} "), writing)
        found = _found(self._spaced, self._with_spaces(block))
        return found if writing == "ascii" else list(map(add, found, _found(self._as_is, block)))

    def _spaced_form(self, phrase: str) -> str:
        before, after = _needed_edges(phrase)
        return " " * before + self._with_spaces(phrase) + " " * after

    def _with_spaces(self, block: str) -> str:
        spaced = block.encode().translate(self._spacing)
        for mark in self._marks:
            spaced = spaced.replace(mark, b" " + mark + b" ")
        return spaced.decode()


def _needed_edges(phrase: str) -> tuple[bool, bool]:
    return in_word(phrase[0]), in_word(phrase[-1])


def _marks(phrases: Iterable[str]) -> set[int]:
    """What phrases of ASCII are written with, besides letters, digits and spaces."""
    used = {code for phrase in phrases if phrase.isascii() for code in phrase.encode()}
    return used - _LETTERS_AND_DIGITS - {_SPACE}


def _block(texts: Sequence[str], joint: str) -> str:
    """The texts with a joint before, between and after them, and no other separator."""
    block = joint.join(["", *texts, ""])
    if block.count(SEPARATOR) == len(texts) + 1:
        return block
    return joint.join(["", *[text.replace(SEPARATOR, " ") for text in texts], ""])


def _found(automaton: AhoCorasick, block: str) -> list[str]:
    forms = automaton.find_matches_as_strings(block, overlapping=True)
    return "\n".join(forms).split(SEPARATOR)[1:-1]
