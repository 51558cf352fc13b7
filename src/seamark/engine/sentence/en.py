"""Conditions in English: a table of how events are spoken of, then one phrase for each node."""

from __future__ import annotations

from typing import NamedTuple

from seamark.engine import tree
from seamark.engine.sentence.names import Names, all_of, any_of, count_and_unit, figures, terms_of
from seamark.engine.units import SCALE
from seamark.engine.write import quoted


class Phrase(NamedTuple):
    """How a kind of event is spoken of. `{n}` is an amount, `{s}` the plural."""

    did: str
    done: str
    """After "has" and "has not"."""
    counted: str
    noun: str


PHRASES = {
    "message.received": Phrase("wrote", "written", "wrote {n} message{s}", "message{s}"),
    "message.sent": Phrase("was written to", "been written to", "was sent {n} message{s}", "message{s} from us"),
    "message.delivered": Phrase(
        "was reached by a message", "been reached by a message", "was reached by {n} message{s}", "delivered message{s}"
    ),
    "message.read": Phrase("read a message", "read a message", "read {n} message{s}", "message{s} they read"),
    "link.clicked": Phrase("clicked a link", "clicked a link", "clicked {n} link{s}", "link click{s}"),
    "page.viewed": Phrase("viewed a page", "viewed a page", "viewed {n} page{s}", "page view{s}"),
    "cart.abandoned": Phrase("abandoned a cart", "abandoned a cart", "abandoned {n} cart{s}", "abandoned cart{s}"),
    "order.placed": Phrase("ordered", "ordered", "placed {n} order{s}", "order{s}"),
    "item.bought": Phrase("bought an item", "bought an item", "bought {n} item{s}", "bought item{s}"),
    "order.refunded": Phrase("got a refund", "got a refund", "got {n} refund{s}", "refund{s}"),
    "quote.sent": Phrase("was sent a quote", "been sent a quote", "was sent {n} quote{s}", "quote{s}"),
    "sample.sent": Phrase("was sent a sample", "been sent a sample", "was sent {n} sample{s}", "sample{s}"),
    "sample.closed": Phrase(
        "had a sample closed", "had a sample closed", "had {n} sample{s} closed", "closed sample{s}"
    ),
    "coupon.issued": Phrase(
        "was issued a coupon", "been issued a coupon", "was issued {n} coupon{s}", "issued coupon{s}"
    ),
    "coupon.redeemed": Phrase("redeemed a coupon", "redeemed a coupon", "redeemed {n} coupon{s}", "redeemed coupon{s}"),
    "subscribed": Phrase("subscribed", "subscribed", "subscribed {n} time{s}", "subscription{s}"),
    "unsubscribed": Phrase("unsubscribed", "unsubscribed", "unsubscribed {n} time{s}", "cancelled subscription{s}"),
    "trial.completed": Phrase("completed a trial", "completed a trial", "completed {n} trial{s}", "completed trial{s}"),
    "event.attended": Phrase("attended an event", "attended an event", "attended {n} event{s}", "attended event{s}"),
    "referral.made": Phrase("made a referral", "made a referral", "made {n} referral{s}", "referral{s}"),
    "scan.made": Phrase("scanned a live code", "scanned a live code", "scanned {n} live code{s}", "live code scan{s}"),
    "tag.set": Phrase(
        "was tagged by hand", "been tagged by hand", "was given {n} tag{s} by hand", "tag{s} set by hand"
    ),
    "tag.cleared": Phrase(
        "had a tag cleared by hand",
        "had a tag cleared by hand",
        "had {n} tag{s} cleared by hand",
        "tag{s} cleared by hand",
    ),
    "tag.lifted": Phrase("had a tag set free", "had a tag set free", "had {n} tag{s} set free", "tag{s} set free"),
    "field.changed": Phrase(
        "had a field changed", "had a field changed", "had {n} field{s} changed", "field change{s}"
    ),
}

