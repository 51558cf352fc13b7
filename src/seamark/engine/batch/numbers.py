"""Numbers as SQL: whole numbers of a known scale, averages as fractions, exact as far as 38 digits reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from seamark.engine import tree
from seamark.engine.batch.sql import Sql, case, sql
from seamark.engine.plan import Day
from seamark.engine.units import SCALE

DECIMALS = 4
"""Of a number in ten-thousandths."""
NUMBER_DIGITS = 18
COUNT_DIGITS = 12
SUM_DIGITS = NUMBER_DIGITS + COUNT_DIGITS
LONG_DIGITS = 18
"""What 64 bits hold."""
WIDEST_DIGITS = 38
"""What the widest whole numbers of DuckDB (HUGEINT) and Spark (DECIMAL(38, 0)) hold."""


@dataclass(frozen=True)
class Operand:
    """SQL of a value, NULL when it is absent.

    A number is a whole one over 10^decimals, divided by `divisor` where there is one, which is above
    0 where the number is present. `digits` and `divisor_digits` are the most that each can have.
    """

    code: Sql
    decimals: int = 0
    digits: int = LONG_DIGITS
    divisor: Sql | None = None
    divisor_digits: int = COUNT_DIGITS


def of_number(code: Sql) -> Operand:
    """A column of ten-thousandths."""
    return Operand(code, DECIMALS, NUMBER_DIGITS)


def literal(value: tree.Value) -> Operand:
    """A value that stands in the rulebook."""
    match value:
        case tree.Number(scaled=scaled):
            whole = scaled % SCALE == 0
            return _whole(scaled // SCALE if whole else scaled, 0 if whole else DECIMALS)
        case tree.Duration(length=held) | Day(day=held):
            return _whole(held, 0)
        case tree.Text(text=text):
            return Operand(exp.convert(text))
    raise TypeError(f"{type(value).__name__} is no literal")


def _whole(number: int, decimals: int) -> Operand:
    return Operand(exp.convert(number), decimals, len(str(abs(number))))


def is_absent(operand: Operand) -> Sql:
    return sql("code IS NULL", code=operand.code)


def compared(op: str, left: Operand, right: Operand) -> Sql:
    """Both sides brought to one scale, divisors multiplied across."""
    one, other, _ = _aligned(left, right)
    template = f"one {'<>' if op == '!=' else op} other"
    exact = sql(template, one=one.code, other=other.code)
    if max(one.digits, other.digits) <= WIDEST_DIGITS:
        return exact
    # Only numbers beyond 38 digits, which no sale has, are compared as floating ones: a slip of one
    # contact's amounts must not end the query of all.
    sizes = sql("one + other < 1e37", one=_size(one.code), other=_size(other.code))
    return case([(sizes, exact)], sql(template, one=_floating(one.code), other=_floating(other.code)))


def reckoned(op: Literal["+", "-", "*"], left: Operand, right: Operand) -> Operand:
    """The sum, difference or product."""
    divisor, digits = _product_of_divisors(left, right)
    if op == "*":
        product = _times(left, right)
        return Operand(product.code, left.decimals + right.decimals, product.digits, divisor, digits)
    one, other, decimals = _aligned(left, right)
    first, second = _known(one.code), _known(other.code)
    if first is not None and second is not None:  # small figures that DuckDB would reckon with in 32 bits
        return _whole(first + second if op == "+" else first - second, decimals)
    longest = max(one.digits, other.digits) + 1
    code = sql(f"one {op} other", one=_wide(one, longest), other=_wide(other, longest))
    return Operand(code, decimals, longest, divisor, digits)


def _aligned(left: Operand, right: Operand) -> tuple[Operand, Operand, int]:
    """Numerators over one scale and one divisor, and that scale."""
    decimals = max(left.decimals, right.decimals)
    sides = []
    for side, other in ((left, right), (right, left)):
        if side.decimals < decimals:
            side = _times(side, _whole(10 ** (decimals - side.decimals), 0))
        if other.divisor is not None:
            side = _times(side, Operand(other.divisor, digits=other.divisor_digits))
        sides.append(side)
    return sides[0], sides[1], decimals


def _times(left: Operand, right: Operand) -> Operand:
    """The product of two numerators."""
    one, other = _known(left.code), _known(right.code)
    if one is not None and other is not None:
        return _whole(one * other, 0)
    digits = left.digits + right.digits
    return Operand(sql("one * other", one=_wide(left, digits), other=_wide(right, digits)), digits=digits)


def _known(code: Sql) -> int | None:
    """The whole number that stands there."""
    sign, code = (-1, code.this) if isinstance(code, exp.Neg) else (1, code)
    return sign * int(code.name) if isinstance(code, exp.Literal) else None


def _product_of_divisors(left: Operand, right: Operand) -> tuple[Sql | None, int]:
    if left.divisor is None or right.divisor is None:
        return left.divisor or right.divisor, COUNT_DIGITS if left.divisor is None else left.divisor_digits
    product = _times(
        Operand(left.divisor, digits=left.divisor_digits), Operand(right.divisor, digits=right.divisor_digits)
    )
    return product.code, product.digits


def _wide(part: Operand, digits: int) -> Sql:
    """A part of a reckoning whose result has so many digits: of 128 bits where 64 need not hold it."""
    narrow = part.digits <= LONG_DIGITS < digits and _known(part.code) is None
    return exp.cast(part.code, exp.DType.INT128) if narrow else part.code


def _size(code: Sql) -> Sql:
    """A floating number that no part of the reckoning exceeds."""
    if isinstance(code, exp.Paren):
        return _size(code.this)
    if isinstance(code, exp.Mul | exp.Add | exp.Sub):
        op = "*" if isinstance(code, exp.Mul) else "+"
        return sql(f"one {op} other", one=_size(code.this), other=_size(code.expression))
    return sql("1 + abs(CAST(code AS DOUBLE))", code=code)


def _floating(code: Sql) -> Sql:
    """The same reckoning in floating numbers."""
    if isinstance(code, exp.Paren):
        return _floating(code.this)
    if isinstance(code, exp.Mul | exp.Add | exp.Sub):
        op = {exp.Mul: "*", exp.Add: "+", exp.Sub: "-"}[type(code)]
        return sql(f"one {op} other", one=_floating(code.this), other=_floating(code.expression))
    return sql("CAST(code AS DOUBLE)", code=code)
