"""The shapes of what goes in and out under `/api/v1`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, Field, StrictInt, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Kind = Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")]


def _written(value: Any) -> Any:
    """A bare number might be seconds or milliseconds: nobody guesses."""
    if not isinstance(value, str | datetime):
        raise ValueError("write ISO 8601 with an offset, such as 2026-11-26T10:00:00+08:00")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
IdempotencyKey = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\x20-\x7e]+$")]
MOST_EVENTS = 1_000


class EventIn(Schema):
    """Something that happened to a contact."""

    contact: Text = Field(description="How the source knows the contact; one nobody has heard of is made.")
    occurred_at: Moment = Field(description="ISO 8601 with an offset.")
    kind: Kind = Field(examples=["order.placed"])
    id: Text | None = Field(
        None,
        description="The source's own key: the first event of a key counts. Else one is made of the request's.",
    )
    seq: StrictInt = Field(0, ge=-(2**63), lt=2**63, description="Order within one moment.")
    channel: Annotated[str, StringConstraints(max_length=30)] = ""
    actor: Annotated[str, StringConstraints(max_length=60)] = ""
    name: Annotated[str, StringConstraints(max_length=200)] = Field("", description="What the contact is called.")
    props: dict[str, Any] = Field(default_factory=dict)


class EventsIn(Schema):
    """Up to a thousand events."""

    events: list[EventIn] = Field(min_length=1, max_length=MOST_EVENTS)


class Accepted(Schema):
    """They are stored, and are read within moments."""

    accepted: int
    repeated: bool = Field(description="Whether this very request had been stored before.")


class HeldOut(Schema):
    """A tag that a contact holds."""

    tag: str
    title: str
    color: str
    since: datetime | None = Field(description="null: since before the history.")


class ContactOut(Schema):
    """A contact."""

    id: int
    name: str
    owner: str | None = Field(description="null: the contact swims in the public sea.")
    team: str
    last_event_at: datetime | None
    tags: list[HeldOut]


class ThenOut(Schema):
    """The tags held at a moment."""

    at: datetime
    tags: list[HeldOut]


class EvidenceOut(Schema):
    """An event behind a part of a condition."""

    occurred_at: datetime
    kind: str
    props: dict[str, Any]


class PartOut(Schema):
    """A part of a condition."""

    says: str
    true: bool
    evidence: list[EvidenceOut]
    parts: list[PartOut]


class WhyOut(Schema):
    """Why a tag is held or not."""

    tag: str
    at: datetime
    held: bool
    decided_by: Literal["condition", "hand", "otherwise", "level"]
    since: datetime | None
    condition: PartOut | None
    changes_at: datetime | None = Field(description="When it changes unless something happens.")
    changes_to: list[str]


class TagOut(Schema):
    """A tag of the live rulebook."""

    tag: str
    title: str
    color: str
    by_hand: bool
    contacts: int


class HandIn(Schema):
    """What a hand does to a tag."""

    tag: Text
    do: Literal["set", "clear", "lift"]
    until: Moment | None = Field(None, description="Else 30 days, or no end for a tag that only members set.")


class Problem(Schema):
    """What was wrong."""

    code: str
    message: str
    details: list[dict[str, Any]] = Field(default_factory=list)
