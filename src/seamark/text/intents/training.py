"""Training: from examples to a model, and how well it would judge messages it has not seen."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from math import log, sqrt

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from seamark.engine.errors import Unreadable
from seamark.text.features import features
from seamark.text.intents.classes import INTENTS
from seamark.text.intents.examples import Example
from seamark.text.intents.figures import Judged
from seamark.text.intents.model import Model
from seamark.text.weights import SCALE, Weights

FEWEST_USES = 2
"""Examples that a feature must occur in: one that occurs in fewer says more of them than of the language."""
PENALTY = 4.0
"""The inverse of the penalty on large weights; from 1 to 30 little changes."""
OTHER_COUNTS = 0.6
"""Of an example that is `other` for one of any other intent: a third of the examples are talk that is no shopping,
of what customers write to shops a seventh."""
HIGH_FROM = 0.74
"""Chosen so that of talk that is no shopping at most 2 in 100 messages are called high (benchmarks/RESULTS.md)."""
FOLDS = 5
FEWEST_OF_AN_INTENT = 2 * FOLDS
SEED = 20_261_122


def train(examples: Sequence[Example], high_from: float = HIGH_FROM) -> Model:
    """The model of the examples; the same for the same examples in the same order.

    Raises `Unreadable` where an intent has too few examples to learn from.
    """
    counts = Counter(each.intent for each in examples)
    if few := [intent for intent in INTENTS if counts[intent] < FEWEST_OF_AN_INTENT]:
        told = ", ".join(f"{intent} has {counts[intent]}" for intent in few)
        raise Unreadable(f"each intent needs {FEWEST_OF_AN_INTENT} examples, but {told}")
    found = [features(each.text) for each in examples]
    rarity = rarities(found)
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([scaled(each, rarity) for each in found])
    counted = {INTENTS.index(intent): OTHER_COUNTS if intent == "other" else 1.0 for intent in INTENTS}
    fitted = LogisticRegression(C=PENALTY, max_iter=100, tol=1e-3, class_weight=counted)
    fitted.fit(matrix, [INTENTS.index(each.intent) for each in examples])
    rows = {
        feature: (round(rarity[feature] * SCALE), *(round(rarity[feature] * weight * SCALE) for weight in column))
        for feature, column in zip(vectorizer.get_feature_names_out(), fitted.coef_.T.tolist(), strict=True)
    }
    return Model(Weights(rows, [round(bias * SCALE) for bias in fitted.intercept_.tolist()]), high_from)


def cross_validated(
    examples: Sequence[Example], also: Sequence[Example] = (), folds: int = FOLDS, high_from: float = HIGH_FROM
) -> list[Judged]:
    """Each example judged by a model that learnt from the other folds, and from all of `also`."""
    order = list(range(len(examples)))
    random.Random(SEED).shuffle(order)
    judged: dict[int, Judged] = {}
    for fold in range(folds):
        left_out = order[fold::folds]
        outside = set(left_out)
        learnt = [each for place, each in enumerate(examples) if place not in outside]
        model = train([*also, *learnt], high_from)
        judged |= {place: Judged(examples[place], model.intent(examples[place].text)) for place in left_out}
    return [judged[place] for place in range(len(examples))]


def rarities(found: Sequence[set[str]]) -> dict[str, float]:
    """Feature → 1 and the logarithm of how many examples there are for each with it."""
    uses = Counter(feature for each in found for feature in each)
    return {feature: 1 + log(len(found) / count) for feature, count in uses.items() if count >= FEWEST_USES}


def scaled(found: set[str], rarity: dict[str, float]) -> dict[str, float]:
    """The rarities of the known features of a message, as a row of length 1."""
    known = {feature: rarity[feature] for feature in sorted(found) if feature in rarity}
    length = sqrt(sum(weight * weight for weight in known.values())) or 1.0
    return {feature: weight / length for feature, weight in known.items()}