PROPS = {
    "lang": ("language", "languages"),
    "form": ("form", "forms"),
    "question": ("question", "questions"),
    "interest": ("interests", "interests"),
    "need": ("needs", "needs"),
    "old": ("old value", "old values"),
    "new": ("new value", "new values"),
    "until": ("end", "ends"),
    "text": ("text", "texts"),
    "intent": ("intent", "intents"),
    "target": ("target", "targets"),
    "page": ("page", "pages"),
    "seconds": ("seconds", "seconds"),
    "amount": ("amount", "amounts"),
    "category": ("category", "categories"),
    "product": ("product", "products"),
    "quantity": ("quantity", "quantities"),
    "mentions": ("terms", "terms"),
    "words": ("words", "words"),
    "tag": ("tag", "tags"),
    "field": ("field", "fields"),
    "channel": ("channel", "channels"),
    "actor": ("actor", "actors"),
    "hour": ("hour", "hours"),
    "weekday": ("weekday", "weekdays"),
    "month": ("month", "months"),
}
"""One and several of a prop, where its name alone does not say it."""

_UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day"}

_NUMBER_SIGNS = {
    "=": "exactly ",
    "!=": "other than ",
    "<": "less than ",
    "<=": "at most ",
    ">": "more than ",
    ">=": "at least ",
}
_COUNT_SIGNS = {**_NUMBER_SIGNS, "<": "fewer than "}
_TEXT_SIGNS = {
    "=": "",
    "!=": "other than ",
    "<": "earlier than ",
    "<=": "no later than ",
    ">": "later than ",
    ">=": "no earlier than ",
}
_INSTANT_SIGNS = {**_TEXT_SIGNS, "=": "at the same moment as ", "!=": "not at the same moment as "}

_GATHERED = {
    tree.SumOf: "total",
    tree.AverageOf: "average",
    tree.LeastOf: "smallest",
    tree.GreatestOf: "largest",
}
_OPERATIONS = {"+": "plus", "-": "minus", "*": "times"}


