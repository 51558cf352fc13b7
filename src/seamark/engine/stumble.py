"""Why a text is no condition: where the parser stumbled, and the likeliest slip that explains it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from seamark.engine.errors import nearest
from seamark.engine.units import DAY, HOUR, MINUTE, SECOND, WEEK, duration_text

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
    "SIGN": "'+' or '-'",
    "STAR": "'*'",
    "LPAR": "'('",
    "RPAR": "')'",
    "LSQB": "'['",
    "RSQB": "']'",
    "COMMA": "a comma",
    "TAG": "a tag written group/tag",
    "RULE": "the name of a rule",
    "__ANON_0": "rule",
    "STEP": "a dot and a prop",
    "MOMENT": "last( or first(",
    "GATHER": "sum( avg( min( max( or distinct(",
    "CALENDAR": "months_since( or until_anniversary(",
    "_COUNT": "count(",
    "_AVERAGE_DELAY": "avg(delay(",
    "$END": "the end",
}
_STARTS = {
    *("NUMBER", "TEXT", "DURATION", "PATH", "SIGN", "LPAR", "_COUNT", "_AVERAGE_DELAY", "MOMENT", "GATHER", "CALENDAR"),
    *("ANY", "NO", "NOT", "TAGGED", "__ANON_0", "MENTIONS"),
}
"""What a value or a condition may begin with: too long a list to be told."""

_SIGNS = (
    (re.compile(r"={2,}"), "="),
    (re.compile(r"=>|≥"), ">="),
    (re.compile(r"=<|≤"), "<="),
    (re.compile(r"<>|≠|!\s+="), "!="),
    (re.compile(r"!(?!=)"), "not"),
    (re.compile(r"&+"), "and"),
    (re.compile(r"\|+"), "or"),
    (re.compile(r"['‘“「]([^'’”」\n]*)['’”」]"), '"{}"'),
)
"""Signs of other languages, and what they are here."""
_WORDS_ELSEWHERE = {"contains": "has", "includes": "has", "null": "absent", "empty": "absent", "missing": "absent"}

_COUNT_AND_UNIT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([^\W\d_]+)")
_UNITS_ELSEWHERE = {
    **dict.fromkeys(("s", "sec", "second", "秒"), SECOND),
    **dict.fromkeys(("m", "min", "minute", "分钟"), MINUTE),
    **dict.fromkeys(("h", "hr", "hour", "小时"), HOUR),
    **dict.fromkeys(("d", "day", "天", "日"), DAY),
    **dict.fromkeys(("w", "week", "周", "星期"), WEEK),
    **dict.fromkeys(("mo", "month", "月", "个月"), 30 * DAY),
    **dict.fromkeys(("y", "yr", "year", "年"), 365 * DAY),
}
"""In the singular. A month has 30 days here and a year 365."""


class Slip(NamedTuple):
    """What went wrong, at which 0-based offset, and what was probably meant."""

    message: str
    at: int
    hint: str = ""


def explained(error: UnexpectedInput, text: str) -> Slip:
    """The parser's error in terms of the language."""
    at, word, wanted = _stumble(error, text)
    known = (
        (_open_text(text, at) if isinstance(error, UnexpectedCharacters) else None)
        or _foreign_sign(text, at)
        or _foreign_duration(text, at)
        or _misplaced_not(word, at, wanted)
    )
    found = repr(word) if word else "the end"
    return known or Slip(f"Found {found} where {_listed(wanted)} is expected.", at, _meant(text[:at], word, wanted))


def _stumble(error: UnexpectedInput, text: str) -> tuple[int, str, set[str]]:
    """Where the parser stopped, at which word ("" at the end), and the terminals it would have taken."""
    if isinstance(error, UnexpectedCharacters):
        at: int = error.pos_in_stream  # type: ignore[assignment]
        return at, text[at], set(error.allowed or ())
    assert isinstance(error, UnexpectedToken)
    wanted = set(error.accepts or error.expected)
    if error.token.type == "$END":
        return len(text.rstrip()), "", wanted
    return error.token.start_pos or 0, str(error.token), wanted


def _open_text(text: str, at: int) -> Slip | None:
    if text[at] != '"':
        return None
    closed = re.compile(r'"(\\.|[^"\\])*"', re.DOTALL).match(text, at)
    if closed is None:
        return Slip("The text that begins here has no closing quote.", at)
    if "\n" in closed[0]:
        return Slip("A text ends on the line on which it begins.", at)
    return Slip("In a text a backslash stands only before a double quote or another backslash.", at)


def _foreign_sign(text: str, at: int) -> Slip | None:
    for start in (max(at - 1, 0), at):
        for sign, meant in _SIGNS:
            found = sign.match(text, start)
            if found and found.end() > at:
                return Slip(f"Found {found[0]}, which means nothing here.", start, meant.format(*found.groups()))
    return None


def _foreign_duration(text: str, at: int) -> Slip | None:
    number_before = re.search(r"[0-9][0-9.]*\s*$", text[:at])
    start = number_before.start() if number_before else at
    found = _COUNT_AND_UNIT.match(text, start)
    unit = _UNITS_ELSEWHERE.get(_singular(found[2])) if found else None
    if found is None or unit is None or found.end() <= at:
        return None
    length = Decimal(found[1]) * unit
    hint = duration_text(int(length)) if length % SECOND == 0 else ""
    return Slip(f"Found {found[0]}, which is no duration.", start, hint)


def _singular(unit: str) -> str:
    """A unit as it is known; M could be minutes or months, so it stays as it is."""
    return unit if unit == "M" else unit.lower().removesuffix("s") or unit.lower()


def _misplaced_not(word: str, at: int, wanted: set[str]) -> Slip | None:
    if word != "not" or "NOT" in wanted:
        return None
    return Slip(
        "Found 'not' inside a comparison; it stands before the whole of it, as in not contact.city is absent.", at
    )


def _meant(before: str, word: str, wanted: set[str]) -> str:
    """The keyword that was probably meant by the word found, or by the one before it; or an empty text."""
    keywords = [name for name in (_WORDS.get(each, each.lower()) for each in wanted) if name in KEYWORDS]
    if _WORDS_ELSEWHERE.get(word) in keywords:
        return _WORDS_ELSEWHERE[word]
    if close := nearest(word.lower(), keywords):
        return close
    previous = re.search(r"[^\W\d]\w*(?=\s*$)", before)
    if previous is None or previous[0] in KEYWORDS:
        return ""
    name = previous[0].lower()
    return name if name in KEYWORDS else nearest(name, KEYWORDS) if word == "(" else ""


def _listed(wanted: set[str]) -> str:
    """What is expected, in words; the many things a value can begin with are one."""
    told: set[str] = set()
    if {"NUMBER", "TEXT", "PATH"} <= wanted:
        told, wanted = {"a condition" if "NOT" in wanted else "a value"}, wanted - _STARTS
    words = {_WORDS.get(name, name.lower()) for name in wanted}
    names = sorted(told | {repr(word) if word in KEYWORDS else word for word in words})
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "nothing more"
