"""Words by which contacts say that they want no more messages, or want them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from seamark.apps.timeline.arrivals import Arrival
from seamark.text.normalise import normalise

STOP = frozenset("stop|stopall|stop all|unsubscribe|cancel|end|quit|opt out|optout|退订|退訂|取消订阅|td|t".split("|"))
START = frozenset("start|unstop|subscribe|订阅|恢复订阅|重新订阅".split("|"))
_AROUND = " .!,;:。！，；：\"'“”「」"


def answer(text: str) -> bool | None:
    """Whether the whole text asks for messages (True) or for none (False); None where it is about something else.

    >>> answer("Stop!"), answer("退訂。"), answer("START"), answer("Can I stop by tomorrow?")
    (False, False, True, None)
    """
    said = normalise(text).strip(_AROUND)
    if said in STOP:
        return False
    return True if said in START else None


def with_opt_outs(arrivals: Iterable[Arrival]) -> list[Arrival]:
    """The arrivals, each message that only says stop or start followed by the event that it means."""
    return [told for arrival in arrivals for told in _told(arrival)]


def _told(arrival: Arrival) -> Iterator[Arrival]:
    yield arrival
    text = arrival.props.get("text") if arrival.kind == "message.received" else None
    wanted = answer(text) if isinstance(text, str) else None
    if wanted is not None:
        kind = "subscribed" if wanted else "unsubscribed"
        props = {"purpose": "marketing", "how": "word"}
        yield replace(arrival, kind=kind, source_key=f"{arrival.source_key}:{kind}", props=props, seq=arrival.seq + 1)
