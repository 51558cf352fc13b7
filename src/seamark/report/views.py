"""The figures as the page shows them: in words, with their pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from seamark.engine.rulebook import Tag, TagGroup
from seamark.engine.units import HOUR, MINUTE
from seamark.report import pictures
from seamark.report.chips import Chip, chip, color_style
from seamark.report.figures import RFM, Responses, Rfm, contacts_weekly, known_weekly
from seamark.report.speech import Speech
from seamark.report.subject import Subject

RFM_CLASSES = "rfm"
"""The group whose tags are the cells of the RFM grid: it is shown as the grid alone."""
SMALLEST_SCALE = 0.25
"""Bars of a group are drawn up to its largest share, or up to this."""
FAST_ENOUGH = (5 * MINUTE, 30 * MINUTE, 2 * HOUR, 8 * HOUR)
"""The ends of the steps in which response times are coloured."""


class Card(NamedTuple):
    """A figure with its name, what to compare it with, and its weeks."""

    title: str
    value: str
    note: str
    picture: Markup


class Bar(NamedTuple):
    """A tag with its share."""

    chip: Chip
    contacts: str
    share: str
    picture: Markup
    place: str
    """in, below or above; empty where there is no reference range."""
    against: str


class Spread(NamedTuple):
    """How contacts are spread over tags."""

    contacts: int
    counts: Counter[str]
    """Contacts by tag, now."""
    weekly: Mapping[str, Sequence[int]]
    """Tag → contacts at the end of each week."""
    weeks: Sequence[str]
    """What each week is called."""


class GroupView(NamedTuple):
    """A tag group with the shares of its tags, and its weeks where it is a level group."""

    title: str
    kind: str
    bars: list[Bar]
    nobody: str
    picture: Markup
    scale: str
    """What the weeks are drawn up to."""


def cards(subject: Subject, contacts: int, ends: Sequence[int], found: Responses) -> Iterator[Card]:
    """The figures at the top; those of kinds that no event has are left out."""
    speech = subject.speech
    known = known_weekly(subject, ends)
    new = known[-1] - (known[-2] if len(known) > 1 else 0)
    yield _card(speech, "contacts", f"{contacts:,}", speech.say("card.contacts.note", n=f"{new:,}"), known)
    for name, kind in (("wrote", "message.received"), ("ordered", "order.placed")):
        if subject.histories.kinds[kind]:
            weekly = contacts_weekly(subject, ends, kind)
            note = speech.say("card.before", n=f"{weekly[-2]:,}") if len(weekly) > 1 else ""
            yield _card(speech, name, f"{weekly[-1]:,}", note, weekly)
    if found.median is not None:
        answers, weeks = speech.counted("answers", found.answered), speech.counted("weeks", len(ends))
        note = speech.say("card.response.note", answers=answers, weeks=weeks)
        yield _card(speech, "response", speech.length(found.median), note, found.weekly, speech.length)


def _card(
    speech: Speech,
    name: str,
    value: str,
    note: str,
    weekly: Sequence[float | None],
    write: Callable[[float], str] = "{:,}".format,
) -> Card:
    title = speech.say(f"card.{name}")
    written = (speech.say("none") if each is None else write(each) for each in weekly)
    told = speech.say("card.picture", title=title, values=", ".join(written))
    return Card(title, value, note, pictures.line(weekly, told))


def group_views(subject: Subject, spread: Spread) -> Iterator[GroupView]:
    """Every group in which there is anything to see: not those in which all hold what is left over."""
    has_grid = {group.name for group in subject.rulebook.groups} >= set(RFM)
    for group in subject.rulebook.groups:
        listed = [tag for tag in group.tags if not tag.unlisted]
        shown = [tag for tag in listed if tag.share or spread.counts[tag.name] or any(spread.weekly[tag.name])]
        if any(tag.share or not tag.otherwise for tag in shown) and not (has_grid and group.name == RFM_CLASSES):
            yield _group_view(subject.speech, group, listed, shown, spread)


def _group_view(
    speech: Speech, group: TagGroup, listed: Sequence[Tag], shown: Sequence[Tag], spread: Spread
) -> GroupView:
    ends = [tag.share[1] for tag in shown if tag.share]
    scale = max([SMALLEST_SCALE, *ends, *(spread.counts[tag.name] / spread.contacts for tag in shown)])
    nobody = [speech.titled(tag.title) for tag in listed if tag not in shown]
    highest, picture = "", Markup()
    if group.kind == "level" and len(spread.weeks) > 1:
        highest, picture = _weeks(speech, group, shown, spread)
    return GroupView(
        speech.titled(group.title),
        speech.say(f"group.kind.{group.kind}"),
        [_bar(speech, tag, spread.counts[tag.name], spread.contacts, scale) for tag in shown],
        speech.say("group.nobody", names=" · ".join(nobody)) if nobody else "",
        picture,
        highest,
    )


def _weeks(speech: Speech, group: TagGroup, shown: Sequence[Tag], spread: Spread) -> tuple[str, Markup]:
    """What the weeks are drawn up to, and the picture of them, with the first level on top."""
    layers = [
        pictures.Layer(color_style(tag.color), speech.titled(tag.title), spread.weekly[tag.name])
        for tag in reversed(shown)
    ]
    highest = max(map(sum, zip(*(layer.values for layer in layers), strict=True)))
    told = speech.say("group.weekly.told", group=speech.titled(group.title))
    return speech.say("group.weekly", n=f"{highest:,}"), pictures.columns(layers, spread.weeks, told)


def _bar(speech: Speech, tag: Tag, held: int, contacts: int, scale: float) -> Bar:
    share = held / contacts
    place, against = "", ""
    if tag.share:
        low, high = tag.share
        place = "below" if share < low else "above" if share > high else "in"
        limits = speech.say("share.range", low=f"{low * 100:g}", high=f"{high * 100:g}")
        against = speech.say(f"share.{place}", range=limits)
    told = speech.say("share.told", title=speech.titled(tag.title), share=speech.percent(share))
    picture = pictures.share_bar(share, tag.share, scale, told)
    return Bar(chip(speech, tag), f"{held:,}", speech.percent(share), picture, place, against)


class Heat(NamedTuple):
    """Response times by weekday and hour."""

    picture: Markup
    weekdays: list[str]
    steps: list[str]
    """What each colour stands for, the fastest first."""
    fastest: str
    slowest: str


def heat(speech: Speech, found: Responses) -> Heat:
    """The grid of weekdays and hours, in at least one of which somebody was answered."""

    def cell(weekday: int, hour: int) -> tuple[int, str]:
        told = {"weekday": speech.weekday(weekday), "hour": hour}
        if (weekday, hour) not in found.cells:
            return 0, speech.say("responses.cell.none", **told)
        delay, number = found.cells[weekday, hour]
        length, answers = speech.length(delay), speech.counted("answers", number)
        return 1 + sum(delay > end for end in FAST_ENOUGH), speech.say(
            "responses.cell", **told, length=length, answers=answers
        )

    by_delay = sorted(found.cells, key=lambda place: found.cells[place][0])
    cells = [[cell(weekday, hour) for hour in range(24)] for weekday in range(7)]
    steps = [speech.say("responses.until", length=speech.length(end)) for end in FAST_ENOUGH]
    return Heat(
        pictures.heat(cells, speech.say("responses.told")),
        [speech.weekday(weekday) for weekday in range(7)],
        [*steps, speech.say("responses.beyond")],
        fastest=cell(*by_delay[0])[1],
        slowest=cell(*by_delay[-1])[1],
    )


class RfmCell(NamedTuple):
    """How many contacts, how many of them spend most, and how strongly it is coloured, from 0 to 1."""

    contacts: str
    high: str
    strength: str


class RfmView(NamedTuple):
    """The grid: rows of recency, columns of frequency; those who never bought stand beside it."""

    about: str
    corner: str
    columns: list[str]
    rows: list[tuple[Chip, list[RfmCell]]]
    rest: str


def rfm_view(speech: Speech, found: Rfm) -> RfmView:
    """The last level of recency, which holds otherwise, is no buyer and stands beside the grid."""
    bought = [tag for tag in found.recency.tags if not tag.otherwise]
    rest = [tag for tag in found.recency.tags if tag.otherwise]
    high = found.monetary.tags[0]
    buyers = {tag.name for tag in bought}
    most = max((spends.total() for (recent, _), spends in found.cells.items() if recent in buyers), default=0)

    def cell(recent: Tag, often: Tag) -> RfmCell:
        spends = found.cells.get((recent.name, often.name), Counter())
        contacts = spends.total()
        told = speech.say("rfm.high", n=f"{spends[high.name]:,}") if spends[high.name] else ""
        return RfmCell(f"{contacts:,}", told, f"{contacts / most if most else 0:.3f}")

    never = sum(spends.total() for (recent, _), spends in found.cells.items() if recent not in buyers)
    return RfmView(
        speech.say("rfm.about", high=speech.titled(high.title)),
        f"{speech.titled(found.recency.title)} ↓ · {speech.titled(found.frequency.title)} →",
        [speech.titled(tag.title) for tag in found.frequency.tags],
        [(chip(speech, recent), [cell(recent, often) for often in found.frequency.tags]) for recent in bought],
        speech.say("rfm.rest", level=speech.titled(rest[0].title), contacts=speech.counted("contacts", never))
        if rest
        else "",
    )
