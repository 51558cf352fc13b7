"""Small parts of the pages of tags and rulebooks."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def lines(text: str) -> list[str]:
    """The lines of a text."""
    return text.splitlines()


@register.filter
def share_range(share: tuple[float, float]) -> str:
    """A range of shares as people write it.

    >>> share_range((0.15, 0.2))
    '15–20 %'
    """
    low, high = (f"{end * 100:g}" for end in share)
    return f"{low}–{high} %"
