"""Conditions as sentences, in English and Chinese."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seamark.engine import tree
from seamark.engine.kinds import EVERY_EVENT, STANDARD_KINDS
from seamark.engine.parse import DEEPEST, parse
from seamark.engine.sentence import LANGUAGES, Names, en, sentence, zh
from seamark.engine.units import DAY, SCALE
from seamark.engine.write import write
from tests.engine.strategies import SIGNS, VOCABULARY, conditions, literals, overs, windows

NAMED = {
    "en": Names(
        tags={"intent/high": "High intent"},
        terms={"price": "Price"},
        rules={"quiet": "has not written in the last 7 days"},
        fields={"baby_birthday": "the baby's birthday", "employees": "staff"},
        params={"big_spender": tree.Number(500_000 * SCALE), "home": tree.Text("CN"), "soon": tree.Duration(3 * DAY)},
    ),
    "zh": Names(
        tags={"intent/high": "高意向"},
        terms={"price": "价格"},
        rules={"quiet": "7 天内没有发来消息"},
        fields={"baby_birthday": "宝宝生日", "employees": "员工数"},
        params={"big_spender": tree.Number(500_000 * SCALE), "home": tree.Text("CN"), "soon": tree.Duration(3 * DAY)},
    ),
}


def check(text: str, *said: str) -> None:
    condition = parse(text)
    assert tuple(sentence(condition, language, NAMED[language]) for language in LANGUAGES) == said


@pytest.mark.covers("A02")
@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("last(message.received) within 24h", "replied within the last 24 hours", "24 小时内回复过"),
        ("last(order.placed) within 30d", "ordered within the last 30 days", "30 天内下过单"),
        ("first(order.placed) within 30d", "placed the first order within the last 30 days", "30 天内首次下单"),
        (
            "last(message.received) older than 7d",
            "wrote the last message at least 7 days ago",
            "最近一次客户消息距今至少 7 天",
        ),
        ("first(quote.sent) older than 1h", "was sent the first quote at least 1 hour ago", "首次报价距今至少 1 小时"),
        ("no order.placed over 90d", "has not ordered in the last 90 days", "90 天内没有下单"),
        ("no order.placed", "has never ordered", "从未下单"),
        ("any link.clicked over 1h", "clicked a link in the last hour", "1 小时内点击过链接"),
        ("any coupon.issued", "has been issued a coupon at least once", "曾经领到过优惠券"),
    ],
)
def test_whether_and_when_something_happened(text, english, chinese):
    check(text, english, chinese)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (
            "count(message.received) over 30d >= 3",
            "wrote at least 3 messages in the last 30 days",
            "30 天内发来消息至少 3 次",
        ),
        ("count(order.placed) over 90d < 2", "placed fewer than 2 orders in the last 90 days", "90 天内下单少于 2 次"),
        ("count(order.placed) = 1", "placed exactly 1 order so far", "至今下单正好 1 次"),
        (
            "count(subscribed) over 1m between 2 and 3",
            "subscribed from 2 to 3 times in the last minute",
            "1 分钟内订阅 2 到 3 次",
        ),
        (
            "count(order.placed) > count(order.refunded)",
            "the number of orders so far is more than the number of refunds so far",
            "至今订单的次数大于至今退款的次数",
        ),
    ],
)
def test_how_often(text, english, chinese):
    check(text, english, chinese)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (
            "sum(order.placed.amount) over 365d > 500_000",
            "the total amount of orders in the last 365 days is more than 500,000",
            "365 天内订单的金额合计大于 500,000",
        ),
        (
            "avg(page.viewed.seconds) <= 1.5",
            "the average seconds of page views so far is at most 1.5",
            "至今页面浏览的停留秒数平均值不大于 1.5",
        ),
        (
            "distinct(message.received.channel) over 7d >= 2",
            "the number of different channels of messages in the last 7 days is at least 2",
            "7 天内客户消息的不同渠道数不小于 2",
        ),
        (
            "avg(delay(message.received since message.sent)) over 90d <= 10m",
            "the average time from the latest message from us to each message in the last 90 days"
            " is at most 10 minutes",
            "90 天内每次客户消息距上一次我方消息的平均时间不大于 10 分钟",
        ),
        (
            "sum(order.placed.amount) - sum(order.refunded.amount) * 2 >= param.big_spender",
            "the total amount of orders so far minus (the total amount of refunds so far times 2)"
            " is at least 500,000 (big spender)",
            "至今订单的金额合计减去（至今退款的金额合计乘以 2）不小于 500,000（big_spender）",
        ),
        (
            "last(coupon.issued) > last(coupon.redeemed)",
            "the last issued coupon is later than the last redeemed coupon",
            "最近一次领到的优惠券的时间晚于最近一次使用的优惠券的时间",
        ),
        (
            'last(order.placed).category = "shoes"',
            'the category of the last order is "shoes"',
            "最近一次订单的品类为“shoes”",
        ),
    ],
)
def test_how_much(text, english, chinese):
    check(text, english, chinese)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("contact.employees between 50 and 200", "staff is from 50 to 200", "员工数在 50 到 200 之间"),
        ('contact.city in ["a", "b"]', 'city is one of "a", "b"', "“city”属于“a”、“b”"),
        ('contact.city != "a"', 'city is other than "a"', "“city”为“a”以外的值"),
        ("contact.home = param.home", 'home is "CN" (home)', "“home”为“CN”（home）"),
        ("contact.budget.high >= 1", "the high end of budget is at least 1", "“budget”上限不小于 1"),
        ("contact.city is absent", "city is not known", "“city”未知"),
        ('contact.tastes has "tea"', '"tea" is among tastes', "“tastes”包含“tea”"),
        ('contact.since > "2020-01-01"', 'since is later than "2020-01-01"', "“since”晚于“2020-01-01”"),
        (
            "months_since(contact.baby_birthday) between 6 and 12",
            "the baby's birthday was from 6 to 12 months ago",
            "宝宝生日距今 6 到 12 个月",
        ),
        (
            "months_since(contact.baby_birthday) >= 1",
            "the baby's birthday was at least 1 month ago",
            "宝宝生日距今至少 1 个月",
        ),
        (
            "until_anniversary(contact.birthday) <= param.soon",
            "the next birthday is at most 3 days (soon) away",
            "距下一个“birthday”至多 3 天（soon）",
        ),
        ("tagged intent/high", 'is tagged "High intent"', "有标签“高意向”"),
        ("tagged stage/repeat", 'is tagged "stage/repeat"', "有标签“stage/repeat”"),
        ("rule quiet", 'meets the rule "has not written in the last 7 days"', "符合规则“7 天内没有发来消息”"),
        ("contact.employees > param.most", 'staff is more than the figure "most"', "员工数大于参数“most”"),
    ],
)
def test_fields_tags_rules_and_figures(text, english, chinese):
    check(text, english, chinese)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (
            'any message.received[mentions "price"] over 3d',
            'wrote about "Price" in the last 3 days',
            "3 天内发来过消息（提到“价格”）",
        ),
        (
            'count(link.clicked[target = "manual"]) over 30d >= 3',
            'clicked at least 3 links with target "manual" in the last 30 days',
            "30 天内点击链接（目标为“manual”）至少 3 次",
        ),
        (
            'any page.viewed[page = "price" and seconds > 120] over 7d',
            'viewed a page (with page "price" and with seconds more than 120) in the last 7 days',
            "7 天内浏览过页面（页面为“price”，且停留秒数大于 120）",
        ),
        (
            'no order.placed[not category = "a" or (amount is absent and not mentions "price")]',
            'has never ordered (without category "a" or, where no amount is known, not about "Price")',
            "从未下单（并非（品类为“a”），或金额未知时，并非（提到“价格”））",
        ),
        (
            'any message.received[intent = "high" or intent is absent and (mentions "price" or mentions "stock")]',
            'has written (with intent "high" or, where no intent is known, about "Price" or "stock") at least once',
            "曾经发来过消息（意图为“high”，或意图未知时，提到“价格”或“stock”）",
        ),
        (
            'last(message.received[words has "hi" and hour between 20 and 22 and lang in ["en"]]) within 2d',
            'wrote (with "hi" among words and with hour from 20 to 22 and with language one of "en")'
            " within the last 2 days",
            "2 天内发来过消息（词语包含“hi”，且小时在 20 到 22 之间，且语言属于“en”）",
        ),
    ],
)
def test_filters(text, english, chinese):
    check(text, english, chinese)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("any loan.signed over 1h", "had a loan.signed event in the last hour", "1 小时内有过 loan.signed 事件"),
        ("no item.sold", "has never had an item.sold event", "从未发生 item.sold 事件"),
        ("count(loan.signed) > 2", "had more than 2 loan.signed events so far", "至今发生 loan.signed 事件超过 2 次"),
        (
            "last(loan.signed).net_sum > 2",
            "the net sum of the last loan.signed event is more than 2",
            "最近一次 loan.signed 事件的“net_sum”大于 2",
        ),
    ],
)
def test_kinds_and_props_of_ones_own(text, english, chinese):
    check(text, english, chinese)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("not last(message.received) within 3d", "has not replied within the last 3 days", "3 天内没有回复"),
        ("not any order.placed over 3d", "has not ordered in the last 3 days", "3 天内没有下单"),
        ("not no order.placed", "has ordered at least once", "曾经下过单"),
        ("not tagged intent/high", 'is not tagged "High intent"', "没有标签“高意向”"),
        ("not rule slow", 'does not meet the rule "slow"', "不符合规则“slow”"),
        ("not contact.city is absent", "city is known", "“city”已知"),
        ("not contact.x = 1", "not (x is exactly 1)", "并非（“x”等于 1）"),
        ("not not contact.x = 1", "not (not (x is exactly 1))", "并非（并非（“x”等于 1））"),
    ],
)
def test_denials(text, english, chinese):
    check(text, english, chinese)


@pytest.mark.covers("A15")
@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (
            "any subscribed over 2d and no order.placed over 3d",
            "subscribed in the last 2 days, and has not ordered in the last 3 days",
            "2 天内订阅过，且 3 天内没有下单",
        ),
        (
            "any subscribed or any order.placed and tagged intent/high",
            'either has subscribed at least once, or (has ordered at least once, and is tagged "High intent")',
            "曾经订阅过，或（曾经下过单，且有标签“高意向”）",
        ),
        (
            "(any subscribed or any order.placed) and tagged intent/high",
            '(either has subscribed at least once, or has ordered at least once), and is tagged "High intent"',
            "（曾经订阅过，或曾经下过单），且有标签“高意向”",
        ),
        (
            "not (any subscribed and any order.placed)",
            "not (has subscribed at least once, and has ordered at least once)",
            "并非（曾经订阅过，且曾经下过单）",
        ),
    ],
)
def test_what_belongs_together_stands_in_brackets(text, english, chinese):
    check(text, english, chinese)


@pytest.mark.parametrize(
    ("node", "english", "chinese"),
    [
        (tree.Events("order.placed"), "orders", "订单"),
        (
            tree.CountOf(tree.Events("order.placed"), DAY),
            "the number of orders in the last 24 hours",
            "24 小时内订单的次数",
        ),
        (tree.UntilAnniversary(tree.Field("birthday")), "the time until the next birthday", "到下一个“birthday”的时间"),
        (tree.MonthsSince(tree.Field("birthday")), "the number of months since birthday", "“birthday”距今的月数"),
        (tree.Duration(1_500 * DAY), "1,500 days", "1,500 天"),
    ],
)
def test_values_and_events_have_words_too(node, english, chinese):
    assert (sentence(node, "en"), sentence(node, "zh")) == (english, chinese)


@pytest.mark.parametrize("words", [en, zh])
def test_every_standard_kind_and_prop_has_words(words):
    props = {prop for kind in STANDARD_KINDS.values() for prop in kind} | set(EVERY_EVENT)
    assert (set(words.PHRASES), set(words.PROPS)) == (set(STANDARD_KINDS), props)


# Of any tree


@given(conditions(), st.sampled_from(LANGUAGES), st.booleans())
def test_every_condition_has_a_sentence(condition, language, named):
    names = NAMED[language] if named else Names()
    said = sentence(condition, language, names)
    assert said == said.strip() != ""
    assert said == sentence(parse(write(condition), VOCABULARY.kinds), language, names)
    assert not any(raw in said for raw in ("None", "tree.", "()", "{", "}", "  "))


@cache
def windowed(kind: str):
    """Leaves of one kind that differ in window, threshold or comparison."""
    events, numbers = tree.Events(kind), literals(VOCABULARY, "number")
    counted = st.builds(tree.CountOf, st.just(events), overs())
    summed = st.builds(tree.SumOf, st.just(events), st.just("amount"), overs())
    return st.one_of(
        st.builds(tree.Within, st.sampled_from((tree.Last(events), tree.First(events))), windows()),
        st.builds(tree.OlderThan, st.sampled_from((tree.Last(events), tree.First(events))), windows()),
        st.builds(tree.NoneOf, st.just(events), overs()),
        st.builds(tree.Compare, st.sampled_from(SIGNS), counted | summed, numbers),
        st.builds(tree.Between, counted | summed, numbers, numbers),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["message.received", "order.placed", "loan.signed"])
@given(draw=st.data())
def test_leaves_that_differ_have_different_sentences(language, kind, draw):
    one, other = draw.draw(windowed(kind)), draw.draw(windowed(kind))
    assert (sentence(one, language) == sentence(other, language)) == (one == other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_comparison_and_unit_reads_differently(language):
    leaves = [
        tree.Compare(sign, value, limit)
        for value, limits in (
            (tree.CountOf(tree.Events("order.placed")), (tree.Number(SCALE), tree.Number(2 * SCALE))),
            (tree.Field("size"), (tree.Number(SCALE), tree.Text("1"), tree.Param("x"))),
            (tree.Last(tree.Events("order.placed")), (tree.Last(tree.Events("quote.sent")),)),
            (tree.MonthsSince(tree.Field("birthday")), (tree.Number(SCALE), tree.Number(10 * SCALE))),
            (tree.UntilAnniversary(tree.Field("birthday")), (tree.Duration(DAY), tree.Duration(10 * DAY))),
        )
        for limit in limits
        for sign in SIGNS
    ]
    assert len({sentence(leaf, language) for leaf in leaves}) == len(leaves)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_deepest_condition_has_a_sentence(language):
    deep = parse("any a or any b and (" * (DEEPEST // 2) + "any c" + ")" * (DEEPEST // 2))
    assert sentence(deep, language).count(sentence(parse("any a"), language)) == DEEPEST // 2
