"""What all bundled rulebooks have in common: they lint clean, and no list of words stands twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from seamark.engine.lint import lint
from seamark.rulebooks import bundled, open_rulebook
from seamark.text.terms import Lexicon

OF_SEEDS = ["whatsapp-selling", "trade-stages", "wecom-growth", "private-message", "scrm-desk"]


@pytest.mark.covers("A21")
def test_there_is_one_for_each_seed() -> None:
    assert set(OF_SEEDS) <= set(bundled())


@pytest.mark.covers("A20", "A21")
@pytest.mark.parametrize("name", OF_SEEDS)
def test_nothing_in_it_is_hardly_meant(name: str) -> None:
    assert lint(open_rulebook(name)) == []


@pytest.mark.covers("B15")
@pytest.mark.parametrize("name", OF_SEEDS)
def test_every_follow_up_suggests_words_in_both_languages(name: str) -> None:
    rulebook = open_rulebook(name)
    suggested = [each.get("text") for each in _follow_ups([source.value for source in rulebook.sources])]
    assert suggested
    assert all(set(rulebook.texts.get(text, {})) >= {"en", "zh"} for text in suggested)


def _follow_ups(written: Any) -> Iterator[Any]:
    """Every `follow_up` anywhere in what a file says."""
    if isinstance(written, Mapping):
        yield from [written["follow_up"]] if "follow_up" in written else []
        yield from (each for part in written.values() for each in _follow_ups(part))
    elif isinstance(written, list):
        yield from (each for part in written for each in _follow_ups(part))


def test_no_list_of_words_stands_twice() -> None:
    """A keyword may stand in two terms that ask for different things, but a term is defined in one file."""
    defined = Counter(term for name in bundled() for term in open_rulebook(name).sources[-1].value.get("terms", {}))
    assert [term for term, times in defined.items() if times > 1] == []


@pytest.mark.covers("A14", "A16", "A21")
@pytest.mark.parametrize(
    ("name", "text", "term"),
    [
        ("wecom-growth", "能发个報價嗎", "price"),
        ("wecom-growth", "我想退换货", "after-sales"),
        ("wecom-growth", "课程不错,就是预算不够", "budget"),
        ("wecom-growth", "Nice, but it's over budget", "budget"),
        ("private-message", "你们的东西用不了,怎么解决", "service"),
        ("private-message", "The app doesn't work", "service"),
        ("private-message", "最近有什么行业资讯", "company-news"),
        ("private-message", "Please send me your newsletter", "company-news"),
        ("scrm-desk", "想預約週五下午", "booking"),
        ("scrm-desk", "Can I book a demo?", "booking"),
        ("scrm-desk", "怎么付款", "payment"),
        ("scrm-desk", "How do I pay?", "payment"),
        ("scrm-desk", "转人工客服", "person"),
        ("scrm-desk", "I want to talk to a person", "person"),
        ("scrm-desk", "可以签约了", "deal"),
        ("scrm-desk", "Order confirmed, thanks", "deal"),
    ],
)
def test_words_are_found(name: str, text: str, term: str) -> None:
    assert term in Lexicon(open_rulebook(name).terms).find(text).mentions
