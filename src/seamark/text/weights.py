"""Weights of features: what the models of texts are made of, how a text is scored by them, and how they are kept.

All are whole thousandths, so that a model is the same on every machine.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from pathlib import Path
from typing import Any

from seamark.text.features import features

SCALE = 1_000

Row = Sequence[int]
"""The rarity of a feature, then its weight for each class."""


@dataclass(frozen=True)
class Weights:
    """Feature → its row; and what each class starts from."""

    rows: Mapping[str, Row]
    bias: Sequence[int]

    def known(self, text: str) -> set[str]:
        """The features of the text that are known."""
        return self.rows.keys() & features(text)

    def scores(self, known: Iterable[str]) -> list[float]:
        """The logit of each class, of known features, of which there is one at least."""
        squares, *sums = map(sum, zip(*[self._summed[feature] for feature in known], strict=True))
        length = sqrt(squares)
        return [start / SCALE + of_class / length for start, of_class in zip(self.bias, sums, strict=True)]

    def speaking(self, known: Iterable[str], place: int) -> list[str]:
        """The features by how much they speak for a class, the alphabet deciding between equals."""
        weights = {feature: self._summed[feature][1 + place] for feature in sorted(known)}
        return sorted(weights, key=weights.__getitem__, reverse=True)

    @cached_property
    def _summed(self) -> dict[str, tuple[int, ...]]:
        """The rows with rarities squared: whole numbers, so that sums are the same in any order."""
        return {feature: (rarity * rarity, *weights) for feature, (rarity, *weights) in self.rows.items()}

    @cached_property
    def told(self) -> dict[str, Any]:
        """As JSON has it, the same for weights that score the same."""
        return {"bias": list(self.bias), "weights": dict(sorted(self.rows.items()))}


def version_of(told: Mapping[str, Any]) -> str:
    """The same for models that tell the same."""
    return hashlib.sha256(_text(told).encode()).hexdigest()[:12]


def write_model(path: Path, told: Mapping[str, Any]) -> None:
    """The same model gives the same bytes."""
    path.write_bytes(gzip.compress(_text(told).encode(), mtime=0))


def read_model(path: Path) -> dict[str, Any]:
    """What `write_model` wrote. Raises `OSError`, `EOFError` or `ValueError` for what is none."""
    told: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return told


def _text(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)
