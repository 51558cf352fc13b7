"""What changes of tags would call for, told before they are made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from seamark.apps.followups.models import Alert, Priority
from seamark.apps.followups.reactions import Deed, first_deeds
from seamark.apps.tagging.rulebooks import Live
from seamark.engine.rulebook import Words


class Edge(NamedTuple):
    """A tag that is entered or left."""

    tag: str
    kind: Literal["enter", "leave"]


class Call(NamedTuple):
    """A follow-up or an alert that a reaction to such an edge makes for each contact."""

    edge: Edge
    title: Words
    priority: Priority | None
    """None: an alert."""
    audience: Alert.Audience | None
    """Who is alerted."""
    team: str
    """Which team, by name."""
    is_conditional: bool
    """Whether the reaction asks something of the contact, so that it may be called for fewer."""


def calls(live: Live, edge: Edge) -> Iterator[Call]:
    """What the live rulebook calls for at once; later steps of journeys are not told."""
    for reaction in live.rulebook.reactions:
        if (reaction.tag, reaction.edge) != edge:
            continue
        for made in reaction.do:
            for deed in first_deeds(live.rulebook, Deed(made, "")):
                if call := _call(edge, deed, reaction.when is not None):
                    yield call


def _call(edge: Edge, deed: Deed, is_conditional: bool) -> Call | None:
    if about := deed.made.get("follow_up"):
        priority = Priority[about.get("priority", "P3")]
        return Call(edge, about["title"], priority, None, about.get("team", ""), is_conditional)
    if about := deed.made.get("alert"):
        audience = Alert.Audience(about.get("to", Alert.Audience.OWNER))
        return Call(edge, about["title"], None, audience, about.get("team", ""), is_conditional)
    return None
