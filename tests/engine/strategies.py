"""Random conditions whose names and types fit one another, drawn from a vocabulary.

Every one of them can be written and parsed, and is right in a rulebook that knows the vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from seamark.engine import tree
from seamark.engine.kinds import EVERY_EVENT, STANDARD_KINDS, Type
from seamark.engine.units import DAY, HOUR, LARGEST, MINUTE, SCALE, SECOND

T = TypeVar("T")
ValueType = Type | Literal["duration"]
Figure = tree.Number | tree.Text | tree.Duration

SIGNS: tuple[tree.Comparison, ...] = ("=", "!=", "<", "<=", ">", ">=")
EQUAL_SIGNS: tuple[tree.Comparison, ...] = ("=", "!=")
ORDERED = ("number", "date", "moment", "duration")
FIGURE_TYPES: dict[type[Figure], ValueType] = {tree.Number: "number", tree.Text: "text", tree.Duration: "duration"}
WINDOWS = (SECOND, 90 * SECOND, MINUTE, HOUR, DAY, 36 * HOUR, 3 * DAY, 7 * DAY, 30 * DAY, 365 * DAY)


@dataclass(frozen=True, eq=False, repr=False)
class Vocabulary:
    """What conditions are drawn from; the smaller, the more often the leaves of a rulebook meet the same events.

    Compared and told by identity, so that each strategy over a vocabulary is made only once, and its name is short.
    """

    kinds: Mapping[str, Mapping[str, Type]]
    """kind → prop → type, without the props every event has."""
    fields: Mapping[str, Type] = field(default_factory=dict)
    params: Mapping[str, Figure] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    texts: tuple[str, ...] = ("a", "b")
    """What text props and fields, and the members of lists, are compared with."""
    dates: tuple[str, ...] = ("2024-02-29", "2026-11-20")
    windows: tuple[int, ...] = WINDOWS
    numbers: tuple[int, ...] = tuple(whole * SCALE for whole in range(-1, 13))

    def props(self, kind: str) -> dict[str, Type]:
        """Every prop of a kind."""
        return {**self.kinds[kind], **EVERY_EVENT}


VOCABULARY = Vocabulary(
    kinds={
        **{kind: STANDARD_KINDS[kind] for kind in ("message.received", "message.sent", "order.placed", "page.viewed")},
        "subscribed": {},
        "loan.signed": {"sum": "number", "grade": "text", "due_on": "date", "paid_at": "moment", "items": "list"},
    },
    fields={
        "employees": "number",
        "industry": "text",
        "birthday": "date",
        "first_seen": "moment",
        "interests": "list",
        "budget": "range",
    },
    params={"big_spender": tree.Number(500_000 * SCALE), "home": tree.Text("a"), "soon": tree.Duration(3 * DAY)},
    tags=("intent/high", "活跃度/高"),
    rules=("quiet", "big-buyer"),
    terms=("price", "refusal"),
    texts=("a", "auto parts", "报价", 'it is "so"', 'back\\slash\\"'),
)


# Conditions


def conditions(words: Vocabulary = VOCABULARY, leaves: int = 8) -> SearchStrategy[tree.Condition]:
    """Leaves under and, or and not, about so many at most."""
    return nested(leaf_conditions(words), leaves)


@cache
def leaf_conditions(words: Vocabulary = VOCABULARY) -> SearchStrategy[tree.Condition]:
    """Conditions without and, or and not, save in their filters. The calendar's values meet figures alone."""
    return st.one_of(
        built(tree.Within, moments(words), windows(words)),
        built(tree.OlderThan, moments(words), windows(words)),
        built(tree.Some, events(words), overs(words)),
        built(tree.NoneOf, events(words), overs(words)),
        built(tree.Tagged, one_of(words.tags)),
        built(tree.RuleRef, one_of(words.rules)),
        built(tree.Has, named_values(words, "list"), one_of(words.texts)),
        comparisons(aggregates(words), literals(words, "number"), "number"),
        comparisons(built(tree.MonthsSince, dates(words)), literals(words, "number"), "number"),
        comparisons(built(tree.UntilAnniversary, dates(words)), literals(words, "duration"), "duration"),
        *(comparisons(named_values(words, type_), values(words, type_), type_) for type_ in ("text", *ORDERED)),
        built(tree.IsAbsent, st.one_of(named_values(words, "list"), named_values(words, "range"))),
    )


