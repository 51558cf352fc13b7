"""The tree of a condition: what an operator wrote, as nodes an operator would name.

Nodes are immutable and compare by meaning: `at`, the column a node starts in, takes no part.
Durations are microseconds, numbers are ten-thousandths (`units`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal

Comparison = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a condition."""

    at: int = field(default=0, compare=False, kw_only=True)

    def parts(self) -> Iterator[Node]:
        """The nodes directly below this one, in the order they were written."""
        for each in fields(self):
            value = getattr(self, each.name)
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, Node):
                    yield part

    def walk(self) -> Iterator[Node]:
        """This node and all below it, outermost first."""
        yield self
        for part in self.parts():
            yield from part.walk()


class Condition(Node):
    """True or false for a history at a moment."""

    __slots__ = ()


class Value(Node):
    """A number, text, date, moment or duration, or absent."""

    __slots__ = ()


# What is looked at


@dataclass(frozen=True, slots=True)
class Events(Node):
    """Events of one kind whose props fulfil `where`; without `where`, all of the kind."""

    kind: str
    where: Condition | None = None


# Values


@dataclass(frozen=True, slots=True)
class Number(Value):
    """A literal, in ten-thousandths."""

    scaled: int


@dataclass(frozen=True, slots=True)
class Text(Value):
    """A literal in quotes; read as a date where it is compared with one."""

    text: str


@dataclass(frozen=True, slots=True)
class Duration(Value):
    """A literal such as 24h, in microseconds."""

    length: int


@dataclass(frozen=True, slots=True)
class Param(Value):
    """`param.name`: a figure of the rulebook that can be set or fitted."""

    name: str


@dataclass(frozen=True, slots=True)
class Prop(Value):
    """A prop of the event at hand; stands only inside the brackets of `Events`."""

    name: str


@dataclass(frozen=True, slots=True)
class Field(Value):
    """`contact.name`, or `contact.name.low` and `.high` of a range."""

    name: str
    part: Literal["", "low", "high"] = ""


@dataclass(frozen=True, slots=True)
class CountOf(Value):
    """How many events; 0 when there is none. `over` None means all history."""

    events: Events
    over: int | None = None


@dataclass(frozen=True, slots=True)
class SumOf(Value):
    """The sum of a number prop; 0 when there is none."""

    events: Events
    prop: str
    over: int | None = None


@dataclass(frozen=True, slots=True)
class AverageOf(Value):
    """The mean of a number prop over the events that bear it; absent when none does."""

    events: Events
    prop: str
    over: int | None = None


@dataclass(frozen=True, slots=True)
class LeastOf(Value):
    """The smallest value of a number prop; absent when no event bears it."""

    events: Events
    prop: str
    over: int | None = None


@dataclass(frozen=True, slots=True)
class GreatestOf(Value):
    """The largest value of a number prop; absent when no event bears it."""

    events: Events
    prop: str
    over: int | None = None


@dataclass(frozen=True, slots=True)
class DistinctOf(Value):
    """How many different values a prop takes; events without it do not count."""

    events: Events
    prop: str
    over: int | None = None


@dataclass(frozen=True, slots=True)
class AverageDelay(Value):
    """The mean time from the latest `since` event before each `events` event to that event.

    Events with no earlier `since` event have no delay; absent when none has one.
    """

    events: Events
    since: Events
    over: int | None = None


@dataclass(frozen=True, slots=True)
class Last(Value):
    """The moment of the latest event; absent when there is none."""

    events: Events


@dataclass(frozen=True, slots=True)
class First(Value):
    """The moment of the earliest event; absent when there is none."""

    events: Events


@dataclass(frozen=True, slots=True)
class PropOf(Value):
    """A prop of that very event: absent when it lacks the prop, whatever earlier ones had."""

    event: Last | First
    prop: str


@dataclass(frozen=True, slots=True)
class MonthsSince(Value):
    """Whole months from a date field to today, as a number; negative before the date."""

    field: Field


@dataclass(frozen=True, slots=True)
class UntilAnniversary(Value):
    """Whole days from today to the next anniversary of a date field, as a duration; 0 on the day."""

    field: Field


@dataclass(frozen=True, slots=True)
class Arithmetic(Value):
    """Numbers added, subtracted or multiplied; absent when either side is."""

    op: Literal["+", "-", "*"]
    left: Value
    right: Value


# Conditions


@dataclass(frozen=True, slots=True)
class All(Condition):
    """Every part is true."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any(Condition):
    """At least one part is true."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The part is false; so it is true where the part compares with something absent."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Within(Condition):
    """The moment lies less than `length` back: true for exactly [t, t + length)."""

    moment: Last | First
    length: int


@dataclass(frozen=True, slots=True)
class OlderThan(Condition):
    """The moment lies `length` or more back: true from t + length on."""

    moment: Last | First
    length: int


@dataclass(frozen=True, slots=True)
class Some(Condition):
    """`any E over d`: at least one such event."""

    events: Events
    over: int | None = None


@dataclass(frozen=True, slots=True)
class NoneOf(Condition):
    """`no E over d`: not one such event."""

    events: Events
    over: int | None = None


@dataclass(frozen=True, slots=True)
class Compare(Condition):
    """Two values of one type; false when either is absent."""

    op: Comparison
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class Between(Condition):
    """From low to high, both included."""

    value: Value
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class In(Condition):
    """Equal to one of the choices."""

    value: Value
    choices: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Has(Condition):
    """A list holds a text; `mentions "x"` is this of the prop `mentions`."""

    value: Value
    text: str


@dataclass(frozen=True, slots=True)
class IsAbsent(Condition):
    """The value is missing."""

    value: Value


@dataclass(frozen=True, slots=True)
class Tagged(Condition):
    """The contact holds the tag `group/tag` now, after hands."""

    tag: str


@dataclass(frozen=True, slots=True)
class RuleRef(Condition):
    """The named condition of the rulebook."""

    name: str


Aggregate = CountOf | SumOf | AverageOf | LeastOf | GreatestOf | DistinctOf
"""Values gathered over the events of a window."""