class English:
    """Says the nodes of a tree."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def say(self, node: tree.Node) -> str:
        """A condition as a sentence without subject; a value or events as words."""
        match node:
            case tree.All(of=parts):
                return _joined(", and ", parts, list(map(self.say, parts)))
            case tree.Any(of=parts):
                return "either " + _joined(", or ", parts, list(map(self.say, parts)))
            case tree.Not(part=part):
                return self.denied(part)
            case tree.Within(moment=tree.Last(events=events), length=length):
                return f"{'replied' if _is_reply(events) else self.did(events)} within {_last(length)}"
            case tree.Within(moment=moment, length=length):
                return f"{self.counted(moment.events, 'the first', one=True)} within {_last(length)}"
            case tree.OlderThan(moment=moment, length=length):
                which = "the last" if isinstance(moment, tree.Last) else "the first"
                return f"{self.counted(moment.events, which, one=True)} at least {_span(length)} ago"
            case tree.Some(events=events, over=None):
                return f"has {self.done(events)} at least once"
            case tree.Some(events=events, over=over):
                return f"{self.did(events)} {_window(over)}"
            case tree.NoneOf(events=events, over=None):
                return f"has never {self.done(events)}"
            case tree.NoneOf(events=events, over=over):
                return f"has not {self.done(events)} {_window(over)}"
            case tree.Compare(op=op, left=left, right=right):
                return self.measured(left, self.amount(op, left, right), right)
            case tree.Between(value=value, low=low, high=high):
                return self.measured(value, f"from {self.say(low)} to {self.say(high)}", high)
            case tree.In(value=value, choices=choices):
                return f"{self.say(value)} is one of {', '.join(map(self.say, choices))}"
            case tree.Has(value=value, text=text):
                return f"{self.listed(value, text)} is among {self.say(value)}"
            case tree.IsAbsent(value=value):
                return f"{self.say(value)} is not known"
            case tree.Tagged(tag=tag):
                return f"is tagged {self.tag(tag)}"
            case tree.RuleRef(name=name):
                return f"meets the rule {self.rule(name)}"
            case tree.Events():
                return self.nouns(node)
            case tree.Number(scaled=scaled):
                return figures(scaled)
            case tree.Text(text=text):
                return quoted(text)
            case tree.Duration(length=length):
                return _span(length)
            case tree.Param(name=name):
                return self.param(name)
            case tree.Prop(name=name):
                return _prop(name)
            case tree.Field(name=name, part=part):
                title = self.names.fields.get(name) or name.replace("_", " ")
                return f"the {part} end of {title}" if part else title
            case tree.CountOf(events=events, over=over):
                return f"the number of {self.nouns(events)} {_window(over)}"
            case tree.DistinctOf(events=events, prop=prop, over=over):
                return f"the number of different {_props(prop)} of {self.nouns(events)} {_window(over)}"
            case tree.AverageDelay(events=events, since=since, over=over):
                return (
                    f"the average time from the latest {self.noun(since)} to each {self.noun(events)} {_window(over)}"
                )
            case tree.Last(events=events):
                return f"the last {self.noun(events)}"
            case tree.First(events=events):
                return f"the first {self.noun(events)}"
            case tree.PropOf(event=event, prop=prop):
                return f"the {_prop(prop)} of {self.say(event)}"
            case tree.MonthsSince(field=field):
                return f"the number of months since {self.say(field)}"
            case tree.UntilAnniversary(field=field):
                return f"the time until the next {self.say(field)}"
            case tree.Arithmetic(op=op, left=left, right=right):
                sides = [_enclosed(side, self.say(side), tree.Arithmetic) for side in (left, right)]
                return f" {_OPERATIONS[op]} ".join(sides)
            case tree.SumOf() | tree.AverageOf() | tree.LeastOf() | tree.GreatestOf():
                which = f"the {_GATHERED[type(node)]} {_prop(node.prop)}"
                return f"{which} of {self.nouns(node.events)} {_window(node.over)}"
        raise TypeError(f"{type(node).__name__} is no part of a condition")

    def denied(self, part: tree.Condition) -> str:
        """The opposite of a condition, in words of its own where it has some."""
        match part:
            case tree.Some(events=events, over=over):
                return self.say(tree.NoneOf(events, over))
            case tree.NoneOf(events=events, over=over):
                return self.say(tree.Some(events, over))
            case tree.Within(moment=tree.Last(events=events), length=length):
                return f"has not {'replied' if _is_reply(events) else self.done(events)} within {_last(length)}"
            case tree.Tagged(tag=tag):
                return f"is not tagged {self.tag(tag)}"
            case tree.RuleRef(name=name):
                return f"does not meet the rule {self.rule(name)}"
            case tree.IsAbsent(value=value):
                return f"{self.say(value)} is known"
        return f"not ({self.say(part)})"

    # Comparisons

    def measured(self, value: tree.Value, amount: str, figure: tree.Value) -> str:
        """The value is so much; the amount ends with the figure, and so do the nouns after it."""
        one = figure == tree.Number(SCALE)
        match value:
            case tree.CountOf(events=events, over=over) if isinstance(figure, tree.Number):
                return f"{self.counted(events, amount, one=one)} {_window(over)}"
            case tree.MonthsSince(field=field):
                return f"{self.say(field)} was {amount} {'month' if one else 'months'} ago"
            case tree.UntilAnniversary(field=field):
                return f"the next {self.say(field)} is {amount} away"
        return f"{self.say(value)} is {amount}"

    def amount(self, op: tree.Comparison, left: tree.Value, right: tree.Value) -> str:
        """What follows "is" where two values are compared."""
        figure = self.names.params.get(right.name, right) if isinstance(right, tree.Param) else right
        if isinstance(left, tree.Last | tree.First) or isinstance(right, tree.Last | tree.First):
            signs = _INSTANT_SIGNS
        elif isinstance(left, tree.CountOf):
            signs = _COUNT_SIGNS
        else:
            signs = _TEXT_SIGNS if isinstance(figure, tree.Text) else _NUMBER_SIGNS
        return signs[op] + self.say(right)

    # Events

    def did(self, events: tree.Events) -> str:
        return _phrase(events.kind).did + self.about(events)

    def done(self, events: tree.Events) -> str:
        return _phrase(events.kind).done + self.about(events)

    def counted(self, events: tree.Events, amount: str, *, one: bool = False) -> str:
        """What was done `amount` times; one: the noun stands in the singular."""
        return _numbered(_phrase(events.kind).counted, one=one).replace("{n}", amount) + self.about(events)

    def noun(self, events: tree.Events) -> str:
        return _numbered(_phrase(events.kind).noun, one=True) + self.about(events)

    def nouns(self, events: tree.Events) -> str:
        return _numbered(_phrase(events.kind).noun, one=False) + self.about(events)

    def about(self, events: tree.Events) -> str:
        """What the filter asks, with the space before it; nothing without a filter."""
        match events.where:
            case None:
                return ""
            case tree.All() | tree.Any():
                return f" ({self.test(events.where)})"
        return f" {self.test(events.where)}"

    def test(self, where: tree.Condition) -> str:
        """A condition on one event, as it follows that event's name."""
        match where:
            case tree.All(of=(tree.IsAbsent(value=value), *rest)):
                return f"where no {self.say(value)} is known, {self.test(all_of(rest))}"
            case tree.All(of=parts):
                return _joined(" and ", parts, list(map(self.test, parts)))
            case tree.Any(of=parts) if terms := terms_of(parts):
                *others, last = map(self.term, terms)
                return f"about {', '.join(others)} or {last}"
            case tree.Any(of=(*parts, tree.All(of=(tree.IsAbsent(), *_)) as instead)) if parts:
                return f"{self.test(any_of(parts))} or, {self.test(instead)}"
            case tree.Any(of=parts):
                return _joined(" or ", parts, list(map(self.test, parts)))
            case tree.Not(part=tree.Compare() | tree.Between() | tree.In() as part):
                return "without" + self.test(part).removeprefix("with")
            case tree.Not(part=tree.IsAbsent(value=value)):
                return f"with some {self.say(value)}"
            case tree.Not(part=part):
                return f"not {_enclosed(part, self.test(part), tree.All, tree.Any, tree.Not)}"
            case tree.Compare(op=op, left=left, right=right):
                return f"with {self.say(left)} {self.amount(op, left, right)}"
            case tree.Between(value=value, low=low, high=high):
                return f"with {self.say(value)} from {self.say(low)} to {self.say(high)}"
            case tree.In(value=value, choices=choices):
                return f"with {self.say(value)} one of {', '.join(map(self.say, choices))}"
            case tree.Has(value=tree.Prop(name="mentions"), text=text):
                return f"about {self.term(text)}"
            case tree.Has(value=value, text=text):
                return f"with {self.listed(value, text)} among {self.say(value)}"
            case tree.IsAbsent(value=value):
                return f"without {self.say(value)}"
        return self.say(where)

    # Names

    def listed(self, value: tree.Value, text: str) -> str:
        """A member of a list; those of `mentions` are terms."""
        return self.term(text) if value == tree.Prop("mentions") else quoted(text)

    def term(self, name: str) -> str:
        return quoted(self.names.terms.get(name, name))

    def tag(self, name: str) -> str:
        return quoted(self.names.tags.get(name, name))

    def rule(self, name: str) -> str:
        return quoted(self.names.rules.get(name, name))

    def param(self, name: str) -> str:
        """The figure first, since that is what is compared."""
        title = name.replace("_", " ")
        figure = self.names.params.get(name)
        return f"{self.say(figure)} ({title})" if figure else f"the figure {quoted(title)}"