def nested(leaf: SearchStrategy[tree.Condition], leaves: int) -> SearchStrategy[tree.Condition]:
    """Leaves joined as the parser joins them: no All directly in an All, no Any in an Any."""

    def joined(inner: SearchStrategy[tree.Condition]) -> SearchStrategy[tree.Condition]:
        parts = st.lists(inner, min_size=2, max_size=3)
        return st.one_of(parts.map(all_of), parts.map(any_of), built(tree.Not, inner))

    return st.recursive(leaf, joined, max_leaves=leaves)


def all_of(parts: Iterable[tree.Condition]) -> tree.All:
    return tree.All(tuple(each for part in parts for each in (part.of if isinstance(part, tree.All) else (part,))))


def any_of(parts: Iterable[tree.Condition]) -> tree.Any:
    return tree.Any(tuple(each for part in parts for each in (part.of if isinstance(part, tree.Any) else (part,))))


def comparisons(
    left: SearchStrategy[tree.Value], right: SearchStrategy[tree.Value], type_: ValueType
) -> SearchStrategy[tree.Condition]:
    """Every way to compare a value with others of its type."""
    equal = st.one_of(
        built(tree.Compare, st.sampled_from(EQUAL_SIGNS), left, right),
        built(tree.In, left, st.lists(right, min_size=1, max_size=3).map(tuple)),
        built(tree.IsAbsent, left),
    )
    if type_ not in ORDERED:
        return equal
    return st.one_of(
        equal, built(tree.Compare, st.sampled_from(SIGNS), left, right), built(tree.Between, left, right, right)
    )


# Values


@cache
def values(words: Vocabulary, type_: ValueType) -> SearchStrategy[tree.Value]:
    """Literals and all that has a value of the type."""
    return st.one_of(literals(words, type_), named_values(words, type_))


@cache
def literals(words: Vocabulary, type_: ValueType) -> SearchStrategy[tree.Value]:
    match type_:
        case "number":
            return built(tree.Number, st.sampled_from(words.numbers) | st.integers(-LARGEST, LARGEST))
        case "text":
            return built(tree.Text, one_of(words.texts))
        case "date":
            return built(tree.Text, one_of(words.dates))
        case "duration":
            return built(tree.Duration, windows(words))
    return st.nothing()


@cache
def named_values(words: Vocabulary, type_: ValueType) -> SearchStrategy[tree.Value]:
    """Fields, params, props of the last or first event, aggregates and sums of the type."""
    plain = st.one_of(
        built(tree.Field, one_of(name for name, known in words.fields.items() if known == type_)),
        params(words, type_),
        props_of(words, type_),
    )
    match type_:
        case "number":
            return sums(st.one_of(plain, range_ends(words), aggregates(words)), literals(words, "number"))
        case "moment":
            return plain | moments(words)
        case "duration":
            return plain | delays(words)
    return plain


@cache
def params(words: Vocabulary, type_: ValueType) -> SearchStrategy[tree.Param]:
    fitting = (name for name, figure in words.params.items() if FIGURE_TYPES[type(figure)] == type_)
    return built(tree.Param, one_of(fitting))


@cache
def range_ends(words: Vocabulary) -> SearchStrategy[tree.Field]:
    ranges = one_of(name for name, known in words.fields.items() if known == "range")
    return built(tree.Field, ranges, st.sampled_from(("low", "high")))


@cache
def dates(words: Vocabulary) -> SearchStrategy[tree.Field]:
    """Date fields, which alone have months and anniversaries."""
    return built(tree.Field, one_of(name for name, known in words.fields.items() if known == "date"))


def sums(named: SearchStrategy[tree.Value], numbers: SearchStrategy[tree.Value]) -> SearchStrategy[tree.Value]:
    """Numbers, some of them added, subtracted or multiplied."""

    def combined(inner: SearchStrategy[tree.Value]) -> SearchStrategy[tree.Value]:
        return built(tree.Arithmetic, st.sampled_from(("+", "-", "*")), inner, inner | numbers)

    return st.recursive(named, combined, max_leaves=3)


