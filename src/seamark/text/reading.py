"""What is found in texts beside terms: one reader for each prop it is written to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from seamark.text.forms import form_of
from seamark.text.intents import Model, bundled
from seamark.text.language import lang_of
from seamark.text.questions import question_of
from seamark.text.topics import TOPICS, bundled_topics


class Reader(NamedTuple):
    """Finds one prop in texts; None where a text has none."""

    prop: str
    version: str
    """Another one wherever anything is found otherwise, so that texts are read again."""
    read: Callable[[Sequence[str]], Sequence[object]]


def readers_of(props: Iterable[str]) -> list[Reader]:
    """The readers of those of the props that are found in texts.

    >>> [reader.prop for reader in readers_of(["form", "amount", "lang"])]
    ['lang', 'form']
    """
    asked = set(props)
    return [of() for prop, of in _READERS.items() if prop in asked]


def intent_reader(model: Model) -> Reader:
    """What messages intend, as a model judges it."""
    return Reader("intent", model.version, lambda texts: [model.intent(text) for text in texts])


def _topic_reader(prop: str) -> Reader:
    """What messages show of interests or needs, as the bundled model has it."""
    model = bundled_topics()

    def named(text: str) -> list[str]:
        found = model.topics(text)
        return [topic.name for topic in TOPICS if topic.prop == prop and topic in found]

    return Reader(prop, f"{prop}-{model.version}", lambda texts: list(map(named, texts)))


def _by_text(prop: str, version: int, find: Callable[[str], object]) -> Callable[[], Reader]:
    return lambda: Reader(prop, f"{prop}-{version}", lambda texts: list(map(find, texts)))


_READERS: dict[str, Callable[[], Reader]] = {
    "intent": lambda: intent_reader(bundled()),
    "lang": _by_text("lang", 1, lang_of),
    "form": _by_text("form", 1, form_of),
    "question": _by_text("question", 1, question_of),
    "interest": lambda: _topic_reader("interest"),
    "need": lambda: _topic_reader("need"),
}
