"""Durations and numbers as the engine holds them: whole microseconds, and whole ten-thousandths."""

from __future__ import annotations

import re
from decimal import MAX_PREC, Context, Decimal

from seamark.engine.errors import Unreadable

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}

SCALE = 10_000
"""A number is decimal(18,4), held as a whole count of ten-thousandths."""
LARGEST = 10**18 - 1

_DURATION = re.compile(r"([0-9][0-9_]*)([smhdw])")
_NUMBER = re.compile(r"[+-]?[0-9][0-9_]*(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?|[+-]?\.[0-9]+")
_EXACT = Context(prec=MAX_PREC)
LONGEST = 1000 * 365 * DAY
"""No window needs more than a thousand years; longer ones would overflow 64-bit moments."""


def duration(text: str) -> int:
    """Microseconds of a duration such as `24h`; `d` is exactly 24 hours.

    >>> duration("3d") == 72 * duration("1h")
    True
    """
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise Unreadable(f"{text!r} is not a duration; write a whole number and s, m, h, d or w, such as 24h")
    count, unit = Decimal(found[1].replace("_", "")), UNITS[found[2]]
    if count > LONGEST // unit:
        raise Unreadable(f"{text} is longer than a thousand years")
    return int(count) * unit


def duration_text(length: int) -> str:
    """The shortest way to write a duration that reads back to the same length.

    Days are kept up to any count, since people say 90 days and not 12 weeks and 6 days.

    >>> duration_text(duration("24h")), duration_text(duration("90m")), duration_text(duration("36h"))
    ('24h', '90m', '36h')
    """
    if length and length % DAY == 0 and length != DAY:
        return f"{length // DAY}d"
    for unit in ("h", "m", "s"):
        if length % UNITS[unit] == 0:
            return f"{length // UNITS[unit]}{unit}"
    raise ValueError(f"{length} microseconds is no whole number of seconds")


def number(written: str | int | float | Decimal) -> int:
    """A number as ten-thousandths; finer or larger ones than decimal(18,4) are refused.

    >>> number("500_000"), number(2.5), number("-0.0001")
    (5000000000, 25000, -1)
    """
    if isinstance(written, bool):
        raise Unreadable(f"{written} is not a number")
    text = repr(written) if isinstance(written, float) else str(written).strip()
    if not _NUMBER.fullmatch(text):
        raise Unreadable(f"{text!r} is not a number")
    scaled = Decimal(text.replace("_", "")).scaleb(4, _EXACT)
    if scaled != scaled.to_integral_value():
        raise Unreadable(f"{text} is finer than four decimals")
    if scaled.copy_abs() > LARGEST:
        raise Unreadable(f"{text} has more than 14 digits before the point")
    return int(scaled)


def number_text(scaled: int) -> str:
    """The number as it is written in a condition, without trailing zeros.

    >>> number_text(5000000000), number_text(-1), number_text(25000)
    ('500_000', '-0.0001', '2.5')
    """
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(scaled), SCALE)
    digits = f"{whole:,}".replace(",", "_")
    return f"{sign}{digits}" + (f".{rest:04}".rstrip("0") if rest else "")
