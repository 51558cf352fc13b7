"""Contacts as the page shows them: those to write to, and those whose tags are accounted for."""

from __future__ import annotations

from typing import NamedTuple

from seamark.engine.events import Event
from seamark.engine.sentence import noun
from seamark.engine.units import MINUTE
from seamark.report.chips import Chip, full_chip
from seamark.report.samples import Ground, Sample
from seamark.report.speech import Speech
from seamark.report.subject import Subject
from seamark.report.today import Due
from seamark.text.blanks import filled

LONGEST_QUOTE = 140
EVENTS_QUOTED = 2


class DueView(NamedTuple):
    """Someone to write to."""

    contact: str
    chip: Chip
    since: str
    due: str
    late: bool
    what: str
    words: str


class GroundView(NamedTuple):
    """A reason with the newest events behind it."""

    sentence: str
    many: str
    events: list[tuple[str, str]]
    """When, and what was written or happened."""


class SampleView(NamedTuple):
    """A contact with all its tags and the reasons for one."""

    contact: str
    chips: list[Chip]
    chip: Chip
    since: str
    grounds: list[GroundView]
    ahead: str


def due_view(subject: Subject, due: Due) -> DueView:
    """When it is due, what to do, and the words for it."""
    speech, reaction = subject.speech, due.edge.reaction
    late = subject.now - due.at
    moment = speech.moment(due.at)
    told = "due" if late < 0 else "now" if late < MINUTE else "overdue"
    fields = (subject.histories.fields or {}).get(due.contact, {})
    return DueView(
        subject.name(due.contact),
        full_chip(subject, subject.rulebook.tags[reaction.tag]),
        speech.say(f"today.{reaction.edge}", moment=speech.moment(due.edge.moment)),
        speech.say(f"today.{told}", moment=moment, length=speech.length(late)),
        late >= MINUTE,
        speech.titled(due.title) if due.title else speech.say("today.write"),
        filled(speech.titled(due.words), due.contact, fields) if due.words else "",
    )


def sample_view(subject: Subject, sample: Sample) -> SampleView:
    """Its tags, since when it holds the one that is accounted for, why, and until when."""
    speech, account = subject.speech, sample.why
    since = speech.say("sample.always")
    if account.since is not None:
        since = speech.say("sample.since", moment=speech.moment(account.since))
    grounds = [_ground_view(speech, ground) for ground in sample.grounds]
    if account.decided_by != "condition":
        grounds = [GroundView(speech.say(f"sample.{account.decided_by}"), "", [])]
    tags = [subject.rulebook.tags[name] for name in sample.tags]
    return SampleView(
        subject.name(sample.contact),
        [full_chip(subject, tag) for tag in tags if not (tag.unlisted or tag.otherwise) and tag != account.tag],
        full_chip(subject, account.tag),
        since,
        grounds,
        _ahead(subject, sample),
    )


def _ahead(subject: Subject, sample: Sample) -> str:
    speech, account = subject.speech, sample.why
    if account.changes_at is None:
        return ""
    moment = speech.moment(account.changes_at)
    if not account.changes_to:
        return speech.say("sample.ends", moment=moment)
    to = subject.rulebook.tags[account.changes_to[0]]
    return speech.say("sample.ahead", tag=speech.titled(to.title), moment=moment)


def _ground_view(speech: Speech, ground: Ground) -> GroundView:
    newest = list(reversed(ground.events))[:EVENTS_QUOTED]
    many = len(ground.events) > EVENTS_QUOTED
    return GroundView(
        ground.sentence,
        speech.say("sample.events", n=f"{len(ground.events):,}") if many else "",
        [(speech.moment(event.occurred_at), _told(speech, event)) for event in newest],
    )


def _told(speech: Speech, event: Event) -> str:
    """What was written, or else what happened."""
    return _quoted(speech, str(event.props.get("text") or "")) or noun(event.kind, speech.language)


def _quoted(speech: Speech, text: str) -> str:
    """A text on one line, its end left out where it is long."""
    line = " ".join(text.split())
    short = line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"
    return speech.say("sample.quoted", text=short) if short else ""
