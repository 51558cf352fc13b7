"""The model: a weight for each feature and intent, small enough to be read, and able to say why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from math import exp
from pathlib import Path
from typing import Any, Self

from seamark.engine.errors import Unreadable
from seamark.text.intents.classes import INTENTS, Intent
from seamark.text.weights import Weights, read_model, version_of, write_model

FORMAT = 2
MOST_REASONS = 5
_OTHER = INTENTS.index("other")


@dataclass(frozen=True)
class Judgement:
    """What a message intends, how sure that is (0 to 1), and the features that speak most for it."""

    intent: Intent
    sure: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """`weights` has a class for each of `INTENTS`, in order."""

    weights: Weights
    high_from: float
    """How much likelier than other a high intent must be, as its part of both; below it the next best stands."""

    @cached_property
    def version(self) -> str:
        """The same for models that judge the same."""
        return version_of(self._told)

    def judge(self, text: str) -> Judgement:
        """What the message intends; `other` where nothing of it is known."""
        known = self.weights.known(text)
        if not known:
            return Judgement("other", 0.0, ())
        best, sure = self._best(known)
        read = dict.fromkeys(feature.strip("#^$ ") for feature in self.weights.speaking(known, best))
        return Judgement(INTENTS[best], sure, tuple(filter(None, read))[:MOST_REASONS])

    def intent(self, text: str) -> Intent:
        """The intent of `judge`, found quicker as nobody asks for reasons."""
        known = self.weights.known(text)
        return INTENTS[self._best(known)[0]] if known else "other"

    def _best(self, known: Iterable[str]) -> tuple[int, float]:
        """The place of the intent that stands, and its chance."""
        chances = _softmax(self.weights.scores(known))
        best = max(range(len(INTENTS)), key=lambda place: (self._counts(place, chances), chances[place]))
        return best, chances[best]

    def _counts(self, place: int, chances: Sequence[float]) -> bool:
        return INTENTS[place] != "high" or chances[place] >= self.high_from * (chances[place] + chances[_OTHER])

    def write(self, path: Path) -> None:
        """Write it; the same model gives the same bytes."""
        write_model(path, self._told)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises `Unreadable` for what is no model of this format."""
        try:
            told = read_model(path)
            if told["format"] != FORMAT or tuple(told["intents"]) != INTENTS:
                raise ValueError
            return cls(Weights(told["weights"], told["bias"]), told["high_from"])
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise Unreadable(
                f"{path} is no intent model that this version can read; train one with `seamark intents train`"
            ) from error

    @property
    def _told(self) -> Mapping[str, Any]:
        return {"format": FORMAT, "intents": INTENTS, "high_from": self.high_from, **self.weights.told}


def _softmax(logits: Sequence[float]) -> list[float]:
    most = max(logits)
    powers = [exp(logit - most) for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]


@cache
def bundled() -> Model:
    """The model that comes with Seamark."""
    return Model.read(Path(str(files("seamark.text.intents") / "model.json.gz")))