def _is_reply(events: tree.Events) -> bool:
    """The latest message that came is a reply."""
    return events.kind == "message.received" and not events.where


def _phrase(kind: str) -> Phrase:
    """How the kind is spoken of; one of the users' own is an event of that name."""
    own = f"had {_article(kind)} {kind} event"
    return PHRASES.get(kind) or Phrase(own, own, f"had {{n}} {kind} event{{s}}", f"{kind} event{{s}}")


def _article(word: str) -> str:
    return "an" if word[:1].lower() in tuple("aeiou") else "a"


def _numbered(words: str, *, one: bool) -> str:
    return words.replace("{s}", "" if one else "s")


def _prop(name: str) -> str:
    return PROPS[name][0] if name in PROPS else name.replace("_", " ")


def _props(name: str) -> str:
    return PROPS[name][1] if name in PROPS else f"values of {name.replace('_', ' ')}"


def _span(length: int) -> str:
    count, unit = count_and_unit(length)
    return f"{count:,} {_UNITS[unit]}{'' if count == 1 else 's'}"


def _last(length: int) -> str:
    return f"the last {_span(length).removeprefix('1 ')}"


def _window(over: int | None) -> str:
    return "so far" if over is None else f"in {_last(over)}"


def _joined(word: str, parts: tuple[tree.Condition, ...], said: list[str]) -> str:
    """The sentences of several conditions, each that has parts itself in brackets."""
    enclosed = (_enclosed(part, words, tree.All, tree.Any) for part, words in zip(parts, said, strict=True))
    return word.join(enclosed)


def _enclosed(node: tree.Node, said: str, *kinds: type[tree.Node]) -> str:
    return f"({said})" if isinstance(node, kinds) else said
