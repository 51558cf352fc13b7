"""The tree of a condition becomes blocks: each a sentence whose parts are inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.text import capfirst
from django.utils.translation import pgettext, pgettext_lazy

from seamark.apps.tagging.blocks.vocabulary import Choices, Vocabulary
from seamark.engine import tree
from seamark.engine.check import ValueType
from seamark.engine.units import duration_text, number_text
from seamark.engine.write import write

UNITS = {
    "m": pgettext_lazy("unit", "minutes"),
    "h": pgettext_lazy("unit", "hours"),
    "d": pgettext_lazy("unit", "days"),
    "w": pgettext_lazy("unit", "weeks"),
    "s": pgettext_lazy("unit", "seconds"),
}
GATHERS: dict[str, type[tree.Value]] = {
    "sum": tree.SumOf,
    "avg": tree.AverageOf,
    "min": tree.LeastOf,
    "max": tree.GreatestOf,
    "distinct": tree.DistinctOf,
}
VALUES = {
    "count": pgettext_lazy("value", "number of"),
    "sum": pgettext_lazy("value", "sum"),
    "avg": pgettext_lazy("value", "average"),
    "min": pgettext_lazy("value", "smallest"),
    "max": pgettext_lazy("value", "largest"),
    "distinct": pgettext_lazy("value", "number of different"),
    "delay": pgettext_lazy("value", "average time until"),
    "last": pgettext_lazy("value", "last time of"),
    "first": pgettext_lazy("value", "first time of"),
    "last-prop": pgettext_lazy("value", "in the last"),
    "first-prop": pgettext_lazy("value", "in the first"),
    "field": pgettext_lazy("value", "field"),
    "months": pgettext_lazy("value", "months since"),
    "anniversary": pgettext_lazy("value", "time until the next"),
    "param": pgettext_lazy("value", "figure of the rulebook"),
    "reckoned": pgettext_lazy("value", "reckoned from two"),
    "number": pgettext_lazy("value", "a number"),
    "text": pgettext_lazy("value", "a text"),
    "duration": pgettext_lazy("value", "a time span"),
    "prop": pgettext_lazy("value", "its"),
}
"""The forms of values, in the order of their menu."""
LITERALS = ("number", "text", "duration")
LEFT = [form for form in VALUES if form not in (*LITERALS, "prop")]
SIGNS = {
    "number": {
        ">=": pgettext_lazy("condition", "is at least"),
        "<=": pgettext_lazy("condition", "is at most"),
        "=": pgettext_lazy("condition", "is exactly"),
        "!=": pgettext_lazy("condition", "is not"),
        ">": pgettext_lazy("condition", "is more than"),
        "<": pgettext_lazy("condition", "is less than"),
        "between": pgettext_lazy("condition", "is between"),
        "in": pgettext_lazy("condition", "is one of"),
        "absent": pgettext_lazy("condition", "is unknown"),
    },
    "moment": {
        ">": pgettext_lazy("condition", "is later than"),
        "<": pgettext_lazy("condition", "is earlier than"),
        ">=": pgettext_lazy("condition", "is not earlier than"),
        "<=": pgettext_lazy("condition", "is not later than"),
        "=": pgettext_lazy("condition", "is"),
        "!=": pgettext_lazy("condition", "is not"),
        "between": pgettext_lazy("condition", "is between"),
        "absent": pgettext_lazy("condition", "is unknown"),
    },
    "text": {
        "=": pgettext_lazy("condition", "is"),
        "!=": pgettext_lazy("condition", "is not"),
        "in": pgettext_lazy("condition", "is one of"),
        "absent": pgettext_lazy("condition", "is unknown"),
    },
    "list": {"has": pgettext_lazy("condition", "has"), "absent": pgettext_lazy("condition", "is unknown")},
    "range": {"absent": pgettext_lazy("condition", "is unknown")},
}
SIGNS |= {"duration": SIGNS["number"], "date": SIGNS["moment"]}
"""How values of a type are compared, the likeliest first."""
LISTED = ", "
"""Between the choices of a list in one input."""


@dataclass(frozen=True)
class Piece:
    """A word, an input, or the filter of events, in the sentence of a block."""

    kind: Literal["word", "select", "number", "text", "date", "hidden", "where"]
    name: str = ""
    value: str = ""
    label: str = ""
    choices: Choices = ()
    where: Block | None = None
    is_aside: bool = False
    """Whether it is shown small: a way to say something else than is said."""


@dataclass(frozen=True)
class Block:
    """A group of conditions, or one condition."""

    prefix: str
    form: str
    denied: bool
    pieces: Sequence[Piece] = ()
    parts: Sequence[Block] = ()
    inside: str = ""
    """The kind of event whose props it asks for; empty: it asks about the contact."""
    sentence: str = ""

    @property
    def is_group(self) -> bool:
        return self.form in ("all", "any")


@dataclass(frozen=True)
class Showing:
    """Makes blocks with the words of a rulebook."""

    known: Vocabulary

    def whole(self, condition: tree.Condition | None, prefix: str, kind: str = "") -> Block:
        """A condition as a group, even of one."""
        if isinstance(condition, tree.All | tree.Any):
            return self.block(condition, prefix, kind)
        parts = [self.block(condition, f"{prefix}.0", kind)] if condition else []
        return Block(prefix, "all", False, parts=parts, inside=kind)

    def block(self, condition: tree.Condition, prefix: str, kind: str = "") -> Block:
        """The condition; `kind` is that of the event at hand, inside the filter of events."""
        inner = condition.part if isinstance(condition, tree.Not) else condition
        denied, said = inner is not condition, capfirst(self.known.said(condition))
        if isinstance(inner, tree.All | tree.Any):
            parts = [self.block(part, f"{prefix}.{place}", kind) for place, part in enumerate(inner.of)]
            return Block(prefix, "all" if isinstance(inner, tree.All) else "any", denied, (), parts, kind, said)
        form, pieces = self.sentence(inner, prefix, kind)
        return Block(prefix, form, denied, tuple(pieces), (), kind, said)

    def sentence(self, condition: tree.Condition, prefix: str, kind: str) -> tuple[str, Iterator[Piece]]:
        """The form of one condition, and its sentence."""
        match condition:
            case tree.Within() | tree.OlderThan():
                return "recent", self.recent(condition, prefix)
            case tree.Some() | tree.NoneOf():
                return "happened", self.happened(condition, prefix)
            case tree.Tagged(tag=tag):
                return "tagged", iter(
                    [
                        _word(pgettext("condition", "holds the tag")),
                        _select(f"{prefix}.tag", tag, self.known.tags, pgettext("condition", "Tag")),
                    ]
                )
            case tree.RuleRef(name=name):
                return "rule", iter(
                    [
                        _word(pgettext("condition", "meets the rule")),
                        _select(f"{prefix}.rule", name, self.known.rules, pgettext("condition", "Rule")),
                    ]
                )
            case tree.Compare() | tree.Between() | tree.In() | tree.Has() | tree.IsAbsent():
                if (pieces := self.compare(condition, prefix, kind)) is not None:
                    return "compare", iter(pieces)
        return "free", iter(
            [Piece("text", f"{prefix}.text", write(condition), pgettext("condition", "Condition as text"))]
        )

    # Conditions

    def recent(self, condition: tree.Within | tree.OlderThan, prefix: str) -> Iterator[Piece]:
        which = "last" if isinstance(condition.moment, tree.Last) else "first"
        yield _menu(
            f"{prefix}.which",
            which,
            {"last": pgettext("condition", "the last"), "first": pgettext("condition", "the first")},
            pgettext("condition", "Which"),
        )
        yield from self.events(condition.moment.events, f"{prefix}.e")
        way = "within" if isinstance(condition, tree.Within) else "older"
        words = {
            "within": pgettext("condition", "less ago than"),
            "older": pgettext("condition", "at least as long ago as"),
        }
        yield _menu(f"{prefix}.way", way, words, pgettext("condition", "How long ago"))
        yield from _duration(condition.length, f"{prefix}.length")

    def happened(self, condition: tree.Some | tree.NoneOf, prefix: str) -> Iterator[Piece]:
        which = "any" if isinstance(condition, tree.Some) else "no"
        yield _menu(
            f"{prefix}.which",
            which,
            {"any": pgettext("condition", "at least one"), "no": pgettext("condition", "not one")},
            pgettext("condition", "Whether it happened"),
        )
        yield from self.events(condition.events, f"{prefix}.e")
        yield from _over(condition.over, prefix)

    def compare(self, condition: tree.Condition, prefix: str, kind: str) -> list[Piece] | None:
        """A comparison; None where a list has a choice that no input can hold."""
        left = condition.left if isinstance(condition, tree.Compare) else condition.value  # type: ignore[attr-defined]
        type_ = self.known.type_of(left, kind)
        sign, right = self.compared_with(condition, prefix, type_, kind)
        if right is None:
            return None
        signs = {name: str(words) for name, words in SIGNS[type_].items()}
        if sign not in signs:
            return None
        pieces = [
            *self.value(left, f"{prefix}.l", kind),
            _menu(f"{prefix}.sign", sign, signs, pgettext("condition", "Comparison")),
        ]
        return [*pieces, Piece("hidden", f"{prefix}.type", type_), *right]

    def compared_with(
        self, condition: tree.Condition, prefix: str, type_: ValueType, kind: str
    ) -> tuple[str, list[Piece] | None]:
        match condition:
            case tree.Compare(op=op, right=right):
                return op, list(self.right(right, f"{prefix}.r", type_, kind))
            case tree.Between(low=low, high=high):
                ends = [
                    list(self.right(end, f"{prefix}.{name}", type_, kind)) for end, name in ((low, "r"), (high, "r2"))
                ]
                return "between", [*ends[0], _word(pgettext("between", "and")), *ends[1]]
            case tree.In(choices=choices):
                texts = [_literal(choice) for choice in choices]
                if None in texts or any(LISTED.strip() in (text or "") for text in texts):
                    return "in", None
                return "in", [
                    Piece(
                        "text",
                        f"{prefix}.in",
                        LISTED.join(map(str, texts)),
                        pgettext("condition", "Choices, with commas between"),
                    )
                ]
            case tree.Has(value=value, text=text):
                if _is_mentions(value):
                    return "has", [_select(f"{prefix}.has", text, self.known.terms, pgettext("condition", "Term"))]
                return "has", [Piece("text", f"{prefix}.has", text, pgettext("condition", "Text"))]
        return "absent", []

    # Values

    def right(self, value: tree.Value, prefix: str, type_: ValueType, kind: str) -> Iterator[Piece]:
        """What a value of that type is compared with: a literal, unless it is chosen to be something else."""
        literal = type_ if type_ in LITERALS else "text"
        forms = ([] if type_ == "moment" else [literal]) + (["param"] if self.known.rulebook.params else [])
        forms += ["prop"] if kind else [form for form in LEFT if form != "param"]
        return self.value(value, prefix, kind, forms, type_)

    def value(
        self, value: tree.Value, prefix: str, kind: str, forms: Sequence[str] = (), type_: ValueType = "text"
    ) -> Iterator[Piece]:
        form = form_of(value)
        forms = forms or (["prop"] if kind else LEFT)
        forms = forms if form in forms else [form, *forms]
        if len(forms) > 1 or form != "prop":
            menu = _menu(
                f"{prefix}.f",
                form,
                {each: str(VALUES[each]) for each in forms},
                pgettext("condition", "What is compared"),
            )
            yield replace(menu, is_aside=form in (*LITERALS, "reckoned"))
        else:
            yield Piece("hidden", f"{prefix}.f", form)
        yield from self.inner(value, prefix, kind, type_)

    def inner(self, value: tree.Value, prefix: str, kind: str, type_: ValueType) -> Iterator[Piece]:
        """What follows the form of a value."""
        match value:
            case tree.Number(scaled=scaled):
                yield Piece(
                    "number", f"{prefix}.n", number_text(scaled).replace("_", ""), pgettext("condition", "Number")
                )
            case tree.Text(text=text):
                yield Piece("date" if type_ == "date" else "text", f"{prefix}.t", text, pgettext("condition", "Text"))
            case tree.Duration(length=length):
                yield from _duration(length, f"{prefix}.d")
            case tree.Param(name=name):
                yield _select(f"{prefix}.p", name, self.known.params, pgettext("condition", "Figure"))
            case tree.Prop(name=name):
                yield _select(f"{prefix}.prop", name, self.known.props(kind), pgettext("condition", "Detail"))
            case tree.Field(name=name, part=part):
                full = f"{name}.{part}" if part else name
                yield _select(f"{prefix}.field", full, self.known.fields_of(), pgettext("condition", "Field"))
            case tree.MonthsSince(field=field) | tree.UntilAnniversary(field=field):
                yield _select(
                    f"{prefix}.field", field.name, self.known.fields_of("date"), pgettext("condition", "Field")
                )
            case tree.CountOf(events=events, over=over):
                yield from self.events(events, f"{prefix}.e")
                yield from _over(over, prefix)
            case tree.AverageDelay(events=events, since=since, over=over):
                yield from self.events(events, f"{prefix}.e")
                yield _word(pgettext("condition", "since"))
                yield from self.events(since, f"{prefix}.s")
                yield from _over(over, prefix)
            case tree.Last(events=events) | tree.First(events=events):
                yield from self.events(events, f"{prefix}.e")
            case tree.PropOf(event=event, prop=prop):
                yield from self.events(event.events, f"{prefix}.e")
                yield _select(
                    f"{prefix}.prop", prop, self.known.props(event.events.kind), pgettext("condition", "Detail")
                )
            case tree.Arithmetic(op=op, left=left, right=right):
                yield _word("(")
                yield from self.value(left, f"{prefix}.x", kind, [*LEFT, "number"])
                yield _menu(f"{prefix}.op", op, {"+": "+", "-": "−", "*": "×"}, pgettext("condition", "Sign"))
                yield from self.value(right, f"{prefix}.y", kind, [*LEFT, "number"])
                yield _word(")")
            case (
                tree.SumOf(events=events, prop=prop, over=over)
                | tree.AverageOf(events=events, prop=prop, over=over)
                | tree.LeastOf(events=events, prop=prop, over=over)
                | tree.GreatestOf(events=events, prop=prop, over=over)
                | tree.DistinctOf(events=events, prop=prop, over=over)
            ):
                types = () if isinstance(value, tree.DistinctOf) else ("number",)
                yield _select(
                    f"{prefix}.prop", prop, self.known.props(events.kind, *types), pgettext("condition", "Detail")
                )
                yield _word(pgettext("sum of amount of orders", "of"))
                yield from self.events(events, f"{prefix}.e")
                yield from _over(over, prefix)

    def events(self, events: tree.Events, prefix: str) -> Iterator[Piece]:
        yield _select(f"{prefix}.kind", events.kind, self.known.kinds, pgettext("condition", "Kind of event"))
        yield Piece("where", f"{prefix}.w", where=self.whole(events.where, f"{prefix}.w", events.kind))


def form_of(value: tree.Value) -> str:
    """The name of a value's form."""
    match value:
        case tree.PropOf(event=event):
            return "last-prop" if isinstance(event, tree.Last) else "first-prop"
    names: dict[type[tree.Value], str] = {
        **{type_: name for name, type_ in GATHERS.items()},
        tree.CountOf: "count",
        tree.AverageDelay: "delay",
        tree.Last: "last",
        tree.First: "first",
        tree.Field: "field",
        tree.MonthsSince: "months",
        tree.UntilAnniversary: "anniversary",
        tree.Param: "param",
        tree.Arithmetic: "reckoned",
        tree.Number: "number",
        tree.Text: "text",
        tree.Duration: "duration",
        tree.Prop: "prop",
    }
    return names[type(value)]


