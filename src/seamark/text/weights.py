"""Weights of features: what the models of texts are made of, how a text is scored by them, and how they are kept.

All are whole thousandths, so that a model is the same on every machine.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
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

    def known(self, text: str) -> list[tuple[str, Row]]:
        """The features of the text that are known, in order."""
        return [(feature, self.rows[feature]) for feature in sorted(features(text)) if feature in self.rows]

    def scores(self, known: Sequence[tuple[str, Row]]) -> list[float]:
        """The logit of each class, of known features, of which there is one at least."""
        length = sqrt(sum(row[0] ** 2 for _, row in known))
        return [
            start / SCALE + sum(row[1 + place] for _, row in known) / length for place, start in enumerate(self.bias)
        ]

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
