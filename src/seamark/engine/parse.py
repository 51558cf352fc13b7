"""The text of a condition becomes its tree."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Any as Anything

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken, VisitError
from lark.visitors import Transformer_NonRecursive

from seamark.engine import tree
from seamark.engine.errors import Place, Problem, RuleError, Unreadable, nearest
from seamark.engine.kinds import STANDARD_KINDS, split_path
from seamark.engine.units import duration, number

DEEPEST = 200
"""How deep brackets and `not` may nest (engine.md)."""

KEYWORDS = (
    "last first within older than any no over count sum avg min max distinct delay since months_since "
    "until_anniversary tagged rule and or not between in is absent has mentions"
).split()

_WORDS = {
    "DURATION": "a duration such as 24h",
    "PATH": "a name",
    "TEXT": 'a text in "double quotes"',
    "NUMBER": "a number",
    "OPERATOR": "a comparison (= != < <= > >=)",
    "SIGN": "+ or -",
    "STAR": "*",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "COMMA": ",",
    "TAG": "a tag written group/tag",
    "RULE": "the name of a rule",
    "STEP": "a dot and a prop",
    "MOMENT": "last( or first(",
    "GATHER": "sum( avg( min( max( or distinct(",
    "CALENDAR": "months_since( or until_anniversary(",
    "_COUNT": "count(",
    "_AVERAGE_DELAY": "avg(delay(",
    "$END": "the end",
}


@cache
def _parser() -> Lark:
    grammar = files("seamark.engine").joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=True)


def parse(text: str, kinds: Collection[str] = STANDARD_KINDS) -> tree.Condition:
    """The tree of a condition. `kinds` are the known ones, which decide where a path's prop begins.

    Each node's `at` is the 0-based offset of its first character in `text`.
    Raises `RuleError` with line, column and what was expected.

    >>> parse("no order.placed over 90d")
    NoneOf(at=0, events=Events(at=3, kind='order.placed', where=None), over=7776000000000)
    """
    try:
        grown = _parser().parse(text)
    except UnexpectedInput as error:
        raise RuleError(_unexpected(error, text)) from None
    _refuse_depth(grown)
    try:
        return _Builder(kinds).transform(grown)
    except VisitError as error:
        if isinstance(error.orig_exc, RuleError):
            raise error.orig_exc from None
        raise


def place_in(text: str, offset: int) -> Place:
    """The 1-based line and column of an offset."""
    before = text[:offset]
    return Place(line=before.count("\n") + 1, column=offset - (before.rfind("\n") + 1) + 1)


def _unexpected(error: UnexpectedInput, text: str) -> Problem:
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        found, offset = f"{str(error.token)!r}", error.token.start_pos
        wanted, word = error.accepts or error.expected, str(error.token)
    elif isinstance(error, UnexpectedCharacters):
        found, offset, wanted, word = f"{text[error.pos_in_stream]!r}", error.pos_in_stream, error.allowed, ""
    else:
        assert isinstance(error, UnexpectedToken | UnexpectedEOF)
        found, offset, wanted, word = "the end", len(text.rstrip()), set(error.expected), ""
    names = sorted({_WORDS.get(name, name.lower()) for name in wanted or ()})
    return Problem(
        "syntax",
        f"Found {found} where {_listed(names)} is expected.",
        place_in(text, offset),
        nearest(word, [name for name in names if name in KEYWORDS]) if word else "",
    )


def _listed(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "nothing more"


def _refuse_depth(grown: Tree[Token]) -> None:
    stack: list[tuple[Tree[Token], int]] = [(grown, 0)]
    while stack:
        branch, depth = stack.pop()
        deeper = depth + (branch.data in ("nested", "negated", "grouped"))
        if deeper > DEEPEST:
            raise RuleError(Problem("nesting", f"Brackets and not nest deeper than {DEEPEST}."))
        stack.extend((child, deeper) for child in branch.children if isinstance(child, Tree))


def _refuse(code: str, message: str, at: int, hint: str = "") -> RuleError:
    """A problem at an offset; `rulebook` and `parse_text` turn the offset into line and column."""
    return RuleError(Problem(code, message, Place(column=at + 1, line=1), hint))


def _at(part: Token | tree.Node) -> int:
    return (part.start_pos or 0) if isinstance(part, Token) else part.at


def _length(written: Token | None) -> int | None:
    if written is None:
        return None
    try:
        return duration(written)
    except Unreadable as error:
        raise _refuse("duration", f"{error}.", _at(written)) from None


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
            raise _refuse("number", f"{error}.", _at(written)) from None

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
        raise _refuse(
            "bare-name",
            f"Found {path!r} alone; a value is written contact.field, param.name, a text in double quotes, "
            "or an aggregate such as count(kind) over 30d.",
            at,
            nearest(path, KEYWORDS),
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
            raise _refuse("bare-name", f"{name}( takes a date field such as contact.birthday.", _at(path))
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
            raise _refuse(
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
            raise _refuse("prop-missing", f"{path} names no prop; write kind.prop, such as order.placed.amount.", _at(path))
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
        raise _refuse("empty-text", "An empty text is never found: a missing value is absent; write is absent.", _at(written))
    return text