def _is_mentions(value: tree.Value) -> bool:
    return value == tree.Prop("mentions") or (isinstance(value, tree.PropOf) and value.prop == "mentions")


def _literal(value: tree.Value) -> str | None:
    match value:
        case tree.Text(text=text):
            return text
        case tree.Number(scaled=scaled):
            return number_text(scaled).replace("_", "")
        case tree.Duration(length=length):
            return duration_text(length)
    return None


def _word(word: str) -> Piece:
    return Piece("word", value=word)


def _menu(name: str, value: str, words: dict[str, str], label: str) -> Piece:
    return _select(name, value, [("", list(words.items()))], label)


def _select(name: str, value: str, choices: Choices, label: str) -> Piece:
    """A value that is none of the choices is one more: blocks hide nothing of what is written."""
    if not any(value == known for _, values in choices for known, _ in values):
        choices = [("", [(value, value)]), *choices]
    return Piece("select", name, value, label, choices)


def _duration(length: int, prefix: str) -> Iterator[Piece]:
    written = duration_text(length)
    yield Piece("number", f"{prefix}.n", written[:-1], pgettext("condition", "How long"))
    yield _menu(
        f"{prefix}.u", written[-1], {unit: str(words) for unit, words in UNITS.items()}, pgettext("condition", "Unit")
    )


def _over(over: int | None, prefix: str) -> Iterator[Piece]:
    words = {unit: str(words) for unit, words in UNITS.items()}
    if over is None:
        yield _menu(
            f"{prefix}.over.u",
            "",
            {
                "": pgettext("condition", "at any time"),
                **{u: pgettext("condition", "in the last … %(unit)s") % {"unit": w} for u, w in words.items()},
            },
            pgettext("condition", "Period"),
        )
        return
    yield _word(pgettext("condition", "in the last"))
    written = duration_text(over)
    yield Piece("number", f"{prefix}.over.n", written[:-1], pgettext("condition", "How long"))
    yield _menu(
        f"{prefix}.over.u",
        written[-1],
        {**words, "": pgettext("condition", "at any time")},
        pgettext("condition", "Unit"),
    )
