"""`seamark why`: why a contact holds a tag or does not, and what will change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from seamark.cli.account import account_json, event_json, show_account
from seamark.cli.evaluate import folded
from seamark.cli.failures import Failure
from seamark.cli.frame import head_json, show_notes
from seamark.cli.language import say
from seamark.cli.naming import full_title, known_tag, naming_of
from seamark.cli.opening import Opened, opened
from seamark.cli.screen import color_of, dot, out, print_json, visible
from seamark.cli.sources import Sources
from seamark.engine.events import distinct_events
from seamark.engine.moments import moment_text
from seamark.engine.online import Online
from seamark.engine.plan import plan_rulebook
from seamark.engine.replay import History
from seamark.engine.sentence.reasons import Reasons, kinds_behind
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
    reasons = reasons_of(found)
    for each in accounts:
        line = Text.assemble(dot(each.tag.color), " ", full_title(found.rulebook, each.tag.name))
        console.print(line.append(f"  {each.tag.name}", style="dim"))
        console.print(Padding(Text(f"{reasons.since(each)} {reasons.ahead(each)}", style="dim"), (0, 0, 0, 2)))
    console.print()
    console.print(Text(say("why.one"), style="dim"))


def show_why(console: Console, found: Opened, account: Why, held: Sequence[str]) -> None:
    """The whole account of one tag of a contact that holds the tags `held`."""
    head = Text(visible(account.contact), style="bold").append(" · ")
    head.append(full_title(found.rulebook, account.tag.name), style=f"bold {color_of(account.tag.color)}")
    _show_head(console, found, head)
    reasons = reasons_of(found)
    for line in reasons.verdict(account, held):
        console.print(line)
    if account.account:
        console.print()
        show_account(console, reasons, found.histories.reads, account.account, found.times)
    console.print()
    console.print(reasons.ahead(account))


def _show_head(console: Console, found: Opened, head: Text) -> None:
    console.print(head)
    rulebook = f"{found.rulebook.name} {found.rulebook.version}"
    console.print(Text(f"{say('head.as_of', moment=found.times.full(found.now), zone=found.zone.key)} · {rulebook}"))
    console.print()


def reasons_of(found: Opened) -> Reasons:
    """How reasons are told here."""
    return Reasons(naming_of(found.rulebook), found.times.short, visible)


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
