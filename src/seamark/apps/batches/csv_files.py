"""Lines of CSV files that people open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

BEGIN = "\ufeff"
"""Tells Excel that the file is UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def line(values: Iterable[object]) -> str:
    r"""One line, none of whose cells a spreadsheet takes for a formula.

    >>> line(["Wang, Li", "=HYPERLINK(1)", "+852 5555", 12, None])
    '"Wang, Li",\'=HYPERLINK(1),\'+852 5555,12,\r\n'
    """
    out = io.StringIO()
    csv.writer(out).writerow([_harmless(value) for value in values])
    return out.getvalue()


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
