"""How well messages were judged: accuracy, precision and recall of each intent, and what was taken for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

from seamark.text.intents.classes import INTENTS, Intent
from seamark.text.intents.examples import Example


class Judged(NamedTuple):
    """An example, and what it was taken for."""

    example: Example
    taken_for: Intent


class OfIntent(NamedTuple):
    """Figures of one intent, 0 to 1; 0 where nothing stands below the line."""

    examples: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Figures:
    """Figures of judged messages."""

    confusion: Mapping[tuple[Intent, Intent], int]
    """(right intent, what it was taken for) → messages."""

    @classmethod
    def of(cls, judged: Iterable[Judged]) -> Self:
        return cls(Counter((each.example.intent, each.taken_for) for each in judged))

    @property
    def messages(self) -> int:
        return sum(self.confusion.values())

    @property
    def accuracy(self) -> float:
        return _part(sum(self.confusion.get((intent, intent), 0) for intent in INTENTS), self.messages)

    @cached_property
    def of_intents(self) -> dict[Intent, OfIntent]:
        """Of each intent that any of the messages has."""
        found = {intent: self._of_intent(intent) for intent in INTENTS}
        return {intent: figures for intent, figures in found.items() if figures.examples}

    @property
    def macro_f1(self) -> float:
        """The mean of F1 over the intents that occur, each counting the same."""
        return _part(sum(each.f1 for each in self.of_intents.values()), len(self.of_intents))

    def _of_intent(self, intent: Intent) -> OfIntent:
        right = self.confusion.get((intent, intent), 0)
        examples = sum(count for (known, _), count in self.confusion.items() if known == intent)
        precision = _part(right, sum(count for (_, taken), count in self.confusion.items() if taken == intent))
        recall = _part(right, examples)
        return OfIntent(examples, precision, recall, _part(2 * precision * recall, precision + recall))


def _part(some: float, whole: float) -> float:
    return some / whole if whole else 0.0
