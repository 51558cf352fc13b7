"""Messages whose intent is known: those that come with Seamark, and operators' corrections."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import NamedTuple, cast

from seamark.engine.errors import Unreadable
from seamark.text.intents.classes import INTENTS, Intent, Language, language_of
from seamark.text.normalise import normalise


class Example(NamedTuple):
    """A message and its right intent."""

    text: str
    intent: Intent

    @property
    def language(self) -> Language:
        return language_of(self.text)


def example(text: str, intent: str) -> Example:
    """An example as it is written in a file. Raises `Unreadable`."""
    if not text.strip():
        raise Unreadable("the text is empty")
    if intent.strip() not in INTENTS:
        raise Unreadable(f"{intent!r} is no intent; they are {', '.join(INTENTS)}")
    return Example(text, cast(Intent, intent.strip()))


def bundled_examples() -> list[Example]:
    """The messages that the bundled model learnt from, each text once."""
    found: dict[str, Example] = {}
    for file in sorted(files("seamark.text").joinpath("examples").iterdir(), key=lambda file: file.name):
        with file.open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                found.setdefault(normalise(row["text"]), example(row["text"], row["intent"]))
    return list(found.values())


def corrected(examples: list[Example], corrections: list[Example]) -> list[Example]:
    """The examples with the corrections, which stand against examples of the same text."""
    known = {normalise(each.text): each for each in (*examples, *corrections)}
    return list(known.values())
