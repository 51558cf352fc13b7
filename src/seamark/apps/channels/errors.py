"""What can come of an attempt to send, said so that the outbox knows what to do next."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Consequence(StrEnum):
    """What a refusal means beyond the one message."""

    NONE = "none"
    STOP_CHANNEL = "stop-channel"
    """Nothing will leave by this channel until somebody has looked, such as when a token has run out."""
    STOP_MARKETING = "stop-marketing"
    """The platform complains of quality: no more marketing by this channel until somebody has looked."""
    TEMPLATES_MOVED = "templates-moved"
    """The platform's templates are others than those known here."""
    OPT_OUT = "opt-out"
    """The contact wants no marketing any more."""


class SendError(Exception):
    """The platform did not take the message, and that is certain.

    Where it is not certain, as after a time-out, adapters raise `OutcomeUnknown`.
    """

    def __init__(
        self,
        code: str,
        *,
        permanent: bool,
        consequence: Consequence = Consequence.NONE,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        """The platform's own, or a word of ours."""
        self.permanent = permanent
        """Trying again would not help."""
        self.consequence = consequence
        self.retry_after = retry_after
        """The least wait before another attempt; None leaves it to the outbox."""


class OutcomeUnknown(Exception):
    """The message may have left or not: it is never sent again, and what the platform tells later settles it."""
