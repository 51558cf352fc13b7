"""Training the model of topics: `python -m seamark.text.topics.training` writes the bundled one anew."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from seamark.text.features import features
from seamark.text.intents.training import PENALTY, rarities, scaled
from seamark.text.topics.classes import TOPICS
from seamark.text.topics.examples import TopicExample, bundled_topic_examples
from seamark.text.topics.model import TopicModel
from seamark.text.weights import SCALE, Weights


def train(examples: Sequence[TopicExample]) -> TopicModel:
    """One judge for each topic, of the same features; the same for the same examples in the same order."""
    found = [features(each.text) for each in examples]
    rarity = rarities(found)
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([scaled(each, rarity) for each in found])
    judges = [
        LogisticRegression(C=PENALTY, max_iter=200, tol=1e-3).fit(matrix, [topic in each.topics for each in examples])
        for topic in TOPICS
    ]
    columns = zip(*(judge.coef_[0].tolist() for judge in judges), strict=True)
    rows = {
        feature: (round(rarity[feature] * SCALE), *(round(rarity[feature] * weight * SCALE) for weight in column))
        for feature, column in zip(vectorizer.get_feature_names_out(), columns, strict=True)
    }
    return TopicModel(Weights(rows, [round(float(judge.intercept_[0]) * SCALE) for judge in judges]))


if __name__ == "__main__":
    train(bundled_topic_examples()).write(Path(str(files("seamark.text.topics") / "model.json.gz")))
