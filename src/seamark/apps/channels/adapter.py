"""What an integration provides: the little that channels need to know of a platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Any, Protocol

from django.utils.functional import Promise

from seamark.apps.channels.errors import SendError
from seamark.apps.timeline.arrivals import Arrival
from seamark.apps.timeline.models import Delivery

if TYPE_CHECKING:
    from seamark.apps.channels.models import Channel


class Form(StrEnum):
    """What a message is made of."""

    TEXT = "text"
    TEMPLATE = "template"
    """Words that the platform approved beforehand, with blanks to fill in."""
    FILE = "file"
    """Files of ours, with a text or without."""


@dataclass(frozen=True)
class Template:
    """A call of an approved template."""

    name: str
    language: str
    blanks: Sequence[str] = ()
    """What fills its blanks, in order."""
    places: Sequence[str] = ()
    """Where each of them stands, as `ApprovedTemplate.blanks` has it; without it, all stand in the body."""


@dataclass(frozen=True)
class ApprovedTemplate:
    """A template of the platform's list, in whatever state it is there."""

    name: str
    language: str
    category: str
    status: str
    """The platform's words, in small letters."""
    header: str = ""
    body: str = ""
    footer: str = ""
    """Blanks stand in them as `{{1}}` or `{{name}}`."""
    buttons: Sequence[str] = ()
    blanks: Sequence[str] = ()
    """Every blank, in the order in which it is to be filled in: "header.1", "body.name", "button.0"."""
    obstacle: str = ""
    """Why it cannot be sent from here (`models.MessageTemplate.Obstacle`)."""


@dataclass(frozen=True)
class Message:
    """One message on its way out: a text, or a template."""

    outbox_id: int
    """The platform is asked to give it back with whatever it tells of the message."""
    to: str
    """The identity's external id."""
    text: str = ""
    """Of a template: how it reads with its blanks filled in."""
    template: Template | None = None
    reply_to: str = ""
    """The platform's id of the message that this one answers."""
    files: Sequence[Mapping[str, Any]] = ()
    """Files of ours, as `channels.files.told` names them."""

    @property
    def form(self) -> Form:
        if self.files:
            return Form.FILE
        return Form.TEMPLATE if self.template else Form.TEXT


Part = tuple[str, Sequence[Mapping[str, Any]]]
"""A text, and the files that go with it."""


@dataclass(frozen=True)
class Sent:
    """The platform took the message."""

    external_id: str
    """The platform's id of it."""


@dataclass(frozen=True)
class Pace:
    """How fast a platform lets us send; beyond it messages wait."""

    per_second: float
    burst: int
    """How many may go at once after a rest."""


@dataclass(frozen=True)
class Needs:
    """What a channel of the kind is given, by name."""

    options: Sequence[str] = ()
    secrets: Sequence[str] = ()
    may_have: Sequence[str] = ()
    """Options that it works without."""
    whole: Sequence[str] = ()
    """Options that are whole numbers above 0."""
    choices: Mapping[str, Sequence[tuple[str, str | Promise]]] = field(default_factory=dict)
    """Of options that are one of a few words, each with what it is called."""
    titles: Mapping[str, str | Promise] = field(default_factory=dict)
    """What each is called where people fill it in."""
    hints: Mapping[str, str | Promise] = field(default_factory=dict)


class Adapter(Protocol):
    """One platform. Adapters hold no state: all they need comes with the call.

    Statuses of sent messages are read into events `message.accepted`, `message.delivered`, `message.read` and
    `message.failed`, whose props name the `message` (the platform's id), our `outbox` id where the platform gives it
    back, and the `code` of a failure; the outbox learns from them (`channels.receipts`).
    """

    kind: str
    """The word for it in the database and in `CHANNEL_ADAPTERS`."""
    title: str | Promise
    carries: frozenset[Form] = frozenset({Form.TEXT})
    needs: Needs = Needs()
    window: timedelta | None = None
    """For how long after the contact's last message anything but templates may be sent; None: always."""
    needs_consent: bool = False
    """Whether the platform's terms want a yes before any marketing, so that not knowing counts as no."""
    is_idempotent: bool = False
    """Whether sending one outbox id twice comes to the same as once; if so, what a crash left open is sent again."""

    file_limits: Mapping[str, int] | None = None
    """The media types of files that it carries, each with its most bytes; None: all that is kept here."""
    file_rules: str | Promise = ""
    """The same for people, who read it before they send."""

    def parts(self, text: str, files: Sequence[Mapping[str, Any]]) -> list[Part]:
        """What a member wrote, as the messages that the platform makes of it."""
        return [(text, files)]

    def pace(self, channel: Channel) -> Pace | None:
        """Of the channel as a whole; None: no limit."""
        return None

    def pace_to_one(self, channel: Channel) -> Pace | None:
        """To any one identity; None: no limit."""
        return None

    def new_people_a_day(self, channel: Channel) -> int | None:
        """How many people whose window is shut may be written to within 24 hours; None: no limit."""
        return None

    def address(self, channel: Channel) -> str:
        """The path at which the site takes the channel's deliveries; empty where the platform delivers nothing."""
        return ""

    def snippet(self, channel: Channel) -> str:
        """HTML that goes into the pages of whoever wants the channel there; empty where nothing does."""
        return ""

    def read(self, delivery: Delivery) -> list[Arrival]:
        """Everything that a delivery tells. Raises `Unreadable` for one that is to be set aside."""
        ...

    def send(self, channel: Channel, message: Message) -> Sent:
        """Hand the message to the platform; called in a thread of its own, so it must not touch the database.

        Raises `SendError` when it was certainly not taken, `OutcomeUnknown` when nobody can tell.
        """
        ...

    def has_templates(self, channel: Channel) -> bool:
        """Whether the channel can be asked for its templates."""
        return False

    def templates(self, channel: Channel) -> list[ApprovedTemplate]:
        """All templates of the channel's account. Raises `SendError` when they cannot be had."""
        return []

    def fetch(self, channel: Channel, remote_id: str, into: IO[bytes], most_bytes: int) -> None:
        """Write the file that the platform keeps under that id; called outside of any transaction.

        Raises `SendError` when it cannot be had; its code is "size" for one of more than `most_bytes`, and
        "gone" for one that the platform keeps no more.
        """
        raise SendError("no-files", permanent=True)

    def failure(self, code: str) -> SendError:
        """What a code means that the platform gave for a message after it had taken it."""
        return SendError(code, permanent=True)
