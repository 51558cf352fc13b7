"""A rulebook tried on one contact or on one sentence, before anybody is judged by it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import NamedTuple

from seamark.apps.contacts.masks import Masks
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.history import histories
from seamark.apps.tagging.reasons import Reason, told
from seamark.apps.tagging.rulebooks import ORGANISATION_ZONE
from seamark.engine.events import distinct_events
from seamark.engine.moments import as_moment
from seamark.engine.online import Online
from seamark.engine.plan import plan_rulebook
from seamark.engine.replay import History, fields_before
from seamark.engine.rulebook import Rulebook
from seamark.engine.why import why
from seamark.histories.annotation import reader_for, reads_with_texts
from seamark.text.annotate import annotated
from seamark.text.reading import readers_of
from seamark.text.terms import Lexicon

READ = ("intent", "lang", "form", "interest", "need")
"""What is shown of a sentence beside its terms."""


class Sentence(NamedTuple):
    """What a rulebook finds in a sentence."""

    words: list[tuple[str, str]]
    """Term, and the keyword that was found."""
    found: dict[str, list[str]]
    """What else is read in it."""
    tags: list[str]
    """The tags of somebody who just wrote it, and nothing before."""


def history_by(rulebook: Rulebook, contact: Contact) -> History:
    """The contact's history as the rulebook reads it, with the texts of messages."""
    reads = reads_with_texts(rulebook)
    return dict(histories([contact.pk], reads, ORGANISATION_ZONE, reader_for(rulebook)))[contact.pk]


def evaluator_of(rulebook: Rulebook) -> Online:
    """What judges by that rulebook. Making one takes tens of milliseconds; it judges any number of contacts."""
    return Online(plan_rulebook(rulebook), ORGANISATION_ZONE)


def held_by_history(online: Online, history: History, now: datetime) -> tuple[str, ...]:
    """The tags held now."""
    state = online.state(fields_before(history, online.plan.reads))
    moment = as_moment(now)
    for event in history.events:
        if event.occurred_at <= moment:
            online.fold(state, event)
    return tuple(online.verdict(state, moment).tags)


def reason_by(
    rulebook: Rulebook, contact: Contact, tag: str, now: datetime, version: str, masks: Masks
) -> Reason | None:
    """Why the contact holds the tag by that rulebook, or does not; None where the rulebook has no such tag."""
    if tag not in rulebook.tags:
        return None
    history = history_by(rulebook, contact)
    held = held_by_history(evaluator_of(rulebook), history, now)
    account = why(rulebook, ORGANISATION_ZONE, history, tag, as_moment(now))
    return told(account, rulebook, held, version, partial(masks.props, contact))


def sentence_by(rulebook: Rulebook, text: str, now: datetime) -> Sentence:
    """What the rulebook finds in a sentence, and the tags of somebody who just wrote it."""
    props = annotated({"text": text}, Lexicon(rulebook.terms), readers_of(READ))
    words = [str(each).partition(": ")[::2] for each in _listed(props.get("words"))]
    reads, moment = rulebook.reads, as_moment(now)
    events = []
    if "message.received" in reads.props:
        events = [reads.event("one", moment, "message.received", props, ORGANISATION_ZONE, id="it")]
    tags = held_by_history(evaluator_of(rulebook), History("one", distinct_events(events, reads), {}), now)
    found = {name: [str(each) for each in _listed(props[name])] for name in READ if props.get(name)}
    return Sentence([(term, word) for term, word in words], found, list(tags))


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value] if value else []
