"""The shapes of what the script tells, and how it becomes a delivery."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from seamark.apps.channels.files import MOST_FILES
from seamark.apps.integrations.webchat.visitors import KIND, Visitor
from seamark.apps.timeline import intake

LONGEST_TEXT = 4_000
MOST_BYTES = 32_768

NO_NUL = r"^[^\x00]*$"
ID = r"^[A-Za-z0-9_-]{8,64}$"
Id = Annotated[str, StringConstraints(pattern=ID)]
"""Made by the script: what is told again under the same id is the same."""
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=NO_NUL)]


def _address(written: str) -> str:
    try:
        if written:
            validate_email(written)
    except ValidationError:
        raise ValueError("not an e-mail address") from None
    return written


class Written(BaseModel):
    """A message with a text, files or both, and who the visitor says to be."""

    id: Id
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT, pattern=NO_NUL)] = ""
    files: list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,40}$")]] = Field(
        default=[], max_length=MOST_FILES
    )
    """Tokens of files that the visitor has sent before."""
    name: Short = ""
    email: Annotated[Short, AfterValidator(_address)] = ""

    @model_validator(mode="after")
    def _says_something(self) -> Written:
        if not (self.text or self.files):
            raise ValueError("neither a text nor a file")
        return self


class Receipts(BaseModel):
    """Messages of ours that came as far as this."""

    status: Literal["delivered", "read"]
    keys: list[Annotated[str, StringConstraints(max_length=100, pattern=NO_NUL)]] = Field(max_length=50)


class Viewed(BaseModel):
    """A page of the site that was looked at; told when it is left, so that the token comes along inside."""

    token: str
    id: Id
    page: Annotated[Short, StringConstraints(min_length=1)]
    seconds: int = Field(ge=0, le=86_400)


Event = tuple[str, str, dict[str, Any]]
"""Kind, id among the visitor's own, props."""


def tell(visitor: Visitor, id: str, events: Sequence[Event], name: str = "") -> None:
    """Store it before it is answered, in Seamark's own form; the same id again changes nothing."""
    now = timezone.now().isoformat()
    told = [
        {
            "contact": visitor.external_id,
            "occurred_at": now,
            "kind": kind,
            "id": f"{visitor.external_id} {own_id}",
            "seq": seq,
            "channel": KIND,
            "name": name,
            "props": props,
        }
        for seq, (kind, own_id, props) in enumerate(events)
    ]
    body = json.dumps({"events": told}, ensure_ascii=False).encode()
    key = f"{visitor.external_id} {id}"
    intake.accept(source=visitor.channel.source_id, channel_kind=KIND, source_key=key, body=body)
