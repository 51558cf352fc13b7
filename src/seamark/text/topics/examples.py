"""Messages whose topics are known."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import NamedTuple

from seamark.text.topics.classes import TOPICS, Topic


class TopicExample(NamedTuple):
    """A message, and all topics it speaks of."""

    text: str
    topics: frozenset[Topic]


def topic_examples(lines: Iterable[str]) -> Iterator[TopicExample]:
    """The rows of a table with the columns text, interest and need; several names stand with blanks between them."""
    for row in csv.DictReader(lines):
        named = {prop: row[prop].split() for prop in ("interest", "need")}
        yield TopicExample(row["text"], frozenset(topic for topic in TOPICS if topic.name in named[topic.prop]))


def bundled_topic_examples() -> list[TopicExample]:
    """The messages that the bundled model learnt from."""
    found: list[TopicExample] = []
    for file in sorted(files("seamark.text.topics").joinpath("messages").iterdir(), key=lambda file: file.name):
        with file.open(encoding="utf-8") as lines:
            found += topic_examples(lines)
    return found
