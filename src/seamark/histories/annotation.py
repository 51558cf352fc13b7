"""What reads texts for a rulebook, and what of an event is kept for showing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from seamark.engine.events import Reads
from seamark.engine.kinds import EVERY_EVENT, Type
from seamark.engine.rulebook import Rulebook
from seamark.text.annotate import all_annotated
from seamark.text.reading import readers_of
from seamark.text.terms import Lexicon

Reader = Callable[[list[dict[str, object]]], list[dict[str, object]]]
"""Written props of many events → the same with `mentions` and what else is found in their text."""


def reader_for(rulebook: Rulebook) -> Reader | None:
    """What reads texts for the rulebook's terms and whatever else it asks of them; None where it asks nothing."""
    read = {prop for props in rulebook.reads.props.values() for prop in props}
    # Judging takes many times as long as finding terms: only what a condition asks for is read.
    readers = readers_of(read)
    if not readers and read.isdisjoint(("mentions", "words")):
        return None
    return partial(all_annotated, lexicon=Lexicon(rulebook.terms), readers=readers)


def reads_with_texts(rulebook: Rulebook) -> Reads:
    """What the rulebook reads, and every text of the same events, and the words found in it: none can be unreadable."""
    annotated = reader_for(rulebook) is not None

    def shown(kind: str) -> dict[str, Type]:
        props = {"actor": EVERY_EVENT["actor"], **rulebook.kinds.get(kind, {})}
        return {name: type_ for name, type_ in props.items() if type_ == "text" or (name == "words" and annotated)}

    props = {kind: shown(kind) | dict(read) for kind, read in rulebook.reads.props.items()}
    return replace(rulebook.reads, props=props)
