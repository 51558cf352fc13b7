"""The text of a condition becomes its tree."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Any as Anything

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, VisitError
from lark.visitors import Transformer_NonRecursive

from seamark.engine import tree
from seamark.engine.errors import Place, Problem, RuleError, Unreadable
from seamark.engine.kinds import STANDARD_KINDS, split_path
from seamark.engine.stumble import KEYWORDS, explained
from seamark.engine.units import duration, number

__all__ = ["DEEPEST", "KEYWORDS", "parse", "place_in"]

DEEPEST = 200
"""How deep brackets may nest, and how deep `and`, `or`, `not` and sums."""


@cache
def _parser() -> Lark:
    grammar = files("seamark.engine").joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=True, propagate_positions=True)


def parse(text: str, kinds: Collection[str] = STANDARD_KINDS) -> tree.Condition:
    """The tree of a condition. `kinds` are the known ones, which decide where a path's prop begins.

    Each node's `at` is the 0-based offset in `text` of its first name or literal.
    Raises `RuleError` with the line and column in `text`, and what was expected.

    >>> parse("no order.placed over 90d")
    NoneOf(at=3, events=Events(at=3, kind='order.placed', where=None), over=7776000000000)
    """
    try:
        grown = _parser().parse(text)
    except UnexpectedInput as error:
        slip = explained(error, text)
        raise RuleError(Problem("syntax", slip.message, place_in(text, slip.at), slip.hint)) from None
    try:
        _refuse_depth(grown)
        condition: tree.Condition = _Builder(kinds).transform(grown)
    except _Refused as refused:
        raise RuleError(refused.problem(text)) from None
    except VisitError as error:
        if isinstance(error.orig_exc, _Refused):
            raise RuleError(error.orig_exc.problem(text)) from None
        raise
    return condition


def place_in(text: str, offset: int) -> Place:
    """The 1-based line and column of an offset."""
    before = text[:offset]
    return Place(line=before.count("\n") + 1, column=offset - (before.rfind("\n") + 1) + 1)


def _refuse_depth(grown: Tree[Token]) -> None:
    """Deeper trees than this, or deeper brackets around them, would overflow those who walk them."""
    stack: list[tuple[Tree[Token], int, int]] = [(grown, 0, 0)]
    while stack:
        branch, brackets, levels = stack.pop()
        brackets += branch.data in ("nested", "grouped")
        levels += branch.data in ("negated", "plus", "times") or (
            branch.data in ("either", "both") and len(branch.children) > 1
        )
        if max(brackets, levels) > DEEPEST:
            what = "Brackets" if brackets > DEEPEST else "Conditions and sums"
            raise _Refused("nesting", f"{what} nest deeper than {DEEPEST}.", branch.meta.start_pos)
        stack.extend((child, brackets, levels) for child in branch.children if isinstance(child, Tree))


class _Refused(Exception):
    """A problem at an offset of the text, on its way to `parse`, which knows the text."""

    def __init__(self, code: str, message: str, at: int, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.at, self.hint = code, message, at, hint

    def problem(self, text: str) -> Problem:
        return Problem(self.code, self.message, place_in(text, self.at), self.hint)


def _at(part: Token | tree.Node) -> int:
    return (part.start_pos or 0) if isinstance(part, Token) else part.at


def _length(written: Token | None) -> int | None:
    if written is None:
        return None
    try:
        return duration(written)
    except Unreadable as error:
        raise _Refused("duration", f"{error}.", _at(written)) from None


class _Builder(Transformer_NonRecursive):  # type: ignore[type-arg]
    """One method a grammar rule; children are tokens or nodes already built."""

    def __init__(self, kinds: Collection[str]) -> None:
        super().__init__()
        self.kinds = kinds if isinstance(kinds, (dict, set, frozenset)) else frozenset(kinds)

    def start(self, children: list[Anything]) -> Anything:
        return children[0]

    nested = grouped = where = start

    def either(self, parts: list[tree.Condition]) -> tree.Condition:
        return parts[0] if len(parts) == 1 else tree.Any(_flat(tree.Any, parts), at=parts[0].at)

    def both(self, parts: list[tree.Condition]) -> tree.Condition:
        return parts[0] if len(parts) == 1 else tree.All(_flat(tree.All, parts), at=parts[0].at)

    def negated(self, children: list[tree.Condition]) -> tree.Not:
        return tree.Not(children[0], at=children[0].at)

    def within(self, children: list[Anything]) -> tree.Within:
        moment, length = children
        return tree.Within(moment, _length(length) or 0, at=moment.at)

    def older_than(self, children: list[Anything]) -> tree.OlderThan:
        moment, length = children
        return tree.OlderThan(moment, _length(length) or 0, at=moment.at)

    def some(self, children: list[Anything]) -> tree.Some:
        return tree.Some(*children, at=children[0].at)

    def none_of(self, children: list[Anything]) -> tree.NoneOf:
        return tree.NoneOf(*children, at=children[0].at)

    def over(self, children: list[Token]) -> int | None:
        return _length(children[0])

    def tagged(self, children: list[Token]) -> tree.Tagged:
        return tree.Tagged(str(children[0]), at=_at(children[0]))

    def rule_ref(self, children: list[Token]) -> tree.RuleRef:
        return tree.RuleRef(str(children[0]), at=_at(children[0]))

    def compare(self, children: list[Anything]) -> tree.Compare:
        left, operator, right = children
        return tree.Compare(str(operator), left, right, at=left.at)  # type: ignore[arg-type]

    def between(self, children: list[tree.Value]) -> tree.Between:
        return tree.Between(*children, at=children[0].at)

    def among(self, children: list[tree.Value]) -> tree.In:
        return tree.In(children[0], tuple(children[1:]), at=children[0].at)

    def has(self, children: list[Anything]) -> tree.Has:
        return tree.Has(children[0], _unquoted(children[1]), at=children[0].at)

    def mentions(self, children: list[Token]) -> tree.Has:
        at = _at(children[0])
        return tree.Has(tree.Prop("mentions", at=at), _unquoted(children[0]), at=at)

    def is_absent(self, children: list[tree.Value]) -> tree.IsAbsent:
        return tree.IsAbsent(children[0], at=children[0].at)

    def plus(self, children: list[Anything]) -> tree.Arithmetic:
        left, sign, right = children
        return tree.Arithmetic(str(sign), left, right, at=left.at)  # type: ignore[arg-type]

    def times(self, children: list[tree.Value]) -> tree.Arithmetic:
        left, right = children
        return tree.Arithmetic("*", left, right, at=left.at)

    def number(self, children: list[Token | None]) -> tree.Number:
        sign, written = children
        assert written is not None
        try:
            return tree.Number(number((sign or "") + written), at=_at(sign or written))
        except Unreadable as error:
            raise _Refused("number", f"{error}.", _at(written)) from None

    def text(self, children: list[Token]) -> tree.Text:
        return tree.Text(_unquoted(children[0]), at=_at(children[0]))

    def duration(self, children: list[Token]) -> tree.Duration:
        return tree.Duration(_length(children[0]) or 0, at=_at(children[0]))

    def named(self, children: list[Token]) -> tree.Value:
        path, at = str(children[0]), _at(children[0])
        owner, _, name = path.partition(".")
        if owner == "param" and name:
            return tree.Param(name, at=at)
        if owner == "contact" and name:
            return _field(name, at)
        raise _Refused(
            "bare-name",
            f"Found {path!r} alone; a value is written contact.field, param.name, a text in double quotes, "
            "or an aggregate such as count(kind) over 30d.",
            at,
        )

    def named_prop(self, children: list[Token]) -> tree.Value:
        path, at = str(children[0]), _at(children[0])
        if path.startswith("param."):
            return tree.Param(path.removeprefix("param."), at=at)
        return tree.Prop(path, at=at)

    def count_of(self, children: list[Anything]) -> tree.CountOf:
        return tree.CountOf(*children, at=children[0].at)

    def gathered(self, children: list[Anything]) -> tree.Value:
        gather, (events, prop), over = children
        node = {
            "sum": tree.SumOf,
            "avg": tree.AverageOf,
            "min": tree.LeastOf,
            "max": tree.GreatestOf,
            "distinct": tree.DistinctOf,
        }[str(gather)]
        return node(events, prop, over, at=_at(gather))

    def delay_of(self, children: list[Anything]) -> tree.AverageDelay:
        return tree.AverageDelay(*children, at=children[0].at)

    def calendar(self, children: list[Token]) -> tree.Value:
        name, path = children
        owner, _, field = path.partition(".")
        if owner != "contact" or not field:
            raise _Refused("bare-name", f"{name}( takes a date field such as contact.birthday.", _at(path))
        node = tree.MonthsSince if name == "months_since" else tree.UntilAnniversary
        return node(tree.Field(field, at=_at(path)), at=_at(name))

    def moment(self, children: list[Anything]) -> tree.Value:
        which, events = children
        return (tree.Last if which == "last" else tree.First)(events, at=_at(which))

    def prop_of(self, children: list[Anything]) -> tree.PropOf:
        moment, step = children
        return tree.PropOf(moment, step[1:], at=moment.at)

    def events(self, children: list[Anything]) -> tree.Events:
        path, where = children
        kind, prop = split_path(path, self.kinds) if path not in self.kinds else (str(path), "")
        if prop and kind in self.kinds:
            raise _Refused(
                "prop-here",
                f"{path} is the prop {prop!r} of {kind}; here events are meant, not a prop.",
                _at(path),
                kind,
            )
        return tree.Events(str(path), where, at=_at(path))

    def measured(self, children: list[Anything]) -> tuple[tree.Events, str]:
        path, where, step = children
        if step is not None:
            return tree.Events(str(path), where, at=_at(path)), str(step)[1:]
        kind, prop = split_path(path, self.kinds)
        if not prop or not kind:
            message = f"{path} names no prop; write kind.prop, such as order.placed.amount."
            raise _Refused("prop-missing", message, _at(path))
        return tree.Events(kind, where, at=_at(path)), prop


def _flat(kind: type[tree.All] | type[tree.Any], parts: list[tree.Condition]) -> tuple[tree.Condition, ...]:
    """`a and (b and c)` is `a and b and c`."""
    flat: list[tree.Condition] = []
    for part in parts:
        flat.extend(part.of if isinstance(part, kind) else (part,))
    return tuple(flat)


def _field(path: str, at: int) -> tree.Field:
    name, _, part = path.rpartition(".")
    if name and part == "low":
        return tree.Field(name, "low", at=at)
    if name and part == "high":
        return tree.Field(name, "high", at=at)
    return tree.Field(path, at=at)


def _unquoted(written: Token) -> str:
    text = str(written)[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if not text:
        message = "An empty text is never found: a missing value is absent; write is absent."
        raise _Refused("empty-text", message, _at(written))
    return text
