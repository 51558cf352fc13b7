"""A naive evaluator, written from the semantics word by word: every question is asked of the whole history anew.

Numbers are fractions, dates are dates; there is no state and no plan. What does not change with the moment,
and what was asked of a moment before, is kept; else there is no care for speed.
"""

import calendar
import operator
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from seamark.engine import tree
from seamark.engine.events import Event, Held, from_canonical
from seamark.engine.rulebook import Rulebook, Tag

HANDS = ("tag.set", "tag.cleared", "tag.lifted")
OPERATORS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
MICROSECOND = timedelta(microseconds=1)
HAND_LASTS: int = timedelta(days=30) // MICROSECOND


@lru_cache(maxsize=100_000)
def local(moment: int, zone: ZoneInfo) -> datetime:
    """The clock on the organisation's wall."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + moment * MICROSECOND).astimezone(zone)


class Oracle:
    """All that is known of one contact; asked with `at`."""

    def __init__(self, rulebook: Rulebook, events: Iterable[Event], fields: Mapping[str, Held], zone: ZoneInfo) -> None:
        self.rulebook = rulebook
        self.zone = zone
        self.fields = fields
        self.events: list[Event] = []
        for event in sorted(events, key=self.place):
            if not event.id or event.id not in {known.id for known in self.events}:
                self.events.append(event)
        self.fitting = cache(self.fitting)

    def place(self, event: Event) -> tuple[Any, ...]:
        """Order is (`occurred_at`, `seq`, `id`, `kind`, props), absent props first."""
        names = sorted(self.rulebook.reads.props.get(event.kind, ()))
        props = [(name in event.props, event.props.get(name, 0)) for name in names]
        return event.occurred_at, event.seq, event.id, event.kind, props

    def at(self, now: int) -> "Moment":
        """What is true at a moment."""
        return Moment(self, now)

    @cached_property
    def leaves(self) -> list[tree.Condition]:
        return leaves(self.rulebook)

    def fitting(self, events: tree.Events) -> list[Event]:
        """Those of the kind that fulfil the filter, past or future: a filter asks nothing of the moment."""
        anytime = self.at(0)
        return [event for event in self.events if anytime.fits(event, events)]


def leaves(rulebook: Rulebook) -> list[tree.Condition]:
    """Every comparison that the tags stand on, each once."""

    def inside(condition: tree.Condition) -> Iterator[tree.Condition]:
        match condition:
            case tree.All(of=parts) | tree.Any(of=parts):
                for part in parts:
                    yield from inside(part)
            case tree.Not(part=part):
                yield from inside(part)
            case tree.RuleRef(name=name):
                yield from inside(rulebook.rules[name].clause.condition)
            case tree.Tagged():
                pass
            case _:
                yield condition

    clauses = [tag.clause for tag in rulebook.tags.values() if tag.clause]
    return list(dict.fromkeys(leaf for clause in clauses for leaf in inside(clause.condition)))


class Moment:
    """A history as seen at `now`."""

    def __init__(self, oracle: Oracle, now: int) -> None:
        self.oracle = oracle
        self.now = now
        self.rulebook = oracle.rulebook
        self.past = [event for event in oracle.events if event.occurred_at <= now]
        self.today = local(now, oracle.zone).date()
        self.tagged = cache(self.tagged)
        self.leaf = cache(self.leaf)

    def leaves(self) -> list[bool]:
        """Of each of `leaves(rulebook)`, whether it is true."""
        return [self.true(leaf) for leaf in self.oracle.leaves]

    # Tags

    def tags(self) -> tuple[str, ...]:
        """Those held, in the order of the rulebook."""
        return tuple(name for name in self.rulebook.tags if self.tagged(name))

    def tagged(self, name: str) -> bool:
        """Whether the contact holds the tag, after hands."""
        group = next(group for group in self.rulebook.groups if group.name == name.partition("/")[0])
        if group.kind == "level":
            return self.level(group.tags) == name
        return self.hands[name] == "tag.set" if name in self.hands else self.computed(self.rulebook.tags[name])

    def level(self, tags: Iterable[Tag]) -> str | None:
        """The level last set by hand; else the first true one that no hand cleared; else `otherwise`."""
        names = [tag.name for tag in tags]
        set_by_hand = [name for name, kind in self.hands.items() if kind == "tag.set" and name in names]
        if set_by_hand:
            return set_by_hand[-1]
        listed = [tag for tag in tags if tag.name not in self.hands]
        true = [tag.name for tag in listed if self.computed(tag)] + [tag.name for tag in listed if tag.otherwise]
        return true[0] if true else None

    def computed(self, tag: Tag) -> bool:
        return tag.clause is not None and self.true(tag.clause.condition)

    @cached_property
    def hands(self) -> dict[str, str]:
        """Each tag's last hand event where it is live, by its kind; the latest last."""
        last: dict[str, Event] = {}
        for event in self.past:
            name = event.props.get("tag")
            if event.kind in HANDS and name in self.rulebook.tags:
                last.pop(name, None)
                last[name] = event
        return {name: event.kind for name, event in last.items() if self.live(name, event)}

    def live(self, name: str, hand: Event) -> bool:
        until = hand.props.get("until")
        if until is None and not self.rulebook.tags[name].by_hand:
            until = hand.occurred_at + HAND_LASTS
        return hand.kind != "tag.lifted" and (until is None or self.now < until)

    # Conditions

    def true(self, condition: tree.Condition, event: Event | None = None) -> bool:
        """Whether the condition is true; `event` is the one at hand inside brackets."""
        match condition:
            case tree.All(of=parts):
                return all(self.true(part, event) for part in parts)
            case tree.Any(of=parts):
                return any(self.true(part, event) for part in parts)
            case tree.Not(part=part):
                return not self.true(part, event)
            case tree.Tagged(tag=name):
                return self.tagged(name)
            case tree.RuleRef(name=name):
                return self.true(self.rulebook.rules[name].clause.condition)
        return self.asked(condition, event) if event else self.leaf(condition)

    def leaf(self, condition: tree.Condition) -> bool:
        return self.asked(condition, None)

    def asked(self, condition: tree.Condition, event: Event | None) -> bool:
        """Whether a condition without and, or and not is true."""

        def value(of: tree.Value) -> Any:
            return self.value(of, event)

        match condition:
            case tree.Within(moment=moment, length=length):
                return value(moment) is not None and self.now < value(moment) + length
            case tree.OlderThan(moment=moment, length=length):
                return value(moment) is not None and self.now >= value(moment) + length
            case tree.Some(events=events, over=over):
                return len(self.chosen(events, over)) > 0
            case tree.NoneOf(events=events, over=over):
                return len(self.chosen(events, over)) == 0
            case tree.Compare(op=op, left=left, right=right):
                return compared(op, value(left), value(right))
            case tree.Between(value=middle, low=low, high=high):
                return compared("<=", value(low), value(middle)) and compared("<=", value(middle), value(high))
            case tree.In(value=looked_for, choices=choices):
                return any(compared("=", value(looked_for), value(choice)) for choice in choices)
            case tree.Has(value=of, text=text):
                return value(of) is not None and text in value(of)
            case tree.IsAbsent(value=of):
                return value(of) is None
        raise TypeError(condition)

    # Values

    def value(self, node: tree.Value, event: Event | None) -> Any:
        """The value, or None where it is absent."""
        match node:
            case tree.Number(scaled=scaled):
                return Fraction(scaled, 10_000)
            case tree.Text(text=literal) | tree.Duration(length=literal):
                return literal
            case tree.Param(name=name):
                param = self.rulebook.params[name]
                return typed(param.value, param.type)
            case tree.Prop(name=name):
                return self.prop(event, name)
            case tree.PropOf(event=which, prop=name):
                return self.prop(self.end(which), name)
            case tree.Last() | tree.First():
                found = self.end(node)
                return found.occurred_at if found else None
            case tree.Field(name=name, part=part):
                value = self.field(name)
                return typed(value[part == "high"], "number") if part and value else value
            case tree.MonthsSince(field=field):
                return months(self.field(field.name), self.today)
            case tree.UntilAnniversary(field=field):
                return until_anniversary(self.field(field.name), self.today)
            case tree.Arithmetic(op=op, left=left, right=right):
                sides = self.value(left, event), self.value(right, event)
                return (
                    {"+": operator.add, "-": operator.sub, "*": operator.mul}[op](*sides) if None not in sides else None
                )
            case tree.CountOf(events=events, over=over):
                return len(self.chosen(events, over))
            case tree.AverageDelay():
                return average(self.delays(node))
        return self.gathered(node)

    def gathered(self, node: Any) -> Any:
        values = [self.prop(each, node.prop) for each in self.chosen(node.events, node.over)]
        borne = [value for value in values if value is not None]
        match node:
            case tree.SumOf():
                return sum(borne)
            case tree.AverageOf():
                return average(borne)
            case tree.LeastOf():
                return min(borne, default=None)
            case tree.GreatestOf():
                return max(borne, default=None)
            case tree.DistinctOf():
                return len(set(borne))
        raise TypeError(node)

    def chosen(self, events: tree.Events, over: int | None = None) -> list[Event]:
        """The events of the window that fulfil the filter, in order."""
        past = [event for event in self.oracle.fitting(events) if event.occurred_at <= self.now]
        return [event for event in past if over is None or event.occurred_at > self.now - over]

    def fits(self, event: Event, events: tree.Events) -> bool:
        return event.kind == events.kind and (events.where is None or self.true(events.where, event))

    def end(self, which: tree.Last | tree.First) -> Event | None:
        found = self.chosen(which.events)
        return found[-1 if isinstance(which, tree.Last) else 0] if found else None

    def delays(self, node: tree.AverageDelay) -> Iterator[int]:
        asked = None
        for event in self.past:
            inside = node.over is None or event.occurred_at > self.now - node.over
            if asked is not None and inside and self.fits(event, node.events):
                yield event.occurred_at - asked
            if self.fits(event, node.since):
                asked = event.occurred_at

    def prop(self, event: Event | None, name: str) -> Any:
        if event is None:
            return None
        if name in ("hour", "weekday", "month"):
            clock = local(event.occurred_at, self.oracle.zone)
            return {"hour": clock.hour, "weekday": clock.isoweekday(), "month": clock.month}[name]
        return typed(event.props.get(name), self.rulebook.reads.props[event.kind].get(name, "text"))

    def field(self, name: str) -> Any:
        """The last change up to now, else what the earliest change found, else the file."""
        kind = self.rulebook.reads.fields[name]
        changes = [
            event for event in self.oracle.events if event.kind == "field.changed" and event.props.get("field") == name
        ]
        done = [event for event in changes if event.occurred_at <= self.now]
        if changes:
            change = done[-1].props.get("new") if done else changes[0].props.get("old")
            return typed(from_canonical(change, kind), kind)
        return typed(self.oracle.fields.get(name), kind)


