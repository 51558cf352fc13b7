"""Why a contact holds a tag or does not, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from seamark.engine import tree
from seamark.engine.events import Event
from seamark.engine.kinds import FIELD_KIND
from seamark.engine.rulebook import Rulebook, Tag
from seamark.engine.sentence import LANGUAGES
from seamark.engine.sentence.naming import Naming, listed, noun
from seamark.engine.why import Part, Why

_TEXTS = {
    "all": ("all of these:", "以下全部成立："),
    "any": ("at least one of these:", "以下至少一项成立："),
    "not_all": ("not all of these:", "以下并非全部成立："),
    "not_any": ("none of these:", "以下无一成立："),
    "held": ("Held since {since}.", "自 {since} 起持有。"),
    "held_always": ("Held since before the history begins.", "自历史记录开始之前就持有。"),
    "not_held": ("Not held since {since}.", "自 {since} 起不再持有。"),
    "not_held_always": ("Not held, and never was.", "未持有，也从未有过。"),
    "by_hand": ("This tag is set by hand alone.", "此标签只能手动设置。"),
    "otherwise": (
        "It is what remains when no other level of its group is true.",
        "同组的其他级别都不成立时，即为此级别。",
    ),
    "instead": ("Held instead: {tag}.", "当前持有的是：{tag}。"),
    "comes_first": (
        "Held instead: {tag}, which comes first in the group.",
        "当前持有的是：{tag}，它在组内排在前面。",
    ),
    "before": ("Comes before it in the group, and is not true: {tags}.", "组内排在它之前、但不成立的有：{tags}。"),
    "tag.set": ("Set by hand on {moment}", "于 {moment} 手动设置"),
    "tag.cleared": ("Cleared by hand on {moment}", "于 {moment} 手动清除"),
    "actor": (" by {actor}", "，操作人 {actor}"),
    "until": (", until {moment}", "，有效至 {moment}"),
    "a": ("a {noun}", "{noun}"),
    "an": ("an {noun}", "{noun}"),
    "rule": ("{title} – {what}", "{title} —— {what}"),
    "not_rule": ("not the case: {title}", "并非如此：{title}"),
    "unless": (" unless {events} comes", "，除非期间有新的{events}"),
    "turns": ("Turns {to} on {moment}{unless}.", "将于 {moment} 变为{to}{unless}。"),
    "color": ("{color} ({tag})", "{color}（{tag}）"),
    "begins": ("Comes on {moment}{unless}.", "将于 {moment} 成立{unless}。"),
    "ends": ("Goes on {moment}{unless}.", "将于 {moment} 失去{unless}。"),
    "lasts": ("Stays so{unless}.", "将保持不变{unless}。"),
    "stays": ("Stays so.", "将保持不变。"),
}
_COLORS = {
    "green": "绿色",
    "yellow": "黄色",
    "orange": "橙色",
    "gray": "灰色",
    "red": "红色",
    "blue": "蓝色",
    "purple": "紫色",
    "gold": "金色",
    "pink": "粉色",
    "teal": "青色",
    "brown": "棕色",
    "black": "黑色",
}


@dataclass(frozen=True)
class Line:
    """A part as it is shown; `events` stand behind it."""

    depth: int
    true: bool
    sentence: str
    events: Sequence[Event]


@dataclass(frozen=True)
class Reasons:
    """Tells reasons with the names of a rulebook."""

    naming: Naming
    moment: Callable[[int], str]
    """How a moment is written."""
    actor: Callable[[str], str] = str
    """What somebody is called who did something."""

    def verdict(self, account: Why, held: Sequence[str]) -> Iterator[str]:
        """Whether it is held, since when, and what decided; `held` are all the tags that the contact holds."""
        yield self.since(account)
        if account.hand:
            yield self._by_hand(account.hand)
        elif account.tag.by_hand:
            yield self._say("by_hand")
        if account.decided_by == "otherwise":
            yield self._say("otherwise")
        instead = self._level_held(account, held)
        if instead and not account.held:
            told = "comes_first" if account.decided_by == "level" else "instead"
            yield self._say(told, tag=self.naming.title(instead))
        if before := self._levels_before(account):
            yield self._say("before", tags=listed(before, "and", self.naming.language))

    def since(self, account: Why) -> str:
        """Whether it is held, and since when."""
        held = "held" if account.held else "not_held"
        if account.since is None:
            return self._say(f"{held}_always")
        return self._say(held, since=self.moment(account.since))

    def lines(self, part: Part, depth: int = 0) -> Iterator[Line]:
        """What is shown of a part and those inside it."""
        inner = part.parts[0] if isinstance(part.condition, tree.Not) else part
        if isinstance(inner.condition, tree.All | tree.Any):
            yield Line(depth, part.true, self._heading(inner.condition, denied=inner is not part), ())
            for each in inner.parts:
                yield from self.lines(each, depth + 1)
        else:
            yield Line(depth, part.true, self._sentence(part.condition), inner.evidence)

    def ahead(self, account: Why) -> str:
        """What would change the tag, and when it changes by itself."""
        kinds = [
            self._one(noun(kind, self.naming.language)) for kind in kinds_behind(self.naming.rulebook, account.tag)
        ]
        unless = self._say("unless", events=listed(kinds, "or", self.naming.language)) if kinds else ""
        if account.changes_at is None:
            return self._say("lasts", unless=unless) if unless else self._say("stays")
        moment = self.moment(account.changes_at)
        if self.naming.group_of(account.tag.name).kind == "set":
            return self._say("ends" if account.held else "begins", moment=moment, unless=unless)
        to = [self.naming.rulebook.tags[tag] for tag in account.changes_to]
        if not to:
            return self._say("ends", moment=moment, unless=unless)
        return self._say("turns", to=self._colored(to[0]), moment=moment, unless=unless)

    def _heading(self, condition: tree.Condition, *, denied: bool) -> str:
        """What stands above the parts of a condition: the title of the rule it is of, and how they are joined."""
        which = "all" if isinstance(condition, tree.All) else "any"
        title = self._rule_title(condition)
        if denied:
            return self._say("not_rule", title=title) if title else self._say(f"not_{which}")
        return self._say("rule", title=title, what=self._say(which)) if title else self._say(which)

    def _sentence(self, condition: tree.Condition) -> str:
        title, what = self._rule_title(condition), self.naming.said(condition)
        return self._say("rule", title=title, what=what) if title else what

    def _rule_title(self, condition: tree.Condition) -> str:
        """The title of the rule that says just this: in an account, rules are written out."""
        rules = self.naming.rulebook.rules.values()
        titles = (rule.title for rule in rules if rule.title and rule.clause.condition == condition)
        return next((self.naming.titled(title) for title in titles), "")

    def _by_hand(self, hand: Event) -> str:
        told = self._say(hand.kind, moment=self.moment(hand.occurred_at))
        if actor := hand.props.get("actor"):
            told += self._say("actor", actor=self.actor(str(actor)))
        until = hand.props.get("until")
        return told + (self._say("until", moment=self.moment(until)) if isinstance(until, int) else "")

    def _level_held(self, account: Why, held: Sequence[str]) -> str:
        """The level of the tag's group that the contact holds now; empty for set groups."""
        group = self.naming.group_of(account.tag.name)
        levels = [tag.name for tag in group.tags if tag.name in held]
        return levels[0] if group.kind == "level" and levels else ""

    def _levels_before(self, account: Why) -> list[str]:
        """The levels that come before the one held, and are therefore not true."""
        group = self.naming.group_of(account.tag.name)
        if group.kind != "level" or not account.held or account.hand:
            return []
        return [self.naming.titled(tag.title) for tag in group.tags[: group.tags.index(account.tag)]]

    def _one(self, noun: str) -> str:
        return self._say("an" if noun.startswith(tuple("aeiou")) else "a", noun=noun)

    def _colored(self, tag: Tag) -> str:
        """The colour first, where it has a name: "yellow (Medium)"."""
        title = self.naming.titled(tag.title)
        if tag.color.startswith("#"):
            return title
        color = tag.color if self.naming.language == "en" else _COLORS[tag.color]
        return self._say("color", color=color, tag=title)

    def _say(self, key: str, **values: object) -> str:
        return _TEXTS[key][LANGUAGES.index(self.naming.language)].format(**values)


def kinds_behind(rulebook: Rulebook, tag: Tag) -> list[str]:
    """The kinds of event that can change a tag: those its condition looks at, and the levels before it, all the way."""
    kinds: set[str] = set()
    group = next(group for group in rulebook.groups if tag in group.tags)
    before = group.tags[: group.tags.index(tag) + 1] if group.kind == "level" else (tag,)
    waiting = [each.clause.condition for each in before if each.clause]
    while waiting:
        for node in waiting.pop().walk():
            match node:
                case tree.Events(kind=kind):
                    kinds.add(kind)
                case tree.Field():
                    kinds.add(FIELD_KIND)
                case tree.RuleRef(name=name):
                    waiting.append(rulebook.rules[name].clause.condition)
                case tree.Tagged(tag=name):
                    kinds.update(kinds_behind(rulebook, rulebook.tags[name]))
    return sorted(kinds)
