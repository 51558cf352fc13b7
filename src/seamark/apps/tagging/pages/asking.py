"""What forms of these pages ask."""

from __future__ import annotations

from django.http import HttpRequest


def asked_number(request: HttpRequest, name: str) -> int:
    """A whole number of the form; 0 for what is none."""
    asked = request.POST.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0
