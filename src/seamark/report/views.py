"""The figures as the page shows them: in words, in order, with their pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from seamark.engine.rulebook import Tag, TagGroup
from seamark.engine.units import HOUR, MINUTE
from seamark.report import pictures
from seamark.report.figures import Responses, Rfm, contacts_weekly, known_weekly
from seamark.report.samples import Ground, Sample
from seamark.report.speech import Speech
from seamark.report.subject import Subject
from seamark.report.today import Due, filled

RFM_CLASSES = "rfm"
"""The group whose tags are the cells of the RFM grid: it is shown as the grid alone."""
SMALLEST_SCALE = 0.25
"""Bars of a group are drawn up to its largest share, or up to this."""
FAST_ENOUGH = (5 * MINUTE, 30 * MINUTE, 2 * HOUR, 8 * HOUR)
"""The ends of the steps in which response times are coloured."""
LONGEST_QUOTE = 140
EVENTS_QUOTED = 2


class Card(NamedTuple):
    """A figure with its name, what to compare it with, and its weeks."""

    title: str
    value: str
    note: str
    picture: Markup


class Chip(NamedTuple):
    """A tag as it is shown."""

    title: str
    style: Markup


class Bar(NamedTuple):
    """A tag with its share."""

    chip: Chip
    contacts: str
    share: str
    picture: Markup
    place: str
    """in, below or above; empty where there is no reference range."""
    against: str


class GroupView(NamedTuple):
    """A tag group with the shares of its tags, and its weeks where it is a level group."""

    title: str
    kind: str
    bars: list[Bar]
    nobody: str
    picture: Markup
    scale: str
    """What the weeks are drawn up to."""


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
    """When, and what was written."""


class SampleView(NamedTuple):
    """A contact with all its tags and the reasons for one."""

    contact: str
    chips: list[Chip]
    chip: Chip
    since: str
    grounds: list[GroundView]
    ahead: str


def color_style(color: str) -> Markup:
    """The attribute that gives a tag's colour: one of the style sheet's, or its own code."""
    return Markup('style="--tag:{}"').format(color if color.startswith("#") else f"var(--{color})")


def chip(speech: Speech, tag: Tag) -> Chip:
    """The tag with its title."""
    return Chip(speech.titled(tag.title), color_style(tag.color))


def full_chip(subject: Subject, tag: Tag) -> Chip:
    """The tag with the titles of its group and of itself: "Activity · High"."""
    group = next(group for group in subject.rulebook.groups if group.name == tag.name.partition("/")[0])
    titles = [subject.speech.titled(words) for words in (group.title, tag.title)]
    return Chip(" · ".join(titles), color_style(tag.color))


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


def group_views(
    subject: Subject, counts: Counter[str], contacts: int, weekly: Mapping[str, Sequence[int]], days: Sequence[str]
) -> Iterator[GroupView]:
    """Every group in which there is anything to see: not those in which all hold what is left over."""
    has_grid = all(any(group.name == name for group in subject.rulebook.groups) for name in ("recency", "frequency"))
    for group in subject.rulebook.groups:
        listed = [tag for tag in group.tags if not tag.unlisted]
        shown = [tag for tag in listed if counts[tag.name] or tag.share]
        if any(tag.share or not tag.otherwise for tag in shown) and not (has_grid and group.name == RFM_CLASSES):
            yield _group_view(subject.speech, group, listed, shown, counts, contacts, weekly, days)


def _group_view(
    speech: Speech,
    group: TagGroup,
    listed: Sequence[Tag],
    shown: Sequence[Tag],
    counts: Counter[str],
    contacts: int,
    weekly: Mapping[str, Sequence[int]],
    days: Sequence[str],
) -> GroupView:
    title = speech.titled(group.title)
    ends = [tag.share[1] for tag in shown if tag.share]
    scale = max([SMALLEST_SCALE, *ends, *(counts[tag.name] / contacts for tag in shown)])
    nobody = [speech.titled(tag.title) for tag in listed if tag not in shown]
    picture, told = Markup(), ""
    if group.kind == "level" and len(days) > 1:
        layers = [
            pictures.Layer(color_style(tag.color), speech.titled(tag.title), weekly[tag.name])
            for tag in reversed(shown)
        ]
        highest = max(map(sum, zip(*(layer.values for layer in layers), strict=True)))
        told = speech.say("group.weekly", n=f"{highest:,}")
        picture = pictures.columns(layers, days, speech.say("group.weekly.told", group=title))
    return GroupView(
        title,
        speech.say(f"group.kind.{group.kind}"),
        [_bar(speech, tag, counts[tag.name], contacts, scale) for tag in shown],
        speech.say("group.nobody", names=" · ".join(nobody)) if nobody else "",
        picture,
        told,
    )


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


def due_view(subject: Subject, due: Due) -> DueView:
    """When it is due, what to do, and the words for it."""
    speech, step = subject.speech, due.step
    late = subject.now - due.due_at
    moment = speech.moment(due.due_at)
    told = "due" if late < 0 else "now" if late < MINUTE else "overdue"
    fields = (subject.histories.fields or {}).get(due.contact, {})
    return DueView(
        subject.name(due.contact),
        full_chip(subject, subject.rulebook.tags[step.tag]),
        speech.say("sample.since", moment=speech.moment(due.since)),
        speech.say(f"today.{told}", moment=moment, length=speech.length(late)),
        late >= MINUTE,
        speech.titled(step.title) if step.title else speech.say("today.write"),
        filled(speech.titled(step.words), due.contact, fields) if step.words else "",
    )


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
        [(speech.moment(event.occurred_at), _quoted(speech, str(event.props.get("text") or ""))) for event in newest],
    )


def _quoted(speech: Speech, text: str) -> str:
    """A text on one line, its end left out where it is long."""
    line = " ".join(text.split())
    short = line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"
    return speech.say("sample.quoted", text=short) if short else ""
