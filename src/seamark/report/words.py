"""Everything the page says, in English and Chinese."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # Counts; what stands behind | is the plural
    "count.contacts": ("{n} customer|{n} customers", "{n} 位客户"),
    "count.events": ("{n} event|{n} events", "{n} 个事件"),
    "count.answers": ("{n} answer|{n} answers", "{n} 次回复"),
    "count.weeks": ("{n} week|{n} weeks", "{n} 周"),
    "count.others": ("{n} more customer|{n} more customers", "另有 {n} 位客户"),
    "count.more": ("{n} more", "另有 {n} 个"),
    # Moments
    "weekdays": ("Mon Tue Wed Thu Fri Sat Sun", "周一 周二 周三 周四 周五 周六 周日"),
    "months": ("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "1 2 3 4 5 6 7 8 9 10 11 12"),
    "day": ("{day} {month}", "{month}月{day}日"),
    "day.year": ("{day} {month} {year}", "{year}年{month}月{day}日"),
    "moment.full": ("{weekday} {day}, {time}", "{day} {weekday} {time}"),
    "moment.today": ("today {time}", "今天 {time}"),
    "moment.other": ("{day}, {time}", "{day} {time}"),
    "length.days": ("{n} days", "{n} 天"),
    "length.hours": ("{n} h", "{n} 小时"),
    "length.minutes": ("{n} min", "{n} 分钟"),
    "length.seconds": ("{n} s", "{n} 秒"),
    # Head
    "title": ("Where your customers stand", "客户现状"),
    "head.as_of": ("As of {moment} ({zone})", "截至 {moment}（{zone}）"),
    "empty": (
        "There is nobody to show yet. Give the command a chat export, an order file or an event file.",
        "还没有可展示的客户。请给命令一份聊天导出、订单文件或事件文件。",
    ),
    # Cards
    "card.contacts": ("Customers", "客户总数"),
    "card.contacts.note": ("{n} new in 7 days", "近 7 天新增 {n}"),
    "card.wrote": ("Wrote to us in 7 days", "近 7 天来信客户"),
    "card.ordered": ("Ordered in 7 days", "近 7 天下单客户"),
    "card.before": ("{n} the week before", "再前一周为 {n}"),
    "card.response": ("Median first response", "首次响应中位数"),
    "card.response.note": ("{answers} in {weeks}", "{weeks}内 {answers}"),
    "card.picture": ("{title}, week by week: {values}", "{title}，按周：{values}"),
    "none": ("none", "无"),
    # Whom to write to
    "today.title": ("Write to these today", "今天联系这些客户"),
    "today.about": (
        "What the rulebook's journeys make due until tonight, the most urgent first, "
        "and nobody has written since. A touch on the words selects them.",
        "按规则手册的旅程，今晚之前该做、且之后还没人联系过的事，最要紧的在前。轻点话术即可选中。",
    ),
    "today.nobody": ("Nobody is due today.", "今天没有需要联系的客户。"),
    "today.more": (
        "And {more}: the {shown} most urgent are shown.",
        "{more}未列出：这里只显示最要紧的 {shown} 位。",
    ),
    "today.waiting": ("Their last message has no answer yet: {contacts}", "最后一条消息尚未回复：{contacts}"),
    "today.waiting.one": ("{contact} (since {moment})", "{contact}（{moment} 起）"),
    "today.enter": ("entered {moment}", "{moment} 进入"),
    "today.leave": ("left {moment}", "{moment} 离开"),
    "today.due": ("due {moment}", "{moment} 到期"),
    "today.overdue": ("due {moment} · {length} late", "{moment} 到期，已过 {length}"),
    "today.now": ("due now", "现在到期"),
    "today.write": ("Write to them", "发消息"),
    # Where everyone stands
    "groups.title": ("Where everyone stands", "标签分布"),
    "groups.about": (
        "Shares of all customers. The shaded range is what the rulebook takes for usual.",
        "占全部客户的比例。阴影为规则手册给出的参考区间。",
    ),
    "share.in": ("within {range}", "在 {range} 内"),
    "share.below": ("below {range}", "低于 {range}"),
    "share.above": ("above {range}", "高于 {range}"),
    "share.range": ("{low}–{high}%", "{low}–{high}%"),
    "share.told": ("{title}: {share}", "{title}：{share}"),
    "group.kind.level": ("one each", "每人一个"),
    "group.kind.set": ("any number", "可有多个"),
    "group.nobody": ("Nobody: {names}", "无人：{names}"),
    "group.weekly": ("Customers by week, up to {n}", "按周客户数，最高 {n}"),
    "group.weekly.told": ("{group}, week by week", "{group}，按周"),
    "week.to": ("week to {day}", "截至 {day} 的一周"),
    # Response times
    "responses.title": ("How fast we answer", "响应速度"),
    "responses.about": (
        "Median time from a customer's message to our next one, by weekday and hour of asking, in the last {weeks}.",
        "近 {weeks}，从客户发来消息到我方下一条消息的中位时长，按提问的星期和钟点。",
    ),
    "responses.told": ("Median first response by weekday and hour", "按星期和钟点的首次响应中位数"),
    "responses.cell": ("{weekday} {hour}:00 – {length}, {answers}", "{weekday} {hour} 点：{length}，{answers}"),
    "responses.cell.none": ("{weekday} {hour}:00 – nobody wrote", "{weekday} {hour} 点：无人来信"),
    "responses.until": ("≤ {length}", "≤ {length}"),
    "responses.beyond": ("longer", "更久"),
    "responses.fastest": ("Fastest hour", "最快时段"),
    "responses.slowest": ("Slowest hour", "最慢时段"),
    # RFM
    "rfm.title": ("Who buys: recency, frequency, spend", "购买分层：最近、频率、消费额"),
    "rfm.about": (
        "Customers by how lately and how often they buy; below the number, how many of them are “{high}”.",
        "按最近购买和购买频率看客户数；数字下方为其中“{high}”的人数。",
    ),
    "rfm.high": ("{n} high", "高消费 {n}"),
    "rfm.rest": ("{level}: {contacts}.", "{level}：{contacts}。"),
    # Samples
    "samples.title": ("Why, for a few of them", "举例：为什么是这个标签"),
    "samples.about": (
        "What is true of a customer now, and the events behind it.",
        "客户此刻成立的条件，以及背后的事件。",
    ),
    "sample.since": ("since {moment}", "{moment} 起"),
    "sample.always": ("since before the history begins", "自历史记录开始之前"),
    "sample.denied": ("not the case: {title}", "并非如此：{title}"),
    "sample.hand": ("set by hand", "手动设置"),
    "sample.otherwise": (
        "no other level of the group is true",
        "同组的其他级别都不成立",
    ),
    "sample.ahead": ("“{tag}” from {moment}, unless something happens.", "若无新事件，{moment} 变为“{tag}”。"),
    "sample.ends": ("Held until {moment}, unless something happens.", "若无新事件，{moment} 失去此标签。"),
    "sample.quoted": ("“{text}”", "“{text}”"),
    "sample.events": ("{n} events, the newest:", "{n} 个事件，最近的是："),
    # Foot
    "notes.title": ("About these figures", "关于这些数字"),
    "notes.weeks": (
        "A week is the seven days that end at the moment above; weekly counts are of customers with an event by then.",
        "一周指截至上述时刻的七天；按周的人数只计当时已有事件的客户。",
    ),
    "notes.today": (
        "Left out: what was due more than 7 days ago, customers who unsubscribed, and those not to be disturbed.",
        "到期超过 7 天的事项、已退订的客户和勿扰客户不在名单内。",
    ),
    "notes.made": ("Made by Seamark with {rulebook} {version}.", "由 Seamark 按 {rulebook} {version} 生成。"),
}
"""By key: English, Chinese."""
