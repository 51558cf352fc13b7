"""Files that people download, and open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.http import HttpResponse

_UTF8 = "\ufeff"
"""Tells Excel so."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(lines: Iterable[Iterable[object]], name: str) -> HttpResponse:
    """A CSV file of that name, none of whose cells a spreadsheet takes for a formula."""
    return attached(f"{_UTF8}{written(lines)}".encode(), name, "text/csv; charset=utf-8")


def attached(content: bytes, name: str, type: str) -> HttpResponse:
    """A file of that name, to be saved."""
    return HttpResponse(content, content_type=type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def written(lines: Iterable[Iterable[object]]) -> str:
    r"""Lines of a CSV file.

    >>> written([["Wang, Li", "=HYPERLINK(1)", "+852 5555", 12, None]])
    '"Wang, Li",\'=HYPERLINK(1),\'+852 5555,12,\r\n'
    """
    out = io.StringIO()
    csv.writer(out).writerows([_harmless(value) for value in line] for line in lines)
    return out.getvalue()


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
