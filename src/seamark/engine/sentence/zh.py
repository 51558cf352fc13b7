"""Conditions in Chinese: a table of how events are spoken of, then one phrase for each node."""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

from seamark.engine import tree
from seamark.engine.sentence.names import Names, all_of, any_of, count_and_unit, figures, terms_of


class Phrase(NamedTuple):
    """How a kind of event is spoken of: 下过单 (did at some time), 下单 (does), 订单 (the event)."""

    did: str
    does: str
    noun: str


PHRASES = {
    "message.received": Phrase("发来过消息", "发来消息", "客户消息"),
    "message.sent": Phrase("给其发过消息", "给其发消息", "我方消息"),
    "message.delivered": Phrase("收到过消息", "收到消息", "送达的消息"),
    "message.read": Phrase("读过消息", "读消息", "已读的消息"),
    "link.clicked": Phrase("点击过链接", "点击链接", "链接点击"),
    "page.viewed": Phrase("浏览过页面", "浏览页面", "页面浏览"),
    "cart.abandoned": Phrase("放弃过购物车", "放弃购物车", "弃购"),
    "order.placed": Phrase("下过单", "下单", "订单"),
    "item.bought": Phrase("购买过商品", "购买商品", "购买的商品"),
    "order.refunded": Phrase("退过款", "退款", "退款"),
    "quote.sent": Phrase("给其报过价", "给其报价", "报价"),
    "sample.sent": Phrase("给其寄过样品", "给其寄样品", "寄出的样品"),
    "sample.closed": Phrase("结束过样品跟进", "结束样品跟进", "结束的样品跟进"),
    "coupon.issued": Phrase("领到过优惠券", "领到优惠券", "领到的优惠券"),
    "coupon.redeemed": Phrase("使用过优惠券", "使用优惠券", "使用的优惠券"),
    "subscribed": Phrase("订阅过", "订阅", "订阅"),
    "unsubscribed": Phrase("退订过", "退订", "退订"),
    "trial.completed": Phrase("完成过试用", "完成试用", "完成的试用"),
    "event.attended": Phrase("参加过活动", "参加活动", "参加的活动"),
    "referral.made": Phrase("推荐过他人", "推荐他人", "推荐"),
    "scan.made": Phrase("扫过活码", "扫活码", "扫码"),
    "tag.set": Phrase("被手动打过标签", "被手动打标签", "手动打标签"),
    "tag.cleared": Phrase("被手动清除过标签", "被手动清除标签", "手动清除标签"),
    "tag.lifted": Phrase("被解除过手动标签", "被解除手动标签", "解除手动标签"),
    "field.changed": Phrase("改过字段", "改字段", "字段变更"),
}

PROPS = {
    "text": "内容",
    "mentions": "词条",
    "words": "词语",
    "intent": "意图",
    "lang": "语言",
    "form": "形式",
    "question": "问题",
    "interest": "兴趣",
    "need": "需求",
    "target": "目标",
    "page": "页面",
    "seconds": "停留秒数",
    "amount": "金额",
    "category": "品类",
    "product": "商品",
    "quantity": "数量",
    "tag": "标签",
    "until": "截止时间",
    "field": "字段",
    "old": "旧值",
    "new": "新值",
    "channel": "渠道",
    "actor": "操作人",
    "hour": "小时",
    "weekday": "星期",
    "month": "月份",
}

_UNITS = {"s": "秒", "m": "分钟", "h": "小时", "d": "天"}

