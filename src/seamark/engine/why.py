"""Why a contact holds a tag or does not: each part of the condition, what stands behind it, and what changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from seamark.engine import tree
from seamark.engine.events import Event
from seamark.engine.evidence import evidence
from seamark.engine.kinds import HAND_KINDS
from seamark.engine.online import Online
from seamark.engine.plan import HAND_LASTS, Plan, plan_rulebook
from seamark.engine.replay import History, Span, covers, fields_before, timeline
from seamark.engine.rulebook import Rulebook, Tag

MOST_CHANGES = 2_000
"""How many changes of any leaf are looked through for the next one of the tag."""

DecidedBy = Literal["condition", "hand", "otherwise", "level"]


@dataclass(frozen=True)
class Part:
    """A condition, whether it is true, the events behind it, and its parts."""

    condition: tree.Condition
    true: bool
    evidence: tuple[Event, ...]
    """In order; empty for and, or, not and references, which stand on their parts."""
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Why:
    """The account of one tag of one contact at one moment."""

    contact: str
    tag: Tag
    moment: int
    held: bool
    decided_by: DecidedBy
    """"hand": set or cleared by a member; "level": an earlier level is true, or a later one was set."""
    since: int | None
    """When this state of the tag began; None: since before the history."""
    account: Part | None
    """None for tags without a condition."""
    changes_at: int | None
    """When the tag changes unless an event comes; None when it does not, as far as was looked."""
    changes_to: tuple[str, ...]
    """The tags of its group held then."""
    unless: tuple[str, ...]
    """The kinds of event that could change it before."""
    hand: Event | None = None
    """The hand that decides, where one does."""


def why(rulebook: Rulebook, zone: ZoneInfo, history: History, name: str, now: int) -> Why:
    """Account for the tag of that name at `now`. Raises KeyError for a tag the rulebook does not have."""
    tag = rulebook.tags[name]
    condition = _written_out(rulebook, tag.clause.condition) if tag.clause else None
    conditions = {f"part {place}": part for place, part in enumerate(_conditions(condition))} if condition else {}
    plan = plan_rulebook(rulebook, conditions)
    online = Online(plan, zone)
    past = history._replace(events=[event for event in history.events if event.occurred_at <= now])
    begin = min([now, *(event.occurred_at for event in history.events[:1])]) - 1
    held_now, ahead = _looking_ahead(online, history, now, name)
    spans = timeline(online, past._replace(fields=fields_before(history, plan.reads)), begin, now)
    held = name in held_now
    account = _account(condition, plan, online, held_now, past, now) if condition else None
    hand = _live_hand(past, plan, name, now)
    return Why(
        contact=history.contact,
        tag=tag,
        moment=now,
        held=held,
        decided_by=_decided_by(tag, held, account, hand),
        since=_since(spans, name, held, now),
        account=account,
        changes_at=ahead[0] if ahead else None,
        changes_to=tuple(each for each in ahead[1] if each in _group(rulebook, name)) if ahead else (),
        unless=tuple(sorted({node.kind for node in condition.walk() if isinstance(node, tree.Events)}))
        if condition
        else (),
        hand=hand,
    )


def _looking_ahead(
    online: Online, history: History, now: int, name: str
) -> tuple[tuple[str, ...], tuple[int, tuple[str, ...]] | None]:
    """The tags at `now`, and the first later moment at which `name` changes by itself, with the tags then."""
    state = online.state(fields_before(history, online.plan.reads))
    for event in history.events:
        if event.occurred_at <= now:
            online.fold(state, event)
    first = verdict = online.verdict(state, now)
    for _ in range(MOST_CHANGES):
        if verdict.valid_until is None:
            break
        moment = verdict.valid_until
        verdict = online.verdict(state, moment)
        if (name in verdict.tags) != (name in first.tags):
            return first.tags, (moment, verdict.tags)
    return first.tags, None


def _conditions(condition: tree.Condition) -> list[tree.Condition]:
    """The condition and those inside it, filters left out, outermost first."""
    found = [condition]
    if isinstance(condition, tree.All | tree.Any):
        for part in condition.of:
            found += _conditions(part)
    elif isinstance(condition, tree.Not):
        found += _conditions(condition.part)
    return found


def _written_out(rulebook: Rulebook, condition: tree.Condition) -> tree.Condition:
    """The condition with rules replaced by what they say, so that each part can be accounted for."""
    match condition:
        case tree.RuleRef(name=name):
            return _written_out(rulebook, rulebook.rules[name].clause.condition)
        case tree.All(of=parts):
            return tree.All(tuple(_written_out(rulebook, part) for part in parts))
        case tree.Any(of=parts):
            return tree.Any(tuple(_written_out(rulebook, part) for part in parts))
        case tree.Not(part=part):
            return tree.Not(_written_out(rulebook, part))
    return condition


def _account(
    condition: tree.Condition, plan: Plan, online: Online, held: Sequence[str], past: History, now: int
) -> Part:
    places = iter(range(len(plan.tags)))

    def part(of: tree.Condition) -> Part:
        true = f"part {next(places)}" in held
        match of:
            case tree.All(of=inner) | tree.Any(of=inner):
                return Part(of, true, (), tuple(part(each) for each in inner))
            case tree.Not(part=inner):
                return Part(of, true, (), (part(inner),))
            case tree.Tagged():
                return Part(of, true, (), ())
        return Part(of, true, tuple(evidence(of, past.events, now)), ())

    return part(condition)


def _live_hand(past: History, plan: Plan, name: str, now: int) -> Event | None:
    """The last hand event of the tag, if it holds at `now`."""
    hands = [event for event in past.events if event.kind in HAND_KINDS and event.props.get("tag") == name]
    if not hands or hands[-1].kind == "tag.lifted":
        return None
    until = hands[-1].props.get("until")
    if until is None and name not in plan.by_hand:
        until = hands[-1].occurred_at + HAND_LASTS
    return hands[-1] if until is None or until > now else None  # type: ignore[operator]


def _decided_by(tag: Tag, held: bool, account: Part | None, hand: Event | None) -> DecidedBy:
    if hand is not None and held == (hand.kind == "tag.set"):
        return "hand"
    if tag.by_hand:
        return "hand"
    if tag.otherwise:
        return "otherwise" if held else "level"
    return "level" if account is not None and account.true and not held else "condition"


def _since(spans: Sequence[Span], name: str, held: bool, now: int) -> int | None:
    mine = [span for span in spans if span.tag == name]
    if held:
        return next(span.entered_at for span in mine if covers(span, now))
    return max((span.left_at for span in mine if span.left_at is not None and span.left_at <= now), default=None)


def _group(rulebook: Rulebook, name: str) -> set[str]:
    return {tag.name for group in rulebook.groups for tag in group.tags if group.name == name.partition("/")[0]}
