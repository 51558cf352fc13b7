"""What a message intends: one of five intents, by a small model that learns from examples and from corrections."""

from seamark.text.intents.classes import DEFINITIONS, INTENTS, Intent, language_of
from seamark.text.intents.examples import Example, bundled_examples, corrected, example
from seamark.text.intents.figures import Figures, Judged
from seamark.text.intents.model import Judgement, Model, bundled

__all__ = [
    "DEFINITIONS",
    "INTENTS",
    "Example",
    "Figures",
    "Intent",
    "Judged",
    "Judgement",
    "Model",
    "bundled",
    "bundled_examples",
    "corrected",
    "example",
    "language_of",
]