@cache
@st.composite
def aggregates(draw: DrawFn, words: Vocabulary) -> tree.Value:
    gather = draw(
        st.sampled_from((tree.CountOf, tree.DistinctOf, tree.SumOf, tree.AverageOf, tree.LeastOf, tree.GreatestOf))
    )
    looked_at, over = draw(events(words)), draw(overs(words))
    if gather is tree.CountOf:
        return tree.CountOf(looked_at, over)
    props = words.props(looked_at.kind)
    fitting = [
        prop for prop, known in props.items() if known == "number" or (gather is tree.DistinctOf and known != "list")
    ]
    return gather(looked_at, draw(st.sampled_from(fitting)), over)


@cache
def delays(words: Vocabulary) -> SearchStrategy[tree.AverageDelay]:
    return built(tree.AverageDelay, events(words), events(words), overs(words))


@cache
def moments(words: Vocabulary) -> SearchStrategy[tree.Last | tree.First]:
    return ends(events(words))


def ends(looked_at: SearchStrategy[tree.Events]) -> SearchStrategy[tree.Last | tree.First]:
    return st.one_of(built(tree.Last, looked_at), built(tree.First, looked_at))


@cache
def props_of(words: Vocabulary, type_: ValueType) -> SearchStrategy[tree.PropOf]:
    kinds = sorted(words.kinds)
    fitting = [(kind, prop) for kind in kinds for prop, known in words.props(kind).items() if known == type_]
    return prop_of(words, tuple(fitting)) if fitting else st.nothing()


@st.composite
def prop_of(draw: DrawFn, words: Vocabulary, fitting: tuple[tuple[str, str], ...]) -> tree.PropOf:
    kind, prop = draw(st.sampled_from(fitting))
    return tree.PropOf(draw(ends(events_of(words, kind))), prop)


# Events


@cache
@st.composite
def events(draw: DrawFn, words: Vocabulary = VOCABULARY) -> tree.Events:
    return draw(events_of(words, draw(st.sampled_from(sorted(words.kinds)))))


@cache
@st.composite
def events_of(draw: DrawFn, words: Vocabulary, kind: str) -> tree.Events:
    return tree.Events(kind, draw(st.none() | filters(words, kind)))


@cache
def filters(words: Vocabulary, kind: str) -> SearchStrategy[tree.Condition]:
    """Conditions on one event of the kind."""
    return nested(st.one_of(*(tests(words, kind, prop, type_) for prop, type_ in words.props(kind).items())), leaves=3)


@cache
def tests(words: Vocabulary, kind: str, prop: str, type_: Type) -> SearchStrategy[tree.Condition]:
    """Conditions on one prop."""
    left = st.just(tree.Prop(prop))
    if prop == "mentions":
        return built(tree.Has, left, one_of(words.terms))
    if type_ == "list":
        return st.one_of(built(tree.Has, left, one_of(words.texts)), built(tree.IsAbsent, left))
    alike = [tree.Prop(name) for name, known in words.props(kind).items() if known == type_]
    return comparisons(left, st.one_of(literals(words, type_), params(words, type_), st.sampled_from(alike)), type_)


# Windows and names


def built(node: Callable[..., T], *parts: SearchStrategy[Any]) -> SearchStrategy[T]:
    """The node of such parts; nothing where a part is: `st.builds` would draw it and give up the whole example."""
    return st.nothing() if any(part.is_empty for part in parts) else st.builds(node, *parts)


@cache
def windows(words: Vocabulary = VOCABULARY) -> SearchStrategy[int]:
    """Durations people write, and some they do not; never 0."""
    return st.sampled_from(words.windows) | st.integers(1, 1_000_000).map(lambda seconds: seconds * SECOND)


@cache
def overs(words: Vocabulary = VOCABULARY) -> SearchStrategy[int | None]:
    """The window of an aggregate; None is all history."""
    return st.none() | windows(words)


def one_of(names: Iterable[T]) -> SearchStrategy[T]:
    """One of them; nothing can be drawn where there is none."""
    known = tuple(names)
    return st.sampled_from(known) if known else st.nothing()
