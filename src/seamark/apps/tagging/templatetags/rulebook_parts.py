"""Small parts of the pages of tags and rulebooks."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from seamark.apps.tagging.comparing import ASPECTS
from seamark.apps.tagging.problem_titles import title_of
from seamark.engine.errors import Problem

register = template.Library()

TREND_HEIGHT = 22
"""Of the picture that is drawn of a trend, which is 100 wide."""


@register.filter
def lines(text: str) -> list[str]:
    """The lines of a text."""
    return text.splitlines()


@register.filter
def one_a_line(words: Sequence[str]) -> str:
    """Words as they are written in a box."""
    return "\n".join(words)


@register.filter
def language_name(language: str) -> str:
    """What the language of keywords or texts is called."""
    return str(ASPECTS.get(language, language))


@register.filter
def share_range(share: tuple[float, float]) -> str:
    """A range of shares as people write it.

    >>> share_range((0.15, 0.2))
    '15–20 %'
    """
    low, high = (f"{end * 100:g}" for end in share)
    return f"{low}–{high} %"


@register.filter
def percent(share: float) -> str:
    """A share as people write it.

    >>> percent(0.1234), percent(0.0001), percent(0), percent(-0.02)
    ('12.3 %', '<0.1 %', '0 %', '-2.0 %')
    """
    if not share:
        return "0 %"
    return "<0.1 %" if 0 < share < 0.0005 else f"{share * 100:.1f} %"


@register.filter
def slug(tag: str) -> str:
    """A tag's name as an id in the page.

    >>> slug("activity/high")
    'activity--high'
    """
    return tag.replace("/", "--")


@register.inclusion_tag("tagging/parts/share_bar.html")
def share_bar(share: float, reference: tuple[float, float] | None = None) -> dict[str, object]:
    """A share of all as a bar, over the band of its reference range."""
    low, high = reference or (0.0, 0.0)
    return {
        "share": f"{max(0.0, share) * 100:.1f}",
        "low": f"{low * 100:.1f}",
        "width": f"{(high - low) * 100:.1f}",
        "has_range": reference,
    }


@register.inclusion_tag("tagging/parts/trend.html")
def trend(shares: Sequence[float], reference: tuple[float, float] | None = None) -> dict[str, object]:
    """Shares week by week as a line, over the band of their reference range; the highest of all fills the height."""
    low, high = reference or (0.0, 0.0)
    top = max(*shares, high, 0.01)
    step = 100 / max(1, len(shares) - 1)
    return {
        "points": " ".join(f"{place * step:.1f},{_height(share, top)}" for place, share in enumerate(shares)),
        "band_top": _height(high, top),
        "band_height": f"{(high - low) / top * TREND_HEIGHT:.1f}",
        "has_range": reference,
        "weeks": len(shares),
        "first": percent(shares[0]),
        "last": percent(shares[-1]),
    }


def _height(share: float, top: float) -> str:
    return f"{(1 - share / top) * TREND_HEIGHT:.1f}"


@register.filter
def problem_title(problem: Problem) -> str:
    """What kind of problem it is, in the reader's language."""
    return title_of(problem)
