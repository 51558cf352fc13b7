"""The five intents of a message, and what each of them is (S0: price, discount and stock are high; details and
after-sales medium; polite words potential; a refusal none)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Intent = Literal["high", "medium", "potential", "none", "other"]
Language = Literal["en", "zh"]

INTENTS: tuple[Intent, ...] = get_args(Intent)

DEFINITIONS: Mapping[Intent, Mapping[Language, str]] = {
    "high": {
        "en": "wants to buy: asks the price, a quote, a discount, stock, how to pay or how to order, or says so",
        "zh": "想买：问价格、报价、优惠、有没有货、怎么付款或下单，或直接说要买",
    },
    "medium": {
        "en": "asks details of goods or service: features, size, which suits, warranty, returns, delivery, an order",
        "zh": "问商品或服务的细节：功能、尺寸、选哪款、保修、退换、配送、订单",
    },
    "potential": {
        "en": "only polite words: thanks, ok, an emoji, will think about it",
        "zh": "只是客气话：谢谢、好的、表情、再想想",
    },
    "none": {
        "en": "refuses or withdraws: no need, not interested, stop writing, cancel the order",
        "zh": "拒绝或撤回：不需要、没兴趣、别再发、取消订单",
    },
    "other": {
        "en": "anything else: a greeting, asks for a person, jobs, dealers, talk that has nothing to do with buying",
        "zh": "其他：打招呼、找人工、求职、招代理、与购买无关的话",
    },
}


def language_of(text: str) -> Language:
    """Chinese where any Chinese character stands, else English: the two that are told apart in figures.

    >>> language_of("有 M 码吗"), language_of("size M?")
    ('zh', 'en')
    """
    return "zh" if any("\u3400" <= sign <= "\u9fff" for sign in text) else "en"
