"""Which events stand behind a leaf: those in its window that fulfil its filter."""

from __future__ import annotations

from collections.abc import Sequence

from seamark.engine import tree
from seamark.engine.events import Event, Held
from seamark.engine.kinds import Type
from seamark.engine.plan import Day

Types = dict[str, Type]


def evidence(leaf: tree.Condition, events: Sequence[Event], now: int) -> list[Event]:
    """The events that a leaf looks at, in order: of `last` and `first` the one, else all of the window.

    `events` are in order; later ones than `now` are left out.
    """
    past = [event for event in events if event.occurred_at <= now]
    found: dict[int, Event] = {}
    for selection, over, which in _looked_at(leaf):
        chosen = [place for place, event in enumerate(past) if _inside(event, over, now) and matches(selection, event)]
        if which:
            chosen = chosen[-1:] if which == "last" else chosen[:1]
        found |= {place: past[place] for place in chosen}
    return [found[place] for place in sorted(found)]


def matches(selection: tree.Events, event: Event) -> bool:
    """Whether the event is of the kind and its props fulfil the filter."""
    return selection.kind == event.kind and (selection.where is None or _true(selection.where, event))


def _inside(event: Event, over: int | None, now: int) -> bool:
    return over is None or event.occurred_at > now - over


def _looked_at(node: tree.Node) -> list[tuple[tree.Events, int | None, str]]:
    """(selection, window, "last" or "first" where only that one counts) for each part of a leaf."""
    match node:
        case tree.Within(moment=moment, length=length):
            return [(moment.events, length, _which(moment))] if isinstance(moment, tree.Last) else _looked_at(moment)
        case tree.Last(events=events) | tree.First(events=events):
            return [(events, None, _which(node))]
        case tree.Some(events=events, over=over) | tree.NoneOf(events=events, over=over):
            return [(events, over, "")]
        case tree.AverageDelay(events=events, since=since, over=over):
            return [(events, over, ""), (since, over, "")]
        case tree.CountOf() | tree.SumOf() | tree.AverageOf() | tree.LeastOf() | tree.GreatestOf() | tree.DistinctOf():
            return [(node.events, node.over, "")]
    return [found for part in node.parts() for found in _looked_at(part)]


def _which(moment: tree.Node) -> str:
    return "last" if isinstance(moment, tree.Last) else "first"


def _true(where: tree.Condition, event: Event) -> bool:
    match where:
        case tree.All(of=parts):
            return all(_true(part, event) for part in parts)
        case tree.Any(of=parts):
            return any(_true(part, event) for part in parts)
        case tree.Not(part=part):
            return not _true(part, event)
        case tree.Compare(op=op, left=left, right=right):
            return _holds(op, _value(left, event), _value(right, event))
        case tree.Between(value=value, low=low, high=high):
            held = _value(value, event)
            return _holds(">=", held, _value(low, event)) and _holds("<=", held, _value(high, event))
        case tree.In(value=value, choices=choices):
            return any(_holds("=", _value(value, event), _value(choice, event)) for choice in choices)
        case tree.Has(value=value, text=text):
            return text in (_value(value, event) or ())  # type: ignore[operator]
        case tree.IsAbsent(value=value):
            return _value(value, event) is None
    raise TypeError(f"{type(where).__name__} is no part of a filter")


def _value(value: tree.Value, event: Event) -> Held | None:
    match value:
        case tree.Prop(name=name):
            return event.props.get(name)
        case tree.Number(scaled=held) | Day(day=held) | tree.Duration(length=held):
            return held
        case tree.Text(text=text):
            return text
    raise TypeError(f"{type(value).__name__} is no part of a filter")


def _holds(op: str, left: Held | None, right: Held | None) -> bool:
    if left is None or right is None:
        return False
    match op:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right  # type: ignore[operator]
        case "<=":
            return left <= right  # type: ignore[operator]
        case ">":
            return left > right  # type: ignore[operator]
    return left >= right  # type: ignore[operator]
