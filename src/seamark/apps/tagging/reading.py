"""The texts of arriving events are read, once, for what the live rulebook asks of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seamark.apps.tagging.rulebooks import live_rulebook
from seamark.apps.timeline.arrivals import Arrival


def annotated(arrivals: Sequence[Arrival]) -> list[dict[str, Any]]:
    """The props of each, with what its text mentions and intends."""
    props = [dict(arrival.props) for arrival in arrivals]
    live = live_rulebook()
    return live.reader(props) if live and live.reader else props
