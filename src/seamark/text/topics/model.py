"""The model of topics: a weight for each feature and topic; a message has every topic that is likely enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from math import exp
from pathlib import Path
from typing import Any, Self

from seamark.engine.errors import Unreadable
from seamark.text.topics.classes import TOPICS, Topic
from seamark.text.weights import Weights, read_model, version_of, write_model

LIKELY = 0.3
"""From this chance on a message has a topic: there are few examples of each, so chances are cautious."""


@dataclass(frozen=True)
class TopicModel:
    """`weights` has a class for each of `TOPICS`, in order."""

    weights: Weights

    @cached_property
    def version(self) -> str:
        return version_of(self._told)

    def topics(self, text: str) -> frozenset[Topic]:
        """All topics of a message; none where nothing of it is known."""
        known = self.weights.known(text)
        scores = self.weights.scores(known) if known else []
        return frozenset(topic for topic, score in zip(TOPICS, scores, strict=bool(known)) if _chance(score) >= LIKELY)

    def write(self, path: Path) -> None:
        write_model(path, self._told)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises `Unreadable` for what is no model of these topics."""
        try:
            told = read_model(path)
            if told["topics"] != _NAMES:
                raise ValueError
            return cls(Weights(told["weights"], told["bias"]))
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"{path} is no model of topics that this version can read") from error

    @property
    def _told(self) -> Mapping[str, Any]:
        return {"topics": _NAMES, **self.weights.told}


_NAMES = [f"{topic.prop}/{topic.name}" for topic in TOPICS]


def _chance(score: float) -> float:
    return 1 / (1 + exp(-score))


@cache
def bundled_topics() -> TopicModel:
    """The model that comes with Seamark."""
    return TopicModel.read(Path(str(files("seamark.text.topics") / "model.json.gz")))
