"""What a message shows of its writer: five interests (S0), and three needs (S3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from seamark.text.intents.classes import Language


class Topic(NamedTuple):
    """A value of the prop `interest` or `need`."""

    prop: Literal["interest", "need"]
    name: str


DEFINITIONS: Mapping[Topic, Mapping[Language, str]] = {
    Topic("interest", "discount-sensitive"): {
        "en": "asks for a discount, an offer or a lower price, or waits for a sale",
        "zh": "要优惠、要降价，或在等促销",
    },
    Topic("interest", "new-product"): {
        "en": "asks for what is new, the latest, the next version, or its launch",
        "zh": "问新品、最新款、下一代或上市时间",
    },
    Topic("interest", "function"): {
        "en": "asks for figures and performance: weight, size, material, durability, comparisons, guarantee",
        "zh": "问参数与性能：重量、尺寸、材质、耐用、对比、保修",
    },
    Topic("interest", "content-learner"): {
        "en": "wants to learn: tutorials, care, know-how, what moves the trade",
        "zh": "想学习：教程、保养、知识、行业趋势",
    },
    Topic("interest", "brand-loyal"): {
        "en": "has used our goods and comes back, praises or recommends them",
        "zh": "用过我们的产品，回购、称赞或推荐",
    },
    Topic("need", "product"): {
        "en": "wants a product: which one, its price, stock, details, an order",
        "zh": "需要产品：选哪款、价格、库存、细节、下单",
    },
    Topic("need", "service"): {
        "en": "wants something done: a problem, a delivery, a return, a repair, an account, an invoice",
        "zh": "需要服务：问题、配送、退换、维修、账号、发票",
    },
    Topic("need", "information"): {
        "en": "wants to know: news of products, of the trade and of the company, guides and know-how",
        "zh": "需要信息：产品、行业与公司动态，指南与知识",
    },
}
TOPICS: tuple[Topic, ...] = tuple(DEFINITIONS)