def typed(held: Any, kind: str) -> Any:
    """A held value as what it means."""
    if held is None:
        return None
    if kind == "number":
        return Fraction(held, 10_000)
    return date(held // 10_000, held // 100 % 100, held % 100) if kind == "date" else held


def compared(op: str, left: Any, right: Any) -> bool:
    """False when either is absent; a text beside a date is one."""
    if left is None or right is None:
        return False
    left, right = (
        date.fromisoformat(side) if isinstance(side, str) and isinstance(other, date) else side
        for side, other in ((left, right), (right, left))
    )
    return bool(OPERATORS[op](left, right))


def average(values: Iterable[Any]) -> Fraction | None:
    values = list(values)
    return sum(values) / Fraction(len(values)) if values else None


def months(since: date | None, today: date) -> int | None:
    """12Δy + Δm − (day₂ < min(day₁, length of month₂))."""
    if since is None:
        return None
    length = calendar.monthrange(today.year, today.month)[1]
    return 12 * (today.year - since.year) + today.month - since.month - (today.day < min(since.day, length))


def until_anniversary(of: date | None, today: date) -> int | None:
    """Whole days as a duration: 0 on the day; 29 Feb falls on 28 Feb in common years."""
    if of is None:
        return None
    falls = [
        date(year, of.month, min(of.day, calendar.monthrange(year, of.month)[1]))
        for year in (today.year, today.year + 1)
    ]
    return min((day - today) // MICROSECOND for day in falls if day >= today)
