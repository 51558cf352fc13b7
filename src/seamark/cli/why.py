"""`seamark why`: why a contact holds a tag or does not, and what will change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from seamark.cli.account import account_json, event_json, show_account
from seamark.cli.evaluate import folded
from seamark.cli.failures import Failure
from seamark.cli.frame import head_json, show_notes
from seamark.cli.language import listed, say, titled
from seamark.cli.naming import full_title, group_of, known_tag, noun
from seamark.cli.opening import Opened, opened
from seamark.cli.screen import color_of, dot, out, print_json, visible
from seamark.cli.sources import Sources
from seamark.engine import tree
from seamark.engine.events import Event, distinct_events
from seamark.engine.kinds import FIELD_KIND
from seamark.engine.moments import moment_text
from seamark.engine.online import Online
from seamark.engine.plan import plan_rulebook
from seamark.engine.replay import History
from seamark.engine.rulebook import Rulebook, Tag
from seamark.engine.why import Why
from seamark.engine.why import why as account_for


def why(name: str, sources: Sources, contact: str, tag: str | None, *, as_json: bool) -> None:
    """Account for one tag of a contact, or in short for all it holds."""
    with opened(name, sources, with_texts=True) as found:
        if tag:
            known_tag(found.rulebook, tag)
        history = history_of(found, contact)
        held = held_tags(found, history)
        names = [tag] if tag else held
        accounts = [account_for(found.rulebook, found.zone, history, each, found.now) for each in names]
        found.set_aside()
        if as_json:
            tags = [why_json(found, each) for each in accounts]
            print_json({**head_json(found), "contact": contact, "tags": tags})
            return
        console = out()
        if tag:
            show_why(console, found, accounts[0], held)
        else:
            show_tags(console, found, contact, accounts)
        show_notes(console, found.notes)


def history_of(found: Opened, contact: str) -> History:
    """The contact's history, its events in the order in which the rulebook sees them."""
    history = found.histories.one(contact)
    if history is None:
        raise Failure("wrong.contact", near=_nearest_contact(found, contact), found=contact)
    return history._replace(events=distinct_events(history.events, found.rulebook.reads))


def _nearest_contact(found: Opened, name: str) -> str:
    """The contact that was probably meant; found by SQL, as there may be millions."""
    known = "SELECT contact FROM events" + (
        " UNION SELECT contact FROM contacts" if found.histories.fields is not None else ""
    )
    like = found.histories.connection.execute(
        f"SELECT contact FROM ({known}) WHERE jaro_winkler_similarity(lower(contact), lower(?)) > 0.8"
        " ORDER BY jaro_winkler_similarity(lower(contact), lower(?)) DESC, contact LIMIT 1",
        [name, name],
    ).fetchall()
    return str(like[0][0]) if like else ""


def held_tags(found: Opened, history: History) -> list[str]:
    """The tags that the contact holds now."""
    online = Online(plan_rulebook(found.rulebook), found.zone)
    return list(online.verdict(folded(online, history, found.now), found.now).tags)


def show_tags(console: Console, found: Opened, contact: str, accounts: Sequence[Why]) -> None:
    """Every tag that is held, since when, and until when unless something happens."""
    _show_head(console, found, Text(visible(contact), style="bold"))
    if not accounts:
        console.print(say("why.no_tags"))
    for each in accounts:
        line = Text.assemble(dot(each.tag.color), " ", full_title(found.rulebook, each.tag.name))
        console.print(line.append(f"  {each.tag.name}", style="dim"))
        console.print(Padding(Text(f"{_since(found, each)} {_ahead(found, each)}", style="dim"), (0, 0, 0, 2)))
    console.print()
    console.print(Text(say("why.one"), style="dim"))


def show_why(console: Console, found: Opened, account: Why, held: Sequence[str]) -> None:
    """The whole account of one tag of a contact that holds the tags `held`."""
    head = Text(visible(account.contact), style="bold").append(" · ")
    head.append(full_title(found.rulebook, account.tag.name), style=f"bold {color_of(account.tag.color)}")
    _show_head(console, found, head)
    for line in _verdict(found, account, held):
        console.print(line)
    if account.account:
        console.print()
        show_account(console, found.rulebook, found.histories.reads, account.account, found.times)
    console.print()
    console.print(_ahead(found, account))


