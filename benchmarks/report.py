"""What benchmarks tell, as Markdown: rows become tables, and a run replaces its own sections only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby

Row = dict[str, object]
"""Column → value. Rows side by side with the same columns form one table."""
NOTE = "note"

_SECTION = re.compile(r"^## (?P<title>.+?)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def note(text: str) -> Row:
    """A paragraph between tables."""
    return {NOTE: text}


def goal(goal: str, measured: str, reached: bool) -> Row:
    """A line of what was to be reached."""
    return {"goal": goal, "measured": measured, "reached": "yes" if reached else "**no**"}


def sections(page: str) -> dict[str, str]:
    """Title → body of a page's sections, in their order.

    >>> sections("# Results\\n\\n## Batch\\nfast\\n\\n## Online\\nfaster\\n")
    {'Batch': 'fast', 'Online': 'faster'}
    """
    return {found["title"]: found["body"].strip() for found in _SECTION.finditer(page)}


def page(intro: str, order: Iterable[str], bodies: Mapping[str, str]) -> str:
    """The sections that there are, in that order, under an intro."""
    parts = [f"## {title}\n\n{bodies[title]}" for title in order if title in bodies]
    return "\n\n".join([intro, *parts]) + "\n"


def markdown(rows: Iterable[Row]) -> str:
    """Tables and paragraphs.

    >>> print(markdown([note("Hello."), {"what": "ours", "a second": 51234.5}]))
    Hello.
    <BLANKLINE>
    | what | a second |
    |---|---:|
    | ours | 51,234 |
    """
    return "\n\n".join(
        "\n\n".join(str(row[NOTE]) for row in block) if columns == (NOTE,) else _table(columns, list(block))
        for columns, block in groupby(rows, key=tuple)
    )


def _table(columns: tuple[str, ...], rows: list[Row]) -> str:
    marks = ["---:" if isinstance(rows[0][column], int | float) else "---" for column in columns]
    lines = [_line(columns), f"|{'|'.join(marks)}|", *(_line(_cell(row[column]) for column in columns) for row in rows)]
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: object) -> str:
    """Numbers with three digits at least, and thousands apart."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
