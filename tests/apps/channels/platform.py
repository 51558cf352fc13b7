"""A platform that takes what it is told to take, and remembers what was sent to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from seamark.apps.channels.adapter import Adapter, Form, Message, Needs, Pace, Sent
from seamark.apps.channels.models import Channel
from seamark.apps.timeline.arrivals import Arrival
from seamark.apps.timeline.models import Delivery


class Platform(Adapter):
    """One is shared by the process; the fixture `platform` clears it."""

    kind = "test"
    title = "Test"
    carries = frozenset({Form.TEXT, Form.TEMPLATE})
    needs = Needs(options=("number",), secrets=("token",))
    window = timedelta(hours=24)
    sent: list[Message]
    limit: Pace | None = None
    limit_to_one: Pace | None = None
    new_people: int | None = None
    answer: Callable[[Message], Sent] | None = None
    """Takes the place of the platform; raises what it refuses with."""

    def pace(self, channel: Channel) -> Pace | None:
        return self.limit

    def pace_to_one(self, channel: Channel) -> Pace | None:
        return self.limit_to_one

    def new_people_a_day(self, channel: Channel) -> int | None:
        return self.new_people

    def read(self, delivery: Delivery) -> list[Arrival]:
        return []

    def send(self, channel: Channel, message: Message) -> Sent:
        self.sent.append(message)
        return self.answer(message) if self.answer else Sent(f"platform-{message.outbox_id}")