def _show_head(console: Console, found: Opened, head: Text) -> None:
    console.print(head)
    rulebook = f"{found.rulebook.name} {found.rulebook.version}"
    console.print(Text(f"{say('head.as_of', moment=found.times.full(found.now), zone=found.zone.key)} · {rulebook}"))
    console.print()


def _verdict(found: Opened, account: Why, held: Sequence[str]) -> Iterator[str]:
    """Whether it is held, since when, and what decided."""
    yield _since(found, account)
    if account.hand:
        yield _by_hand(found, account.hand)
    elif account.tag.by_hand:
        yield say("why.by_hand")
    if account.decided_by == "otherwise":
        yield say("why.otherwise")
    instead = _level_held(found.rulebook, account, held)
    if instead and not account.held:
        told = "why.comes_first" if account.decided_by == "level" else "why.instead"
        yield say(told, tag=titled(found.rulebook.tags[instead].title))
    before = _levels_before(found.rulebook, account)
    if before:
        yield say("why.before", tags=listed(before, "and"))


def _since(found: Opened, account: Why) -> str:
    held = "held" if account.held else "not_held"
    if account.since is None:
        return say(f"why.{held}_always")
    return say(f"why.{held}", since=found.times.short(account.since))


def _by_hand(found: Opened, hand: Event) -> str:
    told = say(f"why.{hand.kind}", moment=found.times.short(hand.occurred_at))
    if actor := hand.props.get("actor"):
        told += say("why.actor", actor=visible(str(actor)))
    until = hand.props.get("until")
    return told + (say("why.until", moment=found.times.short(until)) if isinstance(until, int) else "")


def _level_held(rulebook: Rulebook, account: Why, held: Sequence[str]) -> str:
    """The level of the tag's group that the contact holds now; empty for set groups."""
    group = group_of(rulebook, account.tag.name)
    levels = [tag.name for tag in group.tags if tag.name in held]
    return levels[0] if group.kind == "level" and levels else ""


def _levels_before(rulebook: Rulebook, account: Why) -> list[str]:
    """The levels that come before the one held, and are therefore not true."""
    group = group_of(rulebook, account.tag.name)
    if group.kind != "level" or not account.held or account.hand:
        return []
    return [titled(tag.title) for tag in group.tags[: group.tags.index(account.tag)]]


def _ahead(found: Opened, account: Why) -> str:
    """What would change the tag, and when it changes by itself."""
    kinds = [_one(noun(kind)) for kind in kinds_behind(found.rulebook, account.tag)]
    unless = say("why.unless", events=listed(kinds)) if kinds else ""
    if account.changes_at is None:
        return say("why.lasts", unless=unless) if unless else say("why.stays")
    moment = found.times.short(account.changes_at)
    group = group_of(found.rulebook, account.tag.name)
    if group.kind == "set":
        return say("why.ends" if account.held else "why.begins", moment=moment, unless=unless)
    to = [found.rulebook.tags[tag] for tag in account.changes_to]
    if not to:
        return say("why.ends", moment=moment, unless=unless)
    return say("why.turns", to=_colored(to[0]), moment=moment, unless=unless)


def kinds_behind(rulebook: Rulebook, tag: Tag) -> list[str]:
    """The kinds of event that can change a tag: those its condition looks at, and the levels before it, all the way."""
    kinds: set[str] = set()
    group = group_of(rulebook, tag.name)
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


def _one(noun: str) -> str:
    return say("why.an" if noun.startswith(tuple("aeiou")) else "why.a", noun=noun)


def _colored(tag: Tag) -> str:
    """The colour first, where it has a name: "yellow (Medium)"."""
    if tag.color.startswith("#"):
        return titled(tag.title)
    return say("why.color", color=say(f"color.{tag.color}"), tag=titled(tag.title))


def why_json(found: Opened, account: Why) -> dict[str, Any]:
    """The account of one tag."""
    reads = found.histories.reads
    return {
        "tag": account.tag.name,
        "title": dict(account.tag.title),
        "held": account.held,
        "decided_by": account.decided_by,
        "since": _written(account.since),
        "changes_at": _written(account.changes_at),
        "changes_to": list(account.changes_to),
        "unless": kinds_behind(found.rulebook, account.tag),
        "hand": event_json(account.hand, reads) if account.hand else None,
        "account": account_json(found.rulebook, reads, account.account) if account.account else None,
    }


def _written(moment: int | None) -> str | None:
    return None if moment is None else moment_text(moment)
