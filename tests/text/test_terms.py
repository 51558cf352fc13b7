"""Which keywords count in a text, and which do not."""

import pytest

from seamark.engine.errors import RuleError
from seamark.text import terms as module
from seamark.text.terms import ALGORITHM, Lexicon

TERMS = {
    "price": {
        "title": {"en": "price", "zh": "价格"},
        "en": ["price", "how much", "what's the price", "quote", "$"],
        "zh": ["价格", "报价", "多少钱", "￥"],
        "unless": {"en": ["no need for a quote", "price is fine"], "zh": ["不用报价", "不需要报价"]},
    },
    "stock": {
        "en": ["in stock", "c++"],
        "zh": ["有货", "3个装", "t恤"],
        "ru": ["в наличии"],
        "th": ["มีของ"],
        "ko": ["재고"],
        "hi": ["माल"],
    },
    "offer": {"en": ["quote"]},
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(TERMS)


def mentions(lexicon: Lexicon, text: str) -> tuple[str, ...]:
    one = lexicon.find(text)
    assert lexicon.find_many([text]) == [one]
    return one.mentions


@pytest.mark.covers("A03", "A14", "A15")
@pytest.mark.parametrize(
    "text",
    [
        "price",
        "Price?",
        "THE PRICE!",
        "ＰＲＩＣＥ",
        "价格",
        "這個價格",
        "请发price给我",
        "请发Ｐrice給我",
        "💰price💰",
        "(price)",
        "price/pc",
        "best_price",
        "Whats the best-price",
        "what’s the PRICE",
        "how  much",
        "how\nmuch",
        "pri\u200bce",
        "¥",
        "100￥左右",
        "多少$",
        "5$",
        "…price…",
        "ok。price。",
        "prix ou price, café",
    ],
)
def test_it_asks_the_price(lexicon: Lexicon, text: str):
    assert mentions(lexicon, text) == ("price",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "priceless",
        "overpriced",
        "price2",
        "pricé",
        "price\u0301",
        "ценаprice",
        "how-much",
        "how, much",
        "how 价 much",
        "how。much",
        "instock",
        "in. stock",
        "quotes",
        "价 格",
        "c+",
        "c ++",
        "13个装",
        "मालिक",
    ],
)
def test_it_mentions_nothing(lexicon: Lexicon, text: str):
    assert mentions(lexicon, text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "in stock?",
        "IN STOCK",
        "in stock有吗",
        "用c++写",
        "c++11",
        "只要3个装",
        "T恤",
        "白T恤衫",
        "Есть В НАЛИЧИИ?",
        "คุณมีของไหม",
        "재고는 있나요",
        "माल है",
    ],
)
def test_it_asks_the_stock(lexicon: Lexicon, text: str):
    assert mentions(lexicon, text) == ("stock",)


@pytest.mark.covers("A03")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("不用报价了", ()),
        ("不用報價了", ()),
        ("不用报价，报价太慢", ("price",)),
        ("不用报价，多少钱都行", ("price",)),
        ("the price is fine", ()),
        ("the price is fine, price list please", ("price",)),
        ("the price is finer", ("price",)),
        ("No need for a QUOTE", ("offer",)),
        ("no need for a quote, quote later", ("offer", "price")),
    ],
)
def test_guards_hide_what_they_overlap(lexicon: Lexicon, text: str, found: tuple[str, ...]):
    assert mentions(lexicon, text) == found


def test_a_guard_hides_a_keyword_that_only_reaches_into_it():
    lexicon = Lexicon({"price": {"zh": ["格优惠"], "unless": {"zh": ["价格优"]}}})
    assert mentions(lexicon, "价格优惠") == ()
    assert mentions(lexicon, "规格优惠") == ("price",)


def test_a_guard_within_a_guard_ends_nothing():
    lexicon = Lexicon({"price": {"zh": ["不要"], "unless": {"zh": ["价格优惠不要", "格优"]}}})
    assert mentions(lexicon, "价格优惠不要") == ()


def test_words_are_told_by_term_as_the_rulebook_writes_them():
    lexicon = Lexicon({"b": {"en": ["Price", "best price"]}, "a": {"en": ["PRICE"], "zh": ["價格"]}})
    assert lexicon.find("best price 价格 price").words == ("a: PRICE", "a: 價格", "b: Price", "b: best price")


def test_many_texts_are_told_in_their_order(lexicon: Lexicon):
    texts = ["price", "好", "价格", "price", "é", "", "in stock 有货 報價"]
    assert lexicon.find_many(texts) == [lexicon.find(text) for text in texts]


def test_a_lexicon_may_be_empty():
    assert mentions(Lexicon({}), "price") == ()


def test_keywords_of_nothing_are_refused_all_at_once():
    with pytest.raises(RuleError) as refused:
        Lexicon({"price": {"en": ["\u200b"], "zh": ["价"], "unless": {"zh": [" "]}}, "stock": {"en": ["\n"]}})
    assert [(problem.code, problem.place.path) for problem in refused.value.problems] == [
        ("empty-keyword", "terms.price"),
        ("empty-keyword", "terms.stock"),
        ("empty-keyword", "terms.price"),
    ]


class TestVersion:
    def version(self, **term: object) -> str:
        return Lexicon({"price": term}).version

    def test_it_is_the_same_for_the_same_lexicon(self):
        assert self.version(en=["price", "cost"], zh=["价格"]) == self.version(zh=["价格", "cost"], en=["price"])

    def test_it_does_not_change_by_itself(self):
        assert ALGORITHM == 1
        assert self.version(en=["price"]) == "6ce28640cad4"

    def test_it_changes_with_every_phrase(self):
        versions = {
            self.version(en=["price"]),
            self.version(en=["prices"]),
            self.version(en=["Price"]),
            self.version(en=["price"], unless={"en": ["no price"]}),
            Lexicon({"cost": {"en": ["price"]}}).version,
        }
        assert len(versions) == 5

    def test_it_changes_with_the_algorithm(self, monkeypatch: pytest.MonkeyPatch):
        before = self.version(en=["price"])
        monkeypatch.setattr(module, "ALGORITHM", ALGORITHM + 1)
        assert self.version(en=["price"]) != before
