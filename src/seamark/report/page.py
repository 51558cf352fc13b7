"""The page as one HTML file that asks for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from seamark.report.figures import Responses, contacts_by_tag, held_weekly, responses, rfm, week_ends
from seamark.report.people import due_view, sample_view
from seamark.report.samples import samples
from seamark.report.subject import Subject
from seamark.report.today import MOST_SHOWN, Today, today
from seamark.report.views import Spread, cards, group_views, heat, rfm_view


def page(subject: Subject) -> str:
    """The page about a subject."""
    environment = Environment(
        loader=PackageLoader("seamark.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    speech = subject.speech
    return environment.get_template("page.html").render(
        say=speech.say,
        language={"en": "en", "zh": "zh-Hans"}[subject.language],
        style=Markup(files("seamark.report").joinpath("page.css").read_text("utf-8")),
        book=subject.rulebook,
        heading=speech.titled(subject.rulebook.title),
        as_of=speech.say("head.as_of", moment=speech.full(subject.now), zone=subject.zone.key),
        notes=list(subject.notes),
        **_shown(subject),
    )


def _shown(subject: Subject) -> dict[str, Any]:
    """What the template shows; nothing but the counts where there is nobody."""
    speech, histories = subject.speech, subject.histories
    contacts = histories.contact_count
    counts = {
        "contacts": contacts,
        "amounts": f"{speech.counted('contacts', contacts)} · {speech.counted('events', histories.kinds.total())}",
    }
    if not contacts:
        return counts
    ends = week_ends(subject)
    answers = responses(subject, ends)
    due = today(subject)
    grid = rfm(subject)
    weeks = [speech.say("week.to", day=speech.day(end)) for end in ends]
    spread = Spread(contacts, contacts_by_tag(subject), held_weekly(subject, ends), weeks)
    return counts | {
        "cards": list(cards(subject, contacts, ends, answers)),
        "today": [due_view(subject, each) for each in due.due],
        "more": _more(subject, due),
        "groups": list(group_views(subject, spread)),
        "first_day": speech.day(ends[0]),
        "last_day": speech.day(ends[-1]),
        "weeks": speech.counted("weeks", len(ends)),
        "heat": heat(speech, answers) if answers.answered else None,
        "waiting": _waiting(subject, answers),
        "rfm": rfm_view(speech, grid) if grid and histories.kinds["order.placed"] else None,
        "samples": [sample_view(subject, each) for each in samples(subject, _worth_a_why(subject, due))],
    }


def _more(subject: Subject, due: Today) -> str:
    """What is said of those that are not shown."""
    more = due.contacts - len(due.due)
    speech = subject.speech
    return speech.say("today.more", more=speech.counted("others", more), shown=MOST_SHOWN) if more else ""


def _waiting(subject: Subject, answers: Responses) -> str:
    """Who waits for an answer, the longest first; the rest is counted. Nothing where our messages are not known."""
    if not answers.waiting or not subject.histories.kinds["message.sent"]:
        return ""
    speech = subject.speech
    named = [
        speech.say("today.waiting.one", contact=subject.name(each.contact), moment=speech.moment(each.since))
        for each in answers.waiting
    ]
    more = answers.waiting_count - len(named)
    named += [speech.counted("more", more)] if more else []
    return speech.say("today.waiting", contacts=" · ".join(named))


def _worth_a_why(subject: Subject, due: Today) -> Iterator[str]:
    """Tags to account for: those of whom is due, then the highest level of each group, then the others."""
    yield from dict.fromkeys(each.edge.reaction.tag for each in due.due)
    yield from (group.tags[0].name for group in subject.rulebook.groups if group.kind == "level")
    yield from (tag.name for tag in subject.rulebook.tags.values() if tag.clause and not tag.unlisted)
