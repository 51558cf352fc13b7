"""Why rows could not be read, in Chinese: what readers say in English, said by whoever speaks to people.

The rejects file keeps the English, so that programs and people who look for a reason find one and the same.
"""

from __future__ import annotations

import re
from functools import cache

_SAID = {
    # as readers say it, with what varies left out → the same in Chinese
    "has no customer": "没有客户",
    "has no invoice": "没有发票号",
    "has props that are no object": "props 不是对象",
    "has no msgtime in milliseconds": "没有以毫秒计的 msgtime",
    "has no {}": "没有 {0}",
    "has neither Email nor Phone, so that it is nobody's": "既无 Email 也无 Phone，不知是谁的",
    "has a tolist that is no list of ids": "tolist 不是 ID 列表",
    "has a prop {}, which is the name of a column; rename it": "属性 {0} 与列同名；请改名",
    "has {} twice, beside the props and among them": "{0} 在 props 内外各有一个",
    "has {} twice": "{0} 出现两次",
    "has {} columns where the header has {}": "有 {0} 列，而表头有 {1} 列",
    "belongs to an order that could not be read": "所属订单无法读取",
    "lacks {} ({})": "缺少 {0}（{1}）",
    "lacks {}": "缺少 {0}",
    "stands before the first message": "在第一条消息之前",
    "the line is longer than {} MiB": "该行超过 {0} MiB",
    "holds a NUL character": "含有空字符（NUL）",
    "holds bytes that are not {}": "含有不是 {0} 的字节",
    "holds a number too large to be held": "含有过大的数字",
    "holds {}, which is no number in JSON; leave the value out": "含有 {0}，JSON 中这不是数字；请留空",
    "a quote is opened and never closed": "引号没有成对",
    "a cell goes on after its closing quote; write a quote inside a quoted cell twice": (
        "引号结束后单元格仍有内容；单元格内的引号请写两次"
    ),
    'is no object; expected one object a line, such as {"contact": "ann", …}': (
        '不是对象；每行应为一个对象，例如 {{"contact": "ann", …}}'
    ),
    "is nested more than {} deep": "嵌套超过 {0} 层",
    "is not JSON: {} at column {}": "不是 JSON：第 {1} 列，{0}",
    "{} is binary; write text": "{0} 是二进制；请写成文本",
    "{} is {}, which is no number": "{0} 是 {1}，不是数字",
    "{} does not fit into a cell; write .jsonl instead": "{0} 放不进单元格；请改用 .jsonl",
    "{} is no date in the order {}, which the other dates have": "{0} 不是按 {1} 排列的日期，而其他日期都是",
    "{} is no time of day": "{0} 不是一天中的时间",
    "{} is not a number of at most 15 digits on either side of the point": "{0} 不是小数点两边各至多 15 位的数字",
    "{} is not a whole number of at most 64 bits": "{0} 不是 64 位以内的整数",
    "{} is not a number": "{0} 不是数字",
    "{} is not a text": "{0} 不是文本",
    "{} is not a list; write texts between semicolons": "{0} 不是列表；请用分号分隔文本",
    "{} is not a range: its low end is above its high end": "{0} 不是区间：下限高于上限",
    "{} is not an ISO 8601 time such as {}": "{0} 不是 ISO 8601 时间，例如 {1}",
    "{} is not an offset such as {}": "{0} 不是时差，例如 {1}",
    "{} is not a date such as {}": "{0} 不是日期，例如 {1}",
    "{} is not a time: {}": "{0} 不是时间：{1}",
    "{} is not a duration; write a whole number and s, m, h, d or w, such as 24h": (
        "{0} 不是时长；请写整数加 s、m、h、d 或 w，例如 24h"
    ),
    "{} is longer than a thousand years": "{0} 超过一千年",
    "{} is finer than microseconds": "{0} 比微秒更细",
    "{} is finer than four decimals": "{0} 超过四位小数",
    "{} has more than 14 digits before the point": "{0} 小数点前超过 14 位",
    "{} lies outside {} to {}": "{0} 不在 {1} 至 {2} 年之间",
    "{} is missing": "缺少 {0}",
    "contact {} stands here a second time": "客户 {0} 在这里第二次出现",
}


def in_chinese(reason: str) -> str:
    """The reason in Chinese; as it is, where nobody has said it in Chinese.

    >>> in_chinese("has no customer"), in_chinese("amount: 'x' is not a number")
    ('没有客户', "amount：'x' 不是数字")
    """
    name, colon, rest = reason.partition(": ")
    if colon and name.isidentifier() and in_chinese(rest) != rest:
        return f"{name}：{in_chinese(rest)}"
    for pattern, chinese in _patterns():
        if found := pattern.fullmatch(reason):
            return chinese.format(*found.groups())
    return reason


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile("(.+?)".join(map(re.escape, said.split("{}"))), re.S), zh) for said, zh in _SAID.items()]
