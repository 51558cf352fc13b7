"""The inputs of blocks become a tree again, changed as a button asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast

from django.utils.translation import gettext as _

from seamark.apps.tagging.blocks.showing import GATHERS, LISTED, LITERALS, SIGNS
from seamark.apps.tagging.blocks.vocabulary import Vocabulary, field_of, first_of
from seamark.engine import tree
from seamark.engine.check import ValueType
from seamark.engine.errors import RuleError, Unreadable
from seamark.engine.parse import parse
from seamark.engine.units import DAY, duration, number

MOST_PARTS = 100
"""Of one group."""


class Slip(Exception):
    """An input that cannot be read; the text is shown beside it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message


class Deed(NamedTuple):
    """What a button asks: add (what) to a group, remove a part, or either/both: one more beside a part."""

    verb: str
    prefix: str = ""
    what: str = ""


NOTHING = Deed("")


def deed_of(written: str) -> Deed:
    """A deed as a button sends it: verb:prefix or verb:prefix:what."""
    verb, _, rest = written.partition(":")
    prefix, _, what = rest.partition(":")
    return Deed(verb, prefix, what)


@dataclass(frozen=True)
class Reading:
    """Reads what a form of blocks sent."""

    sent: Mapping[str, str]
    known: Vocabulary
    deed: Deed = NOTHING

    def whole(self, prefix: str, kind: str = "") -> tree.Condition | None:
        """The condition of a group; None where it is empty."""
        return self._group(prefix, kind)

    def condition(self, prefix: str, kind: str = "") -> tree.Condition | None:
        """The condition at the prefix; None where it is to be removed."""
        if self.deed[:2] == ("remove", prefix):
            return None
        form = self._get(f"{prefix}.f")
        found = self._group(prefix, kind) if form in ("all", "any") else self._one(form, prefix, kind)
        if found is None:
            return None
        if self._get(f"{prefix}.not"):
            found = tree.Not(found)
        if self.deed[:2] == ("either", prefix):
            return tree.Any((found, self.new(self.deed.what, kind)))
        if self.deed[:2] == ("both", prefix):
            return tree.All((found, self.new(self.deed.what, kind)))
        return found

    def new(self, what: str, kind: str = "") -> tree.Condition:
        """A condition to begin with."""
        if kind:
            return self._new_test(kind)
        starts = {
            "recent": "last(message.received) within 24h",
            "measure": "count(message.received) over 30d >= 3",
            "order": "last(message.received) > last(message.sent)",
        }
        if what == "tagged" and (tag := first_of(self.known.tags)):
            return tree.Tagged(tag)
        if what == "rule" and (rule := first_of(self.known.rules)):
            return tree.RuleRef(rule)
        if what == "field" and (name := first_of(self.known.fields_of())):
            return tree.Not(tree.IsAbsent(field_of(name)))
        return parse(starts.get(what, "any message.received over 7d"))

    def _new_test(self, kind: str) -> tree.Condition:
        if kind.startswith("message.") and (term := first_of(self.known.terms)):
            return tree.Has(tree.Prop("mentions"), term)
        prop = tree.Prop(first_of(self.known.props(kind)))
        return self._compared(prop, "", self.known.type_of(prop, kind), kind)

    # Groups and single conditions

    def _group(self, prefix: str, kind: str) -> tree.Condition | None:
        written = self._get(f"{prefix}.n")
        count = min(int(written), MOST_PARTS) if written.isascii() and written.isdecimal() else 0
        read = (self.condition(f"{prefix}.{place}", kind) for place in range(count))
        parts = [part for part in read if part is not None]
        if self.deed[:2] == ("add", prefix):
            parts.append(self.new(self.deed.what, kind))
        if len(parts) < 2:
            return parts[0] if parts else None
        return tree.Any(tuple(parts)) if self._get(f"{prefix}.f") == "any" else tree.All(tuple(parts))

    def _one(self, form: str, prefix: str, kind: str) -> tree.Condition:
        match form:
            case "recent":
                moment = (tree.First if self._get(f"{prefix}.which") == "first" else tree.Last)(
                    self._events(f"{prefix}.e")
                )
                way = tree.OlderThan if self._get(f"{prefix}.way") == "older" else tree.Within
                return way(moment, self._duration(f"{prefix}.length"))
            case "happened":
                some = tree.NoneOf if self._get(f"{prefix}.which") == "no" else tree.Some
                return some(self._events(f"{prefix}.e"), self._over(prefix))
            case "tagged":
                return tree.Tagged(self._get(f"{prefix}.tag"))
            case "rule":
                return tree.RuleRef(self._get(f"{prefix}.rule"))
            case "compare":
                left = self._value(f"{prefix}.l", kind)
                return self._compared(left, prefix, self.known.type_of(left, kind), kind)
        return self._free(prefix, kind)

    def _free(self, prefix: str, kind: str) -> tree.Condition:
        text = self._get(f"{prefix}.text")
        try:
            if not kind:
                return parse(text, self.known.rulebook.kinds)
            around = parse(f"any {kind}[{text}]", self.known.rulebook.kinds)
        except RuleError as error:
            raise Slip(f"{prefix}.text", error.problems[0].message) from None
        return cast(tree.Condition, cast(tree.Some, around).events.where)

    def _compared(self, left: tree.Value, prefix: str, type_: ValueType, kind: str) -> tree.Condition:
        sign = self._get(f"{prefix}.sign")
        signs = SIGNS[type_]
        sign = sign if sign in signs else next(iter(signs))
        match sign:
            case "absent":
                return tree.IsAbsent(left)
            case "has":
                return tree.Has(left, self._has(left, prefix))
            case "between":
                return tree.Between(left, *(self._right(f"{prefix}.{end}", type_, kind, prefix) for end in ("r", "r2")))
            case "in":
                texts = [text.strip() for text in self._get(f"{prefix}.in").replace("，", ",").split(LISTED.strip())]
                kept = [text for text in texts if text] or [""]
                return tree.In(left, tuple(self._literal(text, type_, f"{prefix}.in") for text in kept))
        return tree.Compare(cast(tree.Comparison, sign), left, self._right(f"{prefix}.r", type_, kind, prefix))

    def _has(self, left: tree.Value, prefix: str) -> str:
        asked = self._get(f"{prefix}.has")
        is_term = left == tree.Prop("mentions")
        return asked if asked or not is_term else first_of(self.known.terms)

    # Values

    def _right(self, prefix: str, type_: ValueType, kind: str, around: str) -> tree.Value:
        form = self._get(f"{prefix}.f")
        if form and form not in LITERALS:
            return self._value(prefix, kind)
        if type_ == "moment":
            return tree.Last(tree.Events("message.sent"))
        was_shown = form == (type_ if type_ in LITERALS else "text") and self._get(f"{around}.type") == type_
        if type_ == "duration":
            return tree.Duration(self._duration(f"{prefix}.d") if was_shown else DAY)
        name = f"{prefix}.n" if type_ == "number" else f"{prefix}.t"
        starts = {"number": "1", "date": "2026-01-01"}
        return self._literal(self._get(name) if was_shown else starts.get(type_, ""), type_, name)

    def _literal(self, text: str, type_: ValueType, name: str) -> tree.Value:
        if type_ not in ("number", "duration"):
            return tree.Text(" ".join(text.split("\n")))
        try:
            if type_ == "duration":
                return tree.Duration(duration(text))
            return tree.Number(number(text.replace(",", "") or "0"))
        except Unreadable as error:
            raise Slip(name, f"{error}.") from None

    def _value(self, prefix: str, kind: str) -> tree.Value:
        form = self._get(f"{prefix}.f")
        match form:
            case "number":
                return self._literal(self._get(f"{prefix}.n") or "1", "number", f"{prefix}.n")
            case "text":
                return tree.Text(self._get(f"{prefix}.t"))
            case "duration":
                return tree.Duration(self._duration(f"{prefix}.d"))
            case "param":
                return tree.Param(self._get(f"{prefix}.p") or first_of(self.known.params))
            case "prop":
                return tree.Prop(self._get(f"{prefix}.prop"))
            case "field":
                return field_of(self._get(f"{prefix}.field") or first_of(self.known.fields_of()))
            case "months" | "anniversary":
                field = field_of(self._one_of(f"{prefix}.field", self.known.field_names("date")))
                return tree.MonthsSince(field) if form == "months" else tree.UntilAnniversary(field)
            case "delay":
                since = self._events(f"{prefix}.s", "message.sent")
                return tree.AverageDelay(self._events(f"{prefix}.e"), since, self._over(prefix))
            case "last":
                return tree.Last(self._events(f"{prefix}.e"))
            case "first":
                return tree.First(self._events(f"{prefix}.e"))
            case "last-prop" | "first-prop":
                return self._prop_of(form, prefix)
            case "reckoned":
                return self._reckoned(prefix, kind)
        if form in GATHERS:
            return self._gathered(form, prefix)
        return tree.CountOf(self._events(f"{prefix}.e"), self._over(prefix))

    def _prop_of(self, form: str, prefix: str) -> tree.Value:
        events = self._events(f"{prefix}.e")
        prop = self._one_of(f"{prefix}.prop", [name for _, props in self.known.props(events.kind) for name, _ in props])
        return tree.PropOf(tree.Last(events) if form == "last-prop" else tree.First(events), prop)

    def _gathered(self, form: str, prefix: str) -> tree.Value:
        events = self._events(f"{prefix}.e", "order.placed")
        types = () if form == "distinct" else ("number",)
        props = [name for _, props in self.known.props(events.kind, *types) for name, _ in props]
        if not props:
            raise Slip(f"{prefix}.f", _("Events of this kind have no number to reckon with."))
        gather = cast("type[tree.SumOf]", GATHERS[form])
        return gather(events, self._one_of(f"{prefix}.prop", props), self._over(prefix))

    def _reckoned(self, prefix: str, kind: str) -> tree.Value:
        op = self._get(f"{prefix}.op")
        sides = [self._value(f"{prefix}.{side}", kind) for side in ("x", "y")]
        for side, name in zip(sides, ("x", "y"), strict=True):
            if self.known.type_of(side, kind) != "number":
                raise Slip(f"{prefix}.{name}.f", _("Only numbers are added, subtracted and multiplied."))
        return tree.Arithmetic(op if op in ("-", "*") else "+", *sides)  # type: ignore[arg-type]

    # Inputs

    def _events(self, prefix: str, kind: str = "message.received") -> tree.Events:
        kind = self._get(f"{prefix}.kind") or kind
        was = self._get(f"{prefix}.w.kind")
        return tree.Events(kind, self.whole(f"{prefix}.w", kind) if was in ("", kind) else None)

    def _over(self, prefix: str) -> int | None:
        if not self._get(f"{prefix}.over.u"):
            return None
        return self._duration(f"{prefix}.over", "30")

    def _duration(self, prefix: str, default: str = "1") -> int:
        written = (self._get(f"{prefix}.n") or default) + (self._get(f"{prefix}.u") or "d")
        try:
            return duration(written)
        except Unreadable as error:
            raise Slip(f"{prefix}.n", f"{error}.") from None

    def _one_of(self, name: str, known: list[str]) -> str:
        asked = self._get(name)
        return asked if asked in known else known[0] if known else asked

    def _get(self, name: str) -> str:
        return self.sent.get(name, "").replace("\0", "").strip()
