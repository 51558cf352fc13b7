"""The tree of a condition becomes text again; that text parses to the same tree."""

from __future__ import annotations

from seamark.engine import tree
from seamark.engine.units import duration_text, number_text

_GATHER = {
    tree.SumOf: "sum",
    tree.AverageOf: "avg",
    tree.LeastOf: "min",
    tree.GreatestOf: "max",
    tree.DistinctOf: "distinct",
}


def write(node: tree.Node) -> str:
    """The node as it is written in a rulebook.

    >>> from seamark.engine.parse import parse
    >>> write(parse("not(any a.b[c=1] over 48h and no d)"))
    'not (any a.b[c = 1] over 2d and no d)'
    """
    match node:
        case tree.All(of=parts):
            return " and ".join(_bracketed(part, tree.Any, tree.All) for part in parts)
        case tree.Any(of=parts):
            return " or ".join(_bracketed(part, tree.Any, tree.All) for part in parts)
        case tree.Not(part=part):
            return f"not {_bracketed(part, tree.All, tree.Any)}"
        case tree.Within(moment=moment, length=length):
            return f"{write(moment)} within {duration_text(length)}"
        case tree.OlderThan(moment=moment, length=length):
            return f"{write(moment)} older than {duration_text(length)}"
        case tree.Some(events=events, over=over):
            return f"any {write(events)}{_over(over)}"
        case tree.NoneOf(events=events, over=over):
            return f"no {write(events)}{_over(over)}"
        case tree.Compare(op=op, left=left, right=right):
            return f"{write(left)} {op} {write(right)}"
        case tree.Between(value=value, low=low, high=high):
            return f"{write(value)} between {write(low)} and {write(high)}"
        case tree.In(value=value, choices=choices):
            return f"{write(value)} in [{', '.join(write(choice) for choice in choices)}]"
        case tree.Has(value=tree.Prop(name="mentions"), text=text):
            return f"mentions {quoted(text)}"
        case tree.Has(value=value, text=text):
            return f"{write(value)} has {quoted(text)}"
        case tree.IsAbsent(value=value):
            return f"{write(value)} is absent"
        case tree.Tagged(tag=tag):
            return f"tagged {tag}"
        case tree.RuleRef(name=name):
            return f"rule {name}"
        case tree.Events(kind=kind, where=where):
            return kind if where is None else f"{kind}[{write(where)}]"
        case tree.Number(scaled=scaled):
            return number_text(scaled)
        case tree.Text(text=text):
            return quoted(text)
        case tree.Duration(length=length):
            return duration_text(length)
        case tree.Param(name=name):
            return f"param.{name}"
        case tree.Prop(name=name):
            return name
        case tree.Field(name=name, part=part):
            return f"contact.{name}" + (f".{part}" if part else "")
        case tree.CountOf(events=events, over=over):
            return f"count({write(events)}){_over(over)}"
        case tree.AverageDelay(events=events, since=since, over=over):
            return f"avg(delay({write(events)} since {write(since)})){_over(over)}"
        case tree.Last(events=events):
            return f"last({write(events)})"
        case tree.First(events=events):
            return f"first({write(events)})"
        case tree.PropOf(event=event, prop=prop):
            return f"{write(event)}.{prop}"
        case tree.MonthsSince(field=field):
            return f"months_since({write(field)})"
        case tree.UntilAnniversary(field=field):
            return f"until_anniversary({write(field)})"
        case tree.Arithmetic(op=op, left=left, right=right):
            return f"{_side(left, op)} {op} {_side(right, op, right=True)}"
        case tree.SumOf() | tree.AverageOf() | tree.LeastOf() | tree.GreatestOf() | tree.DistinctOf():
            return f"{_GATHER[type(node)]}({write(node.events)}.{node.prop}){_over(node.over)}"
    raise TypeError(f"{type(node).__name__} is no part of a condition")


def quoted(text: str) -> str:
    """A text in double quotes, with quotes and backslashes escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _over(length: int | None) -> str:
    return "" if length is None else f" over {duration_text(length)}"


def _bracketed(part: tree.Condition, *kinds: type[tree.Condition]) -> str:
    return f"({write(part)})" if isinstance(part, kinds) else write(part)


def _side(value: tree.Value, op: str, *, right: bool = False) -> str:
    """One side of `+ - *`, in brackets where the reading would group it otherwise."""
    needs = isinstance(value, tree.Arithmetic) and (right or (op == "*" and value.op != "*"))
    return f"({write(value)})" if needs else write(value)
