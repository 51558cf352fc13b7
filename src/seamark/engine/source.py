"""Pieces of generated Python: lines, names for what is used twice, and values with their scale and presence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from seamark.engine import tree

DEEPEST_EXPRESSION = 20
"""Deeper conditions are put into variables: Python refuses 200 nested brackets."""
_PYTHON = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class Source:
    """The lines of one function, and names not used before."""

    def __init__(self, head: str) -> None:
        self.lines = [head]
        self._depth = 1
        self._named: dict[str, str] = {}
        self._names = 0

    def line(self, text: str) -> None:
        self.lines.append("    " * self._depth + text)

    @contextmanager
    def under(self, head: str) -> Iterator[None]:
        """Lines below a head such as `if …:`; names made here are not known after it."""
        self.line(head)
        named = self._named.copy()
        self._depth += 1
        yield
        self._depth -= 1
        self._named = named

    def unpack(self, code: str, length: int) -> None:
        """Name all items of a list at once: quicker than one by one."""
        if length:
            names = [f"{code.lower()}{place}" for place in range(length)]
            self.line(f"{', '.join(names)}, = {code}")
            self._named |= {f"{code}[{place}]": name for place, name in enumerate(names)}

    def name(self, code: str) -> str:
        """A variable holding the code's value, the same one for the same code."""
        if code not in self._named:
            self._names += 1
            self._named[code] = f"v{self._names}"
            self.line(f"v{self._names} = {code}")
        return self._named[code]


@dataclass(frozen=True)
class Operand:
    """Code of a value: a whole number over `scale`, divided by `divisor` where there is one."""

    code: str
    present: tuple[str, ...] = ()
    """Conditions without which the value is absent."""
    decimals: int = 0
    """0 for whole numbers, 4 for ten-thousandths, more for products."""
    divisor: str = ""


def all_of(*codes: str) -> str:
    """Code that is true when every one of them is."""
    return " and ".join(dict.fromkeys(codes)) or "True"


def compared(op: str, left: Operand, right: Operand) -> str:
    """Both sides brought to one scale, divisors multiplied across: they are above 0 where present."""
    left_code, right_code = _aligned(left, right)
    return all_of(*left.present, *right.present, f"{left_code} {_PYTHON[op]} {right_code}")


def tested(test: tree.Condition, value: Callable[[tree.Value], Operand]) -> str:
    """Code of a comparison of values, whatever they are values of; a moment is compared by leaves alone."""
    match test:
        case tree.Compare(op=op, left=left, right=right):
            return compared(op, value(left), value(right))
        case tree.Between(value=held, low=low, high=high):
            operand = value(held)
            return all_of(compared(">=", operand, value(low)), compared("<=", operand, value(high)))
        case tree.In(value=held, choices=choices):
            operand = value(held)
            return " or ".join(f"({compared('=', operand, value(choice))})" for choice in choices)
        case tree.Has(value=held, text=text):
            operand = value(held)
            return all_of(*operand.present, f"{text!r} in {operand.code}")
        case tree.IsAbsent(value=held):
            present = value(held).present
            return f"not ({all_of(*present)})" if present else "False"
    raise TypeError(f"{type(test).__name__} is no comparison")


def reckoned(op: str, left: Operand, right: Operand) -> Operand:
    """Two numbers added, subtracted or multiplied."""
    divisor = " * ".join(side.divisor for side in (left, right) if side.divisor)
    present = left.present + right.present
    if op == "*":
        code, decimals = f"(({left.code}) * ({right.code}))", left.decimals + right.decimals
    else:
        left_code, right_code = _aligned(left, right)
        code, decimals = f"({left_code} {op} {right_code})", max(left.decimals, right.decimals)
    return Operand(code, present, decimals, divisor and f"({divisor})")


def _aligned(left: Operand, right: Operand) -> tuple[str, str]:
    decimals = max(left.decimals, right.decimals)
    codes = []
    for side, other in ((left, right), (right, left)):
        factors = [side.code]
        if side.decimals < decimals:
            factors.append(str(10 ** (decimals - side.decimals)))
        if other.divisor:
            factors.append(other.divisor)
        codes.append(" * ".join(f"({factor})" if " " in factor else factor for factor in factors))
    return codes[0], codes[1]


def flattened(condition: tree.Condition, leaf: Callable[[tree.Condition], str], source: Source) -> str:
    """Code of and/or/not over leaves; what nests deep becomes a variable."""
    return _nested(condition, leaf, source)[0]


def _nested(condition: tree.Condition, leaf: Callable[[tree.Condition], str], source: Source) -> tuple[str, int]:
    match condition:
        case tree.All(of=parts) | tree.Any(of=parts):
            inner = [_nested(part, leaf, source) for part in parts]
            word = " and " if isinstance(condition, tree.All) else " or "
            code, depth = "(" + word.join(code for code, _ in inner) + ")", 1 + max(depth for _, depth in inner)
        case tree.Not(part=part):
            code, depth = _nested(part, leaf, source)
            code, depth = f"(not {code})", depth + 1
        case _:
            return f"({leaf(condition)})", 1
    return (source.name(code), 0) if depth > DEEPEST_EXPRESSION else (code, depth)
