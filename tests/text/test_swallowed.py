"""Which keywords a linter may say are not needed."""

import pytest

from seamark.text.swallowed import swallowed
from seamark.text.terms import Lexicon


def pairs(**terms: list[str]) -> list[str]:
    lexicon = Lexicon({name: {"en": keywords} for name, keywords in terms.items()})
    return [f"{pair.keyword} < {pair.by}" for pair in swallowed(lexicon)]


@pytest.mark.covers("G08")
@pytest.mark.parametrize(
    ("keywords", "found"),
    [
        (["价格", "价"], ["price: 价格 < price: 价"]),
        (["best price", "price"], ["price: best price < price: price"]),
        (["价格price", "price"], ["price: 价格price < price: price"]),
        (["priceless", "price"], []),
        (["prices", "price list"], []),
        (["price", "PRICE"], ["price: PRICE < price: price"]),
        (["price", "price"], ["price: price < price: price"]),
        (
            ["报价格", "价格", "报价", "价"],
            ["price: 报价格 < price: 价", "price: 价格 < price: 价", "price: 报价 < price: 价"],
        ),
    ],
)
def test_within_a_term(keywords: list[str], found: list[str]):
    assert pairs(price=keywords) == found


@pytest.mark.covers("G08")
def test_the_same_keyword_in_other_terms():
    assert pairs(price=["quote"], offer=["Quote"], stock=["quote"]) == [
        "offer: Quote < price: quote",
        "stock: quote < price: quote",
        "stock: quote < offer: Quote",
    ]


def test_a_longer_keyword_of_another_term_is_needed():
    assert pairs(price=["price"], discount=["best price"]) == []
