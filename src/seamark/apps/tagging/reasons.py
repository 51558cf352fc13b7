"""Why a contact holds a tag or does not, as the page shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from seamark.apps.accounts.actors import actor_name, member_names
from seamark.apps.contacts.masks import Masks
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.queries import held_by, why_of
from seamark.apps.tagging.rulebooks import Live
from seamark.apps.tagging.words import Chip, chip, moment_words, spoken
from seamark.engine.events import Event
from seamark.engine.moments import as_datetime
from seamark.engine.rulebook import Rulebook
from seamark.engine.sentence.naming import Naming, noun
from seamark.engine.sentence.reasons import Line, Reasons
from seamark.engine.sentence.told import other_props, words_found, words_told
from seamark.engine.why import Part, Why
from seamark.histories.annotation import reads_with_texts

EVENTS_SHOWN = 5
READ_ALWAYS = ("form", "lang", "question", "type", "media", "channel", "actor")


Hide = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""What the reader sees of an event's props."""


class Evidence(NamedTuple):
    """An event behind a part of a condition."""

    occurred_at: datetime
    noun: str
    text: SafeString
    """What was written, the words found in it marked."""
    asides: list[str]


class Ground(NamedTuple):
    """A part of a condition, true or not, with the latest events behind it."""

    line: Line
    events: list[Evidence]
    earlier: int
    """How many events more there are."""


class Reason(NamedTuple):
    """The account of one tag."""

    chip: Chip
    held: bool
    verdict: list[str]
    grounds: list[Ground]
    ahead: str
    has_hand: bool
    """Whether a member's hand decides."""
    version: str


def reason_of(contact: Contact, tag: str, live: Live, masks: Masks, at: datetime | None = None) -> Reason:
    """Why the contact holds the tag at that moment (now, unless given), or does not."""
    held = [each.tag.name for each in held_by([contact.pk]).get(contact.pk, ())]
    hide = partial(masks.props, contact)
    return told(why_of(contact, tag, at), live.rulebook, held, f"{live.rulebook.name} {live.number}", hide)


def told(account: Why, rulebook: Rulebook, held: Sequence[str], version: str, hide: Hide) -> Reason:
    """An account by a rulebook, in words; `held` are all the tags that the contact holds by it."""
    naming = Naming(rulebook, spoken())
    names = member_names(_actors(account))
    reasons = Reasons(naming, moment_words, lambda actor: actor_name(actor, names))
    return Reason(
        chip(rulebook, account.tag),
        account.held,
        list(reasons.verdict(account, held)),
        list(_grounds(reasons, account.account, rulebook, hide)) if account.account else [],
        reasons.ahead(account),
        account.hand is not None,
        version,
    )


def _actors(account: Why) -> Iterator[str]:
    if account.hand:
        yield str(account.hand.props.get("actor") or "")


def _grounds(reasons: Reasons, part: Part, rulebook: Rulebook, hide: Hide) -> Iterator[Ground]:
    reads = reads_with_texts(rulebook)
    for line in reasons.lines(part):
        shown = [
            Evidence(
                timezone.localtime(as_datetime(event.occurred_at)),
                noun(event.kind, spoken()),
                marked(event),
                [*words_told(reasons.naming, event), *other_props(reasons.naming, _telling(event), reads)],
            )
            for event in (each._replace(props=hide(each.props)) for each in reversed(line.events[-EVENTS_SHOWN:]))
        ]
        yield Ground(replace(line, sentence=capfirst(line.sentence)), shown, len(line.events) - len(shown))


def _telling(event: Event) -> Event:
    """The event without what is read in every message, whatever a condition looks at, save for its intent."""
    return event._replace(props={name: value for name, value in event.props.items() if name not in READ_ALWAYS})


def marked(event: Event) -> SafeString:
    """The text of an event, escaped, with the words found in it marked."""
    text = str(event.props.get("text") or "")
    places: set[int] = set()
    for _, word in words_found(event):
        start = text.lower().find(word.lower()) if word else -1
        if start >= 0:
            places.update(range(start, start + len(word)))
    parts = []
    for place, letter in enumerate(text):
        opens, closes = place in places and place - 1 not in places, place in places and place + 1 not in places
        parts.append(f"{'<mark>' if opens else ''}{conditional_escape(letter)}{'</mark>' if closes else ''}")
    return mark_safe("".join(parts))