_NUMBER_SIGNS = {"=": "等于", "!=": "不等于", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"}
_COUNT_SIGNS = {"=": "正好", "!=": "不是", "<": "少于", "<=": "至多", ">": "超过", ">=": "至少"}
_INSTANT_SIGNS = {"=": "等于", "!=": "不等于", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}

_INSTANTS = (tree.Last, tree.First)

_GATHERED = {tree.SumOf: "合计", tree.AverageOf: "平均值", tree.LeastOf: "最小值", tree.GreatestOf: "最大值"}
_OPERATIONS = {"+": "加上", "-": "减去", "*": "乘以"}
_ENDS = {"": "", "low": "下限", "high": "上限"}


class Chinese:
    """Says the nodes of a tree."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def say(self, node: tree.Node) -> str:
        """A condition as a sentence without subject; a value or events as words."""
        match node:
            case tree.All(of=parts):
                return _joined("且", parts, list(map(self.say, parts)))
            case tree.Any(of=parts):
                return _joined("或", parts, list(map(self.say, parts)))
            case tree.Not(part=part):
                return self.denied(part)
            case tree.Within(moment=tree.Last(events=events), length=length):
                return _run(_window(length), "回复过" if _is_reply(events) else self.did(events))
            case tree.Within(moment=moment, length=length):
                return _run(_window(length), "首次", self.does(moment.events))
            case tree.OlderThan(moment=moment, length=length):
                return _run(self.event(moment), "距今至少", _span(length))
            case tree.Some(events=events, over=over):
                return _run("曾经" if over is None else _window(over), self.did(events))
            case tree.NoneOf(events=events, over=over):
                return _run("从未" if over is None else _window(over) + "没有", self.does(events))
            case tree.Compare(op=op, left=left, right=right):
                return self.compared(op, left, right)
            case tree.Between(value=tree.CountOf() as count, low=tree.Number() as low, high=tree.Number() as high):
                return self.counted(count, _run(self.say(low), "到", self.say(high)))
            case tree.Between(value=tree.MonthsSince(field=field), low=low, high=high):
                return _run(self.say(field), "距今", self.say(low), "到", self.say(high), "个月")
            case tree.Between(value=value, low=low, high=high):
                return _run(self.say(value), "在", self.say(low), "到", self.say(high), "之间")
            case tree.In(value=value, choices=choices):
                return _run(self.say(value), "属于", "、".join(map(self.say, choices)))
            case tree.Has(value=value, text=text):
                return self.having(value, text)
            case tree.IsAbsent(value=value):
                return _run(self.say(value), "未知")
            case tree.Tagged(tag=tag):
                return f"有标签{self.tag(tag)}"
            case tree.RuleRef(name=name):
                return f"符合规则{self.rule(name)}"
            case tree.Events():
                return self.noun(node)
            case tree.Number(scaled=scaled):
                return figures(scaled)
            case tree.Text(text=text):
                return _quoted(text)
            case tree.Duration(length=length):
                return _span(length)
            case tree.Param(name=name):
                return self.param(name)
            case tree.Prop(name=name):
                return _prop(name)
            case tree.Field(name=name, part=part):
                return _run(self.names.fields.get(name) or _quoted(name), _ENDS[part])
            case tree.CountOf(events=events, over=over):
                return _run(_window(over), self.noun(events), "的次数")
            case tree.DistinctOf(events=events, prop=prop, over=over):
                return _run(_window(over), self.noun(events), "的不同", _prop(prop), "数")
            case tree.AverageDelay(events=events, since=since, over=over):
                return _run(_window(over), "每次", self.noun(events), "距上一次", self.noun(since), "的平均时间")
            case tree.Last() | tree.First():
                return _run(self.event(node), "的时间")
            case tree.PropOf(event=event, prop=prop):
                return _run(self.event(event), "的", _prop(prop))
            case tree.MonthsSince(field=field):
                return _run(self.say(field), "距今的月数")
            case tree.UntilAnniversary(field=field):
                return _run("到下一个", self.say(field), "的时间")
            case tree.Arithmetic(op=op, left=left, right=right):
                sides = [_enclosed(side, self.say(side), tree.Arithmetic) for side in (left, right)]
                return _run(sides[0], _OPERATIONS[op], sides[1])
            case tree.SumOf() | tree.AverageOf() | tree.LeastOf() | tree.GreatestOf():
                return _run(_window(node.over), self.noun(node.events), "的", _prop(node.prop), _GATHERED[type(node)])
        raise TypeError(f"{type(node).__name__} is no part of a condition")

    def denied(self, part: tree.Condition) -> str:
        """The opposite of a condition, in words of its own where it has some."""
        match part:
            case tree.Some(events=events, over=over):
                return self.say(tree.NoneOf(events, over))
            case tree.NoneOf(events=events, over=over):
                return self.say(tree.Some(events, over))
            case tree.Within(moment=tree.Last(events=events), length=length):
                return _run(_window(length), "没有", "回复" if _is_reply(events) else self.does(events))
            case tree.Tagged(tag=tag):
                return f"没有标签{self.tag(tag)}"
            case tree.RuleRef(name=name):
                return f"不符合规则{self.rule(name)}"
            case tree.IsAbsent(value=value):
                return _run(self.say(value), "已知")
        return f"并非（{self.say(part)}）"

    # Comparisons

    def compared(self, op: tree.Comparison, left: tree.Value, right: tree.Value) -> str:
        said = self.say(right)
        match left:
            case tree.CountOf() if isinstance(right, tree.Number):
                return self.counted(left, _run(_COUNT_SIGNS[op], said))
            case tree.MonthsSince(field=field):
                return _run(self.say(field), "距今", _COUNT_SIGNS[op], said, "个月")
            case tree.UntilAnniversary(field=field):
                return _run("距下一个", self.say(field), _COUNT_SIGNS[op], said)
        if isinstance(self.figure(right), tree.Text) and op == "=":
            return _run(self.say(left), "为", said)
        if isinstance(self.figure(right), tree.Text) and op == "!=":
            return _run(self.say(left), "为", said, "以外的值")
        instants = isinstance(left, _INSTANTS) or isinstance(self.figure(right), (*_INSTANTS, tree.Text))
        return _run(self.say(left), (_INSTANT_SIGNS if instants else _NUMBER_SIGNS)[op], said)

    def counted(self, count: tree.CountOf, amount: str) -> str:
        return _run(_window(count.over), self.does(count.events), amount, "次")

    def figure(self, value: tree.Value) -> tree.Value:
        """The value, or the figure a parameter stands for."""
        return self.names.params.get(value.name, value) if isinstance(value, tree.Param) else value

    # Events

    def did(self, events: tree.Events) -> str:
        return _phrase(events.kind).did + self.about(events)

    def does(self, events: tree.Events) -> str:
        return _phrase(events.kind).does + self.about(events)

    def noun(self, events: tree.Events) -> str:
        return _phrase(events.kind).noun + self.about(events)

    def event(self, moment: tree.Last | tree.First) -> str:
        return _run("最近一次" if isinstance(moment, tree.Last) else "首次", self.noun(moment.events))

    def about(self, events: tree.Events) -> str:
        """What the filter asks, in brackets; nothing without a filter."""
        return f"（{self.test(events.where)}）" if events.where else ""

    def test(self, where: tree.Condition) -> str:
        """A condition on one event."""
        match where:
            case tree.All(of=(tree.IsAbsent(value=value), *rest)):
                return f"{self.say(value)}未知时，{self.test(all_of(rest))}"
            case tree.All(of=parts):
                return _joined("且", parts, list(map(self.test, parts)))
            case tree.Any(of=parts) if terms := terms_of(parts):
                *others, last = map(self.term, terms)
                return f"提到{'、'.join(others)}或{last}"
            case tree.Any(of=(*parts, tree.All(of=(tree.IsAbsent(), *_)) as instead)) if parts:
                return f"{self.test(any_of(parts))}，或{self.test(instead)}"
            case tree.Any(of=parts):
                return _joined("或", parts, list(map(self.test, parts)))
        return self.say(where)

    # Names

    def having(self, value: tree.Value, text: str) -> str:
        """A list with a member; those of `mentions` are terms."""
        if isinstance(value, tree.Prop) and value.name == "mentions":
            return f"提到{self.term(text)}"
        return _run(self.say(value), "包含", _quoted(text))

    def term(self, name: str) -> str:
        return _quoted(self.names.terms.get(name, name))

    def tag(self, name: str) -> str:
        return _quoted(self.names.tags.get(name, name))

    def rule(self, name: str) -> str:
        return _quoted(self.names.rules.get(name, name))

    def param(self, name: str) -> str:
        """The figure first, since that is what is compared."""
        figure = self.names.params.get(name)
        return f"{self.say(figure)}（{name}）" if figure else f"参数{_quoted(name)}"


def _is_reply(events: tree.Events) -> bool:
    """The latest message that came is a reply."""
    return events.kind == "message.received" and not events.where


def _phrase(kind: str) -> Phrase:
    """How the kind is spoken of; one of the users' own is an event of that name."""
    return PHRASES.get(kind) or Phrase(f"有过 {kind} 事件", f"发生 {kind} 事件", f"{kind} 事件")


def _prop(name: str) -> str:
    return PROPS.get(name) or _quoted(name)


def _quoted(text: str) -> str:
    return f"“{text}”"


def _span(length: int) -> str:
    count, unit = count_and_unit(length)
    return f"{count:,} {_UNITS[unit]}"


def _window(over: int | None) -> str:
    return "至今" if over is None else f"{_span(over)}内"


def _joined(word: str, parts: tuple[tree.Condition, ...], said: list[str]) -> str:
    """The sentences of several conditions, each that has parts itself in brackets."""
    enclosed = (_enclosed(part, words, tree.All, tree.Any) for part, words in zip(parts, said, strict=True))
    return reduce(lambda said, more: _run(f"{said}，{word}", more), enclosed)


def _enclosed(node: tree.Node, said: str, *kinds: type[tree.Node]) -> str:
    return f"（{said}）" if isinstance(node, kinds) else said


def _run(*words: str) -> str:
    """Words after one another, with a space where Chinese meets Latin letters or figures.

    >>> _run("至少", "3", "次")
    '至少 3 次'
    """
    run = ""
    for word in words:
        meet = run and word and _is_word(run[-1]) and _is_word(word[0]) and run[-1].isascii() != word[0].isascii()
        run += f" {word}" if meet else word
    return run


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "-"
