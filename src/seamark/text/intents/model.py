"""The model: a weight for each feature and intent, small enough to be read, and able to say why."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from math import exp, sqrt
from pathlib import Path
from typing import Self

from seamark.engine.errors import Unreadable
from seamark.text.intents.classes import INTENTS, Intent
from seamark.text.intents.features import features

FORMAT = 1
SCALE = 1_000
"""Rarities and weights are kept as whole thousandths, so that a model is the same on every machine."""
MOST_REASONS = 5


@dataclass(frozen=True)
class Judgement:
    """What a message intends, how sure that is (0 to 1), and the features that speak most for it."""

    intent: Intent
    sure: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """Feature → its rarity, and its weight for each of `INTENTS`; all in thousandths."""

    weights: Mapping[str, Sequence[int]]
    bias: Sequence[int]
    high_from: float
    """How sure a message must be of a high intent to be called so; below it the next best stands."""

    @cached_property
    def version(self) -> str:
        """The same for models that judge the same."""
        return hashlib.sha256(self._text().encode()).hexdigest()[:12]

    def judge(self, text: str) -> Judgement:
        """What the message intends; `other` where nothing of it is known."""
        known = [(feature, self.weights[feature]) for feature in sorted(features(text)) if feature in self.weights]
        if not known:
            return Judgement("other", 0.0, ())
        length = sqrt(sum(row[0] ** 2 for _, row in known))
        logits = [
            self.bias[place] / SCALE + sum(row[1 + place] for _, row in known) / length for place in range(len(INTENTS))
        ]
        chances = _softmax(logits)
        best = max(range(len(INTENTS)), key=lambda place: (self._counts(place, chances), chances[place]))
        speaking = sorted(known, key=lambda pair: -pair[1][1 + best])
        read = dict.fromkeys(feature.strip("#^$ ") for feature, _ in speaking)
        return Judgement(INTENTS[best], chances[best], tuple(filter(None, read))[:MOST_REASONS])

    def _counts(self, place: int, chances: Sequence[float]) -> bool:
        return INTENTS[place] != "high" or chances[place] >= self.high_from

    def write(self, path: Path) -> None:
        """Write it; the same model gives the same bytes."""
        path.write_bytes(gzip.compress(self._text().encode(), mtime=0))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises `Unreadable` for what is no model of this format."""
        try:
            told = json.loads(gzip.decompress(path.read_bytes()))
            if told["format"] != FORMAT or tuple(told["intents"]) != INTENTS:
                raise ValueError
            return cls(told["weights"], told["bias"], told["high_from"])
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise Unreadable(
                f"{path} is no intent model that this version can read; train one with `seamark intents train`"
            ) from error

    def _text(self) -> str:
        told = {"format": FORMAT, "intents": INTENTS, "high_from": self.high_from, "bias": self.bias}
        return json.dumps(told | {"weights": dict(sorted(self.weights.items()))}, ensure_ascii=False)


def _softmax(logits: Sequence[float]) -> list[float]:
    most = max(logits)
    powers = [exp(logit - most) for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]


@cache
def bundled() -> Model:
    """The model that comes with Seamark."""
    return Model.read(Path(str(files("seamark.text.intents") / "model.json.gz")))
